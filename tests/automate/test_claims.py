"""Claims: one has the work, a dead one's runs out by the store's clock, a lost one is noticed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fakes import FaultyStore, MemoryStore, Plan
from sessioncast import layout
from sessioncast.automate.claims import LEASE, Claims, place_of
from sessioncast.errors import StoreUnavailable
from sessioncast.model import StoreSettings
from sessioncast.store.local import LocalStore
from sessioncast.store.opening import open_roots
from sessioncast.store.port import Artifact, Store

WORK = "2024-02-20-mary-seacole"


class StoreClock:
    """A store's clock that a test turns."""

    def __init__(self) -> None:
        self.time = datetime(2024, 3, 1, 9, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture(params=["memory", "local", "seaweed"])
def private(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    if request.param == "memory":
        return MemoryStore()
    if request.param == "local":
        return LocalStore(tmp_path / "state")
    settings: StoreSettings = request.getfixturevalue("s3_settings")
    return open_roots(settings, tmp_path).private


def test_of_many_who_ask_one_has_it(private: Store) -> None:
    many = [Claims(private, f"run-{n}", f"place-{n}") for n in range(8)]
    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(lambda claims: claims.take(WORK), many))
    assert sum(won) == 1
    winner = many[won.index(True)]
    assert winner.take(WORK)
    assert not many[won.index(False)].take(WORK)
    winner.release()
    assert list(private.scan("claims/")) == []
    assert many[won.index(False)].take(WORK)


def test_a_claim_runs_out_by_the_stores_clock_and_renewing_keeps_it() -> None:
    clock = StoreClock()
    private = MemoryStore(clock=clock)
    mine, theirs = Claims(private, "a", "here"), Claims(private, "b", "there")
    assert mine.take(WORK)
    clock.time += LEASE * 0.9
    assert not theirs.take(WORK)
    mine.renew()
    clock.time += LEASE * 0.9
    assert not theirs.take(WORK)
    clock.time += LEASE * 0.2
    assert theirs.take(WORK)  # its holder said nothing for a whole lease
    mine.renew()
    assert not mine.holds(WORK)
    mine.release()
    assert theirs.holds(WORK)
    theirs.renew()
    assert theirs.holds(WORK)


def test_what_died_in_this_folder_holds_nothing_up(tmp_path: Path) -> None:
    private = MemoryStore()
    assert Claims(private, "killed", place_of(tmp_path)).take(WORK)
    assert Claims(private, "next", place_of(tmp_path)).take(WORK)
    assert not Claims(private, "elsewhere", place_of(tmp_path / "other")).take(WORK)


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b'{"until": "soon", "place": "x"}', b'{"until": 5}', b"\xff"])
def test_what_nobody_can_read_nobody_holds(body: bytes) -> None:
    private = MemoryStore()
    private.put(Artifact(layout.claim(WORK), body))
    assert Claims(private, "a", "here").take(WORK)


def test_what_killed_passes_left_is_swept_up_and_nothing_else() -> None:
    private = MemoryStore()
    for run, place in (("killed", "here"), ("alive", "there")):
        assert Claims(private, run, place).take(f"{run}-talk")
    mine = Claims(private, "next", "here")
    assert mine.take(WORK)
    mine.sweep()
    assert [f.key for f in private.scan("claims/")] == [layout.claim(WORK), layout.claim("alive-talk")]


def test_a_claim_says_nothing_of_the_machine(tmp_path: Path) -> None:
    import socket

    private = MemoryStore()
    Claims(private, "a", place_of(tmp_path)).take(WORK)
    said = private.read(layout.claim(WORK)).body.decode()
    assert socket.gethostname() not in said
    assert str(tmp_path) not in said


def test_a_store_that_fails_while_letting_go_costs_nothing_but_time() -> None:
    private = MemoryStore()
    claims = Claims(FaultyStore(private, Plan().fail(verb="delete")), "a", "here")
    with claims.kept():
        assert claims.take(WORK)
    assert [f.key for f in private.scan("claims/")] == [layout.claim(WORK)]
    with pytest.raises(StoreUnavailable):
        Claims(FaultyStore(private, Plan().fail(verb="now")), "b", "there").take(WORK)


def test_the_background_renews_until_the_work_is_done() -> None:
    import threading

    renewed = threading.Event()
    private = MemoryStore()
    seen: list[int] = []

    def count(_call: object) -> None:
        seen.append(1)
        if len(seen) >= 3:
            renewed.set()

    plan = Plan().on(count, when="after", verb="put", times=-1)
    claims = Claims(FaultyStore(private, plan), "a", "here", lease=timedelta(milliseconds=30))
    with claims.kept():
        assert claims.take(WORK)
        assert renewed.wait(30)
    assert list(private.scan("claims/")) == []
