"""What one unattended pass did, found waiting and failed at, as values; a run report is one of them as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sessioncast.plan.wanted import digest

if TYPE_CHECKING:
    from sessioncast.errors import SessioncastError

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was done: at which ``step`` of the pass, to what (a slug, a source), and what in words."""

    step: str
    subject: str
    what: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A session that doesn't go out: why, and the command that lets it out."""

    session: str
    why: str
    mend: str


@dataclass(frozen=True, slots=True)
class Run:
    """One pass; times are the store's. ``due``: when time alone will let something out next, None where nothing waits for time."""

    id: str
    started: datetime
    ended: datetime
    steps: tuple[Step, ...] = ()
    waits: tuple[Waiting, ...] = ()
    failures: tuple[SessioncastError, ...] = ()
    revision: int = 0
    due: datetime | None = None
    growing: bool = False
    """Whether a file in the inbox was still being written."""
    elsewhere: bool = False
    """Whether another pass is at work in this folder, so that this one did nothing."""

    @property
    def exit_code(self) -> int:
        """0, or the worst exit code among the failures."""
        return max((failure.exit_code for failure in self.failures), default=0)

    @property
    def state(self) -> str:
        """A fingerprint of how things stand: two passes of one state that did nothing tell the same story."""
        return digest([[asdict(w) for w in self.waits], [str(f) for f in self.failures], self.revision])

    def record(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "schema": SCHEMA,
            "run": self.id,
            "started": self.started.isoformat(),
            "ended": self.ended.isoformat(),
            "exit_code": self.exit_code,
            "revision": self.revision,
            "steps": [asdict(step) for step in self.steps],
            "waits": [asdict(waiting) for waiting in self.waits],
            "failures": [{"error": f.message, "hint": f.hint, "exit_code": f.exit_code} for f in self.failures],
        }
