"""A session's day and time in words, in the show's zone; English, whatever the machine's locale is."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def day(moment: datetime, zone: str) -> str:
    """Return such as ``20 February 2024``."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{local.day} {_MONTHS[local.month - 1]} {local.year}"


def session_time(starts: datetime, ends: datetime | None, zone: str) -> str:
    """Return such as ``Tuesday 20 February 2024, 12:00–13:00 EST``; an end on another day is named in full."""
    first = starts.astimezone(ZoneInfo(zone))
    if ends is None:
        return f"{_full(first)}, {first:%H:%M} {_zone_name(first)}"
    last = ends.astimezone(ZoneInfo(zone))
    if last.date() == first.date():
        return f"{_full(first)}, {first:%H:%M}–{last:%H:%M} {_zone_name(first)}"
    return f"{_full(first)}, {first:%H:%M} – {_full(last)}, {last:%H:%M} {_zone_name(first)}"


def _full(local: datetime) -> str:
    return f"{_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]} {local.year}"


def _zone_name(local: datetime) -> str:
    name = local.tzname() or ""
    if name.isalpha():
        return name
    # Zones without an abbreviation of their own are named by their offset in the database ("-03").
    offset = f"{local:%z}"
    return f"UTC{offset[:3]}:{offset[3:5]}"
