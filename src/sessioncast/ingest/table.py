"""A table of sessions (CSV, TSV) into drafts: one a row, every row that is wrong named by its line, none of them guessed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import PurePath
from typing import TypeVar

from sessioncast.errors import ContentError, Problem
from sessioncast.ingest import cells
from sessioncast.ingest.columns import Columns, is_header, read_columns
from sessioncast.ingest.draft import Draft, DraftPerson
from sessioncast.ingest.sheet import Row, first_rows, read_sheet
from sessioncast.ingest.sheet_time import Cells, Habits, habits_of, in_doubt, when_of
from sessioncast.ingest.slugs import slugify
from sessioncast.ingest.unclear import Unclear

T = TypeVar("T")
_MEND = "put the row right and import the table again, or take the good rows alone: --partial"
_SHEET = "put it right in the sheet, save it as CSV, then import that"
_TIMES = ("date", "starts", "ends", "zone", "duration")


@dataclass(frozen=True, slots=True)
class Table:
    """The ``drafts`` of the good rows, what is wrong with the others, and what a person should know of the table as a whole."""

    drafts: tuple[Draft, ...]
    problems: tuple[Problem, ...] = ()
    remarks: tuple[str, ...] = ()


def is_table(body: bytes, *, columns: Mapping[str, str] | None = None) -> bool:
    """Whether bytes are a table of sessions: one of their first rows names columns, and the row below has as many cells."""
    rows = first_rows(body)
    for at, row in enumerate(rows):
        if is_header(row.cells, columns or {}):
            return all(abs(len(below.cells) - len(row.cells)) <= 1 for below in rows[at + 1 : at + 2])
    return False


def read_table(body: bytes, name: str, *, zone: str, columns: Mapping[str, str] | None = None) -> Table:
    """Return what a table says; ``name`` is its file's name or address, ``zone`` the show's, ``columns`` field → column's name.

    A row is found again by what it calls itself (id, uid, a link of its own), else by its title. Raises ContentError for what is no table of
    sessions at all; what is wrong in a single row is a problem of the result.
    """
    mapping = columns or {}
    sheet = read_sheet(body, name, lambda row: is_header(row, mapping))
    found = read_columns(sheet.header.cells, name, mapping)
    rows = [(row.line, _Row(row, found)) for row in sheet.rows]
    remarks = [
        f"{name}: the column {unread!r} is not read: it says nothing that a session holds" for unread in found.unread
    ]
    if not rows:
        raise _error(name, "no row below the names of the columns", "a row for each session")
    try:
        habits = habits_of([(line, row.time) for line, row in rows], day_first=found.day_first)
    except Unclear as unclear:
        raise _error(name, unclear.found, unclear.expected) from None
    reader = _Reader(name, zone, found, habits)
    drafts: list[Draft] = []
    problems: list[Problem] = []
    doubted: list[tuple[int, str]] = []
    for line, row in rows:
        doubt = in_doubt(row.time, habits)
        if doubt:
            doubted.append((line, doubt))
            continue
        try:
            drafts.append(reader.draft(row))
        except ContentError as e:
            problems += e.problems or [Problem(f"{name}: line {line}", "", e.message, "a session", _MEND)]
        except Unclear as unclear:
            problems.append(Problem(f"{name}: line {line}", "", unclear.found, unclear.expected, _MEND))
    if doubted:
        problems.append(_doubt(name, doubted))
    return Table(_apart(drafts), tuple(problems), tuple(remarks))


class _Row:
    """A row's cells by field."""

    def __init__(self, row: Row, columns: Columns) -> None:
        self.line = row.line
        self._cells = tuple(map(cells.unquoted, row.cells)) if columns.is_ours else row.cells
        self._columns = columns
        self.surplus = [cell for cell in self._cells[len(columns.names) :] if cell]

    def get(self, field_: str) -> str:
        return next(filter(None, (cell for cell, _ in self.all(field_))), "")

    def all(self, field_: str) -> list[tuple[str, int]]:
        at = self._columns.at.get(field_, ())
        return [(self._cells[n] if n < len(self._cells) else "", number) for n, number in at]

    @property
    def time(self) -> Cells:
        return Cells(*(self.get(part) for part in _TIMES))

    @property
    def width(self) -> int:
        return len(self._cells)


