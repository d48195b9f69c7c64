"""The days a text names: month, day and year put together, checked against the calendar and the weekday beside them."""

from __future__ import annotations

from datetime import date

from sessioncast.ingest.scan import Clock, Day, Item, Mark, Number, Word
from sessioncast.ingest.unclear import Unclear

WEEKDAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def gather(items: list[Item]) -> list[Item]:
    """Return ``items`` with every month and its numbers as one Day; a year that stands apart finds its day."""
    out: list[Item] = []
    at = 0
    while at < len(items):
        item = items[at]
        at += 1
        if isinstance(item, Word) and item.kind == "month":
            item, at = _day(item, items, at, out)
        elif isinstance(item, Day) and item.year is None:
            raise Unclear(f"{item.text!r}, a year of two digits", "a year of four digits")
        out.append(item)
    return _with_years(out)


def _day(month: Word, items: list[Item], at: int, out: list[Item]) -> tuple[Day, int]:
    before = _number(out, len(out) - 1)
    after = None if _starts_range(items, at) else _number(items, at)
    year_first = out[-1] if out and _is_year(out[-1]) else None
    if before and after:
        raise Unclear(f"{before.text} {month.text} {after.text}", "one day and a year of four digits")
    number = after or before
    if not number:
        raise Unclear(f"{month.text!r} without a day", "a day, a month and a year")
    words = [month.text, number.text] if after else [number.text, month.text]
    if before or (after and year_first):
        out.pop()
    at += 1 if after else 0
    year = year_first if after and year_first else None
    if not year and at < len(items) and _is_year(items[at]):
        year = items[at]
        at += 1
    if isinstance(year, Number):
        words.append(year.text)
    return Day(" ".join(words), year.value if isinstance(year, Number) else None, ((month.value, number.value),)), at


def _number(items: list[Item], at: int) -> Number | None:
    item = items[at] if 0 <= at < len(items) else None
    return item if isinstance(item, Number) and 1 <= item.value <= 31 and len(item.text) < 5 else None


def _is_year(item: Item) -> bool:
    return isinstance(item, Number) and not item.ordinal and len(item.text) == 4


def _starts_range(items: list[Item], at: int) -> bool:
    """Whether the number at ``at`` is the 12 of ``12-1 p.m.`` rather than a day of the month."""
    number = items[at] if at < len(items) else None
    rest = items[at + 1 : at + 3]
    return (
        isinstance(number, Number)
        and not number.ordinal
        and len(rest) == 2
        and rest[0] == Mark("-")
        and isinstance(rest[1], Clock)
    )


def _with_years(items: list[Item]) -> list[Item]:
    years = {item.year for item in items if isinstance(item, Day) and item.year}
    apart = [item for item in items if isinstance(item, Number) and _is_year(item)]
    lacking = [item for item in items if isinstance(item, Day) and item.year is None]
    if lacking and len(apart) == 1 and not years:
        years = {apart[0].value}
        items = [item for item in items if item is not apart[0]]
    if lacking and len(years) != 1:
        raise Unclear(f"{lacking[0].text!r} without a year", "the year in the date, such as 'February 20, 2024'")
    return [
        Day(item.text, min(years), item.options) if isinstance(item, Day) and item.year is None else item
        for item in items
    ]


def settle(items: list[Item]) -> list[date]:
    """Return the distinct days in order of appearance, each agreeing with the weekdays that stand beside it."""
    places = [at for at, item in enumerate(items) if isinstance(item, Day)]
    beside: dict[int, list[Word]] = {at: [] for at in places}
    for at, item in enumerate(items):
        if isinstance(item, Word) and item.kind == "weekday" and places:
            beside[_nearest(items, at, places)].append(item)
    found: list[date] = []
    for at in places:
        day = items[at]
        if isinstance(day, Day):
            found.append(_settle(day, beside[at]))
    return list(dict.fromkeys(found))


def _nearest(items: list[Item], at: int, places: list[int]) -> int:
    """Return the day a weekday belongs to: the one right after it, else right before, else the closest."""
    after = next((n for n in range(at + 1, len(items)) if items[n] != Mark("-")), -1)
    if after in places:
        return after
    before = next((n for n in range(at - 1, -1, -1) if items[n] != Mark("-")), -1)
    return before if before in places else min(places, key=lambda place: abs(place - at))


def _settle(day: Day, weekdays: list[Word]) -> date:
    year = day.year or 0
    if not 1900 <= year < 2200:
        raise Unclear(f"the year {year} in {day.text!r}", "a year between 1900 and 2199")
    real = [found for month, number in day.options if (found := _date(year, month, number))]
    if not real:
        raise Unclear(f"{day.text!r}", "a day that the calendar has")
    fitting = [found for found in real if all(found.weekday() == word.value for word in weekdays)]
    if not fitting:
        wrong = next((w for w in weekdays if all(found.weekday() != w.value for found in real)), weekdays[0])
        said = wrong.text.rstrip(".")
        is_ = " or ".join(f"{found.isoformat()} is a {WEEKDAY_NAMES[found.weekday()]}" for found in real)
        raise Unclear(f"{said!r} for {day.text!r}", f"weekday and date to agree: {is_}")
    if len(fitting) > 1:
        either = " or ".join(found.isoformat() for found in fitting)
        raise Unclear(f"{day.text!r}, which may be {either}", "the month in letters, or year-month-day")
    return fitting[0]


def _date(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None
