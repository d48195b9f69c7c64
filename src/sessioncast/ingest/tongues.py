"""Dates in French and German turned into the words and forms that the grammar of times knows.

Nothing is touched in a text that shows neither language, and a word only where it can be nothing but part of a date.
"""

from __future__ import annotations

import re

_MONTHS = {
    "January": "januar jänner janvier janv", "February": "februar feber février fevrier févr", "March": "märz maerz mars",
    "April": "april avril avr", "May": "mai", "June": "juni juin", "July": "juli juillet juil", "August": "august août aout",
    "September": "september septembre", "October": "oktober octobre okt", "November": "november novembre",
    "December": "dezember décembre decembre dez déc",
}  # fmt: skip
_DAYS = {
    "Monday": "montag lundi", "Tuesday": "dienstag mardi", "Wednesday": "mittwoch mercredi", "Thursday": "donnerstag jeudi",
    "Friday": "freitag vendredi", "Saturday": "samstag sonnabend samedi", "Sunday": "sonntag dimanche",
}  # fmt: skip
_SHORT_DAYS = {"mo": "Monday", "di": "Tuesday", "mi": "Wednesday", "do": "Thursday", "fr": "Friday", "sa": "Saturday", "so": "Sunday",
               "lun": "Monday", "mar": "Tuesday", "mer": "Wednesday", "jeu": "Thursday", "ven": "Friday", "sam": "Saturday",
               "dim": "Sunday"}  # fmt: skip
_MONTH_OF = {word: month for month, words in _MONTHS.items() for word in words.split()}
_DAY_OF = {word: day for day, words in _DAYS.items() for word in words.split()}
_WORDS = "|".join(sorted(_MONTH_OF, key=len, reverse=True))
_FOREIGN_MONTH = re.compile(rf"(?<![\w.])(\d{{1,2}})(?:er|\.)?\s+({_WORDS})\b\.?(?:,?\s+(\d{{4}}))?", re.IGNORECASE)
_FOREIGN_DAY = re.compile(rf"\b({'|'.join(_DAY_OF)})s?\b,?(?:\s+(?:dem|den|der|le)\b)?", re.IGNORECASE)
_SHORT_DAY = re.compile(rf"(?<!\w)({'|'.join(_SHORT_DAYS)})[.,]{{1,2}}\s+(?=\d{{1,2}}[. /]|\d{{1,2}}er)", re.IGNORECASE)
_SIGNS = re.compile(
    r"\b\d{1,2}(?:[:.]\d\d)?\s*uhr\b|\b\d{1,2}\s?h(?:\s?\d\d)?\b.*\b\d{1,2}\s?h|(?:^|\s)(?:à|dès)\s+\d{1,2}\s?h",
    re.IGNORECASE,
)
_DAY_FIRST = re.compile(r"(?<![\d./-])(\d{1,2})([./])\s?(\d{1,2})\2\s?(\d{4})(?!\d)")
_UHR = re.compile(
    r"\b(\d{1,2})(?:[:.](\d\d))?(?=\s*(?:uhr\b)?\s*(?:-|–|—|bis)\s*\d{1,2}(?:[:.]\d\d)?\s*uhr\b)|\b(\d{1,2})(?:[:.](\d\d))?\s*uhr\b(?:\s*(\d\d)\b)?",
    re.IGNORECASE,
)
_HEURES = re.compile(r"\b(\d{1,2})\s?(?:h|heures?)(?:\s?(\d\d)(?!\d))?(?!\w)", re.IGNORECASE)
_PHRASES = tuple(
    (re.compile(pattern, re.IGNORECASE), english)
    for pattern, english in (
        (r"\b(?:von|de|ab|um|dès|vers|gegen)\s+(?=\d{1,2}:)", ""), (r"(?<=\d)\s*(?:bis|à)\s+(?=\d{1,2}:)", " - "), (r"(?:^|(?<=\s))(?:à|a)\s+(?=\d{1,2}:)", "at "),
        (r"\bUhr\b", ""), (r"\bmidi\b", "12:00"), (r"\bMESZ\b", "CEST"), (r"\bMEZ\b", "CET"), (r"\bOrtszeit\b|\bheure locale\b", "local time"),
        (r"\bheures?\s+(?:de|d['’])\s*([A-Z][\w-]+)", r"\1 time"), (r"(?:^|(?<=[\s,(]))(?:le|am|den|und|et)\s+(?=\d|Mon|Tue|Wed|Thu|Fri|Sat|Sun)", ""),
        (r"\bin\s+(?=Saal|Raum)", "room "), (r"\b(?:Saal|Raum|salle|Hörsaal)\b", "room"), (r"\ben ligne\b", "online"),
        (r"\babgesagt\b|\bannulée?\b", "cancelled"), (r"\bverschoben\b|\breportée?\b", "postponed"),
    )
)  # fmt: skip
_ACCENTS = str.maketrans("éèêëàâôîïûüç", "eeeeaaoiiuuc")


def english(text: str) -> str:
    """Return a French or German time in the grammar's words; any other text as it is."""
    dated = _FOREIGN_MONTH.search(text)
    foreign = bool(dated and dated[2].casefold() not in ("april", "august", "september", "november"))
    if not (foreign or _FOREIGN_DAY.search(text) or _SIGNS.search(text) or _SHORT_DAY.search(text)):
        return text
    if not (foreign or dated or _DAY_FIRST.search(text) or _SIGNS.search(text) or re.search(r"\d", text)):
        return text
    text = _FOREIGN_MONTH.sub(lambda m: f"{m[1]} {_MONTH_OF[m[2].casefold()]} {m[3] or ''}".rstrip(), text)
    text = _FOREIGN_DAY.sub(lambda m: _DAY_OF[m[1].casefold()], text)
    text = _SHORT_DAY.sub(lambda m: f"{_SHORT_DAYS[m[1].casefold()]} ", text)
    text = _DAY_FIRST.sub(lambda m: f"{m[4]}-{int(m[3]):02}-{int(m[1]):02}", text)
    text = _UHR.sub(lambda m: f"{int(m[1] or m[3]):02}:{m[2] or m[4] or m[5] or '00'}", text)
    text = _HEURES.sub(lambda m: f"{int(m[1]):02}:{m[2] or '00'}", text)
    for pattern, word in _PHRASES:
        text = pattern.sub(word, text)
    return re.sub(r"[^\W\d_]+(?= time\b)", lambda m: m[0].translate(_ACCENTS), text)
