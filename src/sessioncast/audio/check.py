"""Hears an encoded stretch as a listener's decoder would: what is promised is measured on what goes out."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sessioncast.audio.grid import BLOCK, HOP
from sessioncast.audio.loudness import Floats, Sound, block_energies
from sessioncast.audio.true_peak import REACH, peaks

DECODER_DELAY = 1105
"""Samples before the first one that went in: 576 of LAME's and 529 of every decoder's."""

_BATCH = 32 * BLOCK


@dataclass(frozen=True, slots=True)
class Checked:
    """What was heard: K-weighted mean squares of the whole ``blocks``, the true ``peak`` in dBTP, and by how many dB
    single hops (index in the whole recording) are over the limit.
    """  # noqa: D205 - one sentence

    blocks: Floats
    peak: float
    over: dict[int, float]


def check(mp3: Path, start: int, samples: range, *, limit: float) -> Checked:
    """Decode ``mp3``, whose first frame was made of sample ``start``, and measure ``samples`` of the whole recording.

    ``samples`` begins with a block; ``limit`` in dBTP. The file is our own: it is decoded in this process.
    """
    linear = 10 ** (limit / 20)
    blocks: list[Floats] = []
    over: dict[int, float] = {}
    highest = 0.0
    at = samples.start
    for batch in _batches(mp3, samples.start - REACH - start + DECODER_DELAY, len(samples)):
        inner = batch[:, REACH:-REACH]
        whole = min(inner.shape[1], samples.stop - at) // BLOCK * BLOCK
        if whole:
            blocks.append(sum(block_energies(np.ascontiguousarray(row[:whole])) for row in inner))  # type: ignore[arg-type]
        found = np.max([peaks(row, above=linear) for row in batch], axis=0)
        highest = max(highest, float(found.max()))
        for hop in np.flatnonzero(found > linear):
            over[at // HOP + int(hop)] = 20 * math.log10(float(found[hop]) / linear)
        at += inner.shape[1]
    return Checked(
        blocks=np.concatenate(blocks) if blocks else np.zeros(0),
        peak=20 * math.log10(highest) if highest else -math.inf,
        over=over,
    )


def _batches(mp3: Path, skip: int, count: int) -> Iterator[Sound]:
    """Yield ``count`` samples from ``skip`` on in whole hops, with REACH more around each batch; rows are channels."""
    kept: list[Sound] = []
    have = 0
    left = count
    for piece in _decoded(mp3):
        some = piece[:, min(skip, piece.shape[1]) :]
        skip -= piece.shape[1] - some.shape[1]
        kept.append(some)
        have += some.shape[1]
        while left > _BATCH and have >= _BATCH + 2 * REACH:
            joined = np.concatenate(kept, axis=1)
            yield joined[:, : _BATCH + 2 * REACH]
            kept = [joined[:, _BATCH:]]
            have -= _BATCH
            left -= _BATCH
        if left <= _BATCH and have >= left + HOP + 2 * REACH:
            break
    if left > 0 and kept:
        joined = np.concatenate(kept, axis=1)[:, : left + REACH]
        wanted = -(-left // HOP) * HOP + 2 * REACH
        yield np.pad(joined, ((0, 0), (0, wanted - joined.shape[1])))


def _decoded(mp3: Path) -> Iterator[Sound]:
    import av

    container: Any = av.open(str(mp3.absolute()), format="mp3")
    with container:
        fifo = av.AudioFifo()  # type: ignore[call-arg,unused-ignore]
        for frame in container.decode(audio=0):
            frame.pts = None
            fifo.write(frame)
            if fifo.samples >= 1 << 16:
                yield _rows(fifo.read())
        if fifo.samples:
            yield _rows(fifo.read(0, True))


def _rows(frame: Any) -> Sound:
    rows: Sound = frame.to_ndarray()
    return rows
