"""A dated correction in an episode's notes: written once, however often it is asked for."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sessioncast.errors import ContentError
from sessioncast.kinds import SLUG

if TYPE_CHECKING:
    from sessioncast.model import Session
    from sessioncast.plan.decide import Decision


def corrected(notes: str, text: str, on: date) -> str:
    """Return the notes with the correction behind their first paragraph, where listeners see it and the summary stays.

    The same text again, on whatever day, changes nothing. Raises ContentError for a text that says nothing.
    """
    said = " ".join(text.split())
    if not said:
        raise ContentError("the correction: found no text, expected a sentence or two")
    first, _, rest = notes.strip().partition("\n\n")
    known = [p for p in notes.split("\n\n") if p.startswith("**Correction, ") and p.endswith(f":** {said}")]
    if known:
        return notes
    return "\n\n".join(filter(None, (first, f"**Correction, {on.isoformat()}:** {said}", rest.strip())))


def correctable(session: Session | None, decision: Decision | None, slug: str, notes: str) -> Session:
    """Return the session whose public episode may be corrected now. Raises ContentError where nothing is public or here.

    What else differs from what is public would go out with the correction: a person names that first.
    """
    if session is None or not SLUG.fullmatch(slug):
        raise ContentError(f"episodes/{slug}: found no such session", hint="sessioncast status")
    state = decision.fate.value if decision else ""
    if state == "public" or _is_half_done(session, decision, notes):
        return session
    if state == "differs" and decision is not None:
        raise ContentError(
            f"{slug}: found other changes that are not public yet ({decision.why.partition(' changed since')[0]})",
            hint=f"sessioncast publish {slug}, then the correction again",
        )
    raise ContentError(f"{slug}: found no public episode of it that can be corrected", hint="sessioncast status")


def _is_half_done(session: Session, decision: Decision | None, notes: str) -> bool:
    """Whether this very correction stands in the notes already, and nothing else differs: an earlier run was killed."""
    return decision is not None and notes == session.notes and decision.why.startswith("notes changed since")
