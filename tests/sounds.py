"""Makes small recordings of every kind, in the test's own folder: tones whose length is known to the sample."""

from __future__ import annotations

import array
import math
import random
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

from sessioncast.audio.encode import Encoded

Make = Callable[..., Encoded]
"""``make(recording, target=…, bounds=…)``: the fixture that encodes with the show's usual settings."""

KINDS = {
    "m4a": ("aac", 44_100),
    "mp4": ("aac", 48_000),
    "mp3": ("libmp3lame", 44_100),
    "wav": ("pcm_s16le", 22_050),
    "flac": ("flac", 44_100),
    "ogg": ("libopus", 48_000),
    "opus": ("libopus", 48_000),
    "webm": ("libopus", 48_000),
    "mkv": ("aac", 32_000),
}


def write_sound(
    path: Path,
    *,
    codec: str = "pcm_s16le",
    rate: int = 44_100,
    channels: int = 1,
    seconds: float = 1.5,
    level: float = 0.3,
    video: bool = False,
) -> Path:
    """Write a voice-like tone (a buzz that swells and dies) of ``level`` full scale, the right side softer; with ``video``, a picture track too."""
    layout = {1: "mono", 2: "stereo", 6: "5.1"}[channels]
    noise = random.Random(7)
    count = round(rate * seconds)
    mono = [
        level
        * (0.55 + 0.4 * math.sin(2 * math.pi * 2 * i / rate))
        * (0.9 * math.sin(2 * math.pi * 220 * i / rate) + 0.1 * noise.uniform(-1, 1))
        for i in range(count)
    ]
    container: Any = av.open(str(path), "w")
    with container:
        picture = _add_picture(container) if video else None
        stream: Any = container.add_stream(codec, rate=rate)
        stream.layout = layout
        frame: Any = av.AudioFrame(format="flt", layout=layout, samples=count)
        samples = array.array("f", (value * (1, 0.8)[c % 2] for value in mono for c in range(channels))).tobytes()
        frame.planes[0].update(samples + bytes(frame.planes[0].buffer_size - len(samples)))
        frame.sample_rate, frame.pts, frame.time_base = rate, 0, Fraction(1, rate)
        if picture is not None:
            _draw(container, picture, round(seconds * 5))
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def _add_picture(container: Any) -> Any:
    stream = container.add_stream("mpeg4", rate=5)
    stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
    return stream


def _draw(container: Any, stream: Any, count: int) -> None:
    for index in range(count):
        frame: Any = av.VideoFrame(64, 64, "yuv420p")
        for plane in frame.planes:
            plane.update(bytes([90]) * plane.buffer_size)
        frame.pts, frame.time_base = index, Fraction(1, 5)
        container.mux(stream.encode(frame))
    container.mux(stream.encode(None))


def decoded_samples(path: Path) -> int:
    """Return how many samples a channel another decoder finds in ``path``."""
    container: Any = av.open(str(path))
    with container:
        return sum(frame.samples for frame in container.decode(audio=0))


def decoded_mono(path: Path) -> list[float]:
    """Return the first channel as another decoder hears it."""
    container: Any = av.open(str(path))
    values: list[float] = []
    with container:
        for frame in container.decode(audio=0):
            values += array.array("f", bytes(frame.planes[0])[: frame.samples * 4])
    return values
