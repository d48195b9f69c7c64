"""What to leave out at a recording's beginning and end: proposed with reasons, for a person to decide."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sessioncast.audio.loudness import Floats, integrated

if TYPE_CHECKING:
    from sessioncast.audio.listen import Heard

BREATH = 0.5
"""Seconds kept before the first word and after the last."""

_BLOCK = 0.1  # seconds
_OVER_NOISE = 9.0  # dB: what is that much over the noise is somebody speaking
_UNDER_TALK = 25.0  # dB: and no further than that below the talk as a whole
_WINDOW = 100  # blocks, ten seconds: in these a talk speaks at least so many blocks
_SPOKEN = 30
_WORTH = 3.0  # seconds: a shorter cut is not worth it
_PAUSE = 2.0
_AROUND_START = 300.0  # seconds: people start that much early or late
_STAMP = re.compile(r"(?:^|[^A-Za-z])GMT(\d{8})-(\d{6})(?!\d)")


@dataclass(frozen=True, slots=True)
class Proposal:
    """Where the published part should begin and end, in seconds of the recording, and why in words.

    0 and None where nothing should be cut; ``sure`` is false where somebody had better listen first.
    """

    start: float
    end: float | None
    reasons: tuple[str, ...]
    sure: bool = True

    @property
    def cuts(self) -> bool:
        """Whether anything would be cut."""
        return self.start > 0 or self.end is not None


def recorded_at(recording: Path) -> datetime | None:
    """Return when a recording began, from a name that says so with its zone (Zoom's GMT stamp); None from any other."""
    found = _STAMP.search(recording.name)
    if not found:
        return None
    try:
        return datetime.strptime(found[1] + found[2], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def propose(heard: Heard, *, starts: datetime | None = None, began: datetime | None = None) -> Proposal:
    """Return what to cut: silence and noise at both ends, and what was said before the scheduled start.

    ``starts`` is when the session was to begin, ``began`` when the recording did; speech is cut only where both are
    known and people paused near the start.
    """
    speech = _speech(heard)
    length = len(heard.blocks) * _BLOCK
    if not speech.any():
        return Proposal(0.0, None, ("no speech was told from noise: nothing is proposed",), sure=False)
    first, last = _bounds(speech)
    start, end, reasons, sure = 0.0, None, [], True
    if first * _BLOCK - BREATH >= _WORTH:
        start = round(first * _BLOCK - BREATH, 1)
        reasons.append(f"{clock(start)} before anybody speaks")
    if length - (last * _BLOCK + BREATH) >= _WORTH:
        end = round(last * _BLOCK + BREATH, 1)
        reasons.append(f"{clock(length - end)} after the last word")
    if starts is not None and began is not None:
        due = (starts - began).total_seconds()
        if start < due < length:
            pause = _pause_near(speech, due)
            if pause is not None and pause > start + _WORTH:
                start = round(pause, 1)
                reasons = [r for r in reasons if "before anybody" not in r]
                reasons.insert(
                    0, f"{clock(start)} of talk before the scheduled start, up to a pause {_off(start - due)} it"
                )
            elif pause is None:
                sure = False
                reasons.insert(0, f"the scheduled start lies at {clock(due)}, but nobody pauses near it: listen there")
    return Proposal(start, end, tuple(reasons) or ("it begins and ends with the talk: nothing to cut",), sure)


def _off(seconds: float) -> str:
    return f"{abs(seconds):.0f} s {'after' if seconds >= 0 else 'before'}"


def _speech(heard: Heard) -> Floats:
    """Return for each 100 ms whether somebody speaks, as 0 and 1."""
    level = 10 * np.log10(np.maximum(heard.blocks, 1e-12)) - 0.691  # LUFS of each block (BS.1770-4, eq. 2)
    loudness = integrated(heard.blocks)
    if loudness is None:
        return np.zeros(len(level))
    audible = level[level > -100]
    noise = float(np.mean(np.sort(audible)[: max(1, len(audible) // 10)])) if len(audible) else -100.0
    # In a hall whose quietest tenth is speech too, the noise can't be told: then the talk's own level decides.
    bound = max(min(noise + _OVER_NOISE, loudness - 6), loudness - _UNDER_TALK)
    found: Floats = (level > bound).astype(np.float64)
    return found


def _bounds(speech: Floats) -> tuple[int, int]:
    """Return the first and the last block of the talk: a cough or a door alone begins none."""
    begins = next((int(i) for i in np.flatnonzero(speech) if speech[i : i + _WINDOW].sum() >= _least(speech)), None)
    ends = next(
        (
            int(i)
            for i in np.flatnonzero(speech)[::-1]
            if speech[max(0, i - _WINDOW + 1) : i + 1].sum() >= _least(speech)
        ),
        None,
    )
    return (begins or 0), (len(speech) if ends is None else ends + 1)


def _least(speech: Floats) -> float:
    return min(float(_SPOKEN), float(speech.sum()) / 3)


def _pause_near(speech: Floats, due: float) -> float | None:
    """Return where people begin to speak again after the pause nearest to ``due``, less a breath; None without one."""
    spoken = np.flatnonzero(speech)
    pauses = [int(b) for a, b in pairwise(spoken) if (b - a) * _BLOCK >= _PAUSE]
    near = [b * _BLOCK - BREATH for b in pauses if abs(b * _BLOCK - due) <= _AROUND_START]
    return min(near, key=lambda at: abs(at - due), default=None)


def clock(seconds: float) -> str:
    """Return seconds as people write places in a recording: 3:20, 1:02:03.5."""
    tenths = round(seconds * 10)
    minutes, rest = divmod(tenths, 600)
    tail = f"{rest // 10:02d}" + (f".{rest % 10}" if rest % 10 else "")
    return f"{minutes // 60}:{minutes % 60:02d}:{tail}" if minutes >= 60 else f"{minutes}:{tail}"
