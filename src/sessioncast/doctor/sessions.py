"""Sessions that are over and not public, files of the show folder that are wrong, and directories nobody went to yet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sessioncast.automate.letting_out import mend
from sessioncast.doctor.value import Found
from sessioncast.plan.decide import Decision, Fate

if TYPE_CHECKING:
    from sessioncast.automate.letting_out import Gate
    from sessioncast.catalog import Catalog
    from sessioncast.errors import Level, Problem
    from sessioncast.model import Session
    from sessioncast.project import Project


def late(project: Project, gate: Gate, catalog: Catalog | None, now: datetime) -> Iterator[Found]:
    """Yield the sessions that ended more than ``[doctor] hours`` ago and are not public, each for the reason ``status`` gives.

    What people decided is none: a refusal, a take-down, a ``publish_at`` to come. A session held by hand is a note.
    """
    before = now - timedelta(hours=project.doctor.hours)
    for decision in gate.judged.decisions:
        session = decision.wanted.session
        over = session.ends or session.starts
        if over is None or over > before or (catalog is not None and catalog.by_guid(session.guid) is not None):
            continue
        if (
            decision.fate is Fate.WITHDRAWN
            or session.is_refused
            or session.is_called_off
            or (session.publish_at and session.publish_at > now)
        ):
            continue
        why, way = _reason(gate, decision)
        level: Level = "note" if session.hold else "error"
        yield Found("late session", session.slug, f"it is over and not public: {why}", way, over, level)


def _reason(gate: Gate, decision: Decision) -> tuple[str, str]:
    session = decision.wanted.session
    if decision.fate is Fate.ADD:
        barred = gate.bars(session)
        if barred:
            return "; ".join(bar.why for bar in barred), barred[0].mend
        return "nothing keeps it in, and no pass has published it", "sessioncast auto, or: sessioncast publish"
    if decision.error is not None:
        return decision.error.message, decision.error.hint or "sessioncast status"
    return decision.why, _or_never(session)


def _or_never(session: Session) -> str:
    """Return what lets it out; and for a recording that may never come, how to say so."""
    way = mend(session)
    if session.recording or session.missing or session.hold:
        return way
    return f"{way}; if there is none: hold = true there"


def folder(problems: Sequence[Problem]) -> Iterator[Found]:
    """Yield the files of the show folder that can't be used, each once with its first problem."""
    files = dict.fromkeys(p.file for p in problems if p.level == "error")
    for file in files:
        wrong = [p for p in problems if p.file == file and p.level == "error"]
        first = str(wrong[0]).removeprefix(f"{file}: ")
        more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
        yield Found("show folder", file, f"{first}{more}", wrong[0].mend or "sessioncast check")


def directories(project: Project, catalog: Catalog | None, *, public: bool) -> Iterator[Found]:
    """Yield a note where the show is public on the web and no directory is known to list it."""
    if catalog is None or not catalog.episodes or not public or project.directories.known or project.show.hidden:
        return
    since = min(episode.published for episode in catalog.episodes)
    what = "the show is public, and feed/show.toml names no directory that lists it"
    yield Found("directories", "feed/show.toml", what, "sessioncast directories", since, "note")
