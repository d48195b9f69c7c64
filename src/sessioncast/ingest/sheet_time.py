"""When the session of a row takes place: date and time in one, two or three cells, read as the table as a whole decides.

``05/06/2024`` may be a day of May or of June. The table decides where one of its dates allows one order only, or its columns are named in a
language that writes the day first; else no row of that kind is read. Likewise ``9:00`` beside ``14:00`` is in the morning.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sessioncast.ingest.unclear import Unclear
from sessioncast.ingest.when import When, mentions, parse_when

_SLASHED = re.compile(r"(?<![\d/.-])(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?!\d)")
_CLOCK = re.compile(r"(?<![\d:./])(\d{1,2})[:.h](\d\d)(?::\d\d)?(?![\d:./])")
_HALF = re.compile(r"\d\s*[ap]\.?\s?m\b", re.IGNORECASE)
_WORDS = {
    **dict.fromkeys(("januar", "janvier", "janv", "janner"), "January"), **dict.fromkeys(("februar", "février", "fevrier", "févr", "fév"), "February"),
    **dict.fromkeys(("märz", "maerz", "mars", "mär"), "March"), **dict.fromkeys(("avril", "avr"), "April"), **dict.fromkeys(("mai",), "May"),
    **dict.fromkeys(("juni", "juin"), "June"), **dict.fromkeys(("juli", "juillet", "juil"), "July"), **dict.fromkeys(("août", "aout"), "August"),
    **dict.fromkeys(("septembre",), "September"), **dict.fromkeys(("oktober", "octobre", "okt"), "October"),
    **dict.fromkeys(("novembre",), "November"), **dict.fromkeys(("dezember", "décembre", "decembre", "dez", "déc"), "December"),
    **dict.fromkeys(("montag", "lundi", "mo"), "Monday"), **dict.fromkeys(("dienstag", "mardi", "di"), "Tuesday"), **dict.fromkeys(("mittwoch", "mercredi", "mi"), "Wednesday"),
    **dict.fromkeys(("donnerstag", "jeudi", "do"), "Thursday"), **dict.fromkeys(("freitag", "vendredi", "fr"), "Friday"),
    **dict.fromkeys(("samstag", "sonnabend", "samedi"), "Saturday"), **dict.fromkeys(("sonntag", "dimanche"), "Sunday"),
    **dict.fromkeys(("à", "bis"), "-"), **dict.fromkeys(("uhr", "von", "um", "am", "le", "de", "den", "der"), ""),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cells:
    """What a row says of its time, each part empty where it says nothing."""

    date: str = ""
    starts: str = ""
    ends: str = ""
    zone: str = ""
    duration: str = ""

    @property
    def said(self) -> bool:
        """Whether the row speaks of a day or a time at all."""
        return bool(self.date or self.starts or self.ends)


@dataclass(frozen=True, slots=True)
class Habits:
    """How this table writes: ``day_first`` None where nothing decides it, ``day_clock`` for times such as 9:00 and 14:00; ``foreign`` words."""

    day_first: bool | None
    day_clock: bool
    foreign: bool


def habits_of(rows: Sequence[tuple[int, Cells]], *, day_first: bool) -> Habits:
    """Return how the table writes days and times. Raises Unclear where its dates contradict each other, lines named."""
    first_over, second_over = [], []
    for line, cells in rows:
        for text in (cells.date, cells.starts, cells.ends):
            for a, _, b, _ in _SLASHED.findall(text):
                first_over += [(line, text)] if int(a) > 12 >= int(b) else []
                second_over += [(line, text)] if int(b) > 12 >= int(a) else []
    if first_over and second_over:
        (a, one), (b, other) = first_over[0], second_over[0]
        raise Unclear(f"{one!r} (line {a}) and {other!r} (line {b})", "days written in one order, such as 2024-06-05")
    decided = True if first_over else False if second_over else True if day_first else None
    clocks = [hour for _, cells in rows for text in _parts(cells) for hour, _ in _CLOCK.findall(text)]
    halved = any(_HALF.search(text) for _, cells in rows for text in _parts(cells))
    return Habits(decided, bool(clocks) and not halved and (day_first or any(int(h) > 12 for h in clocks)), day_first)


def _parts(cells: Cells) -> tuple[str, str, str]:
    return cells.date, cells.starts, cells.ends


def in_doubt(cells: Cells, habits: Habits) -> str:
    """Return the date that may be either of two days, empty where there is none."""
    if habits.day_first is not None:
        return ""
    for text in (cells.date, cells.starts, cells.ends):
        for found in _SLASHED.finditer(text):
            alone = not re.search(r"[^\W\d_]{3}", text)  # a weekday beside it may decide
            if alone and int(found[1]) <= 12 and int(found[3]) <= 12 and found[1].lstrip("0") != found[3].lstrip("0"):
                return found[0]
    return ""


def when_of(cells: Cells, habits: Habits, *, zone: str, where: str) -> tuple[datetime | None, datetime | None, str]:
    """Return start and end, and in words what is open. Raises ContentError for what is wrong or has two meanings."""
    whole = _exact(cells.starts or cells.date), _exact(cells.ends)
    if whole[0] is not None and (whole[1] is not None or not cells.ends):
        length = _length(cells.duration)
        return whole[0], whole[1] or (whole[0] + length if length else None), ""
    date, start, end = (_spelt(text, habits) for text in _parts(cells))
    zoned = f" {cells.zone}" if cells.zone else ""
    dated_end = bool(end) and mentions(end).day and not mentions(end).clock
    if dated_end and start and not mentions(start).clock:
        end = ""  # start and end name days alone: the times, if any, stand elsewhere
    days = [text for text in (date, start, end) if text and mentions(text).day]
    clocks = [text for text in (date, start, end) if text and mentions(text).clock]
    said = " ".join(filter(None, (cells.date, cells.starts, cells.ends)))[:200]
    parts = [text for text in (date, start, end) if text]
    if any(mentions(text).unsettled for text in parts):
        return None, None, f"starts: the table says {said!r}"
    if not (days and clocks) and all(mentions(text).wholly for text in parts):
        return None, None, f"starts: the table says {said!r}, {'a day but no time' if days else 'a time but no day'}"
    if end and mentions(end).day and mentions(end).clock:
        first = parse_when(f"{date} {start}{zoned}".strip(), zone=zone, where=where)
        last = parse_when(f"{end}{zoned}", zone=zone, where=where)
        return first.starts, last.starts, ""
    if date and start and mentions(start).day and mentions(date).day and not mentions(date).clock:
        date = ""  # the same day twice
    text = " ".join(filter(None, (date, f"{start} - {end}" if end else start))) + zoned
    found: When = parse_when(text.replace("\n", " "), zone=zone, where=where)
    length = _length(cells.duration)
    ends = found.ends or (found.starts + length if length else None)
    return found.starts, ends, ""


def _exact(text: str) -> datetime | None:
    """Return a moment written with its offset, as programs write it."""
    if not re.match(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*(?:Z|[+-]\d\d:?\d\d)$", text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _spelt(text: str, habits: Habits) -> str:
    """Return a cell with its days in the table's order and its words in English, for the one grammar there is."""

    def ordered(found: re.Match[str]) -> str:
        day, month = (found[1], found[3]) if habits.day_first else (found[3], found[1])
        return f"{found[4]}-{int(month):02}-{int(day):02}"

    if habits.day_first is not None:
        text = _SLASHED.sub(ordered, text)
    if habits.day_clock:
        text = _CLOCK.sub(lambda found: f"{int(found[1]):02}:{found[2]}", text)
        text = re.sub(r"(?<![\d:.])(\d{1,2})(?=\s*(?:Uhr|h)\b(?!\d))", lambda found: f"{int(found[1]):02}:00", text)
        text = re.sub(r"(?<=\d\d:\d\d)\s*h\b", "", text)
    if habits.foreign:
        text = re.sub(r"(?<=\d)\.(?=\s*[^\W\d_])|(?<=\d)er\b", " ", text)
        text = re.sub(r"[^\W\d_]+\.?", lambda found: _WORDS.get(found[0].rstrip(".").casefold(), found[0]), text)
    return " ".join(text.split())


def _length(text: str) -> timedelta | None:
    """Return how long a session lasts: minutes, or hours and minutes. Raises Unclear for anything else."""
    plain = text.strip().casefold()
    if not plain:
        return None
    units = r"(?:(\d{1,2}(?:[.,]\d{1,2})?)\s*(?:h|hrs?|hours?|stunden?|std\.?|heures?))?\s*(?:(\d{1,3})\s*(?:m|mins?\.?|minutes?|minuten)?)?"
    for pattern in (r"(\d{1,2}):(\d\d)(?::\d\d)?", r"pt(?:(\d{1,2})h)?(?:(\d{1,3})m)?", units):
        found = re.fullmatch(pattern, plain)
        if found and any(found.groups()):
            minutes = float((found[1] or "0").replace(",", ".")) * 60 + float(found[2] or 0)
            if 0 < minutes <= 24 * 60:
                return timedelta(minutes=minutes)
    raise Unclear(f"the duration {text[:60]!r}", "minutes, such as 60, or 1:30")
