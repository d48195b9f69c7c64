"""What a pass does with, as it is given to it: a clock, a look from outside, a transcriber, whoever tells the world."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from sessioncast.errors import SessioncastError
from sessioncast.events import Report

if TYPE_CHECKING:
    from sessioncast.catalog import Catalog
    from sessioncast.model import Session
    from sessioncast.project import Project
    from sessioncast.store.port import Roots

Clock = Callable[[], datetime]
Look = Callable[["Catalog", Report], Sequence[SessioncastError]]
"""Looks at what is public from outside and returns what is wrong with it."""
Transcribe = Callable[["Project", "Session", Report], object]
"""Writes a session's transcript on this machine."""


class Announce(Protocol):
    """Tells the world, once what is public was seen from outside.

    What is owed stands in the catalog: called again after a kill, it goes on. What fails is returned, never raised, and stops nobody.
    """

    def __call__(self, roots: Roots, project: Project, catalog: Catalog, report: Report) -> Sequence[SessioncastError]:
        """Pay what the catalog owes and return what failed."""


def nothing_seen(_catalog: Catalog, _report: Report) -> Sequence[SessioncastError]:
    """Find nothing wrong: for passes that don't look from outside."""
    return ()
