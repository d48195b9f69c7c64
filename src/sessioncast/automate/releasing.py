"""A person lets a session out: what must be written in session.toml for it, and what still stands in the way. Writes nothing itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sessioncast.errors import ConflictError, ContentError
from sessioncast.plan.wanted import waits

if TYPE_CHECKING:
    from sessioncast.automate.letting_out import Gate
    from sessioncast.catalog import Catalog
    from sessioncast.model import Session
    from sessioncast.project import Project


@dataclass(frozen=True, slots=True)
class Release:
    """What is written, by field of session.toml; ``consent``: a person answers for everybody's yes. ``still``: what holds it back yet."""

    changes: dict[str, Any]
    consent: bool
    still: tuple[str, ...]


def release(project: Project, session: Session, catalog: Catalog | None, gate: Gate, now: datetime) -> Release:
    """Return what lets a session out. Raises ContentError for what no command can let out, ConflictError for a talk taken down."""
    file = f"episodes/{session.slug}/session.toml"
    if catalog is not None and catalog.by_guid(session.guid) is not None:
        raise ContentError(f"{session.slug}: is public already", hint="sessioncast status")
    tombstone = catalog.tombstone(session.guid) if catalog else None
    if tombstone is not None and not tombstone.lifted:
        raise ConflictError(f"{session.slug}: was taken down", hint=f"sessioncast restore {session.slug}")
    if session.is_refused:
        raise ContentError(
            f"{file}: consent: found refused, expected given: what was refused stays in",
            hint="whoever refused may say otherwise: then write that down in session.toml yourself",
        )
    if session.missing:
        raise ContentError(
            f"{file}: missing: found {'; '.join(session.missing)}, expected a session that is filled in",
            hint=f"fill it in, and take the lines draft and missing out of {file}",
        )
    changes, consent = _people_s(session, now, require=project.auto.require_consent)
    after = session.model_copy(update=changes)
    if not after.released and gate.bars(after):
        changes["released"] = True
        after = session.model_copy(update=changes)
    still = waits(after, now, require_consent=project.auto.require_consent)
    return Release(changes, consent, still)


def _people_s(session: Session, now: datetime, *, require: bool) -> tuple[dict[str, Any], bool]:
    """Return what takes back what people wrote against going out, and whether a yes is among it."""
    changes: dict[str, Any] = {}
    if session.hold:
        changes["hold"] = False
    if session.draft:
        changes["draft"] = False
    if session.publish_at is not None and session.publish_at > now:
        changes["publish_at"] = None
    pending = any(credit.consent == "pending" for credit in session.credits)
    if pending:
        changes["credits"] = tuple(
            credit.model_copy(update={"consent": "given"}) if credit.consent == "pending" else credit
            for credit in session.credits
        )
    agreed = session.model_copy(update=changes)
    if session.consent == "pending" or (require and not agreed.is_agreed):
        changes["consent"] = "given"
    return changes, pending or "consent" in changes
