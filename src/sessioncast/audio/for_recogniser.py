"""Plain sound as speech recognisers take it: 16 kHz mono, in pieces that are cut where nobody speaks."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from sessioncast.audio.grid import BLOCK, SAMPLE_RATE

if TYPE_CHECKING:
    from sessioncast.audio.listen import Heard
    from sessioncast.audio.loudness import Sound

RATE = 16_000
_LOOK_BACK = 300  # blocks: a cut is looked for in the last 30 s of a piece, at most its last half


def pieces(heard: Heard, seconds: float) -> tuple[tuple[int, int], ...]:
    """Return where to cut, as sample ranges: pieces of at most ``seconds``, each ending in its quietest tenth of a second."""
    most = max(2, round(seconds * SAMPLE_RATE / BLOCK))
    cuts = [0]
    total = len(heard.blocks)
    while total - cuts[-1] > most:
        end = cuts[-1] + most
        first = end - min(_LOOK_BACK, most // 2)
        cuts.append(first + int(np.argmin(heard.blocks[first:end])))
    edges = [cut * BLOCK for cut in cuts] + [heard.samples]
    return tuple((a, b) for a, b in pairwise(edges) if b > a)


def mono_16k(heard: Heard, start: int, end: int) -> Sound:
    """Return samples ``start`` to ``end`` of what was heard as one row at 16 kHz, brought to an audible level."""
    rows = heard.sound(start, end - start)
    mixed = rows.mean(axis=0, dtype=np.float32)
    parts = list(_resampled(mixed))
    sound = np.concatenate(parts) if parts else np.zeros(0, np.float32)
    highest = float(np.max(np.abs(sound), initial=0.0))
    return sound * np.float32(0.7 / highest) if 0 < highest < 0.7 else sound


def _resampled(mixed: Sound) -> Iterator[Sound]:
    import av

    resampler: Any = av.AudioResampler(format="flt", layout="mono", rate=RATE)
    for at in range(0, len(mixed), 1 << 18):
        frame: Any = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(mixed[None, at : at + (1 << 18)]), format="flt", layout="mono"
        )
        frame.sample_rate = SAMPLE_RATE
        for out in resampler.resample(frame):
            yield out.to_ndarray()[0]
    for out in resampler.resample(None):
        yield out.to_ndarray()[0]
