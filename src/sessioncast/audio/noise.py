"""How loud the noise of a recording is when nobody speaks."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from sessioncast.audio.grid import BLOCK

_QUIETEST = 0.1
"""The share of a recording that nobody speaks in, at least."""

_DIGITAL_SILENCE = 1e-10
_LEAST = -90.0
_BATCH = 256 * BLOCK


def noise_floor(pcm: Path, channels: int) -> float:
    """Return the mean level in dBFS of the quietest tenth of interleaved float32 sound, digital silence aside."""
    powers = []
    with pcm.open("rb") as file:
        while len(some := np.fromfile(file, np.float32, _BATCH * channels)) >= BLOCK * channels:
            whole = some[: len(some) // (BLOCK * channels) * BLOCK * channels].reshape(-1, BLOCK * channels)
            powers.append(np.einsum("bs,bs->b", whole, whole) / whole.shape[1])
    loud = np.sort(np.concatenate(powers)) if powers else np.zeros(0)
    loud = loud[loud > _DIGITAL_SILENCE]
    if not len(loud):
        return _LEAST
    return max(_LEAST, 10 * math.log10(float(loud[: max(1, round(len(loud) * _QUIETEST))].mean())))
