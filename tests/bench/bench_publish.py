"""What organisers wait for besides audio: help, a publish with nothing new, one more episode beside a thousand."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.row import Row
from fakes import memory_roots
from many import fill
from sessioncast.store.local import LocalStore
from sessioncast.store.port import Roots
from shows import NOW, publish, slug_of, write_session, write_show


def run(short: bool) -> Iterator[Row]:
    """Yield the rows."""
    many = 200 if short else 1000
    command = [sys.executable, "-m", "sessioncast"]
    bare = _best(lambda: _call([sys.executable, "-c", "import click"]))
    help_ = _best(lambda: _call([*command, "--help"]))
    yield Row("sessioncast --help", help_, "s", "under 0.2 s", 3)
    yield Row("  to an empty click program", help_ / bare, "×", "", 2)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "show"
        write_show(folder)
        write_session(folder, 0)
        publish(folder, memory_roots())
        roots = Roots(LocalStore(folder / "public"), LocalStore(folder / ".sessioncast" / "state"))
        fill(roots, many)
        started = time.perf_counter()
        publish(folder, roots, slug_of(0), now=NOW)
        yield Row(f"one more beside {many}, audio made", time.perf_counter() - started, "s", "a folder store", 2)
        again = _best(lambda: _call([*command, "-C", str(folder), "publish"]))
        yield Row(f"nothing new, {many + 1} published", again, "s", "under 1.5 s", 2)


def _call(command: list[str]) -> None:
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)


def _best(job: Callable[[], object], times: int = 5) -> float:
    """Return the shortest of several runs, in seconds."""
    runs = []
    for _ in range(times):
        started = time.perf_counter()
        job()
        runs.append(time.perf_counter() - started)
    return min(runs)
