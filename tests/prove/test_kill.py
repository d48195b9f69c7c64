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

import pytest

import commands
from proxy import Answer, FaultProxy, Forward, Request
from servers import Seaweed
from sessioncast.model import StoreSettings
from sessioncast.store.opening import open_roots, public_address
from sessioncast.store.port import Artifact
from shows import assert_whole, change_session, contents, slug_of

pytestmark = pytest.mark.prove

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


class Scene:
    """A show on a bucket as things stand before a command, put back for every kill; the command goes through the proxy."""

    def __init__(self, job: str, show: Path, seaweed: Seaweed, proxy: FaultProxy) -> None:
        self.words = WORDS[job]
        self.proxy = proxy
        self.folder = shutil.copytree(show, show.parent / job)
        settings = seaweed.settings()
        self.address = public_address(settings)
        commands.move_store(self.folder, settings)
        assert commands.run(self.folder, "store", "setup").returncode == 0
        self.roots = open_roots(settings, self.folder)
        if job != "publish":
            done = commands.run(self.folder, "publish")
            assert done.returncode == 0, done.stderr
        if job == "edit":
            change_session(self.folder, slug_of(1), '"Talk 1"', '"Talk one"')
        self._before = [(store, contents(store)) for store in (self.roots.public, self.roots.private)]
        commands.move_store(self.folder, settings, public_url=self.address, endpoint_url=proxy.endpoint)
        trap = Trap(proxy, -1, after=False)
        done = commands.run(self.folder, *self.words)
        assert done.returncode == 0, done.stderr
        self.expected, self.writes = contents(self.roots.public), trap.writes

    def put_back(self) -> None:
        """Make both roots what they were before the command."""
        self.proxy.clear()
        for store, before in self._before:
            for found in list(store.scan()):
                if found.key not in before:
                    store.delete(found.key)
            for key, body in before.items():
                store.put(Artifact(key, body))

    def converges(self, what: str) -> None:
        """What stands now is whole, and the same command again leaves what an undisturbed run does."""
        self.proxy.clear()
        assert_whole(self.roots, self.address)
        done = commands.run(self.folder, *self.words)
        assert done.returncode == 0, f"{what}: {done.stderr}"
        assert contents(self.roots.public) == self.expected, what


WORDS = {
    "publish": ("publish",),
    "edit": ("publish", slug_of(1)),
    "unpublish": ("unpublish", "--yes", slug_of(2)),
}


@pytest.fixture
def scenes(show: Path, seaweed: Seaweed, s3_settings: StoreSettings, fault_proxy: FaultProxy) -> Callable[[str], Scene]:
    """Set a scene."""
    del s3_settings  # its credentials stand in the environment
    return lambda job: Scene(job, show, seaweed, fault_proxy)


@pytest.mark.xdist_group("kill-at-writes")
@pytest.mark.parametrize("job", WORDS)
def test_at_every_write(job: str, scenes: Callable[[str], Scene]) -> None:
    scene = scenes(job)
    assert scene.writes >= 5
    for number in range(1, scene.writes + 1):
        for after in (False, True):
            scene.put_back()
            trap = Trap(scene.proxy, number, after=after)
            trap.process = commands.start(scene.folder, *scene.words)
            trap.process.communicate(timeout=120)
            assert trap.process.returncode == -signal.SIGKILL
            scene.converges(f"{job}, killed {'after' if after else 'before'} write {number}")
    print(f"{job}: killed before and after each of {scene.writes} writes; every second run converged")


@pytest.mark.xdist_group("kill-at-moments")
def test_at_fifty_moments(scenes: Callable[[str], Scene]) -> None:
    seeded = random.Random(1854)
    set_ = {job: scenes(job) for job in WORDS}
    killed = 0
    for moment in range(50):
        job = seeded.choice(sorted(WORDS))
        scene = set_[job]
        scene.put_back()
        process = commands.start(scene.folder, *scene.words)
        try:
            process.communicate(timeout=seeded.uniform(0.3, 2.0))
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
            killed += 1
        scene.converges(f"{job}, moment {moment}")
    print(f"{killed} of 50 runs were killed half-way; every second run converged")
