"""The story of an import: drafts in, folders of ``episodes/`` and entries of people.toml out.

A session is found again by its source. What stands in the folder wins over the source, whoever wrote it there, until
somebody asks for ``update``; every difference is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sessioncast import project as folder_of
from sessioncast.bring_in.adding import add, free_slug, is_taken
from sessioncast.bring_in.broken import Broken, good_ones
from sessioncast.bring_in.comparing import compare
from sessioncast.bring_in.finding import find, known_guids, renamed
from sessioncast.bring_in.hands import Hands, Pretending, Writing
from sessioncast.bring_in.memory import Memory, keep, remembered
from sessioncast.bring_in.outcome import CalledOff, Outcome, Written, told_of
from sessioncast.errors import ContentError
from sessioncast.ingest.draft import Draft, DraftPerson
from sessioncast.ingest.slugs import session_slug
from sessioncast.kinds import SLUG
from sessioncast.model import Session
from sessioncast.project import Project


def bring_in(
    folder: Path,
    drafts: Iterable[Draft],
    *,
    update: bool = False,
    dry: bool = False,
    failed: Callable[[ContentError], None] | None = None,
) -> tuple[Outcome, ...]:
    """Write each draft that is new, compare each that is known, and return what became of them, in order.

    ``update`` applies what a source says now; what a person wrote stays even then. ``dry`` writes nothing and returns what would become of
    them. Raises ContentError when the show folder has problems (a broken session might be one of these), or when a draft says what no
    session can (its source is named); the drafts before it are written then, and importing again goes on.

    With ``failed`` nothing of that stops the others: it is told what a draft can't be, and the good sessions are worked with; a new draft
    that might be a broken one is not written. Only a show that is wrong itself raises then.
    """
    show, broken = (folder_of.load(folder), Broken()) if failed is None else good_ones(folder)
    memory = remembered(show.folder)
    hands: Hands = Pretending(show.folder) if dry else Writing(show.folder)
    listed = drafts if isinstance(drafts, Sequence) else ()  # a feed's come one by one, and rows of a table never do
    taken = known_guids(show, listed)
    outcomes: list[Outcome] = []
    try:
        for draft in drafts:
            try:
                known = find(show, draft) or renamed(show, draft, taken)
                if known is None:
                    broken.refuse(draft)
                show, outcome = _one(show, known, draft, memory, hands, update=update)
            except ContentError as e:
                if failed is None:
                    raise
                failed(e)
                continue
            taken |= {s.guid for s in show.sessions if s.slug == outcome.slug}
            outcomes.append(replace(outcome, told=told_of(draft), origin=draft.origin or draft.source))
    finally:
        if not dry:
            here = (*(s.guid for s in show.sessions), *(f"people/{key}" for key in show.people))
            keep(show.folder, memory, memory.said if broken else here)  # what is broken is still the show's
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
