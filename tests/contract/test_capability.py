"""What a store can do is probed both ways before the first write, and remembered."""

from __future__ import annotations

from pathlib import Path

import pytest

from fakes import FaultyStore, MemoryStore, Plan
from proxy import FaultProxy, answer, ignore_conditions
from sessioncast import layout
from sessioncast.errors import ObjectMissing, PreconditionFailed, StoreDenied, StoreError, StoreUnavailable
from sessioncast.model import StoreSettings
from sessioncast.store.capability import ensure_conditional
from sessioncast.store.local import LocalStore
from sessioncast.store.opening import open_roots
from sessioncast.store.port import ABSENT, Artifact

SNOW = b"John Snow: On the Mode of Communication of Cholera\n"
SEACOLE = b"Mary Seacole: Wonderful Adventures\n"


@pytest.fixture
def settings(s3_settings: StoreSettings, fault_proxy: FaultProxy) -> StoreSettings:
    """Return settings of a fresh bucket behind the proxy."""
    return s3_settings.model_copy(update={"endpoint_url": fault_proxy.endpoint})


def test_a_store_with_conditions_is_probed_once(
    settings: StoreSettings, fault_proxy: FaultProxy, tmp_path: Path
) -> None:
    private = open_roots(settings, tmp_path).private
    ensure_conditional(private, single_writer=False)
    assert [f.key for f in private.scan()] == [layout.PROBE]
    before = len(fault_proxy.seen)
    ensure_conditional(private, single_writer=False)
    assert [r.method for r in fault_proxy.seen[before:]] == ["GET"]


def test_a_store_that_refuses_conditions_is_refused(
    settings: StoreSettings, fault_proxy: FaultProxy, tmp_path: Path
) -> None:
    fault_proxy.play(answer(501, "NotImplemented"), method="PUT", conditional=True)
    private = open_roots(settings, tmp_path).private
    with pytest.raises(StoreError, match="refuses conditional writes") as e:
        ensure_conditional(private, single_writer=False)
    assert e.value.exit_code == 5
    assert "single_writer" in e.value.hint
    assert list(private.scan()) == []
    with pytest.raises(StoreError, match="conditional"):
        private.put(Artifact("catalog.json", SNOW), ABSENT)


def test_a_store_that_ignores_conditions_is_refused(
    settings: StoreSettings, fault_proxy: FaultProxy, tmp_path: Path
) -> None:
    fault_proxy.play(ignore_conditions(fault_proxy.keys), method="PUT", conditional=True)
    private = open_roots(settings, tmp_path).private
    with pytest.raises(StoreError, match="silently ignores"):
        ensure_conditional(private, single_writer=False)
    assert list(private.scan()) == []
    fault_proxy.clear()
    ensure_conditional(private, single_writer=False)


def test_the_single_writer_of_a_store_without_conditions(
    settings: StoreSettings, fault_proxy: FaultProxy, tmp_path: Path
) -> None:
    fault_proxy.play(answer(501, "NotImplemented"), method="PUT", conditional=True)
    private = open_roots(settings.model_copy(update={"single_writer": True}), tmp_path).private
    ensure_conditional(private, single_writer=True)
    assert fault_proxy.seen == []
    version = private.put(Artifact("catalog.json", SNOW), ABSENT)
    with pytest.raises(PreconditionFailed):
        private.put(Artifact("catalog.json", SNOW), ABSENT)
    private.put(Artifact("catalog.json", SEACOLE), version)
    with pytest.raises(PreconditionFailed):
        private.put(Artifact("catalog.json", SNOW), version)


def test_a_folder_and_memory_keep_conditions(tmp_path: Path) -> None:
    for private in (LocalStore(tmp_path / "state"), MemoryStore()):
        ensure_conditional(private, single_writer=False)
        assert [f.key for f in private.scan()] == [layout.PROBE]


@pytest.mark.parametrize("error", [StoreDenied("no"), StoreUnavailable("no"), ObjectMissing("no bucket")])
def test_trouble_while_probing_is_told_as_it_is(error: StoreError) -> None:
    plan = Plan().fail(error, write=2)
    with pytest.raises(type(error), match=error.message):
        ensure_conditional(FaultyStore(MemoryStore(), plan), single_writer=False)
