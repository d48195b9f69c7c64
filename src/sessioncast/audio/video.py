"""The recording's own pictures beside our sound, as MP4: copied, never encoded, by a child process like the decoder's."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sessioncast.audio.decode import BOUNDS, Bounds
from sessioncast.errors import SessioncastError
from sessioncast.model import Trim

if TYPE_CHECKING:
    from sessioncast.audio.programme import Programme


class NoPictures(Exception):
    """The recording's pictures can't be kept as they are; the text says why."""


@dataclass(frozen=True, slots=True)
class Pictures:
    """What an MP4 holds: ``height`` in lines, ``codecs`` as RFC 6381 names them."""

    height: int
    codecs: str


def refuse_what_has_no_film(programme: Programme) -> None:
    """Raise NoPictures where copying pictures would show what was taken out, or run apart from the sound."""
    if len(programme.recordings) > 1:
        raise NoPictures("several recordings are joined, and pictures can't be joined without encoding them")
    if programme.redact:
        raise NoPictures("a part is redacted, and pictures can't be redacted without encoding them")
    if programme.intro or programme.outro:
        raise NoPictures("intro and outro have none")


def film(programme: Programme, sound: Path, target: Path, *, bounds: Bounds = BOUNDS) -> Pictures:
    """Write the pictures of a programme's one recording and ``sound`` (our M4A of it) to ``target``.

    Raises NoPictures where they aren't H.264 in MP4; SessioncastError when the disk refuses.
    """
    refuse_what_has_no_film(programme)
    return copy(programme.recordings[0], sound, target, trim=programme.trim or Trim(), bounds=bounds)


def copy(
    source: Path,
    sound: Path,
    target: Path,
    *,
    trim: Trim,
    chapters: Sequence[tuple[int, int, str]] = (),
    bounds: Bounds = BOUNDS,
) -> Pictures:
    """Write the pictures of ``source`` from the first keyframe inside ``trim``, beside ``sound`` with ``chapters`` (ms).

    Nothing else of the source goes in. Raises NoPictures; SessioncastError when the disk refuses.
    """
    job = {
        "source": str(source.absolute()),
        "sound": str(sound.absolute()),
        "target": str(target.absolute()),
        "start": trim.start,
        "end": trim.end,
        "chapters": list(chapters),
        "file_bytes": source.stat().st_size + 2 * sound.stat().st_size + (1 << 24),
        "memory_bytes": bounds.memory_bytes,
        "cpu_seconds": bounds.cpu_seconds,
    }
    # -P: a file named av.py in the organiser's folder must not be imported instead of the demuxer.
    command = [sys.executable, "-P", "-m", "sessioncast.audio.video_child", json.dumps(job)]
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=bounds.wall_seconds,
            check=False,
        )
        told: dict[str, Any] = json.loads(done.stdout) if done.stdout else {}
    except subprocess.TimeoutExpired:
        told = {"refused": "they took too long to copy"}
    if "disk" in told:
        raise SessioncastError(f"{target}: can't be written: {told['disk']}", hint=f"df -h '{target.parent}'")
    if "height" not in told:
        raise NoPictures(told.get("refused", "copying them failed"))
    return Pictures(int(told["height"]), str(told["codecs"]))
