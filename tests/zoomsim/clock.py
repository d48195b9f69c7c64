"""The time that everything here answers by."""

from __future__ import annotations

from datetime import datetime, timedelta


class Clock:
    """An aware time that stands still until a test moves it; it never goes back."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def __call__(self) -> datetime:
        return self._now

    def set(self, now: datetime) -> None:
        assert now >= self._now, f"{now} is before {self._now}"
        self._now = now

    def pass_(self, much: timedelta) -> None:
        self.set(self._now + much)
