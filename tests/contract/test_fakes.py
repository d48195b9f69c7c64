"""The wrappers that play trouble for the publish protocol."""

from __future__ import annotations

import pytest

from fakes import FaultyStore, Killed, MemoryStore, Plan, memory_roots, watched
from sessioncast.errors import ObjectMissing, StoreUnavailable
from sessioncast.store.port import Artifact

SNOW = b"John Snow: On the Mode of Communication of Cholera\n"
SEACOLE = b"Mary Seacole: Wonderful Adventures\n"


def test_a_plan_counts_over_both_roots_and_acts_at_the_kth_write() -> None:
    plan = Plan().kill(write=2).fail(when="after", write=3)
    roots = watched(memory_roots(), plan)
    roots.private.put(Artifact("catalog.json", SNOW))
    with pytest.raises(Killed):
        roots.public.put(Artifact("feed.xml", SNOW))
    with pytest.raises(ObjectMissing):
        roots.public.head("feed.xml")
    with pytest.raises(StoreUnavailable):
        roots.public.put(Artifact("feed.xml", SEACOLE))
    assert roots.public.read("feed.xml").body == SEACOLE
    assert (plan.count(), plan.writes, plan.count("read"), plan.count("head")) == (5, 3, 1, 1)


def test_a_plan_may_let_somebody_else_in() -> None:
    inner = MemoryStore()
    plan = Plan().on(lambda call: inner.delete(call.key), verb="read", key="feed.xml")
    store = FaultyStore(inner, plan)
    store.put(Artifact("feed.xml", SNOW))
    with pytest.raises(ObjectMissing):
        store.read("feed.xml")
