"""What was said: cues with times, and who said them. Times are whole milliseconds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cue:
    """One caption: ``start`` to ``end`` in milliseconds, plain text, and who speaks (empty where nobody knows)."""

    start: int
    end: int
    text: str
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a cue, with its share of the cue's time."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words that one person said in one breath."""

    words: tuple[Word, ...]
    speaker: str = ""

    @property
    def start(self) -> int:
        """When it begins."""
        return self.words[0].start

    @property
    def end(self) -> int:
        """When it ends."""
        return self.words[-1].end

    @property
    def text(self) -> str:
        """Its words."""
        return " ".join(word.text for word in self.words)


def words_of(cue: Cue) -> Iterator[Word]:
    """Yield the words of a cue, its time shared out by length."""
    parts = cue.text.split()
    total = sum(len(part) + 1 for part in parts)
    done = 0
    length = cue.end - cue.start
    for part in parts:
        start = cue.start + length * done // total
        done += len(part) + 1
        yield Word(start, cue.start + length * done // total, part)
