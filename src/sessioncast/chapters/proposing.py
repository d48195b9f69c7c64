"""Chapters proposed from a transcript: where the words change and people pause. For a person to look at, never published unseen."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from typing import Protocol

from sessioncast.chapters.reading import Mark

LEAST_APART = 240_000
"""Milliseconds: chapters of a talk are longer than four minutes, or nobody looks for them (CP-APPLE-STYLE)."""

_WINDOW = 120_000
_PAUSE_WORTH = 0.08  # how much a second of pause counts beside a change of words, of which 1 is complete
_LONGEST_PAUSE = 5.0
_TITLE_WORDS = 8
_WORD = re.compile(r"[^\W\d_]{4,}")
_COMMON = frozenset(
    [
        "that",
        "this",
        "with",
        "have",
        "from",
        "they",
        "what",
        "when",
        "there",
        "your",
        "about",
        "which",
        "would",
        "their",
        "will",
        "were",
        "been",
        "just",
        "like",
        "know",
        "think",
        "really",
        "because",
        "people",
        "going",
        "want",
        "more",
        "some",
        "into",
        "then",
        "them",
        "than",
        "very",
        "also",
        "other",
        "could",
        "should",
        "these",
        "those",
        "where",
        "here",
        "right",
        "well",
        "avec",
        "pour",
        "dans",
        "cette",
        "vous",
        "nous",
        "sont",
        "mais",
        "plus",
        "tout",
        "comme",
        "être",
        "fait",
        "leur",
        "aussi",
        "alors",
        "donc",
        "parce",
        "elle",
        "elles",
        "ils",
    ]
)


class Said(Protocol):
    """A sentence with its time in milliseconds."""

    @property
    def start(self) -> int:
        """When it begins."""

    @property
    def end(self) -> int:
        """When it ends."""

    @property
    def text(self) -> str:
        """Its words."""


def propose(said: Sequence[Said]) -> tuple[Mark, ...]:
    """Return where chapters might begin, with the first words there or the most telling ones as a title.

    At each sentence the words of the two minutes before are compared with those of the two minutes after (cosine of their
    counts), a pause there counts in favour; the strongest places at least four minutes apart are taken. None for a talk
    too short for two.
    """
    if not said or said[-1].end - said[0].start < 2 * LEAST_APART:
        return ()
    words = [Counter(w for w in _WORD.findall(s.text.casefold()) if w not in _COMMON) for s in said]
    scores = [(_shift(said, words, at), at) for at in range(1, len(said))]
    mean = sum(score for score, _ in scores) / len(scores)
    chosen: list[int] = [0]
    for score, at in sorted(scores, reverse=True):
        if score <= mean:
            break
        far = all(abs(said[at].start - said[other].start) >= LEAST_APART for other in chosen)
        if far and said[-1].end - said[at].start >= LEAST_APART / 2:
            chosen.append(at)
    chosen.sort()
    ends = [*chosen[1:], len(said)]
    everywhere = Counter[str]()
    for counted in words:
        everywhere.update(counted.keys())
    return tuple(
        Mark(0 if at == 0 else said[at].start, _title(said, words, at, end, everywhere))
        for at, end in zip(chosen, ends, strict=True)
    )


def _shift(said: Sequence[Said], words: Sequence[Counter[str]], at: int) -> float:
    before, after = Counter[str](), Counter[str]()
    here = said[at].start
    index = at - 1
    while index >= 0 and here - said[index].start <= _WINDOW:
        before.update(words[index])
        index -= 1
    index = at
    while index < len(said) and said[index].end - here <= _WINDOW:
        after.update(words[index])
        index += 1
    pause = min(_LONGEST_PAUSE, max(0, here - said[at - 1].end) / 1000)
    return 1 - _likeness(before, after) + _PAUSE_WORTH * pause


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    shared = sum(count * other[word] for word, count in one.items())
    lengths = math.sqrt(sum(n * n for n in one.values()) * sum(n * n for n in other.values()))
    return shared / lengths if lengths else 1.0


def _title(said: Sequence[Said], words: Sequence[Counter[str]], at: int, end: int, everywhere: Counter[str]) -> str:
    """Return the first sentence where it is short, else the words that this chapter has and the others have not."""
    first = said[at].text.strip().rstrip(".!?…")
    if len(first.split()) <= _TITLE_WORDS:
        return first
    here = Counter[str]()
    for counted in words[at:end]:
        here.update(counted)
    telling = sorted(here, key=lambda word: (-here[word] * here[word] / everywhere[word], word))[:3]
    return ", ".join(telling).capitalize() or " ".join(first.split()[:_TITLE_WORDS]) + "…"
