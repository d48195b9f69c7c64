"""When to run, from when the series meets: often around its sessions, once a day else. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from sessioncast.layout import sha256

if TYPE_CHECKING:
    from sessioncast.model import Session, Show

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_NEWEST = 20
_USUAL = 0.15
"""The share of sessions a weekday needs to count as one the series meets on."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Hourly on ``days`` (0 is Monday, UTC), once a day on the others; ``minute`` is the show's own, so that not all shows meet at :00."""

    days: tuple[int, ...]
    minute: int
    said: str

    @property
    def daily_hour(self) -> int:
        """The hour (UTC) of the one pass on the other days."""
        return self.minute % 6

    def crons(self) -> tuple[str, ...]:
        """Return the schedule as lines of crontab(5), in UTC; its Sunday is 0."""
        often = ",".join(str(d) for d in sorted((day + 1) % 7 for day in self.days))
        rest = ",".join(str(d) for d in sorted((day + 1) % 7 for day in range(7) if day not in self.days))
        return (f"{self.minute} * * * {often}", *([f"{self.minute} {self.daily_hour} * * {rest}"] if rest else []))

    def calendars(self) -> tuple[str, ...]:
        """Return it as ``OnCalendar`` of systemd.time(7)."""
        often = ",".join(_NAMES[day] for day in self.days)
        rest = ",".join(_NAMES[day] for day in range(7) if day not in self.days)
        daily = f"{rest} *-*-* {self.daily_hour:02}:{self.minute:02}:00 UTC"
        return (f"{often} *-*-* *:{self.minute:02}:00 UTC", *([daily] if rest else []))


def rhythm(show: Show, sessions: Iterable[Session]) -> Rhythm:
    """Return when to run: on the days the sessions end and the day after, when transcripts come; on weekdays where nobody can tell."""
    minute = 5 + int(sha256(str(show.id).encode())[:8], 16) % 50
    days = _by_sessions(sessions)
    said = "its sessions"
    if not days:
        days, said = _by_rule(show.rrule or ""), "rrule in feed/show.toml"
    if not days:
        return Rhythm((0, 1, 2, 3, 4), minute, "a guess: there are too few sessions, and no rrule in feed/show.toml")
    around = sorted({(day + later) % 7 for day in days for later in (0, 1)})
    return Rhythm(tuple(around), minute, said)


def _by_sessions(sessions: Iterable[Session]) -> set[int]:
    """Return the weekdays (UTC) on which the newest sessions end, as far as there is a habit."""
    over = sorted(end for s in sessions if (end := s.ends or (s.starts and s.starts + timedelta(hours=1))))[-_NEWEST:]
    if len(over) < 3:
        return set()
    counted = Counter(end.astimezone(UTC).weekday() for end in over)
    return {day for day, count in counted.items() if count >= max(2, _USUAL * len(over))}


def _by_rule(rrule: str) -> set[int]:
    """Return the weekdays of a recurrence rule's BYDAY, a day more for zones in which the evening is UTC's next day."""
    named = re.search(r"BYDAY=([^;]+)", rrule.upper())
    days = {_DAYS.index(day) for day in re.findall(r"[A-Z]{2}", named[1]) if day in _DAYS} if named else set()
    return {(day + later) % 7 for day in days for later in (0, 1)}
