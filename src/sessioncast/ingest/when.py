"""When a session takes place, from the words of its page: one meaning, or one clear error. Never a guess.

The grammar is small and ours (``scan`` spells, ``days`` and ``clock`` combine, ``zones`` places); every word of the
text must be understood. Zone offsets and daylight saving come from the zone database.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sessioncast.errors import ContentError, Problem
from sessioncast.ingest import clock, days, scan, zones
from sessioncast.ingest.scan import Clock, Day, Item, Mark, Number, Word
from sessioncast.ingest.unclear import Unclear
from sessioncast.ingest.zones import ZoneWord

LONGEST_TEXT = 1000
EXAMPLE = "Tuesday February 20, 2024 (12-1 p.m. ET)"


@dataclass(frozen=True, slots=True)
class When:
    """A session's time: aware datetimes, ``ends`` None where the text gives none.

    ``zone`` is the zone of ``starts`` (America/Toronto, UTC-05:00); ``words`` are the zone words of the text, none
    where the show's zone served.
    """

    starts: datetime
    ends: datetime | None
    zone: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mentions:
    """What a line speaks of; ``wholly`` where it speaks of nothing else, ``unsettled`` for "postponed" and "TBA"."""

    day: bool
    clock: bool
    zone: bool
    wholly: bool
    unsettled: bool


@dataclass(frozen=True, slots=True)
class _Phrase:
    """One reading of the session's time: ``12-1 p.m. ET``."""

    start: Clock
    end: Clock | None
    zones: tuple[ZoneWord, ...]
    shift: int

    def __str__(self) -> str:
        span = f"{self.start.text} to {self.end.text}" if self.end else self.start.text
        return " ".join((span, *(word.text for word in self.zones)))


def parse_when(text: str, *, zone: str, where: str = "") -> When:
    """Return the one session time that ``text`` (a line or a few) names; ``zone`` is the show's, an IANA name.

    The show's zone serves where the text names none and settles words with several meanings (IST, CST, BST).
    Raises ContentError with one Problem that names ``where`` and quotes the line.
    """
    try:
        show = ZoneInfo(zone)
    except (LookupError, ValueError, OSError):
        problem = Problem("feed/show.toml", "timezone", repr(zone), "a zone such as America/Toronto")
        raise ContentError("", problems=[problem]) from None
    try:
        return _read(text, show)
    except Unclear as unclear:
        line = " ".join(scan.plain(text[:LONGEST_TEXT]).split())
        quoted = f" in {line[:200]!r}" if line else ""
        mend = "put the line right in a copy of the page and import that: sessioncast import PAGE"
        found = f"{unclear.found}{quoted}"
        raise ContentError(
            "", problems=[Problem(where or "date and time", "", found, unclear.expected, mend)]
        ) from None


def mentions(text: str) -> Mentions:
    """Return whether ``text`` speaks of a day, a time of day or a zone; never raises."""
    try:
        items = scan.scan(text[:LONGEST_TEXT])
    except Unclear:
        return Mentions(day=True, clock=True, zone=True, wholly=True, unsettled=False)
    words = [item for item in items if isinstance(item, Word)]
    months = [at for at, item in enumerate(items) if isinstance(item, Word) and item.kind == "month"]
    dated = any(isinstance(items[n], Number) for at in months for n in (at - 1, at + 1) if 0 <= n < len(items))
    return Mentions(
        day=dated or any(isinstance(item, Day) for item in items),
        clock=any(isinstance(item, Clock) for item in items),
        zone=any(isinstance(item, ZoneWord) for item in items),
        wholly=len(text) <= LONGEST_TEXT and not any(word.kind in ("other", "place", "stop") for word in words),
        unsettled=any(word.kind == "stop" for word in words),
    )


