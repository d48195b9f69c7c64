"""Calls held or killed at a given number: the schedules of the protocol model, for the real code."""

from __future__ import annotations

import threading
from collections.abc import Callable

from fakes import Call, Killed, Plan


def killed_from(number: int) -> Plan:
    """Return a plan under which the process ends before the given call: no thread of it makes that one or a later one."""

    def act(call: Call) -> None:
        if call.number >= number:
            raise Killed

    return Plan().on(act, times=-1)


class Held:
    """A job on a thread of its own that stops before its n-th call until it is told to go on."""

    def __init__(self, job: Callable[[Plan], object], number: int) -> None:
        self.error: BaseException | None = None
        self._stopped = threading.Event()
        self._go_on = threading.Event()
        self._job = job
        self._plan = Plan().on(self._wait, call=number)
        self._thread = threading.Thread(target=self._run)

    def _wait(self, _call: Call) -> None:
        self._stopped.set()
        assert self._go_on.wait(60)

    def _run(self) -> None:
        try:
            self._job(self._plan)
        except BaseException as e:  # noqa: BLE001 - handed to the test
            self.error = e
        finally:
            self._stopped.set()

    def until_held(self) -> None:
        """Start, and return when the call is reached or the job has ended."""
        self._thread.start()
        assert self._stopped.wait(60)

    def to_the_end(self) -> None:
        """Let it go on, and return when it has ended."""
        self._go_on.set()
        self._thread.join(60)
        assert not self._thread.is_alive()
