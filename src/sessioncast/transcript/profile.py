"""How captions are cut for a format: so many characters a line, so many lines, every word in order."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sessioncast.transcript.cue import Cue, Sentence, Word


@dataclass(frozen=True, slots=True)
class Profile:
    """``width`` characters a line and ``lines`` a cue; ``named``: the speaker's name takes room where it changes."""

    width: int
    lines: int
    named: bool


VTT = Profile(65, 2, named=False)
"""TR-VTT: the speaker is a voice, outside the line."""

SRT = Profile(32, 2, named=True)
"""TR-SRT: the speaker stands before the words, where it changes."""


def captions(said: Iterable[Sentence], profile: Profile) -> tuple[Cue, ...]:
    """Return the sentences as cues of this profile; each ends after it starts and none begins before the last did."""
    made: list[Cue] = []
    last = ""
    for sentence in said:
        speaker = sentence.speaker if not profile.named or sentence.speaker != last else ""
        last = sentence.speaker
        for words, text in _cut(sentence.words, profile, len(speaker) + 2 if profile.named and speaker else 0):
            start = max(words[0].start, made[-1].start if made else 0)
            made.append(Cue(start, max(words[-1].end, start + 1), text, speaker))
            if profile.named:
                speaker = ""
    return tuple(made)


def _cut(words: Iterable[Word], profile: Profile, indent: int) -> Iterator[tuple[list[Word], str]]:
    """Yield the words of each cue with their text in lines; ``indent`` characters of the first line are taken."""
    taken: list[Word] = []
    lines = [""]
    used = indent
    for word in words:
        for part in _broken(word, profile.width):
            room = used + len(part.text) + (1 if lines[-1] else 0)
            if room <= profile.width or (not lines[-1] and len(lines) == profile.lines):
                lines[-1] += (" " if lines[-1] else "") + part.text
                used = room
            elif len(lines) < profile.lines and (lines[-1] or indent):
                lines.append(part.text)
                used = len(part.text)
            else:
                if taken:
                    yield taken, "\n".join(filter(None, lines))
                taken, lines, used, indent = [], [part.text], len(part.text), 0
            taken.append(part)
    if taken:
        yield taken, "\n".join(filter(None, lines))


def _broken(word: Word, width: int) -> Iterator[Word]:
    """Yield a word whole, or in pieces where it is a line of a script that is written without spaces."""
    if len(word.text) <= width or not any(unicodedata.east_asian_width(c) in "WF" for c in word.text):
        yield word
        return
    for at in range(0, len(word.text), width):
        piece = word.text[at : at + width]
        share = word.end - word.start
        yield Word(
            word.start + share * at // len(word.text),
            word.start + share * (at + len(piece)) // len(word.text),
            piece,
        )
