"""Synthesises long talks: espeak-ng's voice where it is installed, else syllables of filtered pulses.

Speech with pauses, room noise, level jumps of 15 dB and clicks; the same arguments give the same sound.
"""

from __future__ import annotations

import io
import random
import shutil
import subprocess
import wave
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

Sound = NDArray[np.float32]

RATE = 32_000
TEXT = (
    "The pump in Broad Street stood at the corner. Everyone drew water from it, morning and evening. "
    "We counted the deaths house by house, and drew a bar for each. The brewery had its own well. "
    "The workhouse had its own well. Nobody there fell ill. Where then did the sickness come from? "
    "A widow in Hampstead had the water carried to her every day, because she liked the taste. "
    "Wash your hands, said the doctor in Vienna, before you go from the dead to the living. "
    "The numbers fell from twelve in a hundred to two."
)
QUIET = 10 ** (-15 / 20)


@cache
def voice(rate: int = RATE) -> Sound:
    """Return some thirty seconds of speech, mono, peaks near full scale."""
    said = _espeak() if shutil.which("espeak-ng") else _syllables()
    sound, from_rate = said
    at = np.arange(0, len(sound) - 1, from_rate / rate)
    resampled = np.interp(at, np.arange(len(sound)), sound)
    spoken: Sound = (0.9 * resampled / np.abs(resampled).max()).astype(np.float32)
    return spoken


def _espeak() -> tuple[Sound, int]:
    said = subprocess.run(
        ["espeak-ng", "-v", "en-gb", "-s", "150", "--stdout", TEXT], capture_output=True, check=True
    ).stdout
    body = bytearray(said)
    body[4:8] = (len(body) - 8).to_bytes(4, "little")  # a pipe has no length; espeak writes a huge one
    body[40:44] = (len(body) - 44).to_bytes(4, "little")
    with wave.open(io.BytesIO(bytes(body))) as file:
        return np.frombuffer(file.readframes(file.getnframes()), np.int16).astype(np.float32), file.getframerate()


def _syllables() -> tuple[Sound, int]:
    rate = 22_050
    chance = np.random.default_rng(7)
    parts = []
    for _ in range(120):
        count = int(rate * chance.uniform(0.12, 0.3))
        at = np.arange(count) / rate
        pitch = chance.uniform(95, 150)
        tone = sum(
            np.sin(2 * np.pi * pitch * k * at) / (1 + abs(pitch * k - chance.uniform(400, 900)) / 300)
            for k in range(1, 30)
        )
        parts += [tone * np.hanning(count), np.zeros(int(rate * chance.choice([0.02, 0.05, 0.4])))]
    return np.concatenate(parts).astype(np.float32), rate


def talk(seconds: float, *, rate: int = RATE, noise: float = -65.0, quiet: float = QUIET) -> Iterator[Sound]:
    """Yield a talk in pieces: a quarter of the sentences ``quiet`` times as loud, some with a click, room noise in dBFS."""
    chance = random.Random(5)
    hiss = np.random.default_rng(1)
    left = round(seconds * rate)
    while left:
        piece = voice(rate) * np.float32(chance.choice([1, 1, 1, quiet]))
        if chance.random() < 0.3:
            piece[chance.randrange(len(piece))] = 0.95
        piece = np.concatenate([piece, np.zeros(round(rate * chance.uniform(0.3, 3)), np.float32)])
        piece += hiss.normal(0, 10 ** (noise / 20), len(piece)).astype(np.float32)
        piece = piece[:left]
        left -= len(piece)
        yield piece


def write(
    path: Path,
    pieces: Iterator[Sound],
    *,
    codec: str = "aac",
    rate: int = RATE,
    channels: int = 1,
    form: str = "fltp",
    bitrate: int = 0,
) -> Path:
    """Encode pieces (mono, or rows of channels) into a file whose kind its name tells."""
    layout = "mono" if channels == 1 else "stereo"
    container: Any = av.open(str(path), "w")
    with container:
        stream: Any = container.add_stream(codec, rate=rate)
        stream.layout = layout
        stream.format = form
        if bitrate:
            stream.bit_rate = bitrate
        resampler = av.AudioResampler(format=form, layout=layout, rate=rate)
        at = 0
        for piece in _then_none(pieces):
            frame: Any = None
            if piece is not None:
                frame = av.AudioFrame.from_ndarray(np.atleast_2d(piece), format="fltp", layout=layout)
                frame.sample_rate, frame.pts = rate, None
            for out in resampler.resample(frame):
                out.pts, out.time_base = at, Fraction(1, rate)
                at += out.samples
                container.mux(stream.encode(out))
        container.mux(stream.encode(None))
    return path


def _then_none(pieces: Iterator[Sound]) -> Iterator[Sound | None]:
    yield from pieces
    yield None
