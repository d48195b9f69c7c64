"""Lays recordings end to end, takes out what nobody shall hear, and puts intro and outro around the talk.

Everything is counted in samples a channel, read and written in batches: memory does not grow with length.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import BinaryIO

import numpy as np

from sessioncast.audio.grid import SAMPLE_RATE
from sessioncast.audio.loudness import Sound

FADE = SAMPLE_RATE // 200
"""5 ms: sound goes away and comes back that slowly at a cut, so that it doesn't click."""

_BATCH = 1 << 18


@dataclass(frozen=True, slots=True)
class Tape:
    """Plain sound in a file: interleaved float32 in ``channels``, ``samples`` a channel."""

    pcm: Path
    samples: int
    channels: int


@dataclass(frozen=True, slots=True)
class Laid:
    """Tapes end to end, in ``channels``; ``silent`` stretches are digital silence, faded at both edges from outside."""

    tapes: tuple[Tape, ...]
    channels: int
    silent: tuple[tuple[int, int], ...] = ()

    @property
    def samples(self) -> int:
        """How long all of them are."""
        return sum(tape.samples for tape in self.tapes)

    def read(self, start: int, count: int) -> Sound:
        """Return ``count`` samples from ``start`` on, one row a channel; the caller keeps inside."""
        rows = np.zeros((self.channels, count), np.float32)
        at = 0
        for tape in self.tapes:
            low, high = max(start, at), min(start + count, at + tape.samples)
            if low < high:
                read = np.fromfile(
                    tape.pcm, np.float32, (high - low) * tape.channels, offset=(low - at) * tape.channels * 4
                ).reshape(-1, tape.channels)
                rows[:, low - start : high - start] = read.T  # one channel becomes both
            at += tape.samples
        for first, last in self.silent:
            _hush(rows, first - start, last - start)
        return rows


def _hush(rows: Sound, first: int, last: int) -> None:
    count = rows.shape[1]
    if last + FADE <= 0 or first - FADE >= count:
        return
    rows[:, max(0, first) : max(0, last)] = 0
    down = np.linspace(1, 0, FADE, dtype=np.float32)
    for begin, curve in ((first - FADE, down), (last, down[::-1])):
        low, high = max(0, begin), min(count, begin + FADE)
        if low < high:
            rows[:, low:high] *= curve[low - begin : high - begin]


def write_talk(laid: Laid, kept: Sequence[tuple[int, int]], out: BinaryIO) -> int:
    """Write the stretches that are kept, one after another, and return how many samples that is. Raises OSError.

    Where something was cut out between two of them both fade, so that the cut doesn't click; no sample is added or lost.
    """
    written = 0
    for index, (start, end) in enumerate(kept):
        for at in range(start, end, _BATCH):
            rows = laid.read(at, min(_BATCH, end - at))
            if index and at < start + FADE:
                _fade(rows, at - start, rising=True)
            if index < len(kept) - 1 and at + rows.shape[1] > end - FADE:
                _fade(rows, at - (end - FADE), rising=False)
            rows.T.tofile(out)
            written += rows.shape[1]
    return written


def _fade(rows: Sound, offset: int, *, rising: bool) -> None:
    """Fade ``rows``, whose first sample is number ``offset`` of the fade."""
    curve = np.linspace(0, 1, FADE, dtype=np.float32)
    numbers = np.arange(offset, offset + rows.shape[1])
    inside = (numbers >= 0) & (numbers < FADE)
    rows[:, inside] *= (curve if rising else curve[::-1])[numbers[inside]]


def overlap(crossfade: float, *lengths: int) -> int:
    """Return how many samples two neighbours share: as wanted, and never more than half of the shorter."""
    return min(round(crossfade * SAMPLE_RATE), *(length // 2 for length in lengths))


def write_around(
    talk: Tape, before: tuple[Tape, float] | None, after: tuple[Tape, float] | None, crossfade: float, out: BinaryIO
) -> tuple[int, int]:
    """Write intro, talk and outro, each passing into the next with equal power; gains of intro and outro in dB.

    Returns how many samples the intro lasts before the talk sets in, and how many follow the talk's end. Raises OSError.
    """
    pieces: list[tuple[Tape, float]] = [*([before] if before else []), (talk, 0.0), *([after] if after else [])]
    shared = [overlap(crossfade, a[0].samples, b[0].samples) for a, b in pairwise(pieces)]
    for index, (tape, gain) in enumerate(pieces):
        head = shared[index - 1] if index else 0
        tail = shared[index] if index < len(shared) else 0
        if head:
            last, last_gain = pieces[index - 1]
            ending = _read(last, last.samples - head, head, talk.channels) * _linear(last_gain)
            beginning = _read(tape, 0, head, talk.channels) * _linear(gain)
            (ending * _falling(head) + beginning * _falling(head)[::-1]).T.astype(np.float32).tofile(out)
        for start, count in _batches(head, tape.samples - tail):
            (_read(tape, start, count, talk.channels) * _linear(gain)).T.tofile(out)
    lead = before[0].samples - shared[0] if before else 0
    follow = after[0].samples - shared[-1] if after else 0
    return lead, follow


def _batches(start: int, end: int) -> Iterator[tuple[int, int]]:
    for at in range(start, end, _BATCH):
        yield at, min(_BATCH, end - at)


def _read(tape: Tape, start: int, count: int, channels: int) -> Sound:
    return Laid((tape,), channels).read(start, count)


def _linear(gain: float) -> np.float32:
    return np.float32(10 ** (gain / 20))


def _falling(count: int) -> Sound:
    """Return the falling half of a cross-fade with equal power."""
    curve: Sound = np.cos(np.linspace(0, math.pi / 2, count, dtype=np.float32))
    return curve
