"""Words that mean the same in different hosts' feeds: dates, flags, durations, languages. Pure."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

from pydantic import TypeAdapter, ValidationError

from sessioncast.kinds import Url
from sessioncast.rules.values import LANGUAGES

_FLAGS = {
    "yes": True,
    "true": True,
    "explicit": True,
    "1": True,
    "no": False,
    "false": False,
    "clean": False,
    "0": False,
}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ZONES = {
    "UT": 0, "UTC": 0, "GMT": 0, "Z": 0, "WET": 0,
    "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
    "BST": 1, "CET": 1, "WEST": 1, "CEST": 2, "EET": 2, "EEST": 3, "JST": 9, "AEST": 10, "AEDT": 11,
}  # fmt: skip
"""Hours east of Greenwich. Names that stand for several zones, such as IST, are left out."""
_RFC_ZONES = ("UT", "GMT", "Z", "EST", "EDT", "CST", "CDT", "MST", "MDT", "PST", "PDT")
_TIME = r"(?:[ ,T]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?)?"
_ZONE = r"\s*(?P<zone>[+-]\d{2}:?\d{2}|[A-Za-z]{1,5})?(?:\s*\([^)]*\))?"
_FORMS = tuple(
    re.compile(rf"(?:(?P<weekday>[A-Za-z]+)\.?,?\s+)?{day}{_TIME}{_ZONE}")
    for day in (
        r"(?P<day>\d{1,2})(?:st|nd|rd|th)?[ -](?P<month>[A-Za-z]+)\.?,?[ -](?P<year>\d{4}|\d{2})",
        r"(?P<month>[A-Za-z]+)\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})",
    )
)
_NUMBERS = re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})" + _TIME + _ZONE)


_LONGEST = 100
"""Characters of a date or a duration that are looked at: no honest one is longer."""

_URL: TypeAdapter[str] = TypeAdapter(Url)


def address(said: str) -> str:
    """Return an absolute http(s) address as it is; empty for anything else."""
    try:
        return _URL.validate_python(said)
    except ValidationError:
        return ""


def date(said: str) -> tuple[datetime | None, str]:
    """Return the moment a pubDate names and a word on what had to be supposed; None where it can't be read."""
    words = " ".join(said[:_LONGEST].split())
    found = next((match for form in (*_FORMS, _NUMBERS) if (match := form.fullmatch(words))), None)
    if found is None:
        return None, "no date that can be read"
    parts = found.groupdict()
    month = _month(parts["month"])
    zone, remark = _zone(parts["zone"])
    if month is None or zone is None:
        return None, remark or "no month that can be read"
    year = int(parts["year"])
    year += (2000 if year < 70 else 1900) if len(parts["year"]) == 2 else 0
    hour, minute, second = (int(parts[name] or 0) for name in ("hour", "minute", "second"))
    try:
        moment = datetime(year, month, int(parts["day"]), hour, minute, second, tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None, "a date that is none"
    remarks = [remark] if remark else []
    if parts["hour"] is None:
        remarks.append("no time of day: taken as midnight")
    weekday = (parts.get("weekday") or "")[:3].lower()
    if weekday in _DAYS and weekday != _DAYS[moment.astimezone(zone).weekday()]:
        remarks.append("the weekday is another: the date counts")
    return moment, "; ".join(remarks)


def _month(said: str) -> int | None:
    if said.isdigit():
        return int(said)
    return next((n for n, name in enumerate(_MONTHS, 1) if said.lower().startswith(name)), None)


def _zone(said: str | None) -> tuple[timezone | None, str]:
    if said is None:
        return UTC, "no zone: taken as UTC"
    if said[0] in "+-":
        hours, minutes = int(said[1:3]), int(said[-2:])
        if hours > 14 or minutes > 59:
            return None, f"no zone {said}"
        offset = timedelta(hours=hours, minutes=minutes)
        return timezone(-offset if said[0] == "-" else offset), ""
    hour = _ZONES.get(said.upper())
    if hour is None:
        return UTC, f"zone {said} can mean several: taken as UTC"
    remark = "" if said.upper() in _RFC_ZONES else f"zone {said} taken as {hour:+03d}00"
    return timezone(timedelta(hours=hour)), remark


def flag(said: str) -> bool | None:
    """Return what yes, true, clean, no … mean; None for another word."""
    return _FLAGS.get(said.strip().lower())


def seconds(said: str) -> int | None:
    """Return a duration in whole seconds: ``3500``, ``58:20``, ``1:02:03.5``, ``58m 20s``, ``PT58M20S``; None for others."""
    words = said[:_LONGEST].strip()
    if re.fullmatch(r"\d{1,7}(?:\.\d+)?", words):
        return round(float(words))
    clock = re.fullmatch(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2})(?:[.,]\d+)?", words)
    if clock:
        return int(clock[1] or 0) * 3600 + int(clock[2]) * 60 + int(clock[3])
    named = re.fullmatch(r"(?:PT)?(?:(\d+)\s*h\w*)?\s*(?:(\d+)\s*m\w*)?\s*(?:(\d+)\s*s\w*)?", words, re.IGNORECASE)
    if named and any(named.groups()):
        hours, minutes, rest = (int(part or 0) for part in named.groups())
        return hours * 3600 + minutes * 60 + rest
    return None


def language(said: str) -> str:
    """Return a language as show.toml writes it (``en-us``); empty where it is none."""
    words = said.strip().lower().replace("_", "-")
    found = re.match(r"([a-z]{2})(-[a-z]{2}|-[a-z]{4}(?:-[a-z]{2})?)?$", words)
    return words if found and found[1] in LANGUAGES else ""


def holder(said: str) -> str:
    """Return who holds a copyright, without sign, years and phrases (CH-COPYRIGHT)."""
    words = re.sub(
        r"(?i)copyrights?|©|℗|\(c\)|all rights reserved\.?|\b(?:19|20)\d\d\b(?:\s*[-–—]\s*(?:present|\d{2,4}))?",
        " ",
        said,
    )
    return " ".join(words.split()).strip(" ,;:.-–—&|/")
