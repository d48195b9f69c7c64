"""Two clock readings into minutes: which half of the day each means, and which of them is on the next day."""

from __future__ import annotations

from sessioncast.ingest.scan import Clock, Half
from sessioncast.ingest.unclear import Unclear

DAY = 24 * 60
LONGEST_NIGHT = 8 * 60  # a session past midnight is shorter; a longer one is a slip of the pen


def span(start: Clock, end: Clock | None, *, two_days: bool = False) -> tuple[float, float | None]:
    """Return start and end in minutes after the first day's midnight; an end past 1440 is on the next day.

    ``two_days``: the text dates the end itself, so it may come earlier in its day than the start in its own.
    Raises Unclear where morning and afternoon can't be told apart, or the end comes first.
    """
    for clock in (start, end) if end else (start,):
        _check(clock)
    if start.half == "midnight" or start.hour == 24:
        raise Unclear(f"a start at {start.text!r}, which ends one day and begins another", "12 a.m. or 00:00")
    if end is None:
        return _alone(start), None
    first, last = _pair(start, end)
    if two_days:
        return first, last % DAY
    if last <= first:
        last += DAY
        if last - first > LONGEST_NIGHT:
            raise Unclear(f"an end at {end.text!r}, before the start at {start.text!r}", "an end after the start")
    return first, last


LONGEST = 480
"""Minutes a session may last where only one of its times says a.m. or p.m."""


def _check(clock: Clock) -> None:
    halved = clock.half in ("am", "pm")
    hours = range(1, 13) if halved else range(25)
    if clock.hour not in hours or clock.minute > 59 or clock.second > 59 or (clock.hour == 24 and clock.minute):
        raise Unclear(f"{clock.text!r}", "a time of day, such as 12:30 p.m. or 13:30")


def _absolute(clock: Clock) -> bool:
    return clock.half == "midnight" or (clock.half in ("", "24") and (clock.hour > 12 or clock.hour == 0))


def _two_digits(clock: Clock) -> bool:
    return clock.half == "24" or (clock.half == "" and len(clock.text) >= 4 and clock.hour >= 10)


def _minutes(clock: Clock, half: Half) -> float:
    if half == "midnight":
        return DAY
    hour = clock.hour if half in ("", "24") else clock.hour % 12 + (12 if half == "pm" else 0)
    return hour * 60 + clock.minute + clock.second / 60


def _alone(clock: Clock) -> float:
    if clock.half in ("am", "pm") or _two_digits(clock):
        return _minutes(clock, clock.half)
    raise Unclear(f"{clock.text!r}, morning or afternoon", "a.m. or p.m., or a 24-hour time such as 09:00")


def _pair(start: Clock, end: Clock) -> tuple[float, float]:
    if start.half in ("am", "pm") and (end.half in ("am", "pm") or _absolute(end)):
        return _minutes(start, start.half), _minutes(end, end.half)
    if start.half in ("am", "pm"):
        first = _minutes(start, start.half)
        reading = _minutes(end, "am")
        return first, next(m for m in (reading, reading + 720, reading + DAY, reading + DAY + 720) if m > first)
    if end.half in ("am", "pm", "midnight"):
        return _inherit(start, end)
    if (_two_digits(start) and _two_digits(end)) or _absolute(start) or _absolute(end):
        if not (_two_digits(end) or _absolute(end)):
            raise Unclear(f"{end.text!r} after {start.text!r}, morning or afternoon", "a 24-hour time such as 09:00")
        return _minutes(start, "24"), _minutes(end, "24")
    raise Unclear(f"{start.text!r} to {end.text!r}, morning or afternoon", "a.m. or p.m., or times such as 09:00")


def _inherit(start: Clock, end: Clock) -> tuple[float, float]:
    """Let the end say a.m. or p.m. for both, unless that puts it first: ``11-1 p.m.`` began in the morning.

    What would then last longer than a working day, or end at ``12 a.m.`` (most write that for noon), is no reading.
    """
    last = _minutes(end, end.half)
    if _absolute(start):
        return _minutes(start, "24"), last
    half: Half = "am" if end.half == "am" else "pm"
    first = _minutes(start, half)
    if first >= last:
        first = _minutes(start, "am" if half == "pm" else "pm")
        last += DAY if first >= last else 0
    if last - first > LONGEST or (end.half == "am" and end.hour == 12):
        raise Unclear(f"{start.text!r} to {end.text!r}, morning or afternoon", "a.m. or p.m. on both")
    return first, last
