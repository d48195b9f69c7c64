"""From the recording's time to the published audio's: what was cut, and how long the intro is. In milliseconds. Pure.

Transcript cues, chapters and redactions are written in the recording's time (several recordings laid end to end) and
published in the audio's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Piece:
    """Milliseconds ``start`` up to, not including, ``end`` of the recording, played from ``at`` on."""

    start: int
    end: int
    at: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """The pieces of a recording that are published, in order, none overlapping. ``length`` is the published audio's."""

    pieces: tuple[Piece, ...]
    length: int

    @classmethod
    def of(cls, recorded: int, kept: Iterable[tuple[int, int]], *, lead: int = 0, tail: int = 0) -> Timeline:
        """Return the timeline of a recording of ``recorded`` milliseconds of which the stretches ``kept`` are played.

        ``lead`` is how long the intro plays before the talk begins to be heard, ``tail`` how much follows its end.
        """
        pieces: list[Piece] = []
        at = lead
        for start, end in sorted((max(0, s), min(e, recorded)) for s, e in kept):
            if end > start:
                pieces.append(Piece(start, end, at))
                at += end - start
        if any(before.end > after.start for before, after in pairwise(pieces)):
            raise ValueError("stretches that are kept can't overlap")
        return cls(tuple(pieces), at + tail)

    def at(self, moment: int) -> int | None:
        """Return when a moment of the recording is heard; None where it was cut."""
        for piece in self.pieces:
            if piece.start <= moment < piece.end:
                return piece.at + moment - piece.start
        return None

    def from_(self, moment: int) -> int | None:
        """Return when the first sound at or after a moment of the recording is heard; None where all of it was cut."""
        for piece in self.pieces:
            if moment < piece.end:
                return piece.at + max(0, moment - piece.start)
        return None

    def spans(self, start: int, end: int) -> tuple[tuple[int, int], ...]:
        """Return what is heard of a stretch of the recording, in the audio's time; neighbours become one."""
        found: list[tuple[int, int]] = []
        for piece in self.pieces:
            low, high = max(start, piece.start), min(end, piece.end)
            if low < high or (start == end and piece.start <= start < piece.end):
                begins, ends = piece.at + low - piece.start, piece.at + high - piece.start
                if found and found[-1][1] == begins:
                    found[-1] = (found[-1][0], ends)
                else:
                    found.append((begins, ends))
        return tuple(found)

    def __bool__(self) -> bool:
        """Whether anything of the recording is heard."""
        return bool(self.pieces)
