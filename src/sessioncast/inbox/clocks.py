"""What moment a recorder's clock reading may mean: the one it is taken for, and the others that cannot be ruled out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sessioncast.inbox.value import Began

_SETTLING = timedelta(days=3)
"""How long after a daylight-saving change somebody may not have set a recorder's clock yet."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One moment a take may have begun at, in UTC; ``day`` alone where only the date is known, neither where nothing is.

    ``said`` is how the reading came about, in words: "its name (OBS), taken in Europe/London".
    """

    at: datetime | None = None
    day: date | None = None
    said: str = ""


def readings(began: Began | None, zone: str, *, told: bool) -> tuple[Reading, ...]:
    """Return how ``began`` can be read, the first as it is taken, the others as doubts; never empty.

    A naive time is taken in ``zone``. Unless a person ``told`` that recorders' clocks are set to it, UTC is a doubt: many recorders
    run on it. So is the other reading of an hour that daylight saving repeats or skips, and the old hour in the days after a change.
    A naive midnight to the second is a date: recorders that know only the day leave the rest of the clock at zero.
    """
    if began is None:
        return (Reading(),)
    if began.has_zone:
        return (Reading(began.at.astimezone(UTC), said=began.said),)
    local = began.at
    if local == local.replace(hour=0, minute=0, second=0, microsecond=0):
        return (Reading(day=local.date(), said=began.said),)
    clock = ZoneInfo(zone)
    first = _moment(local, clock)
    found = [Reading(first, said=f"{began.said}, taken in {zone}")]
    found.append(Reading(_moment(local.replace(fold=1), clock), said=f"its other reading in {zone}"))
    before = (local - _SETTLING).replace(tzinfo=clock).utcoffset()
    if before is not None:
        found.append(
            Reading((local - before).replace(tzinfo=UTC), said="a clock not yet changed to daylight saving or back")
        )
    if not told:
        found.append(Reading(local.replace(tzinfo=UTC), said="UTC"))
    moments = [reading.at for reading in found]
    return tuple(reading for place, reading in enumerate(found) if reading.at not in moments[:place])


def _moment(local: datetime, clock: ZoneInfo) -> datetime:
    return local.replace(tzinfo=clock).astimezone(UTC)
