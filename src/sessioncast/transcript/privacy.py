"""Audience privacy: whoever is not on the roster is nobody by name, and what a person should look at is listed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sessioncast.transcript.cue import Cue
from sessioncast.transcript.names import normal, parts

AUDIENCE = "Audience member"

_AMBIGUOUS = frozenset(
    [
        "will",
        "mark",
        "may",
        "june",
        "april",
        "august",
        "grace",
        "hope",
        "faith",
        "joy",
        "rose",
        "bill",
        "art",
        "jack",
        "guy",
        "rich",
        "frank",
        "ray",
        "pat",
    ]
)
"""Names that are words too: at a sentence's beginning they stay what they are."""

_MAIL = re.compile(r"\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}\b")
_PHONE = re.compile(r"(?<![\w.-])\+?\d[\d ().-]{7,18}\d(?![\w-])")
_LOOKS = (
    ("an e-mail address", _MAIL),
    ("a phone number", _PHONE),
    (
        "a date of birth",
        re.compile(
            r"\b(?:born|birth|dob|date of birth|née?|naissance)\b.{0,40}?\d{2,4}"
            r"|\b(?:19|20)\d{2}[-/.](?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\d|3[01])\b"
            r"|\b(?:0?[1-9]|[12]\d|3[01])[-/.](?:0?[1-9]|1[0-2])[-/.](?:19|20)\d{2}\b",
            re.IGNORECASE,
        ),
    ),
    (
        "a record number",
        re.compile(r"\b(?:mrn|nhs|chart|record|hospital|patient|dossier)\b[^.\d]{0,25}\d[\d -]{4,14}\d", re.IGNORECASE),
    ),
)


@dataclass(frozen=True, slots=True)
class Remark:
    """Something for a person to look at: when (milliseconds of the recording), what, and the words."""

    at: int
    what: str
    text: str


def shielded(cues: Iterable[Cue], roster: Iterable[str]) -> tuple[tuple[Cue, ...], tuple[Remark, ...]]:
    """Return the cues with everybody who is not on the roster as "Audience member 1, 2 …", and what was changed.

    Their names go from what others say too, and their e-mail addresses and phone numbers from what they say themselves.
    A cue of nobody stays nobody's: nothing is guessed.
    """
    cues = tuple(cues)
    people = {normal(name): name for name in roster}
    labels: dict[str, str] = {}
    named: dict[str, str] = {}
    for cue in cues:
        key = normal(cue.speaker)
        if cue.speaker and key not in people and key not in labels:
            labels[key] = f"{AUDIENCE} {len(labels) + 1}"
            named[key] = cue.speaker
    hide = _hiding(named, labels, people.values())
    changed, remarks = [], []
    for cue in cues:
        label = labels.get(normal(cue.speaker)) if cue.speaker else None
        text = hide(cue.text) if hide else cue.text
        if label or not cue.speaker:
            text = _PHONE.sub("[phone number removed]", _MAIL.sub("[e-mail address removed]", text))
        if text != cue.text:
            remarks.append(Remark(cue.start, "a name or an address of the audience was taken out", text))
        changed.append(replace(cue, text=text, speaker=label or cue.speaker))
    first = {label: next(c.start for c in cues if normal(c.speaker) == key) for key, label in labels.items()}
    remarks += [Remark(first[label], f"{named[key]} became {label}", "") for key, label in labels.items()]
    return tuple(changed), tuple(sorted(remarks, key=lambda r: (r.at, r.what)))


class _Hiding:
    """Replaces the names of the audience in what is said, whole words only."""

    def __init__(self, labels: Mapping[str, str], pattern: re.Pattern[str]) -> None:
        self._labels = labels
        self._pattern = pattern

    def __call__(self, text: str) -> str:
        """Return the text with labels in the names' place."""
        return self._pattern.sub(lambda found: self._label(found, text), text)

    def _label(self, found: re.Match[str], text: str) -> str:
        word = found[0]
        before = text[: found.start()].rstrip()
        if word.casefold() in _AMBIGUOUS and (not before or before[-1] in ".!?"):
            return word
        return self._labels[normal(word)]


def _hiding(named: Mapping[str, str], labels: Mapping[str, str], roster: Iterable[str]) -> _Hiding | None:
    """Return what hides these people's names: whole ones in any writing, single ones where they begin with a capital."""
    kept = {normal(part) for name in roster for part in parts(name)}
    written: dict[str, str] = {}
    patterns = []
    for key, name in named.items():
        whole = " ".join(name.split())
        if len(whole) > 1:
            written[key] = labels[key]
            patterns.append(rf"(?i:{re.escape(whole)})")
        for part in parts(name):
            if normal(part) not in kept and part[0].isupper():
                written.setdefault(normal(part), labels[key])
                patterns.append(re.escape(part))
    if not patterns:
        return None
    patterns.sort(key=len, reverse=True)
    return _Hiding(written, re.compile(rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)"))


def review(cues: Iterable[Cue]) -> tuple[Remark, ...]:
    """Return what looks like somebody's own data, whoever says it, for a person to decide."""
    return tuple(
        Remark(cue.start, f"looks like {what}", found[0])
        for cue in cues
        for what, pattern in _LOOKS
        for found in pattern.finditer(cue.text)
    )
