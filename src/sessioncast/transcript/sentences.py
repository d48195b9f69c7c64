"""Fragments of captions → sentences: words keep their own times, so that any profile can cut them anew."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from sessioncast.transcript.cue import Cue, Sentence, Word, words_of

_LONGEST = 30_000  # milliseconds
_MOST = 400  # characters
_GAP = 3_000
_END = re.compile(r"[.!?…。！？؟][\"'”’»)\]]*$")
_FILLERS = {
    "en": ("um", "uh", "erm", "uhm", "hmm", "er", "ah"),
    "fr": ("euh", "heu", "hum", "ben", "bah"),
}


def sentences(cues: Iterable[Cue], *, fillers_of: str = "") -> tuple[Sentence, ...]:
    """Return what was said as sentences, in order; ``fillers_of`` names a language whose fillers are dropped.

    A sentence ends where its punctuation says so, where somebody else speaks, after a pause, and before it gets too long.
    """
    drop = frozenset(_FILLERS.get(fillers_of.partition("-")[0], ()))
    return tuple(_joined(cues, drop))


def _joined(cues: Iterable[Cue], drop: frozenset[str]) -> Iterator[Sentence]:
    words: list[Word] = []
    length = 0
    speaker = ""
    for cue in cues:
        for word in words_of(cue):
            if drop and word.text.strip(".,;…-–—").casefold() in drop:
                continue
            if words and (
                cue.speaker != speaker
                or word.start - words[-1].end > _GAP
                or word.end - words[0].start > _LONGEST
                or length + len(word.text) > _MOST
            ):
                yield Sentence(tuple(words), speaker)
                words, length = [], 0
            speaker = cue.speaker
            words.append(word)
            length += len(word.text) + 1
            if _END.search(word.text):
                yield Sentence(tuple(words), speaker)
                words, length = [], 0
    if words:
        yield Sentence(tuple(words), speaker)
