"""Gain, levelling and limiter as one curve over time, solved on envelopes before any sound is touched.

The limiter looks ahead for free, since the envelope is known: it is down before a peak comes (1500 dB/s) and lets go
slowly after it (150 dB/s). The curve of a chunk depends on that chunk and a second around it only, so every encoder that
asks for a chunk gets the very same numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from sessioncast.audio.grid import BLOCK, CHUNK, CHUNK_HOPS, HOP, SAMPLE_RATE
from sessioncast.audio.levelling import Levelling
from sessioncast.audio.listen import Heard
from sessioncast.audio.loudness import Floats, Sound, integrated

MOST_GAIN = 30.0

_CONTEXT = 300  # hops: the second that the limiter needs to let go of 150 dB
_ATTACK = 1500 * HOP / SAMPLE_RATE
_RELEASE = 150 * HOP / SAMPLE_RATE
_HOPS_PER_BLOCK = BLOCK // HOP
_SOLVED = 0.01
_RAMP = (np.arange(HOP, dtype=np.float32) + np.float32(0.5)) / np.float32(HOP)


@dataclass(frozen=True, slots=True)
class Shape:
    """What is done to sound: ``gain`` in dB for all of it, ``offsets`` in dB a block, and a limiter at ``ceiling`` dBFS.

    ``held`` names single hops where the limiter reaches at least that many dB, because the encoder raised a peak there.
    """

    heard: Heard
    gain: float
    offsets: Floats
    ceiling: float
    held: Mapping[int, float] = field(default_factory=dict)

    def reduction(self, chunk: int) -> Floats:
        """Return the limiter's reduction in dB at each hop edge of a chunk: one value more than hops."""
        first = chunk * CHUNK_HOPS - _CONTEXT
        count = CHUNK_HOPS + 2 * _CONTEXT
        edges = self.slow(chunk, context=_CONTEXT)
        # Both edges of a hop have to be low enough, so that the line between them is.
        level = 20 * np.log10(np.maximum(_hops(self.heard, first, count)[:, 0], 1e-10))
        need = np.maximum(level + np.maximum(edges[:-1], edges[1:]) - self.ceiling, 0)
        if self.held:
            for hop in self.held.keys() & set(range(first, first + count)):
                need[hop - first] = max(need[hop - first], self.held[hop])
        if not need.any():
            return np.zeros(CHUNK_HOPS + 1)
        return _envelope(need)[_CONTEXT : _CONTEXT + CHUNK_HOPS + 1]

    def slow(self, chunk: int, context: int = 0) -> Floats:
        """Return gain and offsets in dB at each hop edge of a chunk and ``context`` hops around it."""
        start = chunk * CHUNK_HOPS - context
        edges = np.arange(start, start + CHUNK_HOPS + 2 * context + 1)
        low = max(0, min(start // _HOPS_PER_BLOCK - 2, len(self.offsets) - 1))
        some = self.offsets[low : edges[-1] // _HOPS_PER_BLOCK + 2]
        if not len(some):
            return np.full(len(edges), self.gain)
        centres = (np.arange(low, low + len(some)) + 0.5) * _HOPS_PER_BLOCK
        curve: Floats = self.gain + np.interp(edges, centres, some)
        return curve

    def factors(self, chunk: int) -> Sound:
        """Return what the sound is multiplied by at each hop edge of a chunk."""
        curve: Sound = (10 ** ((self.slow(chunk) - self.reduction(chunk)) / 20)).astype(np.float32)
        return curve

    def sound(self, chunk: int) -> Sound:
        """Return a chunk of the shaped sound, one row a channel, full scale at 1; zeros after the recording's end."""
        rows = self.heard.sound(chunk * CHUNK, CHUNK).reshape(self.heard.channels, -1, HOP)
        edges = self.factors(chunk)
        rows *= edges[:-1, None] + (edges[1:] - edges[:-1])[:, None] * _RAMP
        return rows.reshape(self.heard.channels, -1)

    @property
    def chunks(self) -> int:
        """How many chunks the sound has, a begun one included."""
        return -(-self.heard.samples // (CHUNK_HOPS * HOP))


def solve(heard: Heard, levelling: Levelling, *, loudness: float, ceiling: float) -> tuple[Shape, float]:
    """Return the shape that brings the sound to ``loudness`` (LUFS), and the furthest its limiter goes (dB).

    The gain is rounded to 0.01 dB: the last bits of a measurement differ between machines, and bytes must not.
    Too little sound to measure gets no gain but what the ceiling takes away.
    """
    found = heard.loudness
    gain = 0.0 if found is None else min(MOST_GAIN, loudness - found)
    shape = Shape(heard, gain, levelling.under(gain), ceiling)
    last: tuple[float, float] | None = None
    for _ in range(12 if found is not None else 0):
        reached = _loudness_of(shape)[0]
        if reached is None or abs(miss := loudness - reached) < _SOLVED:
            break
        # How much loudness a decibel of gain still brings: less and less, the more the limiter takes back.
        slope = 1.0 if last is None or shape.gain == last[0] else (last[1] - miss) / (shape.gain - last[0])
        last = (shape.gain, miss)
        gain = min(MOST_GAIN, shape.gain + miss / min(1.0, max(0.2, slope)))
        if gain == shape.gain:
            break
        shape = replace(shape, gain=gain, offsets=levelling.under(gain))
    gain = round(shape.gain, 2)
    shape = replace(shape, gain=gain, offsets=np.round(levelling.under(gain), 2))
    return shape, _loudness_of(shape)[1]


def _loudness_of(shape: Shape) -> tuple[float | None, float]:
    """Return what the shaped sound will measure in LUFS, and the limiter's furthest reduction in dB."""
    blocks = len(shape.heard.blocks)
    kept = np.ones(blocks)
    most = 0.0
    for chunk in range(shape.chunks):
        edges = shape.reduction(chunk)
        if not edges.any():
            continue
        most = max(most, float(edges.max()))
        energy = _hops(shape.heard, chunk * CHUNK_HOPS, CHUNK_HOPS)[:, 1].astype(np.float64)
        lost = energy * (1 - 10 ** (-(edges[:-1] + edges[1:]) / 20))
        first = chunk * CHUNK_HOPS // _HOPS_PER_BLOCK
        block = (chunk * CHUNK_HOPS + np.arange(CHUNK_HOPS)) // _HOPS_PER_BLOCK - first
        part = slice(first, first + int(block[-1]) + 1)
        kept[part] -= np.bincount(block, lost)[: len(kept[part])] / np.maximum(shape.heard.squares[part], 1e-30)
    power = shape.heard.blocks * np.maximum(kept, 0) * 10 ** ((shape.gain + shape.offsets) / 10)
    return integrated(power), most


def _envelope(need: Floats) -> Floats:
    """Return the limiter's curve at hop edges for the reduction each hop needs, in dB; nowhere less than needed."""
    edges = np.maximum(np.append(need, 0.0), np.insert(need, 0, 0.0))
    wide = np.maximum(edges, np.maximum(np.append(edges[1:], 0.0), np.insert(edges[:-1], 0, 0.0)))
    index = np.arange(len(wide))
    after = np.maximum.accumulate(wide + _RELEASE * index) - _RELEASE * index
    back = after[::-1]
    before = (np.maximum.accumulate(back + _ATTACK * index) - _ATTACK * index)[::-1]
    inner = np.pad(before, 1, mode="edge")
    smooth: Floats = (inner[:-2] + inner[1:-1] + inner[2:]) / 3
    return smooth


def _hops(heard: Heard, first: int, count: int) -> Sound:
    """Return peak and sum of squares of ``count`` hops from ``first`` on; zeros before the beginning and after the end."""
    total = -(-heard.samples // HOP)
    inside = range(max(0, first), min(total, first + count))
    rows = np.zeros((count, 2), np.float32)
    if inside:
        read = np.fromfile(heard.hops, np.float32, len(inside) * 2, offset=inside.start * 8)
        rows[inside.start - first : inside.stop - first] = read.reshape(-1, 2)
    return rows
