"""Whether two names may be one person's, written differently: titles, accents, order, initials. Only ever a proposal, never a decision."""

from __future__ import annotations

import re
import unicodedata

_TITLES = frozenset(
    {"dr", "prof", "professor", "mr", "mrs", "ms", "miss", "mx", "rev", "sir", "dame", "hon", "pd", "priv", "doz", "dipl", "ing", "herr", "frau", "mme", "mlle", "madame", "monsieur", "me", "emeritus"}
)  # fmt: skip
_DEGREES = re.compile(r"(?:[A-Z]{2,5}|[A-Z][a-z]{0,2}[A-Z][A-Za-z]{0,2}|(?:[A-Za-z]{1,3}\.){2,4}|Jr\.?|Sr\.?)")
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "ø": "o", "œ": "oe", "đ": "d", "ł": "l", "ı": "i", "’": "'"})


def same_person(one: str, other: str) -> str:
    """Return why two names may be one person's, in words; empty where they may not, and where they are the same to the letter."""
    if _folded(one) == _folded(other):
        return ""
    a, b = _words(one), _words(other)
    if len(a) < 2 or len(b) < 2:
        return ""
    reasons = []
    if _has_title(one) != _has_title(other):
        reasons.append("a title")
    if ("," in _without_degrees(one)) != ("," in _without_degrees(other)):
        reasons.append("the order of the names")
    if _accents(one) != _accents(other):
        reasons.append("accents")
    if a == b:
        return " and ".join(reasons) or "spelling"
    if a[-1] != b[-1] or not _initials_fit(a[:-1], b[:-1]):
        return ""
    return " and ".join([*reasons, "initials"])


def _initials_fit(a: list[str], b: list[str]) -> bool:
    """Whether given names agree where both are written out; middle names may be left out, the first may not."""
    if not _fits(a[0], b[0]):
        return False
    longer, shorter = (a, b) if len(a) >= len(b) else (b, a)
    at = 0
    for word in shorter[1:]:
        at = next((n for n in range(at + 1, len(longer)) if _fits(longer[n], word)), len(longer))
        if at == len(longer):
            return False
    return True


def _fits(a: str, b: str) -> bool:
    return a == b or (len(a) == 1 and b.startswith(a)) or (len(b) == 1 and a.startswith(b))


def _words(name: str) -> list[str]:
    """Return the words of a name, given names first, without titles, degrees, accents and full stops."""
    text = re.sub(r"\([^)]*\)", " ", _without_degrees(name))
    last, comma, first = text.partition(",")
    ordered = f"{first} {last}" if comma and first.strip() else last
    plain = _folded(ordered, accents=False)
    words = re.findall(r"[^\W\d_]+(?:['-][^\W\d_]+)*", re.sub(r"(?<=\b\w)\.(?=\w)", ". ", plain))
    return [word for word in words if word not in _TITLES]


def _without_degrees(name: str) -> str:
    """Cut off what stands after the last comma while it is a degree (MD, PhD, FRCP)."""
    head, comma, tail = name.rpartition(",")
    while comma and all(_DEGREES.fullmatch(word) for word in tail.split()):
        name = head
        head, comma, tail = name.rpartition(",")
    return name


def _has_title(name: str) -> bool:
    words = re.findall(r"[^\W\d_]+", _folded(name))
    return bool(_TITLES & set(words)) or _without_degrees(name) != name


def _accents(name: str) -> bool:
    return _folded(name) != _folded(name, accents=False)


def _folded(name: str, *, accents: bool = True) -> str:
    text = " ".join(unicodedata.normalize("NFC", name).split()).casefold()
    if accents:
        return text
    apart = unicodedata.normalize("NFD", text.translate(_LETTERS))
    return "".join(c for c in apart if not unicodedata.combining(c))
