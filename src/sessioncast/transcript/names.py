"""Names as people write them, brought to one form to be compared."""

from __future__ import annotations

import re
import unicodedata

_TITLES = frozenset(
    [
        "dr",
        "prof",
        "professor",
        "mr",
        "mrs",
        "ms",
        "miss",
        "mx",
        "sir",
        "dame",
        "rev",
        "hon",
        "pr",
        "mme",
        "m",
        "mlle",
        "docteur",
        "dre",
        "dott",
        "ing",
        "frau",
        "herr",
    ]
)
_BESIDE = re.compile(r"\([^)]{0,80}\)|\[[^\]]{0,80}\]")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")


def normal(name: str) -> str:
    """Return a name without accents, titles, pronouns and order: "SNOW, Dr John (he/him)" is "john snow"."""
    bare = _BESIDE.sub(" ", name)
    family, comma, given = bare.partition(",")
    if comma and given.strip():
        bare = f"{given} {family}"
    plain = unicodedata.normalize("NFKD", bare)
    plain = "".join(c for c in plain if not unicodedata.combining(c)).casefold()
    words = _WORD.findall(plain.replace(".", " "))
    return " ".join(word for word in words if word not in _TITLES) or " ".join(words)


def parts(name: str) -> tuple[str, ...]:
    """Return the words of a name that could stand for it alone: no titles, no initials."""
    bare = _BESIDE.sub(" ", name)
    return tuple(
        word for word in _WORD.findall(bare) if len(word) > 2 and normal(word) not in _TITLES and not word.isdigit()
    )