def _read(text: str, show: ZoneInfo) -> When:
    if len(text) > LONGEST_TEXT:
        raise Unclear(f"{len(text)} characters", f"a line such as '{EXAMPLE}'")
    items = _clocks(days.gather(_noons(_sift(scan.scan(text)))))
    phrases, lone_zones, length = _phrases(items)
    dates = days.settle(items)
    if not dates:
        raise Unclear("no date", f"a line such as '{EXAMPLE}'")
    if not phrases:
        raise Unclear("no time of day", f"a line such as '{EXAMPLE}'")
    two_days = len(dates) == 2 and len(phrases) == 1 and phrases[0].end is not None
    if len(dates) > 1 and not two_days:
        raise Unclear("the dates " + " and ".join(map(str, dates)), "one session on one day")
    if all(phrase.shift for phrase in phrases):
        raise Unclear("'next day' or 'previous day'", "the day itself")
    readings = [_moments(phrase, dates, lone_zones, show) for phrase in phrases]
    starts, ends = _agree(phrases, readings, show, length)
    words = dict.fromkeys(word.text for word in (*(w for p in phrases for w in p.zones), *lone_zones))
    key = starts.tzinfo.key if isinstance(starts.tzinfo, ZoneInfo) else str(starts.tzname())
    return When(starts, ends, key, tuple(words))


def _sift(items: list[Item]) -> list[Item]:
    """Drop what says where, and punctuation but for the dash; refuse what isn't understood."""
    kept: list[Item] = []
    placed = False
    for at, item in enumerate(items):
        if isinstance(item, Clock | Day) or (isinstance(item, Word) and item.kind in ("month", "weekday", "length")):
            placed = False
        elif isinstance(item, Mark):
            placed = placed and item.text not in "\n;|"
            if item.text != "-":
                continue
        elif isinstance(item, Word) and item.kind == "stop":
            raise Unclear(f"{item.text!r}", "a settled date and time")
        elif isinstance(item, Word) and item.kind == "place":
            placed = True
            continue
        elif placed and not _kept_in_place(items, at, zoned=any(isinstance(i, ZoneWord) for i in kept)):
            continue
        elif isinstance(item, Word) and item.kind == "other":
            zone_wanted = bool(at) and isinstance(_before(items, at), Clock | ZoneWord)
            kind = "the unknown zone word" if zone_wanted else "the words"
            raise Unclear(
                f"{kind} {item.text!r}", "a zone such as ET or UTC-5" if zone_wanted else "date, time and zone"
            )
        if not (isinstance(item, Word) and item.kind in ("noise", "between")):
            kept.append(item)
    return kept


def _before(items: list[Item], at: int) -> Item | None:
    return next((i for i in reversed(items[:at]) if not isinstance(i, Mark) or i.text not in "(,["), None)


def _kept_in_place(items: list[Item], at: int, *, zoned: bool) -> bool:
    """Whether a zone or number among the words about the place belongs to the time after all."""
    item, following = items[at], items[at + 1 : at + 3]
    if isinstance(item, ZoneWord):
        if zoned:
            return False  # "12 p.m. ET in New Haven, CT"
        raise Unclear(f"{item.text!r} among words about the place", "the zone right after the time")
    if not isinstance(item, Number) or not following:
        return False
    if isinstance(following[0], Word) and following[0].kind == "month":
        return True
    if following[0] == Mark("-") and len(following) > 1 and isinstance(following[1], Clock):
        if isinstance(items[at - 1], Mark) or getattr(items[at - 1], "text", "").casefold() in _ON_LINE:
            return True
        raise Unclear(f"{item.text!r}, which may be a room or a time", "the place on a line of its own")
    return False


_ON_LINE = frozenset({"online", "virtual", "virtually", "zoom", "teams", "webex", "webinar", "hybrid", "livestream"})


def _noons(items: list[Item]) -> list[Item]:
    """``12 noon`` and ``12:00 midnight`` say one thing twice."""
    out: list[Item] = []
    for item in items:
        word = isinstance(item, Clock) and item.text[0].isalpha()
        last = out[-1] if out else None
        twelve = (isinstance(last, Number) and last.value == 12) or (isinstance(last, Clock) and last.hour == 12)
        if word and twelve and not (isinstance(last, Clock) and (last.minute or last.text[0].isalpha())):
            out.pop()
        out.append(item)
    return out


