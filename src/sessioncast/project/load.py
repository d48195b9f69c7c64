"""The show folder read: one pass over all files, every problem of all of them at once."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sessioncast.errors import ContentError, Problem
from sessioncast.model import Credit, Person, Session, mint_guid
from sessioncast.project.explain import closest, shown
from sessioncast.project.files import read_people, read_session, read_show, read_templates
from sessioncast.project.value import (
    EPISODES,
    PEOPLE_FILE,
    SHOW_FILE,
    Project,
    ShowFile,
    session_file,
)


def find(start: Path) -> Path:
    """Return the show folder: ``start`` or the nearest folder above that holds feed/show.toml, as an absolute path.

    Raises ContentError where there is none.
    """
    start = start.absolute()
    for folder in (start, *start.parents):
        if (folder / SHOW_FILE).is_file():
            return folder
    raise ContentError(
        f"{start}: found no {SHOW_FILE} here or in a folder above, expected a show folder", hint="sessioncast init"
    )


def load(folder: Path) -> Project:
    """Return the show folder at or above ``folder``. Raises ContentError with every problem of every file."""
    project, problems = inspect(folder)
    if project is None or problems:
        files = len({p.file for p in problems})
        raise ContentError(
            f"found {len(problems)} problem{'s'[: len(problems) != 1]} in {files} file{'s'[: files != 1]} of the show folder",
            problems=problems,
        )
    return project


def inspect(folder: Path) -> tuple[Project | None, tuple[Problem, ...]]:
    """Return the show with its good sessions, and every problem, so that one broken session doesn't stop the others.

    No show is returned when the show itself is wrong (show.toml, the cover). A session is left out when its own file,
    its notes or a person it credits is wrong, or when it is a copy of another. Raises ContentError outside a show folder.
    """
    root = find(folder)
    settings, problems = read_show(root)
    zone = ZoneInfo(settings.show.timezone) if settings else None
    people, unsure, found = read_people(root)
    problems += found
    templates, found = read_templates(root)
    problems += found
    sessions: list[Session] = []
    for inside in _folders(root / EPISODES):
        session, found = read_session(inside, zone, settings)
        problems += found
        if session is None:
            continue
        strangers = _strangers(session.credits, people, unsure, session_file(session.slug), "credits")
        problems += strangers
        if all(c.person in people for c in session.credits):
            sessions.append(session)
    for rule in (_copies, _same_number):
        sessions, found = rule(sessions, settings)
        problems += found
    if settings is not None:
        problems += _strangers(settings.show.credits, people, unsure, SHOW_FILE, "show.credits")
    if settings is None or any(p.file == SHOW_FILE for p in problems):
        return None, tuple(problems)
    whole = Project(
        root,
        settings.show,
        settings.store,
        settings.audio,
        people,
        tuple(sessions),
        settings.feeds,
        settings.check,
        settings.directories,
        settings.inbox,
        settings.import_,
        templates,
    )
    return whole, tuple(problems)


def _folders(episodes: Path) -> list[Path]:
    """Return the folders of ``episodes/`` sorted by name; hidden ones and single files are nobody's session."""
    if not episodes.is_dir():
        return []
    try:
        inside = [p for p in episodes.iterdir() if p.is_dir() and not p.name.startswith(".")]
    except OSError as e:
        raise ContentError(
            f"{episodes}: found a folder that can't be read ({e.strerror}), expected the sessions"
        ) from e
    return sorted(inside, key=lambda p: p.name)


def _strangers(
    credited: tuple[Credit, ...], people: dict[str, Person], unsure: set[str] | None, file: str, key: str
) -> list[Problem]:
    """Return the credits that name nobody; people whose entry is broken have a problem of their own already."""
    if unsure is None:
        return []
    problems = []
    for number, credit in enumerate(credited, 1):
        if credit.person not in people and credit.person not in unsure:
            near = closest(credit.person, people)
            mend = f"did you mean {near}?" if near else f"add [{credit.person}] to {PEOPLE_FILE}"
            problems.append(
                Problem(
                    file,
                    f"{key}[{number}].person",
                    shown(credit.person),
                    f"a key of {PEOPLE_FILE}",
                    mend,
                )
            )
    return problems


def _copies(sessions: list[Session], settings: ShowFile | None) -> tuple[list[Session], list[Problem]]:
    """Keep the original of every guid; where nobody can tell which it is, none."""
    kept, problems = [], []
    by_guid: dict[str, list[Session]] = {}
    for session in sessions:
        by_guid.setdefault(session.guid, []).append(session)
    for session in sessions:
        same = [s for s in by_guid[session.guid] if s is not session]
        if not same or (settings and session.guid == mint_guid(settings.show.id, session.slug)):
            kept.append(session)
            continue
        others = ", ".join(f"{EPISODES}/{s.slug}" for s in same)
        own = f'guid = "{mint_guid(settings.show.id, session.slug)}"' if settings else "a guid of its own"
        problems.append(
            Problem(
                session_file(session.slug),
                "guid",
                f"the guid of {others} (a copied folder?)",
                "one session for one guid",
                f"if this folder is the copy, write {own}, or begin it with `sessioncast new`",
            )
        )
    return kept, problems


def _same_number(sessions: list[Session], _settings: ShowFile | None) -> tuple[list[Session], list[Problem]]:
    """Keep the earliest session of every season and number (IT-EPISODE: full episodes only)."""
    first: dict[tuple[int | None, int], Session] = {}
    dropped: dict[str, Problem] = {}
    for session in sorted(sessions, key=_when):
        if session.kind != "full" or session.number is None:
            continue
        earlier = first.setdefault((session.season, session.number), session)
        if earlier is not session:
            season = f"season {session.season}, " if session.season else ""
            dropped[session.slug] = Problem(
                session_file(session.slug),
                "number",
                f"{season}number {session.number}, as in {EPISODES}/{earlier.slug}",
                "a number of its own",
                "give one of the two another number",
                rule="IT-EPISODE",
            )
    return [s for s in sessions if s.slug not in dropped], [dropped[s.slug] for s in sessions if s.slug in dropped]


def _when(session: Session) -> tuple[datetime, str]:
    return session.starts or datetime.max.replace(tzinfo=UTC), session.slug
