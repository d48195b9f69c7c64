"""The story of an import: drafts in, folders of ``episodes/`` and entries of people.toml out.

A session is found again by its source. What stands in the folder wins over the source, whoever wrote it there, until
somebody asks for ``update``; every difference is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sessioncast import project as folder_of
from sessioncast.errors import ContentError
from sessioncast.ingest.draft import Draft, DraftPerson
from sessioncast.ingest.slugs import person_key, session_slug
from sessioncast.model import Credit, Person, Session, mint_guid
from sessioncast.plan import seasons
from sessioncast.project import Project
from sessioncast.project.explain import check
from sessioncast.project.value import NOTES_FILE, PEOPLE_FILE, SESSION_FILE


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which the folder and the source differ, both as text; empty where one has nothing."""

    field: str
    ours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one draft: the session's slug, the files it concerns, and what a person should know."""

    slug: str
    paths: tuple[Path, ...]
    differences: tuple[Difference, ...] = ()
    missing: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Written(Outcome):
    """A new session; ``differences`` are those of people who were known before and, without update, stay as they are."""


@dataclass(frozen=True, slots=True)
class Unchanged(Outcome):
    """The session was here already, and the source says nothing new."""


@dataclass(frozen=True, slots=True)
class Differs(Outcome):
    """The session was here already, and the source says something else: nothing was written."""

    hint: str = "to take over what the source says: sessioncast import --update"


@dataclass(frozen=True, slots=True)
class Updated(Outcome):
    """The session was here already and now says what the source says."""


def bring_in(folder: Path, drafts: Sequence[Draft], *, update: bool = False) -> tuple[Outcome, ...]:
    """Write each draft that is new, compare each that is known, and return what became of them, in order.

    Raises ContentError when the show folder has problems (a broken session might be one of these), or when a draft says
    what no session can (its source is named); the drafts before it are written then, and importing again goes on.
    """
    show = folder_of.load(folder)
    outcomes: list[Outcome] = []
    for draft in drafts:
        known = _find(show, draft)
        show, outcome = _add(show, draft, update) if known is None else _compare(show, known, draft, update)
        outcomes.append(outcome)
    return tuple(outcomes)


# --- a new session ----------------------------------------------------------------------------------------------------


def _add(show: Project, draft: Draft, update: bool) -> tuple[Project, Outcome]:
    slug = _free_slug(show, session_slug(draft))
    cast = _cast(show, draft)
    missing = _missing(draft)
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
        draft.source or slug,
    )
    if not isinstance(session, Session):
        raise ContentError("", problems=session)
    differences = _people_differences(cast)
    people, touched = _write_people(show, cast, update)
    target = folder_of.write_session(show.folder, session)
    show = replace(show, people=people, sessions=(*show.sessions, session))
    paths = (*sorted(target.iterdir(), reverse=True), *touched)
    return show, Written(slug, paths, differences, missing, _remarks(show, draft))


def _missing(draft: Draft) -> tuple[str, ...]:
    """Return what the draft leaves open; the source's own words where it has some."""
    open_ = {"title": draft.title, "starts": draft.starts, "ends": draft.ends, "speaker": draft.people}
    return draft.missing or tuple(name for name, value in open_.items() if not value)


def _free_slug(show: Project, wanted: str) -> str:
    slug, number = wanted, 1
    while show.session_folder(slug).exists():
        number += 1
        slug = f"{wanted[:96]}-{number}"
    return slug


# --- a known session --------------------------------------------------------------------------------------------------


def _find(show: Project, draft: Draft) -> Session | None:
    """Return the session made from this source; one made by hand under the slug it would get counts too."""
    by_source = next((s for s in show.sessions if draft.source and s.source == draft.source), None)
    if by_source:
        return by_source
    by_hand = show.session(session_slug(draft))
    return by_hand if by_hand and by_hand.source is None else None


def _compare(show: Project, known: Session, draft: Draft, update: bool) -> tuple[Project, Outcome]:
    cast = _cast(show, draft)
    changes = _changes(known, draft, cast)
    others = _people_differences(cast)
    differences = (*_told(known, changes, show, cast), *others)
    inside = show.session_folder(known.slug)
    remarks = _remarks(show, draft)
    if not differences:
        return show, Unchanged(known.slug, (inside / SESSION_FILE,), (), known.missing, remarks)
    if not update:
        paths = (inside / SESSION_FILE, *([show.folder / PEOPLE_FILE] if others else []))
        return show, Differs(known.slug, paths, differences, known.missing, remarks)
    missing = tuple(m for m in known.missing if m in _missing(draft))
    if known.missing:
        changes |= {"missing": missing, "draft": known.draft and bool(missing)}
    people, touched = _write_people(show, cast, True)
    after = folder_of.edit_session(show.folder, known.slug, changes)
    show = replace(show, people=people, sessions=tuple(after if s is known else s for s in show.sessions))
    paths = tuple(inside / name for name in (SESSION_FILE, NOTES_FILE) if (inside / name).exists())
    return show, Updated(known.slug, (*paths, *touched), differences, missing, remarks)


