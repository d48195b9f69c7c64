"""The story of a machine-made transcript: listen, recognise piece by piece, write it beside session.toml.

Every piece that is done is kept: killed half-way, the same command goes on with the next one.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from sessioncast.errors import ContentError
from sessioncast.events import Advanced, Finished, Report, Started, silent
from sessioncast.plan.wanted import digest
from sessioncast.produce import programme_of
from sessioncast.project import edit_session
from sessioncast.scratch import sha256_of, write_whole
from sessioncast.texts import roster_of
from sessioncast.transcript import Cue
from sessioncast.transcript.writing import vtt

if TYPE_CHECKING:
    from collections.abc import Callable

    from sessioncast.model import Session
    from sessioncast.project import Project
    from sessioncast.recogniser import Recogniser

PIECE_SECONDS = 300.0
NAME = "transcript.vtt"


def transcribe(
    project: Project,
    session: Session,
    model: str,
    load: Callable[[str, str], Recogniser],
    *,
    language: str = "",
    piece_seconds: float = PIECE_SECONDS,
    overwrite: bool = False,
    report: Report = silent,
) -> Path:
    """Write ``transcript.vtt`` of a session's recordings, marked as a machine's, and return it; times are the recording's.

    ``load`` gives the recogniser for a language and hints, once it is needed. Raises ContentError where a transcript
    is there already, MediaError for a recording that can't be decoded.
    """
    target = project.session_folder(session.slug) / NAME
    if project.captions(session) and not overwrite:
        raise ContentError(
            f"episodes/{session.slug}: found a transcript already ({project.captions(session)[0][0]}), expected none",
            hint=f"remove it, or: sessioncast transcribe {session.slug} --overwrite",
        )
    programme = programme_of(project, session.model_copy(update={"trim": None, "redact": ()}), report)
    spoken = language or (session.language or project.show.language).partition("-")[0]
    hints = hints_of(project, session)
    facts = {
        "recordings": [sha256_of(path) for path in programme.recordings],
        "model": model,
        "language": spoken,
        "hints": hints,
        "seconds": piece_seconds,
    }
    kept = project.room("transcripts") / digest(facts)[:16]
    cues = _recognised(project, session, programme.recordings, kept, lambda: load(spoken, hints), piece_seconds, report)
    if not cues:
        raise ContentError(f"episodes/{session.slug}: no words were recognised", hint="listen to the recording")
    write_whole(target, vtt(cues))
    edit_session(
        project.folder,
        session.slug,
        {"transcript": session.transcript.model_copy(update={"machine": True, "file": None})},
    )
    return target


def hints_of(project: Project, session: Session) -> str:
    """Return words that will be said: the title, the people, the topics."""
    people = sorted(set(roster_of(project, session).values()))
    return ". ".join(filter(None, (session.title, ", ".join(people), ", ".join(session.tags))))


def _recognised(
    project: Project,
    session: Session,
    recordings: tuple[Path, ...],
    kept: Path,
    load: Callable[[], Recogniser],
    seconds: float,
    report: Report,
) -> tuple[Cue, ...]:
    from sessioncast.audio.for_recogniser import mono_16k, pieces
    from sessioncast.audio.grid import SAMPLE_RATE
    from sessioncast.audio.programme import Programme, hear

    cues: list[Cue] = []
    loaded: Recogniser | None = None
    with tempfile.TemporaryDirectory(dir=project.room("work"), prefix="words-") as folder:
        heard = hear(Programme(recordings), Path(folder), report=report, name=session.slug).heard
        report(Started("transcribe", session.slug, total=round(heard.samples / SAMPLE_RATE), unit="seconds"))
        for number, (start, end) in enumerate(pieces(heard, seconds)):
            done = kept / f"{number:04d}.json"
            if done.exists():
                found = tuple(Cue(**plain) for plain in json.loads(done.read_text("utf-8")))
            else:
                loaded = loaded or load()
                found = loaded.hear(mono_16k(heard, start, end), round(start * 1000 / SAMPLE_RATE))
                write_whole(done, (json.dumps([asdict(cue) for cue in found], ensure_ascii=False) + "\n").encode())
            cues += found
            report(Advanced("transcribe", session.slug, (end - start) // SAMPLE_RATE))
        report(Finished("transcribe", session.slug, f"{len(cues)} cues"))
    return tuple(cues)
