"""Turns a recording of any kind into plain sound on disk, by a child process that may crash or be stopped.

The child (``decode_child.py``) does the decoding; this side looks at the file first, keeps the clock, passes progress
on, and turns every way to fail into one MediaError that names the file.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sessioncast.audio.grid import SAMPLE_RATE
from sessioncast.audio.sniff import refuse_what_is_no_media
from sessioncast.errors import MediaError, SessioncastError
from sessioncast.events import Advanced, Finished, Noted, Report, Started
from sessioncast.model import Trim

_TOLERATED = 0.02


@dataclass(frozen=True, slots=True)
class Bounds:
    """What decoding one recording may cost before it is refused."""

    max_seconds: int = 12 * 3600
    memory_bytes: int = 512 * 1024 * 1024
    cpu_seconds: int = 1200
    wall_seconds: float = 3600.0


BOUNDS = Bounds()


@dataclass(frozen=True, slots=True)
class Decoded:
    """Plain sound: ``pcm`` is interleaved float32 in native byte order at ``SAMPLE_RATE``, 1 or 2 ``channels``.

    ``samples`` counts per channel; ``declared`` is the length in seconds the file claimed, less what was
    trimmed; None where it claimed none. ``markers`` are its own chapter marks: milliseconds from its beginning, and a title.
    """

    pcm: Path
    samples: int
    channels: int
    declared: float | None
    markers: tuple[tuple[int, str], ...] = ()

    @property
    def seconds(self) -> float:
        """The length that was really decoded."""
        return self.samples / SAMPLE_RATE


Follow = Callable[[int, int], None]
"""Called with how many samples a channel can be read from the file by now, and how many channels there are."""


def decode(
    recording: Path,
    pcm: Path,
    *,
    report: Report,
    name: str,
    bounds: Bounds = BOUNDS,
    follow: Follow | None = None,
    trim: Trim | None = None,
    highpass: int = 0,
    denoise: int = 0,
    noise: float = 0.0,
) -> Decoded:
    """Decode ``recording`` into the file ``pcm`` and return what was found; events speak of ``name``, in seconds.

    ``follow`` may read behind the decoder; what ``trim`` leaves out isn't written. ``highpass`` (Hz) takes out rumble,
    ``denoise`` (dB) steady noise that lies at ``noise`` (dBFS). Raises MediaError, naming the recording, for whatever holds no sound or breaks the bounds; SessioncastError when the disk is full. Nothing but the recording is opened.
    """
    refuse_what_is_no_media(recording)
    filters = {"highpass": highpass, "denoise": denoise, "noise": noise}
    facts = _run(recording, pcm, report, name, bounds, follow, trim or Trim(), filters)
    decoded = Decoded(
        pcm=pcm,
        samples=facts["samples"],
        channels=facts["channels"],
        declared=facts["declared"],
        markers=tuple((int(at), str(title)) for at, title in facts["markers"]),
    )
    _warn(recording, decoded, facts["damaged"], report)
    return decoded


def _warn(recording: Path, decoded: Decoded, damaged: int, report: Report) -> None:
    declared = decoded.declared
    if declared is not None and abs(declared - decoded.seconds) > max(_TOLERATED * declared, 0.1):
        report(
            Noted(
                "warning",
                f"{recording}: says it lasts {declared:.1f} s but {decoded.seconds:.1f} s could be decoded",
                hint="listen to its end and to any gaps before publishing",
            )
        )
    if damaged:
        report(
            Noted("warning", f"{recording}: {damaged} damaged part(s) were left out", hint="listen before publishing")
        )


def _run(
    recording: Path,
    pcm: Path,
    report: Report,
    name: str,
    bounds: Bounds,
    follow: Follow | None,
    trim: Trim,
    filters: dict[str, float],
) -> dict[str, Any]:
    """Run the child to its end and return its facts."""
    job = {
        "source": str(recording.absolute()),
        "pcm": str(pcm.absolute()),
        "sample_rate": SAMPLE_RATE,
        "start": round(trim.start * SAMPLE_RATE),
        "end": None if trim.end is None else round(trim.end * SAMPLE_RATE),
        "max_seconds": bounds.max_seconds,
        "file_bytes": (bounds.max_seconds + 10) * SAMPLE_RATE * 2 * 4,
        "memory_bytes": bounds.memory_bytes,
        "cpu_seconds": bounds.cpu_seconds,
        **filters,
    }
    # -P: a file named av.py in the organiser's folder must not be imported instead of the decoder.
    command = [sys.executable, "-P", "-m", "sessioncast.audio.decode_child", json.dumps(job)]
    last: dict[str, Any] = {}
    done = channels = 0
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as child:
        clock = threading.Timer(bounds.wall_seconds, child.kill)
        clock.daemon = True
        clock.start()
        try:
            assert child.stdout is not None  # stdout=PIPE says so; the type checker can't know
            for line in child.stdout:
                last = json.loads(line)
                if "declared" in last:
                    channels = last["channels"]
                    report(Started("decode", name, total=round(last["declared"] or 0), unit="seconds"))
                elif "samples" in last:
                    if follow is not None:
                        follow(last["samples"], channels)
                    seconds = last["samples"] // SAMPLE_RATE
                    if seconds > done:
                        report(Advanced("decode", name, seconds - done))
                        done = seconds
            code = child.wait()
        except BaseException:
            child.kill()  # an interrupt, or a reporter that failed: leave no decoder behind
            raise
        finally:
            clock.cancel()
    if "facts" in last:
        report(Finished("decode", name))
        facts: dict[str, Any] = last["facts"]
        return facts
    if "disk" in last:
        raise SessioncastError(f"{pcm.parent}: {last['disk']}", hint=f"df -h '{pcm.parent}'")
    raise MediaError(
        f"{recording}: {last.get('refused') or _death(code)}",
        hint="play the file to see whether it is whole; fetch it again or export it once more as m4a, mp3 or wav",
    )


def _death(code: int) -> str:
    """Say how a child ended that told nothing."""
    if code < 0 and sys.platform != "win32":
        if -code == signal.SIGXCPU or -code == signal.SIGKILL:
            return "took more time or memory to decode than any recording should, and was stopped"
        return f"made the decoder crash ({signal.Signals(-code).name})"
    return f"made the decoder fail (exit code {code})"
