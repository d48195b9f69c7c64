"""What a publish tells of itself, done or only planned."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sessioncast import layout

if TYPE_CHECKING:
    from sessioncast.catalog import Catalog
    from sessioncast.errors import SessioncastError
    from sessioncast.plan.judge import Judged

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Write:
    """One write of the plan: what happens, to which key, and how many bytes where known."""

    action: str
    key: str
    size: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """What a publish did: its decisions, every failure, and what is now public.

    ``unannounced``: who could not be told. That is no failure of the publish.
    """

    judged: Judged
    failures: tuple[SessioncastError, ...] = ()
    catalog: Catalog | None = None
    committed: bool = False
    deleted: tuple[str, ...] = ()
    unannounced: tuple[SessioncastError, ...] = ()

    @property
    def exit_code(self) -> int:
        """0, or the worst exit code among the failures."""
        return max((f.exit_code for f in self.failures), default=0)

    @property
    def feed(self) -> str:
        """The feed's public address; empty while nothing is public."""
        return layout.address(self.catalog.show.public_url, layout.FEED) if self.catalog else ""
