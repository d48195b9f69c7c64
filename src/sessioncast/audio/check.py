"""Hears an encoded stretch as a listener's decoder would: what is promised is measured on what goes out."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sessioncast.audio.grid import BLOCK, HOP, SAMPLE_RATE
from sessioncast.audio.loudness import Floats, Sound, block_energies
from sessioncast.audio.true_peak import REACH, peaks

DECODER_DELAY = 1105
"""Samples before the first one that went in: 576 of LAME's and 529 of every decoder's."""

_BATCH = 32 * BLOCK
_HOPS = BLOCK // HOP


@dataclass(frozen=True, slots=True)
class Checked:
    """What was heard: K-weighted mean squares of the whole ``blocks``, the true peak (linear) of each block, a begun one
    included, and by how many dB single hops (index in the whole recording) are over the limit.
    """  # noqa: D205 - one sentence

    blocks: Floats
    peaks: Floats
    over: dict[int, float]

    @property
    def peak(self) -> float:
        """The highest true peak in dBTP."""
        highest = float(self.peaks.max()) if len(self.peaks) else 0.0
        return 20 * math.log10(highest) if highest else -math.inf

    def part(self, blocks: slice) -> Checked:
        """Return what was heard in some of the blocks; nothing in what is kept was over the limit."""
        return Checked(self.blocks[blocks], self.peaks[blocks], {})


def check(file: Path, start: int, samples: range, *, limit: float) -> Checked:
    """Decode ``file``, whose first frame was made of sample ``start``, and measure ``samples`` of the whole recording.

    ``samples`` begins with a block; ``limit`` in dBTP. The file is our own: it is decoded in this process. An MP3 has no
    Info frame yet; what is in another container says itself how much of its beginning is the encoder's.
    """
    linear = 10 ** (limit / 20)
    blocks: list[Floats] = []
    highest: list[Floats] = []
    over: dict[int, float] = {}
    at = samples.start
    for batch in _batches(file, samples.start - REACH - start + _delay(file), len(samples)):
        inner = batch[:, REACH:-REACH]
        whole = min(inner.shape[1], samples.stop - at) // BLOCK * BLOCK
        if whole:
            blocks.append(sum(block_energies(np.ascontiguousarray(row[:whole])) for row in inner))  # type: ignore[arg-type]
        found = np.max([peaks(row, above=linear) for row in batch], axis=0)
        highest.append(np.pad(found, (0, -len(found) % _HOPS)).reshape(-1, _HOPS).max(axis=1).astype(np.float64))
        for hop in np.flatnonzero(found > linear):
            over[at // HOP + int(hop)] = 20 * math.log10(float(found[hop]) / linear)
        at += inner.shape[1]
    return Checked(
        blocks=np.concatenate(blocks) if blocks else np.zeros(0),
        peaks=np.concatenate(highest) if highest else np.zeros(0),
        over=over,
    )


def _batches(file: Path, skip: int, count: int) -> Iterator[Sound]:
    """Yield ``count`` samples from ``skip`` on in whole hops, with REACH more around each batch; rows are channels."""
    kept: list[Sound] = []
    have = 0
    left = count
    for piece in _decoded(file):
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


def _delay(file: Path) -> int:
    """Return how many samples come out of the decoder before the first one that went in."""
    return DECODER_DELAY if _is_mp3(file) else REACH


def _is_mp3(file: Path) -> bool:
    return file.suffix == ".mp3"


def _decoded(file: Path) -> Iterator[Sound]:
    """Yield the sound at our own sample rate; behind REACH zeros where no delay stands in front."""
    import av

    container: Any = av.open(str(file.absolute()), format="mp3" if _is_mp3(file) else None)
    with container:
        stream = container.streams.audio[0]
        fifo = av.AudioFifo()  # type: ignore[call-arg,unused-ignore]
        resampler: Any = None
        if not _is_mp3(file):
            yield np.zeros((stream.codec_context.channels, REACH), np.float32)
            if stream.codec_context.sample_rate != SAMPLE_RATE:
                resampler = av.AudioResampler(format="fltp", layout=stream.codec_context.layout, rate=SAMPLE_RATE)
        for frame in container.decode(stream):
            frame.pts = None
            for out in resampler.resample(frame) if resampler else [frame]:
                out.pts = None
                fifo.write(out)
            if fifo.samples >= 1 << 16:
                yield _rows(fifo.read())
        for out in resampler.resample(None) if resampler else []:
            out.pts = None
            fifo.write(out)
        if fifo.samples:
            yield _rows(fifo.read(0, True))


def _rows(frame: Any) -> Sound:
    rows: Sound = frame.to_ndarray()
    return rows