@dataclass(slots=True)
class _Reader:
    name: str
    zone: str
    columns: Columns
    habits: Habits
    seen: set[str] = field(default_factory=set)

    def draft(self, row: _Row) -> Draft:
        """Return a row as a draft. Raises ContentError or Unclear for what is wrong in it."""
        where = f"{self.name}: line {row.line}"
        if row.surplus:
            found = f"{row.width} cells"
            expected = f"{len(self.columns.names)}, as many as columns: quotes around a text with separators in it"
            raise ContentError("", problems=[Problem(where, "", found, expected, _MEND)])
        remarks: list[str] = []
        people = self._people(row, remarks)
        title = row.get("title")
        status = row.get("status")
        if not title and not people:
            raise ContentError("", problems=[Problem(where, "", "no title and no speaker", "one of them", _MEND)])
        if len(title) > 255:
            raise ContentError(
                "", problems=[Problem(where, "", f"a title of {len(title)} characters", "at most 255", _MEND)]
            )
        starts, ends, open_time = self._when(row, where)
        if status and cells.is_unsettled(status):
            starts, ends, open_time = None, None, f"starts: the table says {status!r}"
        elif (
            status
            and not cells.is_called_off(status)
            and status.casefold() not in ("confirmed", "ok", "bestätigt", "confirmé", "published")
        ):
            remarks.append(f"status: {status[:80]!r} is neither cancelled nor confirmed: it changes nothing")
        number = self._cell(row, where, "number", cells.whole_number)
        season = self._cell(row, where, "season", cells.whole_number)
        refused = bool(self._cell(row, where, "refused", cells.says_yes)) or (
            bool(row.get("allowed")) and not self._cell(row, where, "allowed", cells.says_yes)
        )
        source, by_name = self._source(row, title)
        return Draft(
            source=source,
            by_name=by_name,
            title=" ".join(title.split()),
            starts=starts,
            ends=ends,
            people=people,
            notes="\n\n".join(filter(None, dict.fromkeys(cell for cell, _ in row.all("notes")))),
            link=row.get("link") or None,
            missing=cells.parted(row.get("missing")) if self.columns.is_ours else tuple(filter(None, (open_time,))),
            summary=row.get("summary"),
            language=cells.language_of(row.get("language")),
            tags=self._tags(row),
            room=row.get("room"),
            meeting=row.get("meeting"),
            license=row.get("license"),
            slides=row.get("slides"),
            links=tuple(
                (part.rpartition(" | ")[0], part.rpartition(" | ")[2]) for part in cells.parted(row.get("links"))
            ),
            season=season,
            number=number,
            guid=row.get("guid") if self.columns.is_ours else "",
            slug=row.get("slug") if self.columns.is_ours else "",
            cancelled=cells.is_called_off(status) or bool(self._cell(row, where, "cancelled", cells.says_yes)),
            do_not_record=refused,
            origin=where,
            told=self._told(row, people),
            remarks=tuple(remarks),
        )

    def _when(self, row: _Row, where: str) -> tuple[datetime | None, datetime | None, str]:
        if not row.time.said:
            return None, None, "starts: the table says nothing of its time"
        try:
            return when_of(row.time, self.habits, zone=self.zone, where=where)
        except Unclear as unclear:
            raise ContentError("", problems=[Problem(where, "", unclear.found, unclear.expected, _MEND)]) from None
        except ContentError as e:
            raise ContentError("", problems=[replace(p, mend=_MEND) for p in e.problems]) from None

    def _cell(self, row: _Row, where: str, name: str, read: Callable[[str], T]) -> T:
        try:
            return read(row.get(name))
        except Unclear as unclear:
            key = f"column {self.columns.named(name)!r}"
            raise ContentError("", problems=[Problem(where, key, unclear.found, unclear.expected, _MEND)]) from None

    def _people(self, row: _Row, remarks: list[str]) -> tuple[DraftPerson, ...]:
        if self.columns.is_ours:
            return _ours(row)
        found: list[DraftPerson] = []
        by_number: dict[int, list[int]] = {}
        for cell, number in row.all("speaker"):
            people = cells.people_of(cell)
            by_number.setdefault(number, []).extend(range(len(found), len(found) + len(people)))
            found += people
        for part in ("affiliation", "bio", "person_link"):
            for cell, number in row.all(part):
                whose = by_number.get(number) or (list(range(len(found))) if not number else [])
                told = [cell] if len(whose) == 1 else [piece.strip() for piece in cell.split(";")]
                if cell and len(told) == len(whose):
                    for n, text in zip(whose, told, strict=True):
                        found[n] = replace(found[n], **{"link" if part == "person_link" else part: text})
                elif cell:
                    said = self.columns.named(part)
                    remarks.append(
                        f"column {said!r} was left out: {len(whose)} speakers, and not as many texts with semicolons between"
                    )
        found += [replace(person, role="host") for cell, _ in row.all("host") for person in cells.people_of(cell)]
        return tuple({person.name.casefold(): person for person in reversed(found)}.values())[::-1]

    def _tags(self, row: _Row) -> tuple[str, ...]:
        if self.columns.is_ours:
            return cells.parted(row.get("tags"))
        every = [
            piece.strip(" #") for cell, _ in row.all("tags") for part in cell.split(";") for piece in part.split(",")
        ]
        return tuple(dict.fromkeys(filter(None, every)))

    def _source(self, row: _Row, title: str) -> tuple[str, bool]:
        """Return what finds the session again, and whether that is only its place in this file.

        A long id or a link that no other row has tells it apart wherever the table lies; a short one (7) is every table's, so the file's name
        goes before it, and title or start have to agree as well.
        """
        if self.columns.is_ours:
            return row.get("source"), False
        own = row.get("id")
        if len(own) >= 8 and any(c.isdigit() for c in own):
            return own, False
        file = self.name if "://" in self.name else PurePath(self.name).name
        base = f"{file}#{own or slugify(title) or row.get('date') or row.line}"
        source, n = base, 1
        while source in self.seen:
            n += 1
            source = f"{base}-{n}"
        self.seen.add(source)
        return source, True

    def _told(self, row: _Row, people: Iterable[DraftPerson]) -> tuple[tuple[str, str], ...]:
        del people
        names = {"speaker": "people", "host": "people", "date": "starts", "affiliation": "people", "bio": "people", "duration": "ends",
                 "refused": "do_not_record", "allowed": "do_not_record", "person_link": "people", "status": "cancelled", "zone": "starts"}  # fmt: skip
        told: dict[str, list[str]] = {}
        for name in self.columns.at:
            if name not in ("id", "roles", "people_keys") and row.get(name):
                told.setdefault(names.get(name, name), []).append(repr(self.columns.named(name)))
        return tuple((name, f"line {row.line}, column {' and '.join(where)}") for name, where in told.items())