def _clocks(items: list[Item]) -> list[Item]:
    """Read the bare hours beside a dash (``12-1 p.m.``, ``9 a.m.-10``); any other number left is not understood."""
    out = list(items)
    for at, item in enumerate(items):
        if not isinstance(item, Number):
            continue
        before = items[max(at - 2, 0) : at]
        after = items[at + 1 : at + 3]
        starts = len(after) == 2 and after[0] == Mark("-") and _says_half(after[1])
        ends = len(before) == 2 and before[1] == Mark("-") and _says_half(before[0])
        if item.ordinal or len(item.text) > 2 or not (starts or ends):
            raise Unclear(f"the number {item.text!r}", f"one day and its times, such as '{EXAMPLE}'")
        out[at] = Clock(item.text, item.value)
    return out


def _says_half(item: Item) -> bool:
    return isinstance(item, Clock) and item.half in ("am", "pm", "midnight")


def _phrases(items: list[Item]) -> tuple[list[_Phrase], tuple[ZoneWord, ...], timedelta]:
    phrases: list[_Phrase] = []
    lone: list[ZoneWord] = []
    minutes = at = 0
    while at < len(items):
        item = items[at]
        at += 1
        if isinstance(item, ZoneWord):
            lone.append(item)
        elif isinstance(item, Word) and item.kind == "length":
            minutes += item.value
        elif isinstance(item, Clock):
            phrase, at = _phrase(item, items, at)
            phrases.append(phrase)
    return list(dict.fromkeys(phrases)), tuple(lone), timedelta(minutes=minutes)


def _phrase(start: Clock, items: list[Item], at: int) -> tuple[_Phrase, int]:
    words, at = _zones_at(items, at)
    end: Clock | None = None
    if at < len(items) and items[at] == Mark("-"):
        after = at + 1
        while after < len(items) and (isinstance(items[after], Day) or _is(items[after], "weekday")):
            after += 1
        following = items[after] if after < len(items) else None
        if isinstance(following, Clock):
            end = following
            more, at = _zones_at(items, after + 1)
            words += more
    shift = 0
    if at < len(items) and _is(items[at], "shift"):
        word = items[at]
        shift = word.value if isinstance(word, Word) else 0
        at += 1
    return _Phrase(start, end, words, shift), at


def _zones_at(items: list[Item], at: int) -> tuple[tuple[ZoneWord, ...], int]:
    words: list[ZoneWord] = []
    while at < len(items) and isinstance(item := items[at], ZoneWord):
        words.append(item)
        at += 1
    return tuple(words), at


def _is(item: Item, kind: str) -> bool:
    return isinstance(item, Word) and item.kind == kind


def _moments(
    phrase: _Phrase, dates: list[date], lone: tuple[ZoneWord, ...], show: ZoneInfo
) -> tuple[datetime, datetime | None]:
    two_days = len(dates) == 2
    first, last = clock.span(phrase.start, phrase.end, two_days=two_days)
    words = phrase.zones or lone
    day = datetime.combine(dates[0], time()) + timedelta(days=phrase.shift)
    starts = zones.place(day + timedelta(minutes=first), words, show)
    if last is None:
        return starts, None
    end_day = datetime.combine(dates[1], time()) if two_days else day
    return starts, zones.place(end_day + timedelta(minutes=last), words, show)


def _agree(
    phrases: list[_Phrase], readings: list[tuple[datetime, datetime | None]], show: ZoneInfo, length: timedelta
) -> tuple[datetime, datetime | None]:
    if len({starts.timestamp() for starts, _ in readings}) > 1:
        raise Unclear(f"{' and '.join(map(str, phrases))}, which are different moments", "one moment in every zone")
    starts = next((s for s, _ in readings if s.tzinfo is show), readings[0][0])
    ends = [e for _, e in readings if e] + (
        [(starts.astimezone(UTC) + length).astimezone(starts.tzinfo)] if length else []
    )
    if len({end.timestamp() for end in ends}) > 1:
        raise Unclear(f"{' and '.join(map(str, phrases))}, which end at different moments", "one end")
    end = next((e for e in ends if e.tzinfo is starts.tzinfo), ends[0] if ends else None)
    if end and not 0 < end.timestamp() - starts.timestamp() <= 24 * 3600:
        raise Unclear(
            f"a session from {starts:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M}", "an end within a day of the start"
        )
    return starts, end
