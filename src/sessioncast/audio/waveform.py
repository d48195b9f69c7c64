"""The picture of an episode's sound: some hundred peaks, drawn as SVG for the page and as a sketch for a terminal."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from sessioncast.audio.grid import CHUNK_HOPS, HOP

if TYPE_CHECKING:
    from sessioncast.audio.listen import Heard
    from sessioncast.audio.shaping import Shape

PEAKS = 900
_LEAST_HOPS = 3  # 10 ms a peak
_FULL = 255
_HEIGHT = 64
_BLOCKS = " ▁▂▃▄▅▆▇█"
_ASCII = " .:-=+*#@"


def waveform(heard: Heard, shape: Shape | None = None) -> tuple[int, ...]:
    """Return how high the sound is on average in equal stretches, 0 to 255 for full scale; as shaped, where a shape is given.

    The highest sample of each would say nothing: in four seconds of speech it is always near full scale.
    """
    hops = -(-heard.samples // HOP)
    count = max(1, min(PEAKS, hops // _LEAST_HOPS))
    sums, counts = np.zeros(count), np.zeros(count)
    for chunk, first in enumerate(range(0, hops, CHUNK_HOPS)):  # piece by piece: hours of hops are many megabytes
        rows = np.fromfile(heard.hops, np.float32, min(CHUNK_HOPS, hops - first) * 2, offset=first * 8).reshape(-1, 2)
        heights = rows[:, 0] * shape.factors(chunk)[: len(rows)] if shape is not None else rows[:, 0]
        bucket = (first + np.arange(len(rows))) * count // hops
        sums += np.bincount(bucket, np.minimum(heights, 1.0), count)
        counts += np.bincount(bucket, minlength=count)
    return tuple(round(float(height) * _FULL) for height in sums / np.maximum(counts, 1))


def svg(peaks: Sequence[int], title: str, description: str) -> bytes:
    """Return the peaks as a picture that takes the colour of the text around it and any width; no script, no style.

    ``title`` and ``description`` are what a screen reader says.
    """
    top = max(peaks, default=0) or 1
    tall = [max(1, round(peak * _HEIGHT / top)) for peak in peaks]
    up = "".join(f"L{x} {_HEIGHT - y}" for x, y in enumerate(tall))
    down = "".join(f"L{x} {_HEIGHT + tall[x]}" for x in range(len(tall) - 1, -1, -1))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {max(1, len(peaks) - 1)} {2 * _HEIGHT}" '
        f'preserveAspectRatio="none" role="img"><title>{html.escape(title)}</title>'
        f'<desc>{html.escape(description)}</desc><path fill="currentColor" d="M0 {_HEIGHT}{up}{down}Z"/></svg>\n'
    ).encode()


def sketch(peaks: Sequence[int], width: int, *, ascii_only: bool = False) -> str:
    """Return the peaks as one line of ``width`` characters, taller where it is louder."""
    signs = _ASCII if ascii_only else _BLOCKS
    columns = min(width, len(peaks))
    edges = [len(peaks) * column // columns for column in range(columns + 1)] if columns else [0]
    mean = [sum(peaks[start:end]) / (end - start) for start, end in pairwise(edges)]
    top = max(mean, default=0) or 1
    return "".join(signs[round(height / top * (len(signs) - 1))] for height in mean)


def described(facts: Mapping[str, Any]) -> str:
    """Return loudness before and after in words: LUFS and dB. ``facts`` are those of ``Encoded``."""

    def lufs(value: float | None) -> str:
        return "too short to measure" if value is None else f"{value:.1f} LUFS"

    before = f"recording {lufs(facts['loudness'])}, peak {facts['peak']:.1f} dBFS"
    after = f"published {lufs(facts['encoded_loudness'])}, true peak {facts['encoded_peak']:.1f} dBTP"
    return f"{before}; {after}"
