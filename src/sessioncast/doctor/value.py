"""What the doctor finds, as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from sessioncast.errors import Level


@dataclass(frozen=True, slots=True)
class Found:
    """One thing wrong: which ``look`` saw it, on what, what it is, since when (None: not known), and the command that mends it.

    ``look`` and ``about`` together are its identity, so that people hear of it once however its words change. A note is worth
    reading and nobody's alarm.
    """

    look: str
    about: str
    what: str
    mend: str
    since: datetime | None = None
    level: Level = "error"

    @property
    def key(self) -> str:
        """What it is remembered by."""
        return f"{self.look}: {self.about}"

    def record(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "look": self.look,
            "about": self.about,
            "what": self.what,
            "since": self.since.isoformat() if self.since else None,
            "mend": self.mend,
            "level": self.level,
        }
