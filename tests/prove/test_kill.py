"""kill -9 against SeaweedFS: at every write, before and after it reached the store; and at fifty seeded moments."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import commands
import pytest
from proxy import Answer, FaultProxy, Forward, Request
from servers import Seaweed
from shows import assert_whole, change_session, contents, slug_of

from sessioncast.model import StoreSettings
from sessioncast.store.opening import open_roots, public_address

pytestmark = [pytest.mark.prove, pytest.mark.xdist_group("kill")]

WRITES = frozenset({"PUT", "POST", "DELETE"})


class Trap:
    """Kills the process that listens to it when the n-th write passes the proxy."""

    def __init__(self, proxy: FaultProxy, number: int, *, after: bool) -> None:
        self.process: subprocess.Popen[str] | None = None
        self.writes = 0
        self._number, self._after = number, after
        self._lock = threading.Lock()
        proxy.clear()
        proxy.play(self._pass)

    def _pass(self, request: Request, forward: Forward) -> Answer:
        with self._lock:
            if request.method in WRITES:
                self.writes += 1
            due = request.method in WRITES and self.writes == self._number
            if due and not self._after:
                self._kill()
            dead = self.process is not None and self.process.poll() is not None
        if dead:
            return Answer(503, [], b"")  # a dead process sends nothing: what still stood in the socket is dropped
        answer = forward(request)
        if due and self._after:
            self._kill()
        return answer

    def _kill(self) -> None:
        assert self.process is not None
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()


class Job:
    """One command on a store that stands ready for it."""

    def __init__(self, words: tuple[str, ...], prepare: Callable[[Path], None] | None) -> None:
        self.words, self._prepare = words, prepare

    def ready(self, show: Path, seaweed: Seaweed, endpoint: str) -> tuple[Path, StoreSettings]:
        """Return a fresh copy of the show on a fresh bucket, as things stand before the command."""
        settings = seaweed.settings()
        folder = show.parent / f"job-{settings.url.split('/')[2]}"
        shutil.copytree(show, folder)
        commands.move_store(folder, settings, public_url=public_address(settings))
        assert commands.run(folder, "store", "setup").returncode == 0
        if self._prepare is not None:
            done = commands.run(folder, "publish")
            assert done.returncode == 0, done.stderr
            self._prepare(folder)
        commands.move_store(folder, settings, public_url=public_address(settings), endpoint_url=endpoint)
        return folder, settings


def _edit(folder: Path) -> None:
    change_session(folder, slug_of(1), '"Talk 1"', '"Talk one"')


JOBS = {
    "publish": Job(("publish",), None),
    "edit": Job(("publish", slug_of(1)), _edit),
    "unpublish": Job(("unpublish", "--yes", slug_of(2)), lambda _: None),
}


def _public(folder: Path, settings: StoreSettings) -> dict[str, bytes]:
    """Return the public root, its address taken out."""
    address = public_address(settings).encode()
    return {key: body.replace(address, b"(address)") for key, body in contents(open_roots(settings, folder).public).items()}


def _undisturbed(job: Job, show: Path, seaweed: Seaweed, proxy: FaultProxy) -> tuple[dict[str, bytes], int]:
    folder, settings = job.ready(show, seaweed, proxy.endpoint)
    trap = Trap(proxy, -1, after=False)
    done = commands.run(folder, *job.words)
    assert done.returncode == 0, done.stderr
    return _public(folder, settings), trap.writes


def _again(job: Job, folder: Path, settings: StoreSettings, expected: dict[str, bytes], what: str) -> None:
    assert_whole(open_roots(settings, folder), public_address(settings))
    done = commands.run(folder, *job.words)
    assert done.returncode == 0, f"{what}: {done.stderr}"
    assert _public(folder, settings) == expected, what
    shutil.rmtree(folder)


@pytest.mark.parametrize("name", JOBS)
def test_at_every_write(
    name: str, show: Path, seaweed: Seaweed, s3_settings: StoreSettings, fault_proxy: FaultProxy
) -> None:
    del s3_settings  # its credentials stand in the environment
    job = JOBS[name]
    expected, writes = _undisturbed(job, show, seaweed, fault_proxy)
    assert writes >= 5
    for number in range(1, writes + 1):
        for after in (False, True):
            folder, settings = job.ready(show, seaweed, fault_proxy.endpoint)
            trap = Trap(fault_proxy, number, after=after)
            trap.process = commands.start(folder, *job.words)
            trap.process.communicate(timeout=120)
            assert trap.process.returncode == -signal.SIGKILL
            fault_proxy.clear()
            _again(job, folder, settings, expected, f"{name}, killed {'after' if after else 'before'} write {number}")
    print(f"{name}: killed before and after each of {writes} writes; every second run converged")


def test_at_fifty_moments(show: Path, seaweed: Seaweed, s3_settings: StoreSettings, fault_proxy: FaultProxy) -> None:
    del s3_settings
    seeded = random.Random(1854)
    expected = {name: _undisturbed(job, show, seaweed, fault_proxy)[0] for name, job in JOBS.items()}
    killed = 0
    for moment in range(50):
        name = seeded.choice(sorted(JOBS))
        job = JOBS[name]
        folder, settings = job.ready(show, seaweed, fault_proxy.endpoint)
        fault_proxy.clear()
        process = commands.start(folder, *job.words)
        try:
            process.communicate(timeout=seeded.uniform(0.3, 3.0))
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            killed += 1
        _again(job, folder, settings, expected[name], f"{name}, moment {moment}")
    assert killed >= 20
    print(f"{killed} of 50 runs were killed half-way; every second run converged")
