"""Which lines are people's names, and the people in a line that names several."""

from __future__ import annotations

import re

from sessioncast.ingest.draft import DraftPerson

HONORIFICS = re.compile(
    r"^(?:(?:dr|prof|professor|professeure?|mr|mrs|ms|mx|rev|hon|herr|frau|mme|madame|monsieur|docteure?|pd)\b\.?\s+)+",
    re.IGNORECASE,
)
_PARTICLES = frozenset(
    [
        "de",
        "der",
        "den",
        "van",
        "von",
        "la",
        "le",
        "di",
        "da",
        "do",
        "dos",
        "das",
        "del",
        "della",
        "bin",
        "ibn",
        "al",
        "el",
        "ten",
        "ter",
        "af",
        "av",
        "zu",
        "y",
        "e",
        "du",
    ]
)
_NOT_IN_NAMES = frozenset(
    {"the", "a", "an", "and", "or", "of", "for", "in", "on", "at", "to", "from", "with", "by", "is", "are", "how", "why",
     "what", "when", "where", "our", "your", "their", "its", "between", "into", "session", "sessions", "support", "date",
     "time", "series", "webinar", "lecture", "seminar", "talk", "workshop", "conference", "day", "new",
     "und", "die", "das", "ein", "eine", "mit", "für", "les", "des", "une", "un", "et", "dans", "sur", "pour", "aux"}
)  # fmt: skip
_WORKPLACES = re.compile(
    r"\b(?:university|universit\w+|college|hospital|institute?|institut\w*|school|cent(?:re|er)|department|ministry|society|"
    r"foundation|clinic|academy|council|association|laborator\w+|office|army|corps|board|trust|agency|company|inc|ltd|"
    r"faculty|bureau|commission|service|services|professor|director|chair|fellow|physician|surgeon|nurse|dean|head|"
    r"president|infirmary|dispensary|museum|library|royal|lead|manager|editor|founder|emeritus|health|klinik\w*|krankenhaus|hochschule|fakultät|ministerium|gesellschaft|spital|"
    r"hôpita\w+|école|faculté|ministère|société|académie|laboratoire|professeure?|directeur|directrice|médecin|infirmière|ärztin|arzt)\b",
    re.IGNORECASE,
)
_CREDENTIAL = re.compile(r"(?:[A-Z][A-Za-z]{0,4}\.?){1,5}(?:\s*\([A-Za-z. ]+\))?|jr\.?|sr\.?|ii|iii|iv", re.IGNORECASE)
_NAME_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['’.\-‐‑])*\.?")
_BREAKS = re.compile(r"(\s*;\s*|\s*,\s+and\s+|\s+(?:and|und|et)\s+|\s*,\s*&\s*|\s*&\s*|\s*,\s*|\s+[-–—|]\s+)")


def is_name(text: str) -> bool:
    """Whether a line can be one person's name: two to six capitalised words, or letters that know no capitals."""
    words = HONORIFICS.sub("", text.strip()).split()
    if not words or len(text) > 80 or _WORKPLACES.search(text):
        return False
    if not all(_NAME_WORD.fullmatch(word) for word in words):
        return False
    if len(words) == 1:
        return 2 <= len(words[0]) <= 12 and _uncased(words[0]) and not words[0].isascii()
    if len(words) > 6 or any(word.casefold() in _NOT_IN_NAMES for word in words):
        return False
    proper = [word for word in words if word[0].isupper() or _uncased(word)]
    rest = [word for word in words if word not in proper]
    return len(proper) >= 2 and all(word.casefold() in _PARTICLES or re.match(r"[a-z]['’][A-Z]", word) for word in rest)


def _uncased(word: str) -> bool:
    return all(not c.isalpha() or c.lower() == c.upper() for c in word)


def people_in(line: str, *, labelled: bool = False) -> tuple[DraftPerson, ...]:
    """Return the people a line names, with their affiliations; none when it is not made of names.

    ``labelled``: the page says that this is a speaker, so a single word is a name too.
    """
    found: list[list[str]] = []
    if len(line) > 300:
        return ()
    pieces = _BREAKS.split(line.removeprefix("- ").strip(" ."))
    breaks = ["", *pieces[1::2]]
    for text, before in zip(pieces[::2], breaks, strict=True):
        name, aside = _name_and_aside(text)
        if is_name(name) and not (found and re.fullmatch(r"\s+[-–—|]\s+", before)):
            found.append([HONORIFICS.sub("", name), aside])
        elif not found:
            return _labelled(line) if labelled else ()
        elif not (_credential(text) and not found[-1][1]):
            found[-1][1] += f"{before if found[-1][1] else ''}{text}"
    return tuple(DraftPerson(name, affiliation=affiliation.strip()) for name, affiliation in found)


def _labelled(line: str) -> tuple[DraftPerson, ...]:
    name = _name_and_aside(line.removeprefix("- "))[0]
    plain = 2 <= len(name) <= 60 and not re.search(r"[0-9:?!@]|[.]\s", name) and len(name.split()) <= 5
    return (
        (DraftPerson(HONORIFICS.sub("", name)),)
        if plain and name[:1].isupper() and not _WORKPLACES.search(name)
        else ()
    )


def _name_and_aside(text: str) -> tuple[str, str]:
    found = re.fullmatch(r"(.*?)\s*\(([^()]*)\)\s*", text)
    if not found:
        return text.strip(), ""
    pronouns = re.fullmatch(r"\w{2,5}(?:\s*/\s*\w{2,6})+", found[2])
    return found[1].strip(), "" if pronouns else found[2].strip()


def _credential(text: str) -> bool:
    """Whether a piece after a comma is a degree (MD, PhD, FRCP): short, and with a second capital or a full stop."""
    return all(
        bool(_CREDENTIAL.fullmatch(word))
        and (sum(c.isupper() for c in word) > 1 or word.casefold().rstrip(".") in ("jr", "sr"))
        for word in text.split()
    )


_OPENING = re.compile(
    r"(?P<name>(?:[^\W\d_][^\s,()]*\s+){1,5}?[^\W\d_][^\s,()]*)(?:\s*\([^()]*\)|,[^.]{0,60}?,)?\s+"
    r"(?:is|was|has|had|holds|held|serves|served|works|worked|leads|led|founded|became|began|joined|trained|studied|"
    r"ist|war|hat|wurde|leitet|leitete|arbeitet|arbeitete|gründete|studierte|lehrt|lehrte|est|était|fut|a|dirige|dirigea|enseigne|"
    r"travaille|fonda|étudia)\b"
)


def opens_with_name(paragraph: str) -> str:
    """Return the name with which a biography opens (``Mary Seacole was …``), or nothing."""
    found = _OPENING.match(HONORIFICS.sub("", paragraph))
    return found["name"] if found and is_name(found["name"]) else ""


def has_workplace(line: str) -> bool:
    """Whether a short line says where or as what somebody works."""
    return bool(_WORKPLACES.search(line))
