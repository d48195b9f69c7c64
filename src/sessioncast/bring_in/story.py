"""The story of an import: drafts in, folders of ``episodes/`` and entries of people.toml out.

A session is found again by its source. What stands in the folder wins over the source, whoever wrote it there, until
somebody asks for ``update``; every difference is told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sessioncast import project as folder_of
from sessioncast.bring_in.outcome import Difference, Differs, Outcome, Unchanged, Updated, Written
from sessioncast.bring_in.people import Member, cast_of, people_differences, write_people
from sessioncast.errors import ContentError
from sessioncast.ingest.draft import Draft, DraftPerson
from sessioncast.ingest.slugs import session_slug
from sessioncast.kinds import SLUG
from sessioncast.model import Credit, Session, mint_guid
from sessioncast.plan import seasons
from sessioncast.project import Project
from sessioncast.project.explain import check
from sessioncast.project.value import NOTES_FILE, PEOPLE_FILE, SESSION_FILE, session_file


def bring_in(folder: Path, drafts: Sequence[Draft], *, update: bool = False) -> tuple[Outcome, ...]:
    """Write each draft that is new, compare each that is known, and return what became of them, in order.

    Raises ContentError when the show folder has problems (a broken session might be one of these), or when a draft says
    what no session can (its source is named); the drafts before it are written then, and importing again goes on.
    """
    show = folder_of.load(folder)
    outcomes: list[Outcome] = []
    for draft in drafts:
        known = _find(show, draft)
        outcome: Outcome
        if known is None:
            show, outcome = _add(show, draft, update, _free_slug(show, session_slug(draft)))
        else:
            show, outcome = _compare(show, known, draft, update)
        outcomes.append(outcome)
    return tuple(outcomes)


def start_session(
    folder: Path,
    slug: str,
    *,
    title: str = "",
    starts: datetime | None = None,
    ends: datetime | None = None,
    people: Sequence[str] = (),
) -> Written:
    """Begin a session by hand: a draft while something is missing. ``people`` are names, or keys of people.toml.

    Raises ContentError for a slug that is taken or none, and when the show folder has problems.
    """
    show = folder_of.load(folder)
    if SLUG.fullmatch(slug) and _is_taken(show, slug):
        raise ContentError(
            f"episodes/{slug}: found a session that has or had this name, expected a new one",
            hint=f"sessioncast new {_free_slug(show, slug)}",
        )
    names = (show.people[said].name if said in show.people else said for said in people)
    draft = Draft("", title, starts, ends, tuple(DraftPerson(name) for name in names))
    return _add(show, draft, False, slug)[1]


# --- a new session ----------------------------------------------------------------------------------------------------


def _add(show: Project, draft: Draft, update: bool, slug: str) -> tuple[Project, Written]:
    cast = cast_of(show, draft)
    missing = tuple(_missing(draft).values())
    names = ", ".join(p.name for p in draft.people)
    session = check(
        Session,
        {
            "slug": slug,
            "guid": mint_guid(show.show.id, slug),
            "source": draft.source or None,
            "title": draft.title or (f"Session with {names}" if names else "Untitled session"),
            "notes": draft.notes,
            "starts": _local(draft.starts, show),
            "ends": _local(draft.ends, show),
            "link": draft.link,
            "draft": bool(missing),
            "missing": missing,
            **seasons.given(show.show, show.sessions, draft.starts),
            "credits": [{"person": member.key, "role": "guest"} for member in cast],
        },
        draft.source or session_file(slug),
    )
    if not isinstance(session, Session):
        raise ContentError("", problems=session)
    differences = people_differences(cast)
    people, touched = write_people(show, cast, update)
    target = folder_of.write_session(show.folder, session)
    show = replace(show, people=people, sessions=(*show.sessions, session))
    paths = (*sorted(target.iterdir(), reverse=True), *touched)
    return show, Written(slug, paths, differences, missing, _remarks(show, draft))


def _missing(draft: Draft) -> dict[str, str]:
    """Return what the draft leaves open, by topic, in the source's own words where it has some."""
    said = {item.partition(":")[0]: item for item in draft.missing}
    open_ = {
        "title": draft.title,
        "starts": draft.starts,
        "ends": draft.ends or not draft.starts,
        "people": draft.people,
    }
    return said | {topic: f"{topic}: not said" for topic, value in open_.items() if not value and topic not in said}


def _free_slug(show: Project, wanted: str) -> str:
    slug, number = wanted, 1
    while _is_taken(show, slug):
        number += 1
        slug = f"{wanted[:96]}-{number}"
    return slug


def _is_taken(show: Project, slug: str) -> bool:
    """Whether a folder has this name, or had it first: a renamed session keeps the guid of its first slug."""
    guid = mint_guid(show.show.id, slug)
    return show.session_folder(slug).exists() or any(s.guid == guid for s in show.sessions)


# --- a known session --------------------------------------------------------------------------------------------------


