"""Listens to plain sound while it is still being decoded: everything the gain has to know, without a second pass.

What grows with the length is small: one number a 100 ms block stays in memory, two a hop go to a scratch file.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from sessioncast.audio.grid import BLOCK, HOP
from sessioncast.audio.loudness import Floats, Sound, block_energies, integrated

_BATCH = 32 * BLOCK
_SAME = 1e-6  # −60 dB: a side signal or a second channel below this share of the first holds nothing of its own
_ABSURD = 1000.0
_DEAD = 1e-3  # −60 dB of the other channel's peak


@dataclass(frozen=True, slots=True)
class Heard:
    """What there is to know of plain sound.

    ``pcm`` is interleaved float32 in ``stored`` channels, of which ``use`` names those that go out (one where the other
    is dead or the same). ``blocks`` holds the K-weighted mean square of each whole 100 ms block, summed over channels;
    the file ``hops`` two float32 a hop, begun ones included: the highest sample of any channel and the sum of squares; ``squares`` has the latter for whole blocks.
    ``peak`` is the highest sample in dBFS (−inf for digital silence); ``note`` tells of a channel that was left out.
    """

    pcm: Path
    hops: Path
    stored: int
    use: tuple[int, ...]
    samples: int
    blocks: Floats
    squares: Floats
    peak: float
    note: str = ""

    @property
    def channels(self) -> int:
        """How many channels go out."""
        return len(self.use)

    @property
    def loudness(self) -> float | None:
        """Integrated loudness in LUFS; None where there is too little sound to say."""
        return integrated(self.blocks)

    def sound(self, start: int, count: int) -> Sound:
        """Return up to ``count`` samples from ``start`` on, one row a channel that goes out; zeros before and after."""
        inside = range(max(0, start), min(self.samples, start + count))
        rows = np.zeros((len(self.use), count), np.float32)
        if inside:
            read = np.fromfile(
                self.pcm, np.float32, len(inside) * self.stored, offset=inside.start * self.stored * 4
            ).reshape(-1, self.stored)
            rows[:, inside.start - start : inside.stop - start] = read[:, list(self.use)].T
            _tame(rows)
        return rows


class Listener:
    """Follows a growing file of interleaved float32; ``upto`` says how far it can be read."""

    def __init__(self, pcm: Path, hops: Path) -> None:
        self._pcm = pcm
        self._hops = hops
        self._channels = 0
        self._read = 0
        self._blocks: list[Floats] = []
        self._peaks = np.zeros(2, np.float32)
        self._squares: list[Floats] = []
        self._side = 0.0

    def __enter__(self) -> Self:
        """Open the scratch file for hops."""
        self._out = self._hops.open("wb")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close it."""
        self._out.close()

    def upto(self, samples: int, channels: int) -> None:
        """Listen to all whole batches among the first ``samples``."""
        self._channels = channels
        while samples - self._read >= _BATCH:
            self._take(_BATCH)

    def finish(self, samples: int, channels: int) -> Heard:
        """Listen to the rest and return what was heard in all ``samples``."""
        self._channels = channels
        while rest := min(samples - self._read, _BATCH):
            self._take(rest)
        self._out.flush()
        blocks = np.concatenate(self._blocks, axis=1) if self._blocks else np.zeros((channels, 0))
        use, note = self._channels_of_worth()
        peak = float(self._peaks.max())
        return Heard(
            pcm=self._pcm,
            hops=self._hops,
            stored=self._channels,
            use=use,
            samples=samples,
            blocks=blocks[list(use)].sum(axis=0),
            squares=np.concatenate(self._squares) if self._squares else np.zeros(0),
            peak=20 * math.log10(peak) if peak else -math.inf,
            note=note,
        )

    def _take(self, count: int) -> None:
        mixed = np.fromfile(self._pcm, np.float32, count * self._channels, offset=self._read * self._channels * 4)
        _tame(mixed)
        rows = np.ascontiguousarray(mixed.reshape(-1, self._channels).T)
        whole = count // BLOCK * BLOCK
        if whole:
            self._blocks.append(np.stack([block_energies(row[:whole]) for row in rows]))
        padded = np.pad(rows, ((0, 0), (0, -count % HOP)))
        by_hop = padded.reshape(self._channels, -1, HOP)
        peaks = np.maximum(by_hop.max(axis=2), -by_hop.min(axis=2))
        squares = np.einsum("chs,chs->h", by_hop, by_hop)
        self._squares.append(squares[: whole // HOP].reshape(-1, BLOCK // HOP).sum(axis=1).astype(np.float64))
        np.stack([peaks.max(axis=0), squares], axis=1).astype(np.float32).tofile(self._out)
        self._peaks[: self._channels] = np.maximum(self._peaks[: self._channels], peaks.max(axis=1))
        if self._channels == 2:
            side = rows[0] - rows[1]
            self._side += float(np.einsum("i,i->", side, side))
        self._read += count

    def _channels_of_worth(self) -> tuple[tuple[int, ...], str]:
        """Return which channels go out: two only where the second adds something."""
        left, right = (float(peak) for peak in self._peaks)
        if self._channels == 1:
            return (0,), ""
        if right <= _DEAD * left:
            return (0,), "its right channel is dead and was left out"
        if left <= _DEAD * right:
            return (1,), "its left channel is dead and was left out"
        if self._side <= _SAME * sum(float(some.sum()) for some in self._squares):
            return (0,), "both channels are the same and became one"
        return (0, 1), ""


def _tame(sound: Sound) -> None:
    """Take out, in place, what no sound is: float files may hold infinities, NaN and absurd numbers."""
    if not max(float(sound.max()), -float(sound.min())) <= _ABSURD:  # also true for NaN
        np.nan_to_num(sound, copy=False, posinf=_ABSURD, neginf=-_ABSURD)
        np.clip(sound, -_ABSURD, _ABSURD, out=sound)
