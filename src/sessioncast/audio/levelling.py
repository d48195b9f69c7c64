"""How far speech is lifted beside louder speech, and pauses are kept from rising: a slow curve, one value a block.

Gentle on purpose: nobody within 6 dB of the whole talk is touched, three quarters of what is beyond are made up for,
never more than 10 dB. Only what stands out from the noise around it is speech.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sessioncast.audio.loudness import Floats, decibels, integrated, momentary

_LEFT_ALONE = 6.0
_SHARE = 0.75
_MOST = 10.0
_WORTH = 1.5
_SLOPE = 2.0  # dB a block of 100 ms, both ways
_ABOVE_NOISE = 6.0
_QUIETEST_SPEECH = 30.0  # below the whole
_CLEAR_NOISE = 18.0  # noise so far below the whole is noise and no soft speech
_AUDIBLE = -50.0
_MOST_HELD = 8.0
_HOLD = 3


@dataclass(frozen=True, slots=True)
class Levelling:
    """``lift`` in dB a block (0 in pauses); ``pauses`` in LUFS: the noise of each block between sentences, −inf in speech."""

    lift: Floats
    pauses: Floats

    @property
    def most(self) -> float:
        """The furthest anything is lifted, in dB."""
        return float(self.lift.max(initial=0.0))

    @property
    def share(self) -> float:
        """Which part of the whole is lifted."""
        return float((self.lift > 1).mean()) if len(self.lift) else 0.0

    def under(self, gain: float) -> Floats:
        """Return what is added to ``gain`` in each block, in dB: the lift, less what keeps noise inaudible.

        Pauses end at most at −50 LUFS, or where they were, or 8 dB below what the gain makes of them: whichever is highest.
        """
        excess = np.clip(self.pauses + gain - _AUDIBLE, 0, min(_MOST_HELD, max(0.0, gain)))
        return self.lift - _sloped(excess)


def levelling(blocks: Floats, *, lift: bool) -> Levelling:
    """Return the curve for sound of these K-weighted ``blocks``; without ``lift`` only pauses are looked after."""
    whole = integrated(blocks)
    if whole is None:
        return Levelling(np.zeros(len(blocks)), np.full(len(blocks), -np.inf))
    level = momentary(blocks)
    noise = _noise(level)
    speech = _opened(level > np.maximum(noise + _ABOVE_NOISE, whole - _QUIETEST_SPEECH), 5)
    around = _dilated(speech, _HOLD)
    apart = noise < whole - _CLEAR_NOISE
    pauses = np.where(~around & apart & (level < noise + _ABOVE_NOISE), level, -np.inf)
    wanted = np.zeros(len(blocks))
    if lift:
        told = _summed(np.where(speech, blocks, 0.0), 10)
        counted = _summed(speech, 10)
        near = decibels(np.maximum(told, 0) / np.maximum(counted, 1)) - 0.691
        quiet = np.clip(_SHARE * (whole - near - _LEFT_ALONE), 0, _MOST)
        wanted = _sloped(np.where(around & apart & (counted > 0), quiet, 0.0))
        if wanted.max(initial=0.0) < _WORTH:
            wanted = np.zeros(len(blocks))
    return Levelling(wanted, pauses)


def _noise(level: Floats) -> Floats:
    """Return the noise around each block: the tenth percentile of the 20 s around, looked at once a second."""
    every, reach = 10, 100
    found = np.empty(len(level))
    for at in range(0, len(level), every):
        near = level[max(0, at - reach) : at + reach]
        tenth = len(near) // 10
        found[at : at + every] = np.partition(near, tenth)[tenth]
    return np.maximum(found, -90.0)


def _summed(values: Floats | NDArray[np.bool_], reach: int) -> Floats:
    """Return the sum of the values up to ``reach`` places to either side."""
    return np.convolve(values, np.ones(2 * reach + 1))[reach : reach + len(values)]


def _dilated(mask: NDArray[np.bool_], by: int) -> NDArray[np.bool_]:
    return _summed(mask, by) > 0.5


def _opened(mask: NDArray[np.bool_], width: int) -> NDArray[np.bool_]:
    """Drop runs shorter than ``width``, an odd number: a click is no speech."""
    return _dilated(_summed(mask, width // 2) > width - 0.5, width // 2)


def _sloped(curve: Floats) -> Floats:
    """Return the highest curve below ``curve`` that nowhere moves faster than the slope allows."""
    steps = _SLOPE * np.arange(len(curve))
    falling: Floats = np.minimum.accumulate(curve - steps) + steps
    slow: Floats = np.minimum.accumulate((falling + steps)[::-1])[::-1] - steps
    return slow