def _ours(row: _Row) -> tuple[DraftPerson, ...]:
    """Return the people of a row that ``sessioncast export`` wrote."""
    names, keys, roles = (cells.parted(row.get(part)) for part in ("people", "people_keys", "roles"))
    found = []
    for n, name in enumerate(names):
        group, _, role = (roles[n] if n < len(roles) else "guest").rpartition("/")
        found.append(DraftPerson(name, role=role or "guest", key=keys[n] if n < len(keys) else "", group=group))
    return tuple(found)


def _apart(drafts: list[Draft]) -> tuple[Draft, ...]:
    """Let a link that only one row has find its session again; one that all rows share (the series' page) tells none apart."""
    links = [draft.link for draft in drafts]
    return tuple(
        replace(draft, source=draft.link, by_name=False)
        if draft.by_name
        and draft.link
        and "://" in draft.link
        and links.count(draft.link) == 1
        and len(set(links)) == len(links)
        else draft
        for draft in drafts
    )


def _doubt(name: str, doubted: list[tuple[int, str]]) -> Problem:
    (line, text), more = doubted[0], len(doubted) - 1
    rows = f"line {line}" + (f" and {more} more: {', '.join(str(n) for n, _ in doubted[1:12])}" if more else "")
    found = f"{text!r} ({rows}), which may be either of two days, and no date of the table decides"
    expected = "the month in letters, or 2024-06-05"
    mend = "write the dates as year-month-day in the sheet, then import it again"
    return Problem(name, "", found, expected, mend)


def _error(name: str, found: str, expected: str) -> ContentError:
    return ContentError("", problems=[Problem(name, "", found, expected, _SHEET)])
