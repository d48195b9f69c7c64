"""Going on: what wakes a watch, and a file that is copied slowly while it watches."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import pytest

from passes import did, hands, programme
from sessioncast.automate import Run
from sessioncast.automate.watching import FolderWaiter, watch
from sessioncast.commit import read_catalog
from sessioncast.store.port import Roots
from shows import NOW, assert_whole

EVERY, SETTLE = 300.0, 120.0


@dataclass
class Script:
    """A waiter that plays what happens: the moment of each wait, True for a change."""

    happens: list[bool]
    time: float = 0.0
    waits: list[float] = field(default_factory=list)

    def wait(self, seconds: float) -> bool:
        self.waits.append(seconds)
        changed = self.happens.pop(0)
        self.time += 1.0 if changed else seconds
        return changed

    def clock(self) -> float:
        return self.time


def story(*, due: timedelta | None = None, growing: bool = False) -> Run:
    return Run("r", NOW, NOW, due=None if due is None else NOW + due, growing=growing)


@pytest.mark.parametrize(
    ("run", "pause"),
    [
        (story(), EVERY),
        (story(due=timedelta(hours=3)), EVERY),
        (story(due=timedelta(seconds=40)), 41),
        (story(due=timedelta(seconds=-5)), 1),
        (story(growing=True), SETTLE + 1),
        (story(growing=True, due=timedelta(seconds=10)), 11),
    ],
)
def test_it_sleeps_until_something_is_due(run: Run, pause: float) -> None:
    waiter = Script([False])
    assert list(islice(watch(lambda: run, waiter, every=EVERY, settle=SETTLE), 2)) == [run, run]
    assert waiter.waits == [pause]


def test_a_change_is_looked_at_once_it_is_quiet() -> None:
    waiter = Script([True, True, True, False])
    passes = list(islice(watch(story, waiter, every=EVERY, settle=SETTLE), 2))
    assert len(passes) == 2
    assert waiter.waits == [EVERY, SETTLE, SETTLE, SETTLE]


def test_a_folder_that_is_never_quiet_is_looked_into_all_the_same() -> None:
    waiter = Script([True] * 1000)
    list(islice(watch(story, waiter, every=EVERY, settle=SETTLE), 2))
    assert waiter.waits.count(SETTLE) == EVERY


def test_a_folder_that_is_not_there_is_only_waited_at(tmp_path: Path) -> None:
    waiter = FolderWaiter(tmp_path / "none")
    assert not waiter.wait(0.01)
    (tmp_path / "none").mkdir()
    waiter.wait(0.01)
    noticed = threading.Event()

    def look() -> None:
        while not waiter.wait(5):
            pass
        noticed.set()

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    for number in range(1000):
        (tmp_path / "none" / f"{number}.m4a").write_bytes(b"x")
        if noticed.wait(0.05):
            break
    assert noticed.wait(30)
    thread.join(30)


class SlowCopy:
    """The system's own notices, and a copy that goes on by a piece each time one was seen; time passes only when it is over."""

    def __init__(self, source: Path, target: Path, pieces: int) -> None:
        self.target = target
        body = source.read_bytes()
        size = -(-len(body) // pieces)
        self.pieces = [body[at : at + size] for at in range(0, len(body), size)]
        self.sizes_seen: list[int] = []
        self.ahead = timedelta(0)
        self.asked = 0.0
        self.real = FolderWaiter(target.parent.parent)

    def here(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def wait(self, seconds: float) -> bool:
        if not self.pieces:
            self.ahead += timedelta(seconds=seconds)  # nothing comes any more: the wait is over at once
            return False
        self.target.parent.mkdir(exist_ok=True)
        with self.target.open("ab") as file:
            file.write(self.pieces.pop(0))
            file.flush()
            os.fsync(file.fileno())
        while not self.real.wait(30):
            raise AssertionError("the system said nothing of a file that grew")
        return True

    def clock(self) -> float:
        self.asked += 100.0
        return self.asked


def test_a_file_copied_slowly_is_published_once_and_whole(show: Path, tmp_path: Path, roots: Roots, talk: Path) -> None:
    (slug,) = programme(
        show, "812 3456 7890", auto='[auto]\nwait = 0\ntranscript = "no"\n\n[inbox]\nfolder = "../in"\n'
    )
    inbox = tmp_path / "in"
    inbox.mkdir()
    slow = SlowCopy(talk, inbox / "2020-01-10 12.00.10 Talk 0 81234567890" / "audio_only.wav", 6)
    growing: list[bool] = []

    def once() -> Run:
        run = hands(show, roots, here=slow.here).run()
        growing.append(run.growing)
        slow.sizes_seen.append(slow.target.stat().st_size if slow.target.exists() else 0)
        return run

    # the clock runs so fast that the folder is looked into while it grows; the settle time alone tells when the file is whole
    steps = []
    for run in watch(once, slow, every=60, settle=SETTLE):
        steps += did(run)
        if ("publish", slug) in steps or len(slow.sizes_seen) > 30:
            break
    assert any(growing)
    assert 0 < slow.sizes_seen[1] < talk.stat().st_size
    assert [step for step, _ in steps] == ["match", "publish", "verify"]
    catalog = read_catalog(roots.private).catalog
    assert catalog is not None
    assert round(catalog.episodes[0].enclosure.duration) == 126
    assert_whole(roots)
    assert (show / "episodes" / slug / "audio_only.wav").read_bytes() == talk.read_bytes()
    assert did(hands(show, roots, here=slow.here).run()) == []


def test_a_folder_that_cannot_be_watched_is_only_waited_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def refuse(*_: object, **__: object) -> Iterator[object]:
        opened.append("")
        yield from ()
        raise OSError(28, "OS file watch limit reached")

    monkeypatch.setattr("watchfiles.watch", refuse)
    waiter = FolderWaiter(tmp_path)
    since = waiter.clock()
    assert not waiter.wait(0.35), "longer than one step"
    assert waiter.clock() - since >= 0.35
    assert len(opened) <= 2, "asked once a wait"


def test_a_watch_that_breaks_off_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def breaks(*_: object, **__: object) -> Iterator[object]:
        opened.append("")
        yield set()
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("watchfiles.watch", breaks)
    waiter = FolderWaiter(tmp_path)
    assert not waiter.wait(0.05)
    assert len(opened) == 1
