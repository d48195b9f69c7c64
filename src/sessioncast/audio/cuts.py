"""What to leave out at a recording's beginning and end: proposed with reasons, for a person to decide.

A cut is proposed only where nothing could be a word. WebRTC's voice detector was tried instead of levels: its lenient modes
take loud noise for speech, its strict one misses a voice 28 dB below the rest.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sessioncast.audio.loudness import Floats, decibels, integrated, moving_mean

if TYPE_CHECKING:
    from sessioncast.audio.listen import Heard

BREATH = 0.5
"""Seconds kept before the first word and after the last."""

_BLOCK = 0.1  # seconds
_OVER_NOISE = 9.0  # dB: what is that much over the noise may be somebody speaking
_UNDER_TALK = 25.0  # dB: no further than that below the talk as a whole it surely is the talk
_INAUDIBLE = 40.0  # dB: and that far below it is nobody whom a listener could understand
_STEADY = 30  # blocks: sound that keeps its level that long, within
_SWING = 1.0  # dB (standard deviation), is a fan or a hum: speech rises and falls with every syllable
_WINDOW = 100  # blocks, ten seconds: in these a talk speaks at least so many blocks
_SPOKEN = 30
_JOINED = 10  # blocks: sounds no further apart belong together
_WORD = 5  # blocks: shorter sounds are doors and clicks
_WORTH = 3.0  # seconds: a shorter cut is not worth it
_PAUSE = 3.0
_CLEARER = 1.25  # times as long as any pause of the talk itself
_TALK_FOR = 600.0  # seconds of the talk that are looked at for its own pauses
_EARLY = 30.0  # seconds: who speaks that shortly before the scheduled start has begun
_BEFORE = 300.0  # seconds: people begin that much early
_STAMPS = (
    re.compile(r"(?:^|[^A-Za-z])GMT(\d{8})-(\d{6})(?!\d)"),  # Zoom
    re.compile(r"(?<!\d)(\d{8})_(\d{6})UTC(?![A-Za-z])"),  # Teams, where it says so
)
_Run = tuple[int, int]
_Flags = NDArray[np.bool_]


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
    """Return when a recording began, from a name that says so with its zone (Zoom's GMT, Teams' UTC); None from any other."""
    found = next((match for stamp in _STAMPS if (match := stamp.search(recording.name))), None)
    if not found:
        return None
    try:
        return datetime.strptime(found[1] + found[2], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def propose(heard: Heard, *, starts: datetime | None = None, began: datetime | None = None) -> Proposal:
    """Return what to cut: silence and noise at both ends, and what was said before the scheduled start.

    ``starts`` is when the session was to begin, ``began`` when the recording did. Speech is cut only where both are known
    and people paused, and no word that was said at the scheduled start or later.
    """
    spoken, voices = _voices(heard)
    if spoken.sum() < _SPOKEN or not voices:
        return Proposal(0.0, None, ("no talk was told from noise: nothing is proposed",), sure=False)
    length = len(spoken) * _BLOCK
    first, last = _bounds(spoken)
    opens, closes = voices[0][0], voices[-1][1]
    start, head = _beginning(min(first, opens) * _BLOCK - BREATH)
    end, tail = _ending(max(last, closes) * _BLOCK + BREATH, length)
    if (first - opens) * _BLOCK >= _WORTH:
        head.append(f"something is heard at {clock(opens * _BLOCK)}, the talk at {clock(first * _BLOCK)}: listen there")
    if (closes - last) * _BLOCK >= _WORTH:
        tail.append(
            f"something is heard until {clock(closes * _BLOCK)}, the talk until {clock(last * _BLOCK)}: listen there"
        )
    sure = True
    due = (starts - began).total_seconds() if starts is not None and began is not None else 0.0
    if starts is not None and start + _EARLY < due < length:
        resumed = _pause_before(voices, due)
        if resumed is None:
            sure = False
            head.append(
                f"the scheduled start {starts:%H:%M} lies at {clock(due)}, but no clear pause is near: listen there"
            )
        elif resumed > start + _WORTH:
            start = resumed
            head = [f"{clock(start)} of silence and small talk before the scheduled start {starts:%H:%M}"]
    return Proposal(start, end, (*head, *tail) or ("it begins and ends with the talk: nothing to cut",), sure)


def _beginning(at: float) -> tuple[float, list[str]]:
    at = round(at, 1)
    return (at, [f"{clock(at)} before anybody speaks"]) if at >= _WORTH else (0.0, [])


def _ending(at: float, length: float) -> tuple[float | None, list[str]]:
    at = round(at, 1)
    return (at, [f"{clock(length - at)} after the last word"]) if length - at >= _WORTH else (None, [])


def _voices(heard: Heard) -> tuple[_Flags, list[_Run]]:
    """Return for each 100 ms whether the talk is going on, and the stretches in which anybody might be speaking."""
    level = decibels(heard.blocks) - 0.691  # LUFS of each block (BS.1770-4, eq. 2)
    loudness = integrated(heard.blocks)
    if loudness is None:
        return np.zeros(len(level), bool), []
    audible = np.sort(level[level > -100])
    noise = float(audible[: max(1, len(audible) // 10)].mean())
    # In a hall whose quietest tenth is speech too, the noise can't be told: then the talk's own level decides.
    bound = min(noise + _OVER_NOISE, loudness - 6)
    moving = ~_steady(np.maximum(level, -100))
    spoken = moving & (level > max(bound, loudness - _UNDER_TALK))
    return spoken, _runs(moving & (level > max(bound, loudness - _INAUDIBLE)))


def _steady(level: Floats) -> _Flags:
    """Return which blocks lie in three seconds whose level hardly changes."""
    found = np.zeros(len(level), bool)
    variance = moving_mean(level**2, _STEADY) - moving_mean(level, _STEADY) ** 2
    for at in np.flatnonzero(variance < _SWING**2):
        found[at : at + _STEADY] = True
    return found


def _runs(flags: _Flags) -> list[_Run]:
    """Return first block and end of every stretch of sounds that is long enough for a word."""
    at = np.flatnonzero(flags)
    groups = np.split(at, np.flatnonzero(np.diff(at) > _JOINED) + 1)
    return [(int(group[0]), int(group[-1]) + 1) for group in groups if len(group) >= _WORD]


def _bounds(spoken: _Flags) -> _Run:
    """Return the first block and the end of the talk; all of it where people speak too little in any ten seconds."""
    sums = np.concatenate([[0], np.cumsum(spoken)])
    blocks = np.arange(len(spoken))
    after = sums[np.minimum(blocks + _WINDOW, len(spoken))] - sums[blocks]
    before = sums[blocks + 1] - sums[np.maximum(blocks + 1 - _WINDOW, 0)]
    begins, ends = np.flatnonzero(spoken & (after >= _SPOKEN)), np.flatnonzero(spoken & (before >= _SPOKEN))
    return (int(begins[0]) if len(begins) else 0), (int(ends[-1]) + 1 if len(ends) else len(spoken))


def _pause_before(voices: list[_Run], due: float) -> float | None:
    """Return where people speak again, less a breath, after the longest pause that sets in before ``due``.

    None where it doesn't stand out: then it may be the talk's own.
    """
    pauses = [(end * _BLOCK, begin * _BLOCK) for (_, end), (begin, _) in pairwise(voices)]
    near = [(b - a, b) for a, b in pauses if a <= due and b >= due - _BEFORE]
    if not near:
        return None
    longest, resumed = max(near)
    usual = max((b - a for a, b in pauses if resumed <= a < resumed + _TALK_FOR), default=0.0)
    return round(resumed - BREATH, 1) if longest >= max(_PAUSE, _CLEARER * usual) else None


def clock(seconds: float) -> str:
    """Return seconds as people write places in a recording: 3:20, 1:02:03.5."""
    tenths = round(seconds * 10)
    minutes, rest = divmod(tenths, 600)
    tail = f"{rest // 10:02d}" + (f".{rest % 10}" if rest % 10 else "")
    return f"{minutes // 60}:{minutes % 60:02d}:{tail}" if minutes >= 60 else f"{minutes}:{tail}"
