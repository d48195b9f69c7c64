"""Going on: a pass, then waiting for a file, for the next thing that is due, or for a while; again and again."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from sessioncast.automate.value import Run

_STEP_MS = 300


class Waiter(Protocol):
    """Waits: the only place where a watch spends time."""

    def wait(self, seconds: float) -> bool:
        """Return True as soon as something changed where recordings arrive, False when so many seconds are over."""

    def clock(self) -> float:
        """Return seconds that only ever grow."""


def watch(once: Callable[[], Run], waiter: Waiter, *, every: float, settle: float) -> Iterator[Run]:
    """Run passes for ever and yield each.

    The next one comes after ``every`` seconds, when something is due, or when files came and have been left alone for ``settle``
    seconds; a folder in which something always changes is looked into all the same.
    """
    while True:
        run = once()
        yield run
        if waiter.wait(_pause(run, every, settle)):
            since = waiter.clock()
            while waiter.wait(settle) and waiter.clock() - since < every:
                pass


def _pause(run: Run, every: float, settle: float) -> float:
    pauses = [every]
    if run.due is not None:
        pauses.append(max((run.due - run.started).total_seconds(), 0.0) + 1)  # a store's clock may tell whole seconds
    if run.growing:
        pauses.append(settle + 1)
    return min(pauses)


class FolderWaiter:
    """Watches a folder through the system's own notices; one that isn't there (yet), or none, is only waited at."""

    def __init__(self, folder: Path | None) -> None:
        """Begin to watch at once, so that what comes while a pass is at work is noticed after it."""
        self._folder = folder
        self._notices: Iterator[object] | None = None
        self._missed = False
        self._refused = False
        self._open()

    def wait(self, seconds: float) -> bool:
        """Return True as soon as anything changed, False when the time is over."""
        until = self.clock() + seconds
        self._refused = False
        while (left := until - self.clock()) > 0:
            if self._missed:
                self._missed = False
                return True
            if self._refused or (self._notices is None and not self._open()):
                # what refuses to be watched is asked again at the next wait: asking means to walk through all of it
                threading.Event().wait(left if self._refused else min(left, _STEP_MS / 1000))
            elif self._changed():
                return True
        return False

    def clock(self) -> float:
        """Return the machine's monotonic clock."""
        return time.monotonic()

    def _changed(self) -> bool:
        """Return whether anything changed within a step."""
        try:
            return bool(next(self._notices)) if self._notices is not None else False
        except StopIteration:
            self._notices = None  # the folder went away: look again whether it is back
            return True
        except OSError:
            self._notices = None  # too many watches on this machine, or a folder that may not be read
            self._refused = True
            return False

    def _open(self) -> bool:
        if self._folder is None or not self._folder.is_dir():
            return False
        from watchfiles import watch as notices

        self._notices = notices(
            self._folder, watch_filter=None, debounce=200, rust_timeout=_STEP_MS, yield_on_timeout=True
        )
        self._missed = self._changed()  # watching begins with the first question
        return not self._refused
