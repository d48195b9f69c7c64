"""From a session to what its audio is made of: recordings on this machine, cuts, intro and outro; and their fingerprint."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sessioncast.errors import MediaError
from sessioncast.fetch import fetched
from sessioncast.plan.wanted import digest
from sessioncast.produce.cutting import cut_by_itself
from sessioncast.scratch import sha256_of

if TYPE_CHECKING:
    from pathlib import Path

    from sessioncast.audio.programme import Programme
    from sessioncast.events import Report
    from sessioncast.model import AudioSettings, Session
    from sessioncast.project import Project

RECIPE = 3
"""Raised when the same input and settings shall give different audio, never for a new tool version."""


def programme_of(project: Project, session: Session, report: Report) -> Programme:
    """Return what the session's audio is made of, recordings that lie elsewhere fetched.

    Raises MediaError naming the recording that is missing, SourceError or a store's error for one that can't be had.
    """
    from sessioncast.audio.programme import Programme

    if not session.recordings:
        raise MediaError(
            f"episodes/{session.slug}/session.toml: recording: found nothing, expected a path",
            hint=f'put the file into episodes/{session.slug} and name it: recording = "…"',
        )
    recordings = tuple(
        _present(
            fetched(r, project.scratch / "recordings", project.store, report) if isinstance(r, str) else r,
            f"episodes/{session.slug}",
        )
        for r in project.recordings(session)
    )
    said = project.audio
    programme = Programme(
        recordings,
        trim=session.trim if session.trim != "auto" else None,
        intro=project.intro,
        outro=project.outro,
        crossfade=said.crossfade,
        highpass=said.highpass,
        denoise=said.denoise,
        redact=session.redact,
    )
    if session.trim == "auto":
        return cut_by_itself(project, session, programme, report)
    return programme


def fingerprint_of(programme: Programme, settings: AudioSettings) -> str:
    """Return the fingerprint of the audio: the bytes that go in, what is taken of them and the settings, not the tools."""
    first, *more = [_digest_of(path) for path in programme.recordings]
    facts: dict[str, object] = {"recipe": RECIPE, "recording": first, **({"more": more} if more else {})}
    if programme.trim:
        facts["trim"] = programme.trim.model_dump(mode="json")
    if programme.redact:
        facts["redact"] = [r.model_dump(mode="json") for r in programme.redact]
    facts |= settings.model_dump(mode="json", exclude_defaults=True, exclude={"also", "intro", "outro"})
    facts |= {name: _digest_of(path) for name in ("intro", "outro") if (path := getattr(programme, name))}
    return digest(facts)


def _digest_of(source: Path) -> str:
    try:
        return sha256_of(source)
    except OSError as e:
        raise MediaError(f"{source}: can't be read: {e.strerror or e}", hint=f"ls -l '{source}'") from e


def _present(recording: Path, where: str) -> Path:
    if not recording.exists():
        raise MediaError(
            f"{recording}: found nothing, expected the recording named in {where}/session.toml",
            hint=f"copy the recording to {recording}",
        )
    if not recording.is_file():
        raise MediaError(
            f"{recording}: found a folder or device, expected a recording",
            hint=f"name the file in {where}/session.toml",
        )
    return recording
