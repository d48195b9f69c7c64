"""The queue of work, on every store: kept once, in order, until done; nothing in it is lost or blocks the rest."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from fakes import FaultyStore, MemoryStore, Plan
from sessioncast import queue
from sessioncast.errors import StoreUnavailable
from sessioncast.store.local import LocalStore
from sessioncast.store.opening import open_roots
from sessioncast.store.port import Artifact, Store

NOON = datetime(2024, 1, 17, 12, tzinfo=UTC)


@pytest.fixture(params=["memory", "watched", "local", "seaweed"])
def private(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "memory":
        yield MemoryStore()
    elif request.param == "watched":
        yield FaultyStore(MemoryStore())
    elif request.param == "local":
        yield LocalStore(tmp_path / "state")
    else:
        yield open_roots(request.getfixturevalue("s3_settings"), tmp_path).private


def test_an_empty_queue_has_nothing_pending(private: Store) -> None:
    assert queue.pending(private) == ()


def test_work_comes_out_in_the_order_of_its_time_whatever_the_order_it_came_in(private: Store) -> None:
    ids = [queue.sortable(NOON + timedelta(seconds=n), f"talk {n}") for n in (2, 0, 1)]
    for id_ in ids:
        assert queue.enqueue(private, "zoom", id_, {"topic": "Notes on Nursing ✚", "about": id_})
    waiting = queue.pending(private)
    assert [item.id for item in waiting] == sorted(ids)
    assert [item.body["about"] for item in waiting] == sorted(ids)
    assert {item.kind for item in waiting} == {"zoom"}
    assert waiting[0].body["topic"] == "Notes on Nursing ✚"
    assert [item.id for item in queue.pending(private, limit=2)] == sorted(ids)[:2]


def test_the_same_work_is_kept_once_and_the_first_stands(private: Store) -> None:
    assert queue.enqueue(private, "zoom", "a-1", {"n": 1})
    assert not queue.enqueue(private, "zoom", "a-1", {"n": 2})
    assert [item.body for item in queue.pending(private)] == [{"n": 1}]


def test_twenty_who_hear_the_same_keep_it_once(private: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        kept = list(pool.map(lambda n: queue.enqueue(private, "zoom", "a-1", {"n": n}), range(20)))
    assert kept.count(True) == 1
    (item,) = queue.pending(private)
    assert kept[item.body["n"]]


def test_done_takes_one_and_only_that_off_and_may_be_said_twice(private: Store) -> None:
    for id_ in ("a-1", "a-2"):
        queue.enqueue(private, "zoom", id_, {})
    first = queue.pending(private)[0]
    queue.done(private, first)
    queue.done(private, first)
    assert [item.id for item in queue.pending(private)] == ["a-2"]
    assert queue.enqueue(private, "zoom", "a-1", {}), "a repeat after the end is queued again: doing it is idempotent"


def test_what_can_t_be_read_is_named_and_blocks_nothing(private: Store) -> None:
    private.put(Artifact("queue/a-1.json", b"{half"))
    private.put(Artifact("queue/a-2.json", b'{"kind": "zoom", "body": []}'))
    private.put(Artifact("queue/a-3.json", b"\xff\xfe"))
    queue.enqueue(private, "zoom", "a-4", {"n": 4})
    waiting = queue.pending(private)
    assert [(item.id, item.kind) for item in waiting] == [
        ("a-1", queue.UNREADABLE),
        ("a-2", queue.UNREADABLE),
        ("a-3", queue.UNREADABLE),
        ("a-4", "zoom"),
    ]
    for item in waiting:
        queue.done(private, item)
    assert queue.pending(private) == ()


def test_nothing_is_said_to_be_kept_that_is_not() -> None:
    private = FaultyStore(MemoryStore(), Plan().fail(write=1))
    with pytest.raises(StoreUnavailable):
        queue.enqueue(private, "zoom", "a-1", {})
    assert queue.pending(private) == ()
    assert queue.enqueue(private, "zoom", "a-1", {})


def test_work_that_somebody_else_does_meanwhile_is_passed_over() -> None:
    inner = MemoryStore()
    queue.enqueue(inner, "zoom", "a-1", {})
    queue.enqueue(inner, "zoom", "a-2", {})
    plan = Plan().on(lambda call: inner.delete(call.key), verb="read", key="queue/a-1.json")
    assert [item.id for item in queue.pending(FaultyStore(inner, plan))] == ["a-2"]


def test_an_id_says_when_in_utc_and_what() -> None:
    elsewhere = NOON.astimezone(timezone(timedelta(hours=-5)))
    assert queue.sortable(NOON, "a", "b") == queue.sortable(elsewhere, "a", "b")
    assert queue.sortable(NOON, "a", "b") != queue.sortable(NOON, "ab")
    assert queue.sortable(NOON, "a").startswith("20240117T120000000Z-")
    assert queue.sortable(NOON + timedelta(milliseconds=7), "z") > queue.sortable(NOON, "a")


@pytest.mark.parametrize("id_", ["", "../catalog", "a/b", ".hidden", "a b", "ä"])
def test_an_id_that_is_no_plain_name_is_a_bug(id_: str) -> None:
    with pytest.raises(ValueError, match="letters, digits"):
        queue.enqueue(MemoryStore(), "zoom", id_, {})
