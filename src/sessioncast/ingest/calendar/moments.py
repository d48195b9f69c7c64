"""A calendar's times into moments: UTC, a zone's clock or the show's clock, as RFC 5545 reads them; whole days are no time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timezone
from zoneinfo import ZoneInfo

from sessioncast.ingest.unclear import Unclear

_YEARS = range(1970, 2200)


@dataclass(frozen=True, slots=True)
class Moment:
    """An aware time, None for a whole ``day``; ``remark`` where daylight saving made the reading a choice."""

    at: datetime | None
    day: date
    remark: str = ""


def moment(value: date, tzid: str, show: ZoneInfo) -> Moment:
    """Return the moment a calendar's value names; a time without a zone is on the ``show``'s clock.

    An hour that is skipped is read with the offset before it, one that comes twice as its first (RFC 5545, 3.3.5), and
    the remark says so. Raises Unclear for an unknown zone (``tzid`` that left no zone in the value) and for impossible years.
    """
    if value.year not in _YEARS:
        raise Unclear(f"the year {value.year}", "a year from 1970 to 2199")
    if not isinstance(value, datetime):
        return Moment(None, value)
    if value.tzinfo is None and tzid:
        raise Unclear(f"the unknown zone {tzid!r}", "a zone such as America/Toronto, or a VTIMEZONE that defines it")
    if value.tzinfo is None:
        return _on_clock(value, show)
    if value.tzname() == "UTC" and not value.utcoffset():
        return Moment(value.astimezone(UTC), value.date())
    if isinstance(value.tzinfo, ZoneInfo):
        return _on_clock(value.replace(tzinfo=None), value.tzinfo)
    here = value.astimezone(show)  # a zone that the file defines: told on the show's clock where both agree
    offset = value.utcoffset()
    fixed = value.replace(tzinfo=timezone(offset)) if offset is not None else here
    return Moment(here if here.utcoffset() == offset else fixed, value.date())


def _on_clock(local: datetime, zone: ZoneInfo) -> Moment:
    first, second = (local.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    there = first.astimezone(UTC).astimezone(zone)
    if there.replace(tzinfo=None) != local.replace(fold=0):
        remark = f"daylight saving skips {local:%H:%M} on {local:%Y-%m-%d} in {zone.key}: read as {there:%H:%M}"
        return Moment(there, local.date(), remark)
    if first.utcoffset() != second.utcoffset():
        return Moment(
            first,
            local.date(),
            f"{local:%H:%M} on {local:%Y-%m-%d} comes twice in {zone.key}: read as {first.tzname()}",
        )
    return Moment(first, local.date())
