"""The same shaped sound as AAC in M4A or Opus in Ogg, written by FFmpeg's encoders and heard again like the MP3 is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np

from sessioncast.audio.check import check
from sessioncast.audio.grid import CHUNK, SAMPLE_RATE
from sessioncast.audio.levelling import Levelling
from sessioncast.audio.listen import Heard
from sessioncast.audio.loudness import integrated
from sessioncast.audio.mp4 import MUXER
from sessioncast.audio.rendition import Rendered, Rendition
from sessioncast.audio.segments import held_down
from sessioncast.audio.shaping import MOST_GAIN, Shape, solve
from sessioncast.audio.true_peak import METERS_DIFFER
from sessioncast.model import AudioSettings

Codec = Literal["m4a", "opus"]


@dataclass(frozen=True, slots=True)
class _Way:
    """How one container is written: FFmpeg's names, bits a second by channels, and RFC 6381's name of the codec."""

    muxer: str
    encoder: str
    bits: dict[int, int]
    codecs: str
    rate: int
    options: dict[str, str]


_WAYS: dict[Codec, _Way] = {
    "m4a": _Way("ipod", "aac", {1: 96_000, 2: 160_000}, "mp4a.40.2", SAMPLE_RATE, MUXER),
    "opus": _Way("ogg", "libopus", {1: 40_000, 2: 72_000}, "opus", 48_000, {"fflags": "+bitexact"}),
}

_MARGIN = 1.0  # lossy encoders raise peaks; what they raise further is found and held down
_TOLERATED = 0.3  # LU
_TRIES = 6


def render_with_ffmpeg(
    heard: Heard, level: Levelling, target: Path, codec: Codec, settings: AudioSettings, advanced: Callable[[int], None]
) -> Rendered:
    """Write the sound to ``target``, whose name ends as its container's does.

    Encoded again until it is as loud as wanted and nowhere above the limit. Raises OSError.
    """
    way = _WAYS[codec]
    aim, limit = settings.loudness, settings.true_peak - METERS_DIFFER
    shape, limited = solve(heard, level, loudness=aim, ceiling=limit - _MARGIN)
    for attempt in range(_TRIES):
        _write(shape, target, way, advanced)
        found = check(target, 0, range(heard.samples), limit=limit)
        loudness = integrated(found.blocks)
        miss = 0.0 if loudness is None else settings.loudness - loudness
        if attempt == _TRIES - 1 or (not found.over and (abs(miss) <= _TOLERATED or shape.gain >= MOST_GAIN)):
            break
        if abs(miss) > _TOLERATED:
            aim = round(aim + miss, 2)
            again, limited = solve(heard, level, loudness=aim, ceiling=limit - _MARGIN)
            shape = replace(again, held=shape.held)
        shape = held_down(shape, found.over)
    duration = heard.samples / SAMPLE_RATE
    made = Rendition(
        container=codec,
        duration=duration,
        bitrate=round(target.stat().st_size * 8 / duration),
        codecs=way.codecs,
        loudness=None if loudness is None else round(loudness, 2),
        peak=round(found.peak, 2),
    )
    return Rendered(made, shape, limited)


def _write(shape: Shape, target: Path, way: _Way, advanced: Callable[[int], None]) -> None:
    import av

    heard = shape.heard
    layout = "mono" if heard.channels == 1 else "stereo"
    container: Any = av.open(str(target.absolute()), "w", format=way.muxer, options=way.options)
    with container:
        stream = container.add_stream(way.encoder, rate=way.rate, layout=layout, options={"flags": "+bitexact"})
        stream.bit_rate = way.bits[heard.channels]
        written = 0
        for chunk in range(shape.chunks):
            rows = shape.sound(chunk)[:, : min(CHUNK, heard.samples - chunk * CHUNK)]
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(rows), format="fltp", layout=layout)
            frame.sample_rate = SAMPLE_RATE
            frame.pts = written
            written += rows.shape[1]
            for packet in stream.encode(frame):
                container.mux(packet)
            advanced(1)
        for packet in stream.encode(None):
            container.mux(packet)
