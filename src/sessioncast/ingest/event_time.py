"""When an event takes place, by its startDate, endDate, duration and eventStatus; read by the same grammar as a page's words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from sessioncast.ingest.nodes import Node, Nodes
from sessioncast.ingest.when import parse_when

_DAY_ALONE = re.compile(r"\d{4}-\d\d-\d\d")
_SPACED = re.compile(r"^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)\s?(Z|[+-]\d\d:?\d\d)?$")
_LENGTH = re.compile(r"P(?:(\d{1,2})D)?(?:T(?:(\d{1,2})H)?(?:(\d{1,3})M)?(?:\d+S)?)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class EventTime:
    """The time of an event; ``ends_by`` names the property that said the end, ``missing`` what is open."""

    starts: datetime | None = None
    ends: datetime | None = None
    ends_by: str = "endDate"
    missing: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


def time_of(nodes: Nodes, event: Node, *, zone: str, where: str) -> EventTime:
    """Return the time; a date without offset is on the clock of ``zone``. Raises ContentError for what is no date."""
    said, until = (_SPACED.sub(r"\1T\2\3", nodes.text(event, key)) for key in ("startDate", "endDate"))
    status = " ".join(nodes.texts(event, "eventStatus"))
    before = nodes.text(event, "previousStartDate")
    if "EventPostponed" in status:
        was = f"; it was to be {said}" if said else ""
        return EventTime(missing=(f"starts: postponed, the page names no new date{was}",))
    remarks: list[str] = []
    if "EventRescheduled" in status or before:
        remarks.append(f"rescheduled{f' from {before}' if before else ''}")
    if "EventMovedOnline" in status:
        remarks.append("moved online")
    if not said:
        return EventTime(missing=("starts: the page's data names no date",), remarks=tuple(remarks))
    if _DAY_ALONE.fullmatch(said):
        return EventTime(missing=(f"starts: the page says {said!r}, a day but no time",), remarks=tuple(remarks))
    starts = parse_when(said, zone=zone, where=f"{where}: startDate").starts
    ends, by = _end(nodes, event, starts, until, zone, where)
    if _whole_day(starts, ends):
        return EventTime(missing=(f"starts: the page says {said!r}, a whole day",), remarks=tuple(remarks))
    if ends and not timedelta() < ends - starts <= timedelta(days=1):
        remarks.append(f"the end {until or ends} is not within a day of the start {said}: it was left out")
        ends = None
    return EventTime(starts, ends, by, (), tuple(remarks))


def _end(nodes: Nodes, event: Node, starts: datetime, until: str, zone: str, where: str) -> tuple[datetime | None, str]:
    if until and not _DAY_ALONE.fullmatch(until):
        return parse_when(until, zone=zone, where=f"{where}: endDate").starts, "endDate"
    length = _LENGTH.fullmatch(nodes.text(event, "duration"))
    if length and any(length.groups()):
        days, hours, minutes = (int(part or 0) for part in length.groups())
        moment = starts.astimezone(UTC) + timedelta(days=days, hours=hours, minutes=minutes)
        return moment.astimezone(starts.tzinfo), "duration"
    return None, "endDate"


def _whole_day(starts: datetime, ends: datetime | None) -> bool:
    """Whether midnight stands for no time at all, as calendars on the web write it."""
    at_night = starts.time() == time() and (ends is None or ends.time() in (time(), time(23, 59), time(23, 59, 59)))
    return at_night and (ends is None or ends - starts > timedelta(hours=20) or ends == starts)
