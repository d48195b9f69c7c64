"""What people have said since the show folder was read: to make audio takes minutes, and a "no" that comes meanwhile counts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sessioncast.errors import ContentError
from sessioncast.plan.decide import Decision, Fate
from sessioncast.plan.wanted import held_back, waits
from sessioncast.project import again

if TYPE_CHECKING:
    from datetime import datetime

    from sessioncast.errors import SessioncastError
    from sessioncast.plan.judge import Judged
    from sessioncast.project import Project


def last_look(project: Project, judged: Judged, now: datetime) -> tuple[Judged, list[SessioncastError]]:
    """Return the decisions without what may not go out any more by its file as it is now, and what can't be read any more.

    Only what would be added is looked at; no other text than that which was read at first ever goes out.
    """
    errors: list[SessioncastError] = []
    decisions = tuple(_decided(project, one, now, errors) for one in judged.decisions)
    return replace(judged, decisions=decisions), errors


def _decided(project: Project, decision: Decision, now: datetime, errors: list[SessioncastError]) -> Decision:
    if decision.fate not in (Fate.ADD, Fate.LATE):
        return decision
    session, problems = again(project, decision.slug)
    if session is None:
        why = f"episodes/{decision.slug}: can't be read any more, so nobody can tell whether it may go out"
        errors.append(ContentError(why, problems=problems))
        return Decision(decision.wanted, Fate.WAITS, "its file can't be read any more")
    reasons = held_back(session)
    if decision.fate is Fate.ADD:
        reasons = waits(session, now, require_consent=project.auto.require_consent)
    if not reasons:
        return decision
    return Decision(replace(decision.wanted, session=session), Fate.WAITS, "; ".join(reasons))
