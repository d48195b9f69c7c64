"""The dates of a series: rule, extra dates, dates that fall out and dates that were changed; never more than anybody plans.

Which dates a rule means is recurring-ical-events' knowledge; what may be asked of it is decided here, since a rule of one line can
mean more dates than there are atoms, or search for its next date until the end of the calendar.
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sessioncast.ingest.unclear import Unclear

BACK, AHEAD = timedelta(days=366), timedelta(days=550)
"""How far around now a series without an end is followed."""
MOST_DATES = 1000
_MOST_DAYS = 20_000
_EARLIEST, _LATEST = datetime(1970, 1, 1), datetime(2199, 12, 31)  # noqa: DTZ001 (the library asks for no zone)
_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_BY_DAY = frozenset({"BYDAY", "BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS", "BYMONTH"})
_BY_TIME = ("BYHOUR", "BYMINUTE", "BYSECOND")


@dataclass(frozen=True, slots=True)
class Dates:
    """The dates of a series as events, in order; ``dropped`` those that EXDATE takes out; ``remark`` where only a part was taken."""

    events: tuple[Any, ...]
    dropped: tuple[Any, ...] = ()
    remark: str = ""


def is_series(event: Any) -> bool:
    """Whether an icalendar event stands for more than one date."""
    return "RRULE" in event or "RDATE" in event


def dates(master: Any, changed: Sequence[Any], now: datetime) -> Dates:
    """Return the dates of a series, with the ones in ``changed`` (RECURRENCE-ID) in their places.

    All of a series with an end; else those from a year before ``now`` to a year and a half after it. Raises Unclear for a rule
    that no programme of sessions has, and for more than 1000 dates.
    """
    first = master["DTSTART"].dt
    ends = [_end(rule, first) for rule in _every(master, "RRULE")]
    whole = all(ends)
    begin, end = _naive(now - BACK), _naive(now + AHEAD)
    events = _between(master, changed, _EARLIEST, _LATEST) if whole else []
    if not whole or len(events) > MOST_DATES:
        whole, events = False, _between(master, changed, begin, end)
    if len(events) > MOST_DATES:
        raise Unclear(f"RRULE of {len(events)} dates", f"at most {MOST_DATES}")
    remark = f"the series goes on: dates from {begin:%Y-%m-%d} to {end:%Y-%m-%d} were taken"
    begin, end = (_EARLIEST, _LATEST) if whole else (begin, end)
    dropped = tuple(_dropped(master, begin, end))
    return Dates(tuple(events), dropped, "" if whole else remark)


def _between(master: Any, changed: Sequence[Any], begin: datetime, end: datetime) -> list[Any]:
    import recurring_ical_events
    from icalendar import Calendar

    calendar = Calendar()
    for event in (master, *changed):
        calendar.add_component(event)
    try:
        events = recurring_ical_events.of(calendar, components=["VEVENT"]).between(begin, end)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, ArithmeticError) as wrong:
        raise Unclear(
            f"RRULE or RDATE that can't be followed ({str(wrong)[:80]})", "dates as RFC 5545 has them"
        ) from None
    return sorted(events, key=lambda event: _naive(event["DTSTART"].dt))


def _end(rule: Any, first: date) -> bool:
    """Whether a rule ends, soon enough to be followed to its end. Raises Unclear for one that is none of a programme."""
    parts = {str(key).upper(): value if isinstance(value, list) else [value] for key, value in rule.items()}
    said = rule.to_ical().decode("utf-8", "replace")[:80]
    frequency = str(parts.get("FREQ", [""])[0]).upper()
    if frequency not in _FREQUENCIES:
        raise Unclear(f"RRULE:{said}", "sessions that come daily, weekly, monthly or yearly")
    if any(not isinstance(every, int) or every < 1 for every in parts.get("INTERVAL", [])):
        raise Unclear(f"RRULE:{said}", "an INTERVAL of 1 or more")
    a_day = 1
    for part in _BY_TIME:
        a_day *= max(1, len(parts.get(part, [])))
    if a_day > 6 or (
        frequency in ("DAILY", "WEEKLY") and parts.keys() & {"BYMONTHDAY", "BYYEARDAY", "BYWEEKNO", "BYSETPOS"}
    ):
        raise Unclear(f"RRULE:{said}", "a rule that calendars make, such as FREQ=WEEKLY;BYDAY=TU")
    if parts.keys() & _BY_DAY and not _ever(said, rule, first):
        raise Unclear(f"RRULE:{said}", "a rule that meets at least one date")
    count, until = parts.get("COUNT", [None])[0], parts.get("UNTIL", [None])[0]
    if isinstance(count, int) and count > 0:
        return count <= MOST_DATES
    return isinstance(until, date) and (_naive(until) - _naive(first)).days * a_day <= _MOST_DAYS


def _ever(said: str, rule: Any, first: date) -> bool:
    """Whether a rule meets any date: asked at the end of the calendar, where the search for 30 February is short.

    The calendar repeats after 28 years there, as it does around now.
    """
    from dateutil.rrule import rrulestr

    years = (year for year in range(9904, 9960) if isleap(year) == isleap(first.year))
    year = next(y for y in years if date(y, 1, 1).weekday() == date(first.year, 1, 1).weekday())
    plain = {key: value for key, value in rule.items() if str(key).upper() not in ("COUNT", "UNTIL")}
    try:
        text = type(rule)(plain).to_ical().decode()
        return next(iter(rrulestr(text, dtstart=_naive(first).replace(year=year))), None) is not None
    except (ValueError, TypeError, OverflowError, KeyError, IndexError) as wrong:
        raise Unclear(f"RRULE:{said} ({str(wrong)[:60]})", "a recurrence as RFC 5545 has it") from None


def _dropped(master: Any, begin: datetime, end: datetime) -> list[Any]:
    """Return an event for every date that EXDATE takes out of the series: that is how calendars call off one date."""
    first = master["DTSTART"]
    found = []
    for out in {str(one.dt): one for many in _every(master, "EXDATE") for one in getattr(many, "dts", [])}.values():
        when = out.dt
        if isinstance(first.dt, datetime) and not isinstance(when, datetime):
            when = datetime.combine(when, first.dt.timetz())
        if isinstance(when, datetime) != isinstance(first.dt, datetime) or not begin <= _naive(when) <= end:
            continue
        event = master.copy()
        for name in ("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE"):
            event.pop(name, None)
        for name in ("DTSTART", "RECURRENCE-ID"):
            event.add(name, when)
        if "DTEND" in master and isinstance(getattr(master["DTEND"], "dt", None), date):
            event.add("DTEND", when + (master["DTEND"].dt - first.dt))
        elif "DURATION" in master:
            event["DURATION"] = master["DURATION"]
        found.append(event)
    return found


def _every(event: Any, name: str) -> list[Any]:
    value = event.get(name, [])
    return value if isinstance(value, list) else [value]


def _naive(value: date) -> datetime:
    if not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day)  # noqa: DTZ001
    return (value.astimezone(UTC) if value.tzinfo else value).replace(tzinfo=None)
