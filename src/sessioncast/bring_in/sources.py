"""Files, folders, addresses and what is piped in → drafts: everything is read before anything is written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO
from urllib.parse import urlsplit

from sessioncast.errors import ContentError, Problem, SessioncastError
from sessioncast.fetch.pages import page_at
from sessioncast.ingest.draft import Draft
from sessioncast.ingest.kind import SUFFIXES, Kind, kind_of
from sessioncast.project import Project

LARGEST = 20 * 1000 * 1000
PIPED = "-"
_MOST_FILES = 2_000


@dataclass(frozen=True, slots=True)
class Gathered:
    """The ``drafts`` of all sources in order, what went ``wrong``, one error a source, and ``remarks`` on sources as a whole."""

    drafts: tuple[Draft, ...]
    wrong: tuple[SessioncastError, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Source:
    """``name`` stands in messages and finds the session again, ``url`` is where it lies on the web, else empty."""

    name: str
    body: bytes
    url: str = ""


def gather(
    project: Project, sources: Sequence[str], *, now: datetime, piped: IO[bytes], kind: Kind | None = None
) -> Gathered:
    """Return what the sources say; nothing is written. ``kind`` says what they are where their content does not.

    A source that can't be read, and a table's row that is wrong, is an error of the result; the others are read all the same.
    """
    drafts: list[Draft] = []
    wrong: list[SessioncastError] = []
    remarks: list[str] = []
    for named in sources:
        try:
            for source in _opened(project, named, piped, remarks):
                try:
                    drafts += _read(project, source, now, kind, remarks, wrong)
                except SessioncastError as e:
                    wrong.append(e)
        except SessioncastError as e:
            wrong.append(e)
    return Gathered(tuple(drafts), tuple(wrong), tuple(dict.fromkeys(remarks)))


def one_error(wrong: Sequence[SessioncastError]) -> SessioncastError | None:
    """Return all errors as one: every problem a line, the first hint; None where there are none."""
    if len(wrong) < 2:
        return wrong[0] if wrong else None
    problems: list[Problem] = []
    for error in wrong:
        problems += error.problems if isinstance(error, ContentError) and error.problems else [_as_problem(error)]
    return ContentError(f"{len(problems)} problems in what was to be imported", problems=problems)


def _as_problem(error: SessioncastError) -> Problem:
    where, _, rest = error.message.partition(": found ")
    found, _, expected = rest.partition(", expected ")
    return Problem(where, "", found or error.message, expected or "a source that can be read", error.hint)


# --- opening ----------------------------------------------------------------------------------------------------------


def _opened(project: Project, named: str, piped: IO[bytes], remarks: list[str]) -> Iterator[_Source]:
    if named == PIPED:
        yield _Source("stdin", _limited(piped, "stdin"))
    elif "://" in named:
        found = page_at(named, private=project.imports.private_addresses)
        yield _Source(PurePosixPath(urlsplit(found.url).path).name or "page", found.body, found.url)
    elif Path(named).is_dir():
        yield from _in_folder(Path(named), remarks)
    else:
        yield _file(Path(named))


def _in_folder(folder: Path, remarks: list[str]) -> Iterator[_Source]:
    """Yield the sources of a folder by name; what lies deeper (the pictures of a saved page) and what is something else is left."""
    try:
        files = sorted(path for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    except OSError as e:
        raise _error(str(folder), f"a folder that can't be read ({e.strerror})", "pages, calendars or tables") from None
    fitting = [path for path in files if path.suffix.casefold() in SUFFIXES]
    if not fitting or len(fitting) > _MOST_FILES:
        found = f"{len(fitting)} pages, calendars and tables"
        raise _error(str(folder), found, f"at least one, at most {_MOST_FILES}")
    remarks += [f"{path.name} was passed over: no page, calendar or table" for path in files if path not in fitting]
    for path in fitting:
        yield _file(path)


def _file(path: Path) -> _Source:
    try:
        with path.open("rb") as file:
            return _Source(path.name, _limited(file, path.name))
    except FileNotFoundError:
        raise _error(str(path), "no such file", "a page, calendar, schedule or table", "ls") from None
    except (OSError, ValueError) as e:
        found = getattr(e, "strerror", None) or "a name that can't be opened"
        raise _error(str(path), str(found), "a file that can be read", "ls -l") from None


def _limited(file: IO[bytes], name: str) -> bytes:
    body = file.read(LARGEST + 1)
    if len(body) > LARGEST:
        raise _error(name, f"more than {LARGEST // 1_000_000} MB", "the programme of a series", "import a part of it")
    return body


# --- reading ----------------------------------------------------------------------------------------------------------


def _read(
    project: Project,
    source: _Source,
    now: datetime,
    kind: Kind | None,
    remarks: list[str],
    wrong: list[SessioncastError],
) -> tuple[Draft, ...]:
    """Return the drafts of one source; a table's bad rows go to ``wrong``."""
    zone, ways = project.show.timezone, project.imports
    body, name = source.body, source.url or source.name
    kind = kind or kind_of(body, name, columns=ways.columns)
    if kind == "table":
        from sessioncast.ingest.table import read_table

        table = read_table(body, name, zone=zone, columns=ways.columns)
        remarks += table.remarks
        if table.problems:
            wrong.append(ContentError("", problems=table.problems))
        return table.drafts
    if kind == "export":
        from sessioncast.ingest.exported import is_our_json, read_our_calendar, read_our_json

        return read_our_json(body, name) if is_our_json(body) else read_our_calendar(body, name)
    if kind == "calendar":
        from sessioncast.ingest.calendar import read_calendar

        return read_calendar(body, name, zone=zone, now=now, summary_pattern=ways.summary_pattern)
    if kind == "schedule":
        from sessioncast.ingest.schedule import read_schedule

        return read_schedule(body, name, zone=zone)
    if kind == "feed":
        raise _error(name, "a podcast's feed", "a page, calendar, schedule or table", f"sessioncast import-feed {name}")
    from sessioncast.ingest.page import read_page

    return _placed(read_page(body, source.name, zone=zone, url=source.url or None), name)


def _placed(drafts: tuple[Draft, ...], name: str) -> tuple[Draft, ...]:
    return tuple(draft if draft.origin else replace(draft, origin=name) for draft in drafts)


def _error(name: str, found: str, expected: str, mend: str = "sessioncast import --help") -> ContentError:
    return ContentError("", problems=[Problem(name, "", found, expected, mend)])
