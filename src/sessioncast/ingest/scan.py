"""A line about a date and time, cut into the few kinds of things such lines are made of.

Knows spelling only: months, weekdays, clock readings, zone words. What they mean together is ``when``'s business.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

from sessioncast.ingest import tongues, zones
from sessioncast.ingest.unclear import Unclear
from sessioncast.ingest.zones import ZoneWord

Half = Literal["", "am", "pm", "24", "midnight"]


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock reading; ``half`` is "24" where the writing itself shows a 24-hour clock."""

    text: str
    hour: int
    minute: int = 0
    second: int = 0
    half: Half = ""


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar day in each order it may be read: (month, day); ``year`` is None where the text names none."""

    text: str
    year: int | None
    options: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Number:
    """A number whose part is not yet known."""

    text: str
    value: int
    ordinal: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    """A word by what it does: a month or weekday (``value`` 1-12, 0-6), a length (minutes), a day shift, or nothing."""

    text: str
    kind: Literal["month", "weekday", "length", "shift", "place", "stop", "noise", "between", "other"]
    value: int = 0


@dataclass(frozen=True, slots=True)
class Mark:
    """Punctuation; every dash and "to" is ``-``."""

    text: str


Item = Clock | Day | Number | Word | Mark | ZoneWord

_MONTHS = "january february march april may june july august september october november december".split()  # noqa: SIM905
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()  # noqa: SIM905
MONTHS = {name: n for n, name in enumerate(_MONTHS, 1)} | {name[:3]: n for n, name in enumerate(_MONTHS, 1)}
MONTHS |= {"sept": 9, "febr": 2}
WEEKDAYS = {name: n for n, name in enumerate(_WEEKDAYS)} | {name[:3]: n for n, name in enumerate(_WEEKDAYS)}
WEEKDAYS |= {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
_RANGE = frozenset({"to", "until", "till", "til", "through", "thru"})
_NOISE = frozenset(
    {"on", "at", "from", "the", "of", "and", "date", "dates", "time", "times", "when", "starts", "start", "starting",
     "begins", "ends", "end", "ending", "us", "canada", "h", "hrs", "hours", "sharp", "approximately", "duration", "or", "is", "day"}
)  # fmt: skip
_PLACES = frozenset(
    {"via", "in", "online", "virtual", "virtually", "zoom", "teams", "webex", "webinar", "room", "hall", "theatre",
     "theater", "auditorium", "building", "library", "campus", "hybrid", "location", "venue", "where", "place",
     "livestream", "live", "streamed", "hosted", "university", "hospital", "with"}
)  # fmt: skip
_STOPS = frozenset(
    {"cancelled", "canceled", "postponed", "rescheduled", "moved", "tba", "tbd", "tbc", "announced", "confirmed"}
)

_HALF = r"(?P<{0}>[ap])\.?\s?m(?![^\W_])\.?"
_GRAMMAR: tuple[tuple[str, str], ...] = (
    ("url", r"(?:https?://|www\.)[^\s<>]+|[^\s@<>()]+@[^\s@<>()]+\.[^\s@<>()]+"),
    ("iso", (r"(?<!\d)(?P<iy>\d{4})-?(?P<im>\d\d)-?(?P<id>\d\d)T(?P<ih>\d\d):?(?P<imin>\d\d)(?::?(?P<isec>\d\d)"
            r"(?:[.,]\d{1,9})?)?(?P<ioff>Z|[+-]\d\d(?::?\d\d)?)?(?![\w:])")),
    ("isolength", r"PT(?=\d)(?:(?P<lh>\d{1,2})H)?(?:(?P<lm>\d{1,3})M)?(?!\w)"),
    ("ymd", r"(?<!\d)(?P<y1>\d{4})(?P<s1>[-/.])(?P<y2>\d{1,2})(?P=s1)(?P<y3>\d{1,2})(?!\d)"),
    ("dmy", r"(?<!\d)(?P<d1>\d{1,2})(?P<s2>[-/.])(?P<d2>\d{1,2})(?P=s2)(?P<d3>\d{4}|\d\d)(?![\d:])"),
    ("clockoff", (r"(?<![\d:])(?P<oh>\d{1,2}):(?P<omin>\d\d)(?::(?P<osec>\d\d)(?:\.\d{1,9})?)?\s?"
                 r"(?P<ooff>\+\d\d:?\d\d|-\d{4}|(?<=:\d\d:\d\d)-\d\d:\d\d)(?![\d:])")),
    ("clockhalf", r"(?<![\d:.])(?P<hh>\d{1,2})(?:[:.h](?P<hmin>\d\d)(?::(?P<hsec>\d\d))?)?\s*" + _HALF.format("half")),
    ("clock", r"(?<![\d:.])(?P<ch>\d{1,2})[:.h](?P<cmin>\d\d)(?::(?P<csec>\d\d)(?:\.\d{1,9})?)?(?![\w:])(?:\s?hrs?\b)?"),
    ("military", r"(?<![\d:.])(?P<mh>\d\d)(?P<mmin>\d\d)\s?(?:hrs|hours|h)(?!\w)"),
    ("length", r"(?<![\d:.])(?P<ln>\d{1,3})(?P<ltenth>\.\d)?\s?-?\s?(?P<lunit>min|h)(?:(?:ute)?s?|(?:ou)?rs?)(?!\w)"),
    ("utcoff", r"(?<!\w)(?:UTC|GMT)\s?(?P<usign>[+-])(?P<uh>\d{1,2})(?::?(?P<umin>\d\d))?(?![\d:]|\s?[ap]\.?m|\s?(?:UTC|GMT))"),
    ("shift", r"(?:the\s)?(?P<way>next|following|previous)\sday|(?P<plus>\+1)\s?day"),
    ("number", r"(?P<n>\d{1,9})(?P<nth>st|nd|rd|th)?(?!\w)"),
    ("database", r"[A-Z][A-Za-z]+/[A-Z][A-Za-z_]+(?:/[A-Z][A-Za-z_]+)?"),
    ("word", r"[^\W\d_]+(?:['’.][^\W\d_]+)*\.?"),
    ("mark", r"[-/|,;:()\[\]&+~@.\n•·]"),
    ("other", r"\w+|\S"),
)  # fmt: skip
_TOKENS = tuple((kind, re.compile(pattern, re.IGNORECASE | re.ASCII)) for kind, pattern in _GRAMMAR)
_UNICODE_WORD = re.compile(_GRAMMAR[-3][1], re.IGNORECASE)


def plain(text: str) -> str:
    """Return ``text`` with one kind of space, dash and digit: no-break spaces and full-width forms are typography."""
    folded = unicodedata.normalize("NFKC", text).replace("\r", "\n")
    return "".join(
        "-" if unicodedata.category(c) == "Pd" or c == "\u2212" else c for c in folded if c not in _INVISIBLE
    )


_INVISIBLE = frozenset("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad")


def scan(text: str) -> list[Item]:
    """Return the items of ``text`` in order; white space, addresses and filling words are gone."""
    source, items, at = tongues.english(plain(text)), list[Item](), 0
    while at < len(source):
        if source[at] in " \t\v\f":
            at += 1
            continue
        at, found = _next(source, at, items)
        items.extend(found)
    return items


def _next(source: str, at: int, before: list[Item]) -> tuple[int, list[Item]]:
    for kind, pattern in _TOKENS:
        match = (_UNICODE_WORD if kind == "word" else pattern).match(source, at)
        if not match or not match[0]:
            continue
        if kind == "word":
            return _word(source, match, before)
        if (
            kind == "length"
            and _ends_a_span(before)
            and (hour := re.fullmatch(r"(\d\d?)\s?h", match[0], re.IGNORECASE))
        ):
            return match.end(), [Clock(match[0], int(hour[1]), half="24")]
        if kind == "database" and not zones.from_database(match[0]):
            continue
        return match.end(), _token(kind, match, source)
    return at + 1, [Word(source[at], "other")]


def _ends_a_span(before: list[Item]) -> bool:
    """Whether a clock and a dash stand before: then ``16h`` is a time of day, not a length."""
    return len(before) >= 2 and before[-1] == Mark("-") and isinstance(before[-2], Clock)


def _token(kind: str, match: re.Match[str], source: str) -> list[Item]:
    text, get = match[0], match.group
    if kind == "iso":
        day = Day(text, int(get("iy")), ((int(get("im")), int(get("id"))),))
        items: list[Item] = [day, Clock(text, int(get("ih")), int(get("imin")), int(get("isec") or 0), "24")]
        items += _offset(get("ioff"))
        return [*items, Mark("-")] if source[match.end() : match.end() + 1] == "/" else items
    if kind == "isolength":
        return [Word(text, "length", int(get("lh") or 0) * 60 + int(get("lm") or 0))]
    if kind == "ymd":
        return [Day(text, int(get("y1")), ((int(get("y2")), int(get("y3"))),))]
    if kind == "dmy":
        first, second, year = int(get("d1")), int(get("d2")), get("d3")
        orders = dict.fromkeys((m, d) for m, d in ((first, second), (second, first)) if 1 <= m <= 12)
        return [Day(text, int(year) if len(year) == 4 else None, tuple(orders) or ((first, second),))]
    if kind == "clockoff":
        return [Clock(text, int(get("oh")), int(get("omin")), int(get("osec") or 0), "24"), *_offset(get("ooff"))]
    if kind == "clockhalf":
        half: Half = "am" if get("half") in "aA" else "pm"
        return [Clock(text, int(get("hh")), int(get("hmin") or 0), int(get("hsec") or 0), half)]
    if kind == "clock":
        shows = get("ch")[0] == "0" or int(get("ch")) > 12
        return [Clock(text, int(get("ch")), int(get("cmin")), int(get("csec") or 0), "24" if shows else "")]
    if kind == "military":
        return [Clock(text, int(get("mh")), int(get("mmin")), 0, "24")]
    if kind == "length":
        unit = 60 if get("lunit") in "hH" else 1
        return [Word(text, "length", int(get("ln")) * unit + int(float(get("ltenth") or 0) * unit))]
    if kind == "utcoff":
        zone = zones.from_offset(text, get("usign"), int(get("uh")), int(get("umin") or 0))
        return [zone or Word(text, "other")]
    if kind == "shift":
        return [Word(text, "shift", -1 if (get("way") or "").lower() == "previous" else 1)]
    if kind == "number":
        return [Number(text, int(get("n")), bool(get("nth")))]
    if kind == "database":
        return [zones.from_database(text) or Word(text, "other")]
    if kind == "mark":
        return [Mark(text)]
    return [] if kind == "url" else [Word(text, "other")]


def _offset(text: str | None) -> list[Item]:
    if not text:
        return []
    digits = text[1:].replace(":", "")
    zone = zones.from_offset(text, text[0], int(digits[:2] or 0), int(digits[2:] or 0))
    if not zone:
        raise Unclear(f"the offset {text!r}", "one that a clock on Earth has")
    return [zone]


def _word(source: str, match: re.Match[str], before: list[Item]) -> tuple[int, list[Item]]:
    text = match[0]
    key = text.replace(".", "").casefold()
    named = _zone_name(source, match, after_clock=_after_clock(before))
    if named:
        return named
    if key in MONTHS:
        return match.end(), [Word(text, "month", MONTHS[key])]
    if key in WEEKDAYS:
        return match.end(), [Word(text, "weekday", WEEKDAYS[key])]
    if key in ("noon", "midday"):
        return match.end(), [Clock(text, 12, half="pm")]
    if key == "midnight":
        return match.end(), [Clock(text, 0, half="midnight")]
    zone = zones.from_abbreviation(text)
    if zone and _is_zone(text, source[match.end() :], before):
        return match.end(), [zone]
    if key in _RANGE:
        return match.end(), [Mark("-")]
    if key == "between":
        return match.end(), [Word(text, "between")]
    if key == "and" and any(isinstance(item, Word) and item.kind == "between" for item in before):
        return match.end(), [Mark("-")]
    for kind, words in (("noise", _NOISE), ("place", _PLACES), ("stop", _STOPS)):
        if key in words:
            return match.end(), [Word(text, kind)]  # type: ignore[arg-type]  # the three literals above
    return match.end(), [Word(text, "other")]


_NAME = re.compile(r"[^\W\d_]+(?:\.[^\W\d_]+)*\.?(?:[ ][^\W\d_]+(?:\.[^\W\d_]+)*\.?){0,3}")


def _zone_name(source: str, match: re.Match[str], *, after_clock: bool) -> tuple[int, list[Item]] | None:
    run = _NAME.match(source, match.start())
    words = run[0].split(" ") if run else []
    found = zones.from_name(words, after_clock=after_clock)
    if not found:
        return None
    zone, count = found
    return match.start() + len(" ".join(words[:count])), [zone]


def _after_clock(before: list[Item]) -> bool:
    for item in reversed(before):
        if not isinstance(item, Mark) or item.text not in "(,/[":
            return isinstance(item, Clock | ZoneWord)
    return False


def _is_zone(text: str, rest: str, before: list[Item]) -> bool:
    """Whether letters that may be a zone are one: EAT after a clock, not "eat"; AT only where no place can follow."""
    if not _after_clock(before):
        return text.isupper() and text != "AT"
    return text.casefold() != "at" or (text == "AT" and not re.match(r"\s+[^\W\d_]", rest))
