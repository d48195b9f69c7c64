"""True peak by fourfold interpolation (ITU-R BS.1770-4, annex 2), only where a sample comes near enough to matter."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from sessioncast.audio.grid import HOP

Sound = NDArray[np.float32]

METERS_DIFFER = 0.1
"""dB by which two meters of true peak may disagree: so far below the limit is where ours has to find the highest."""

REACH = 16
"""Samples a peak depends on to either side; sound has to be passed with so many more at both ends."""

_NEAR = 0.6  # what lies between two samples below this share of a limit doesn't pass it


def peaks(sound: Sound, *, above: float) -> Sound:
    """Return the highest true peak (linear) of each hop of one channel.

    ``sound`` holds whole hops and ``REACH`` samples more before and after. Hops without a sample above 0.6 × ``above``
    (linear) give their sample peak: they are known to stay below it.
    """
    inner = sound[REACH:-REACH].reshape(-1, HOP)
    found: Sound = np.maximum(inner.max(axis=1), -inner.min(axis=1))
    hops = np.flatnonzero(found > _NEAR * above)
    for start in range(0, len(hops), 256):  # few enough to stay in the cache
        some = hops[start : start + 256]
        found[some] = np.maximum(found[some], _between(sound, some))
    return found


def _between(sound: Sound, hops: NDArray[np.intp]) -> Sound:
    windows = sound[(hops * HOP)[:, None] + np.arange(HOP + 2 * REACH)]
    highest = np.zeros(len(hops), np.float32)
    for taps in _phases():
        value = np.zeros((len(hops), HOP + 1), np.float32)  # also between the last sample and the next hop's first
        for index, tap in enumerate(taps):
            value += tap * windows[:, index : index + HOP + 1]
        np.maximum(highest, np.abs(value, out=value).max(axis=1), out=highest)
    return highest


@cache
def _phases() -> Sound:
    """Windowed sincs for a quarter, a half and three quarters of a sample: 2 × REACH taps each."""
    at = np.arange(1 - REACH, REACH + 1)
    rows = []
    for share in (0.25, 0.5, 0.75):
        window = np.i0(6 * np.sqrt(np.maximum(0, 1 - ((at - share) / REACH) ** 2)))
        taps = np.sinc(at - share) * window
        rows.append(taps / taps.sum())
    return np.array(rows, np.float32)
