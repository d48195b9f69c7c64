"""Measures what came out with other people's tools: ffmpeg from the imageio-ffmpeg wheel."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import av
import imageio_ffmpeg


def measured(path: Path) -> tuple[float, float]:
    """Return integrated loudness (LUFS) and true peak (dBTP) as ffmpeg's ebur128 filter finds them."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-nostats", "-i", str(path)]
    command += ["-af", "ebur128=peak=true:framelog=quiet", "-f", "null", "-"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    summary = [line.split() for line in said[said.rindex("Summary:") :].splitlines()]
    return (
        next(float(words[1]) for words in summary if words[:1] == ["I:"]),
        next(float(words[1]) for words in summary if words[:1] == ["Peak:"]),
    )


def audio_packets(path: Path) -> list[bytes]:
    """Return the audio packets of a file as a demuxer hands them out."""
    container: Any = av.open(str(path))
    with container:
        return [bytes(packet) for packet in container.demux(audio=0) if packet.size]