def _changes(known: Session, draft: Draft, cast: Sequence[_Member]) -> dict[str, object]:
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


def _credits(known: Session, cast: Sequence[_Member]) -> tuple[Credit, ...]:
    """Return the credits with the source's speakers: guests it doesn't name go, other roles are a person's own work."""
    named = {member.key for member in cast}
    kept = tuple(c for c in known.credits if c.person in named or c.role.casefold() != "guest")
    present = {c.person for c in kept}
    return kept + tuple(Credit(person=member.key) for member in cast if member.key not in present)


def _told(known: Session, changes: dict[str, object], show: Project, cast: Sequence[_Member]) -> tuple[Difference, ...]:
    names = {key: person.name for key, person in show.people.items()} | {m.key: m.said.name for m in cast}

    def text(value: object) -> str:
        if isinstance(value, tuple):
            return ", ".join(names[c.person] for c in value if isinstance(c, Credit))
        return value.isoformat() if isinstance(value, datetime) else str(value or "")

    return tuple(Difference(field, text(getattr(known, field)), text(value)) for field, value in changes.items())


# --- people -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Member:
    """A speaker of the draft and the entry of people.toml that is theirs, if there is one."""

    key: str
    said: DraftPerson
    known: Person | None

    def changes(self) -> dict[str, str]:
        """Return what the source says otherwise than people.toml."""
        if self.known is None:
            return {}
        theirs = {
            "name": self.said.name.strip(),
            "affiliation": self.said.affiliation.strip(),
            "bio": self.said.bio.strip(),
        }
        return {field: value for field, value in theirs.items() if value and value != getattr(self.known, field)}


def _cast(show: Project, draft: Draft) -> tuple[_Member, ...]:
    """Return the draft's speakers, each once, found in people.toml by name (the organisers' own key) or by key."""
    by_name = {person.name.casefold(): key for key, person in show.people.items()}
    members: dict[str, _Member] = {}
    for said in draft.people:
        key = by_name.get(said.name.strip().casefold()) or person_key(said.name)
        members.setdefault(key, _Member(key, said, show.people.get(key)))
    return tuple(members.values())


def _people_differences(cast: Iterable[_Member]) -> tuple[Difference, ...]:
    return tuple(
        Difference(f"people.{member.key}.{field}", getattr(member.known, field), value)
        for member in cast
        for field, value in member.changes().items()
    )


def _write_people(show: Project, cast: Iterable[_Member], update: bool) -> tuple[dict[str, Person], tuple[Path, ...]]:
    """Add who is new; change who is known only with ``update``. Returns everybody, and people.toml if it was written."""
    people = dict(show.people)
    for member in cast:
        if member.known is None:
            said = {"name": member.said.name, "affiliation": member.said.affiliation, "bio": member.said.bio}
            person = check(Person, said, PEOPLE_FILE, under=member.key)
            if not isinstance(person, Person):
                raise ContentError("", problems=person)
            folder_of.add_person(show.folder, member.key, person)
            people[member.key] = person
        elif update and (changes := member.changes()):
            people[member.key] = folder_of.edit_person(show.folder, member.key, changes)
    return people, (() if people == show.people else (show.folder / PEOPLE_FILE,))


# --- the rest ---------------------------------------------------------------------------------------------------------


def _local(moment: datetime | None, show: Project) -> datetime | None:
    """Return a time as people write it: one in UTC is told in the show's zone, any other keeps its offset."""
    return moment.astimezone(ZoneInfo(show.show.timezone)) if moment and moment.tzname() == "UTC" else moment


def _remarks(show: Project, draft: Draft) -> tuple[str, ...]:
    """Return what the page says about the series otherwise than show.toml; nothing of it is written."""
    ours = show.show
    owner = ours.owner.email if ours.owner else ""
    return tuple(
        f"the page says {what} {theirs!r}, show.toml says {(known[0] or 'nothing')!r}"
        for what, theirs, known in (
            ("copyright", draft.hints.copyright, (ours.copyright or ours.author, ours.author, ours.title)),
            ("contact", draft.hints.contact, (ours.support or owner, owner, ours.link)),
            ("series", draft.hints.series, (ours.title, ours.author)),
        )
        if theirs and theirs.strip().casefold() not in {k.casefold() for k in known if k}
    )