def _find(show: Project, draft: Draft) -> Session | None:
    """Return the session made from this source; one made by hand under the slug it would get counts too.

    An address tells sessions apart by itself. A file's name does not (every page may be saved as page.html): there the
    title or the start must agree; and a session of the same title and start is the same, whatever its file was called.
    """
    if "://" in draft.source:
        by_source = next((s for s in show.sessions if s.source == draft.source), None)
    else:
        named = (s for s in show.sessions if draft.source and s.source == draft.source and _agrees(s, draft, any))
        alike = (s for s in show.sessions if "://" not in (s.source or "") and _agrees(s, draft, all))
        by_source = next(named, None) or next(alike, None)
    if by_source:
        return by_source
    by_hand = show.session(session_slug(draft))
    return by_hand if by_hand and by_hand.source is None else None


def _agrees(known: Session, draft: Draft, how_many: Callable[[tuple[bool, bool]], bool]) -> bool:
    """Whether any or all of title and start are said by both and the same."""
    same_title = bool(draft.title) and known.title == draft.title
    same_start = draft.starts is not None and known.starts == draft.starts
    return how_many((same_title, same_start))


def _compare(show: Project, known: Session, draft: Draft, update: bool) -> tuple[Project, Outcome]:
    cast = cast_of(show, draft)
    changes = _changes(known, draft, cast)
    others = people_differences(cast)
    differences = (*_told(known, changes, show, cast), *others)
    inside = show.session_folder(known.slug)
    remarks = _remarks(show, draft)
    if not differences:
        return show, Unchanged(known.slug, (inside / SESSION_FILE,), (), known.missing, remarks)
    if not update:
        paths = (inside / SESSION_FILE, *([show.folder / PEOPLE_FILE] if others else []))
        return show, Differs(known.slug, paths, differences, known.missing, remarks)
    missing = _still_missing(known, draft)
    if known.missing:
        changes |= {"missing": missing, "draft": known.draft and bool(missing)}
    people, touched = write_people(show, cast, True)
    after = folder_of.edit_session(show.folder, known.slug, changes)
    show = replace(show, people=people, sessions=tuple(after if s is known else s for s in show.sessions))
    paths = tuple(inside / name for name in (SESSION_FILE, NOTES_FILE) if (inside / name).exists())
    return show, Updated(known.slug, (*paths, *touched), differences, missing, remarks)


def _still_missing(known: Session, draft: Draft) -> tuple[str, ...]:
    """Return what is still open: neither the source has it now nor did a person write it since."""
    open_ = _missing(draft)
    by_hand = {"starts": known.starts, "ends": known.ends, "notes": known.notes, "people": known.credits}
    topics = [item.partition(":")[0] for item in known.missing]
    return tuple(
        item
        for topic, item in open_.items()
        if not by_hand.get(topic) and (topic in topics or (topic == "ends" and "starts" in topics))
    )


def _changes(known: Session, draft: Draft, cast: Sequence[Member]) -> dict[str, object]:
    """Return the fields of the session in which the source says something else; where it says nothing, nothing differs."""
    theirs: dict[str, object] = {
        "source": draft.source,
        "title": draft.title.strip(),
        "starts": draft.starts,
        "ends": draft.ends,
        "link": draft.link,
        "notes": draft.notes.strip(),
    }
    changes = {field: value for field, value in theirs.items() if value and getattr(known, field) != value}
    wanted = _credits(known, cast)
    return changes | ({"credits": wanted} if cast and wanted != known.credits else {})


def _credits(known: Session, cast: Sequence[Member]) -> tuple[Credit, ...]:
    """Return the credits with the source's speakers: guests it doesn't name go, other roles are a person's own work."""
    named = {member.key for member in cast}
    kept = tuple(c for c in known.credits if c.person in named or c.role.casefold() != "guest")
    present = {c.person for c in kept}
    return kept + tuple(Credit(person=member.key) for member in cast if member.key not in present)


def _told(known: Session, changes: dict[str, object], show: Project, cast: Sequence[Member]) -> tuple[Difference, ...]:
    names = {key: person.name for key, person in show.people.items()} | {m.key: m.said.name for m in cast}

    def text(value: object) -> str:
        if isinstance(value, tuple):
            return ", ".join(names[c.person] for c in value if isinstance(c, Credit))
        return value.isoformat() if isinstance(value, datetime) else str(value or "")

    return tuple(Difference(field, text(getattr(known, field)), text(value)) for field, value in changes.items())


# --- the rest ---------------------------------------------------------------------------------------------------------


def _local(moment: datetime | None, show: Project) -> datetime | None:
    """Return a time as people write it: one in UTC is told in the show's zone, any other keeps its offset."""
    return moment.astimezone(ZoneInfo(show.show.timezone)) if moment and moment.tzname() == "UTC" else moment


def _remarks(show: Project, draft: Draft) -> tuple[str, ...]:
    """Return what the page says about the series otherwise than show.toml; nothing of it is written."""
    ours, hints = show.show, draft.hints
    ways = [way for way in (ours.support, ours.owner and ours.owner.email) if way]
    # a line that only says "connect with us" names no other way than the show's
    contact = hints.contact if not ways or re.search(r"@|://", hints.contact) else ""
    return tuple(
        f"the page says {what} {theirs!r}, show.toml says {', '.join(known) or 'nothing'}"
        for what, theirs, known in (
            ("copyright", hints.copyright, list(dict.fromkeys([ours.copyright or ours.author, ours.title]))),
            ("contact", contact, ways),
            ("series", hints.series, list(dict.fromkeys([ours.title, ours.author]))),
        )
        if theirs and not any(word.casefold() in theirs.casefold() for word in known)
    )
