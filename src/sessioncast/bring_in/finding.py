"""Which session of the folder a draft is; the source it was made from says so, else title, start or the slug it would get."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence

from sessioncast.ingest.draft import Draft
from sessioncast.ingest.slugs import session_slug
from sessioncast.model import Session
from sessioncast.project import Project


def refused(show: Project, drafts: Sequence[Draft]) -> tuple[Session, ...]:
    """Return the show's sessions of which a draft says that they must not be recorded, whatever stands in the folder."""
    known = known_guids(show, drafts)
    found = (find(show, draft) or renamed(show, draft, known) for draft in drafts if draft.do_not_record)
    return tuple({session.guid: session for session in found if session}.values())


def known_guids(show: Project, drafts: Sequence[Draft]) -> set[str]:
    """Return the guids of the sessions that drafts of a list are known as."""
    return {known.guid for draft in drafts if (known := find(show, draft))}


def find(show: Project, draft: Draft) -> Session | None:
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


def renamed(show: Project, draft: Draft, taken: Container[str]) -> Session | None:
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
