"""Who speaks: names in front of what is said, and recorders' names brought to the session's people.

A colon in ordinary speech is no speaker. A name counts when it is on the roster, or repeats as a speaker; and where most
cues begin with such a name, the recorder writes names before everything, so that a stranger who spoke once is one too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from sessioncast.transcript.cue import Cue
from sessioncast.transcript.names import normal

_PREFIX = re.compile(r"[-–—>]{0,2}[ \t]*([^\s:<>][^:<>\n]{0,58}?)[ \t]*:(?!//)(?:[ \t]+|$)")
_INITIALS = re.compile(r"(?:[^\W\d_]\. ?){1,4}")
_LABELLED = 0.5
_LEAST_LABELLED = 2
_ORDINARY = frozenset(
    [
        "note",
        "notes",
        "question",
        "questions",
        "answer",
        "answers",
        "example",
        "remember",
        "warning",
        "so",
        "but",
        "and",
        "then",
        "now",
        "first",
        "second",
        "third",
        "one",
        "two",
        "three",
        "step",
        "point",
        "reason",
        "result",
        "today",
        "next",
        "finally",
        "also",
        "the",
        "this",
        "that",
        "it",
        "he",
        "she",
        "we",
        "they",
        "i",
        "you",
        "because",
        "however",
        "fact",
        "remarque",
        "exemple",
        "attention",
        "alors",
        "donc",
        "mais",
        "et",
        "puis",
        "premièrement",
    ]
)
"""Words that people say before a colon."""


def name_speakers(
    cues: Iterable[Cue], roster: Mapping[str, str], names: Mapping[str, str] | None = None
) -> tuple[Cue, ...]:
    """Return the cues with their speakers, names taken out of the text, and people under the name the show has for them.

    ``roster`` has the session's people: any way a name is written, to the name as published. ``names`` maps what the
    recorder called somebody ("iPhone", "J.S.") to a name of the roster or to any other. Nobody is guessed.
    """
    cues = tuple(cues)
    known = {normal(written): published for written, published in roster.items()}
    given = {normal(written): published for written, published in (names or {}).items()}
    counted = _speakers(cues, known.keys() | given.keys())
    named: list[Cue] = []
    for cue in cues:
        for speaker, text in _split(cue, counted):
            who = given.get(normal(speaker), speaker) if speaker else ""
            who = known.get(normal(who), who)
            if text:
                named.append(replace(cue, speaker=who, text=text))
    return tuple(named)


def _speakers(cues: tuple[Cue, ...], known: Iterable[str]) -> frozenset[str]:
    """Return the normal form of every name that counts as a speaker."""
    known = frozenset(known)
    heads = [
        normal(m[1]) for cue in cues for line in cue.text.split("\n") if (m := _PREFIX.match(line)) and _shaped(m[1])
    ]
    counts = Counter(heads)
    sure = {name for name, times in counts.items() if name in known or times >= 2}
    sure |= {normal(cue.speaker) for cue in cues if cue.speaker}
    labelled = sum(counts[name] for name in sure if name in counts)
    if labelled >= max(_LEAST_LABELLED, _LABELLED * len(cues)):
        sure |= counts.keys()
    return frozenset(sure | known)


def _shaped(head: str) -> bool:
    """Whether this could be a name at all: few words, none of those that stand before an ordinary colon."""
    words = head.split()
    ended = head[-1] in ".!?,;" and not _INITIALS.fullmatch(head)
    # "Then somebody asked: why?" begins a sentence; He Jiankui is a name.
    sentence = normal(words[0]) in _ORDINARY and any(word[0].islower() for word in words[1:])
    return len(words) <= 5 and normal(head) not in _ORDINARY and not ended and not sentence


def _split(cue: Cue, counted: frozenset[str]) -> list[tuple[str, str]]:
    """Return who says what in a cue: a line may begin with another name."""
    said: list[tuple[str, list[str]]] = [(cue.speaker, [])]
    for line in cue.text.split("\n"):
        found = _PREFIX.match(line)
        if found and not cue.speaker and _shaped(found[1]) and normal(found[1]) in counted:
            said.append((" ".join(found[1].split()), [line[found.end() :]]))
        else:
            said[-1][1].append(line)
    return [(speaker, " ".join(" ".join(lines).split())) for speaker, lines in said if any(x.strip() for x in lines)]
