"""The story of an import: drafts in, folders of ``episodes/`` and entries of people.toml out.

A session is found again by its source. What stands in the folder wins over the source, whoever wrote it there, until
somebody asks for ``update``; every difference is told.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sessioncast import project as folder_of
from sessioncast.bring_in.adding import add, free_slug, is_taken
from sessioncast.bring_in.comparing import compare
from sessioncast.bring_in.hands import Hands, Pretending, Writing
from sessioncast.bring_in.memory import Memory, keep, remembered
from sessioncast.bring_in.outcome import CalledOff, Outcome, Written, told_of
from sessioncast.errors import ContentError
from sessioncast.ingest.draft import Draft, DraftPerson
from sessioncast.ingest.slugs import session_slug
from sessioncast.kinds import SLUG
from sessioncast.model import Session
from sessioncast.project import Project


def bring_in(folder: Path, drafts: Iterable[Draft], *, update: bool = False, dry: bool = False) -> tuple[Outcome, ...]:
    """Write each draft that is new, compare each that is known, and return what became of them, in order.

    ``update`` applies what a source says now; what a person wrote stays even then. ``dry`` writes nothing and returns what would become of
    them. Raises ContentError when the show folder has problems (a broken session might be one of these), or when a draft says what no
    session can (its source is named); the drafts before it are written then, and importing again goes on.
    """
    show = folder_of.load(folder)
    memory = remembered(show.folder)
    hands: Hands = Pretending(show.folder) if dry else Writing(show.folder)
    listed = drafts if isinstance(drafts, Sequence) else ()  # a feed's come one by one, and rows of a table never do
    taken = {known.guid for draft in listed if (known := _find(show, draft))}
    outcomes: list[Outcome] = []
    try:
        for draft in drafts:
            known = _find(show, draft) or _renamed(show, draft, taken)
            show, outcome = _one(show, known, draft, memory, hands, update=update)
            taken |= {s.guid for s in show.sessions if s.slug == outcome.slug}
            outcomes.append(replace(outcome, told=told_of(draft), origin=draft.origin or draft.source))
    finally:
        if not dry:
            keep(show.folder, memory, (*(s.guid for s in show.sessions), *(f"people/{key}" for key in show.people)))
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
    if SLUG.fullmatch(slug) and is_taken(show, slug):
        raise ContentError(
            f"episodes/{slug}: found a session that has or had this name, expected a new one",
            hint=f"sessioncast new {free_slug(show, slug)}",
        )
    names = (show.people[said].name if said in show.people else said for said in people)
    draft = Draft("", title, starts, ends, tuple(DraftPerson(name) for name in names))
    return add(show, draft, slug, Memory(), Writing(show.folder))[1]  # nobody but a person said any of it


def _one(
    show: Project, known: Session | None, draft: Draft, memory: Memory, hands: Hands, *, update: bool
) -> tuple[Project, Outcome]:
    if known is not None:
        return compare(show, known, draft, memory, hands, update=update)
    if draft.cancelled:
        return show, CalledOff(draft.slug or session_slug(draft), (), remarks=draft.remarks)
    wanted = draft.slug if SLUG.fullmatch(draft.slug) else session_slug(draft)
    return add(show, draft, free_slug(show, wanted), memory, hands, update=update)


def _find(show: Project, draft: Draft) -> Session | None:
    """Return the session made from this source; one made by hand under the slug it would get counts too.

    What a source calls a session tells it apart by itself, whatever its title and time are now. A file's name does not (every page may
    be saved as page.html): there the title or the start must agree; and a session of the same title and start is the same, whatever
    its file was called.
    """
    if draft.guid and (same := next((s for s in show.sessions if s.guid == draft.guid), None)):
        return same
    if not draft.by_name:
        by_source = next((s for s in show.sessions if draft.source and s.source == draft.source), None)
    else:
        named = (s for s in show.sessions if draft.source and s.source == draft.source and _agrees(s, draft, any))
        alike = (s for s in show.sessions if "://" not in (s.source or "") and _agrees(s, draft, all))
        by_source = next(named, None) or next(alike, None)
    if by_source:
        return by_source
    by_hand = show.session(session_slug(draft))
    return by_hand if by_hand and by_hand.source is None else None


def _renamed(show: Project, draft: Draft, taken: Container[str]) -> Session | None:
    """Return the one session of the same list (``programme.csv#…``) at the same start that no other row is: its title changed."""
    file = draft.source.partition("#")[0] if draft.by_name and "#" in draft.source and draft.starts else ""
    alike = [
        s
        for s in show.sessions
        if file and s.guid not in taken and s.starts == draft.starts and (s.source or "").partition("#")[0] == file
    ]
    return alike[0] if len(alike) == 1 else None


def _agrees(known: Session, draft: Draft, how_many: Callable[[tuple[bool, bool]], bool]) -> bool:
    """Whether any or all of title and start are said by both and the same."""
    same_title = bool(draft.title) and known.title == draft.title
    same_start = draft.starts is not None and known.starts == draft.starts
    return how_many((same_title, same_start))
