"""What would be cut from a session's recordings: listened to once, and kept beside the audio."""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sessioncast.plan.wanted import digest
from sessioncast.scratch import sha256_of, write_whole

if TYPE_CHECKING:
    from sessioncast.audio.cuts import Proposal
    from sessioncast.audio.programme import Programme
    from sessioncast.events import Report
    from sessioncast.model import Session
    from sessioncast.project import Project

RECIPE = 1
"""Raised when the same recording shall get another proposal."""


@dataclass(frozen=True, slots=True)
class Looked:
    """A proposal, with the picture of the whole recording and its length in seconds."""

    proposal: Proposal
    waveform: tuple[int, ...]
    seconds: float


def look_for_cuts(project: Project, session: Session, programme: Programme, report: Report) -> Looked:
    """Listen to the recordings as they are, trimmed nowhere, and return what to cut. Raises MediaError."""
    from sessioncast.audio.cuts import Proposal, propose, recorded_at
    from sessioncast.audio.programme import Programme as Whole
    from sessioncast.audio.programme import hear
    from sessioncast.audio.waveform import waveform

    began = recorded_at(programme.recordings[0])
    kept = _kept(project, session, programme.recordings)
    if kept.exists():
        plain = json.loads(kept.read_text("utf-8"))
        said = plain.pop("proposal")
        proposal = Proposal(said["start"], said["end"], tuple(said["reasons"]), said["sure"])
        return Looked(proposal, tuple(plain["waveform"]), plain["seconds"])
    with tempfile.TemporaryDirectory(dir=project.room("work"), prefix="cuts-") as folder:
        heard = hear(Whole(programme.recordings), Path(folder), report=report, name=session.slug).heard
        looked = Looked(
            propose(heard, starts=session.starts, began=began), waveform(heard), round(heard.samples / 44_100, 3)
        )
    write_whole(kept, json.dumps(asdict(looked), sort_keys=True).encode())
    return looked


def is_known(project: Project, session: Session) -> bool:
    """Whether the proposal is there already, so that asking for it costs nothing; only for recordings on this machine."""
    recordings = tuple(path for path in project.recordings(session) if isinstance(path, Path))
    return _kept(project, session, recordings).exists()


def _kept(project: Project, session: Session, recordings: tuple[Path, ...]) -> Path:
    from sessioncast.audio.cuts import recorded_at

    began = recorded_at(recordings[0])
    facts = {
        "recipe": RECIPE,
        "recordings": [sha256_of(path) for path in recordings],
        "starts": session.starts.isoformat() if session.starts else "",
        "began": began.isoformat() if began else "",
    }
    return project.room("audio") / f"{digest(facts)}-cuts.json"


def cut_by_itself(project: Project, session: Session, programme: Programme, report: Report) -> Programme:
    """Return the programme as ``trim = "auto"`` wants it: cut where the proposal is sure, whole where it isn't."""
    from sessioncast.events import Noted
    from sessioncast.model import Trim

    proposal = look_for_cuts(project, session, programme, report).proposal
    for reason in proposal.reasons:
        report(Noted("note", f"{programme}: trim: {reason}"))
    if not proposal.sure or not proposal.cuts:
        return programme
    return replace(programme, trim=Trim(start=proposal.start, end=proposal.end))
