"""Which season and number a new session gets, by the one rule in show.toml. Pure; they are written down once, when given."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sessioncast.model import Session, Show


def season_of(show: Show, starts: datetime | None) -> int | None:
    """Return the calendar year, or the year in which the academic year began, in the show's zone; None without a rule."""
    if show.seasons is None or starts is None:
        return None
    local = starts.astimezone(ZoneInfo(show.timezone))
    before = show.seasons == "academic" and local.month < show.season_starts
    return local.year - 1 if before else local.year


def next_number(show: Show, sessions: Iterable[Session], season: int | None) -> int | None:
    """Return the number after the season's highest; None where the show doesn't number its sessions."""
    full = [s for s in sessions if s.kind == "full"]
    used = [s.number for s in full if s.season == season and s.number is not None]
    if used:
        return max(used) + 1
    return 1 if show.type == "serial" or any(s.number is not None for s in full) else None


def given(show: Show, sessions: Iterable[Session], starts: datetime | None) -> dict[str, int]:
    """Return the fields season and number of a new session, as far as the rule gives any."""
    if show.seasons is None:
        return {}
    season = season_of(show, starts)
    if season is None:
        return {}
    number = next_number(show, tuple(sessions), season)
    return {"season": season} | ({} if number is None else {"number": number})
