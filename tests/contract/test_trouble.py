"""Store trouble, played by the fault proxy in front of SeaweedFS."""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from proxy import FaultProxy, answer, cut_body, hold, lose_answer, reset_before, skewed
from servers import Seaweed
from sessioncast.errors import PreconditionFailed, StoreDenied, StoreUnavailable
from sessioncast.model import StoreSettings
from sessioncast.store.opening import open_roots
from sessioncast.store.port import ABSENT, Artifact, Store

SNOW = b"John Snow: On the Mode of Communication of Cholera\n"
SEACOLE = b"Mary Seacole: Wonderful Adventures\n"


@pytest.fixture
def settings(s3_settings: StoreSettings, fault_proxy: FaultProxy) -> StoreSettings:
    """Return settings of a fresh bucket behind the proxy."""
    return s3_settings.model_copy(update={"endpoint_url": fault_proxy.endpoint})


@pytest.fixture
def store(settings: StoreSettings, tmp_path: Path) -> Store:
    return open_roots(settings, tmp_path, attempts=3).private


# --- answers ---


def test_a_403_on_head_is_denied_not_missing(store: Store, fault_proxy: FaultProxy) -> None:
    fault_proxy.play(answer(403, "Forbidden"), method="HEAD")
    with pytest.raises(StoreDenied):
        store.head("catalog.json")


def test_a_wrong_clock_is_named(store: Store, fault_proxy: FaultProxy) -> None:
    fault_proxy.play(skewed())
    asks = (
        lambda: store.read("a.txt"),
        lambda: store.head("a.txt"),
        lambda: store.put(Artifact("a.txt", SNOW), ABSENT),
    )
    for ask in asks:
        with pytest.raises(StoreDenied, match="clock") as e:
            ask()
        assert "key" not in e.value.message


def test_a_conflict_is_tried_again(store: Store, fault_proxy: FaultProxy) -> None:
    fault_proxy.play(answer(409, "ConditionalRequestConflict"), method="PUT", times=3)
    version = store.put(Artifact("catalog.json", SNOW), ABSENT)
    assert store.read("catalog.json").version == version


def test_a_conflict_that_never_ends_is_an_error(store: Store, fault_proxy: FaultProxy) -> None:
    fault_proxy.play(answer(409, "ConditionalRequestConflict"), method="PUT")
    with pytest.raises(StoreUnavailable, match="busy"):
        store.put(Artifact("catalog.json", SNOW), ABSENT)
    assert len(fault_proxy.seen) < 20


def test_a_conflict_then_a_lost_race(store: Store, fault_proxy: FaultProxy) -> None:
    store.put(Artifact("catalog.json", SEACOLE))
    fault_proxy.play(answer(409, "ConditionalRequestConflict"), method="PUT", times=1)
    with pytest.raises(PreconditionFailed):
        store.put(Artifact("catalog.json", SNOW), ABSENT)


def test_a_busy_server_is_tried_again(store: Store, fault_proxy: FaultProxy) -> None:
    fault_proxy.play(answer(503, "SlowDown"), times=1)
    store.put(Artifact("catalog.json", SNOW), ABSENT)
    assert store.read("catalog.json").body == SNOW


def test_a_server_that_stays_busy_is_unavailable(store: Store, fault_proxy: FaultProxy) -> None:
    fault_proxy.play(answer(503, "SlowDown"))
    with pytest.raises(StoreUnavailable):
        store.read("catalog.json")
    assert len(fault_proxy.seen) == 3


def test_a_full_store_says_so(store: Store, fault_proxy: FaultProxy) -> None:
    fault_proxy.play(answer(507, "XMinioStorageFull"), method="PUT")
    with pytest.raises(StoreUnavailable, match="full"):
        store.put(Artifact("catalog.json", SNOW))


# --- broken connections ---


def test_a_reset_before_the_request_is_tried_again(store: Store, fault_proxy: FaultProxy) -> None:
    fault_proxy.play(reset_before(), times=1)
    store.put(Artifact("catalog.json", SNOW), ABSENT)
    fault_proxy.play(reset_before(), method="GET", times=1)
    assert store.read("catalog.json").body == SNOW


@pytest.mark.parametrize("first", [False, True])
def test_a_lost_answer_to_our_own_write_is_no_lost_race(store: Store, fault_proxy: FaultProxy, first: bool) -> None:
    expect = ABSENT if first else store.put(Artifact("catalog.json", SEACOLE))
    fault_proxy.play(lose_answer(), method="PUT", times=1)
    version = store.put(Artifact("catalog.json", SNOW), expect)
    assert store.read("catalog.json").version == version
    assert sum(r.method == "PUT" and r.is_conditional for r in fault_proxy.seen) == 2


def test_equal_bytes_of_somebody_else_are_a_lost_race(store: Store, fault_proxy: FaultProxy) -> None:
    store.put(Artifact("claims/snow.json", SNOW), ABSENT)
    fault_proxy.play(reset_before(), method="PUT", times=1)
    with pytest.raises(PreconditionFailed):
        store.put(Artifact("claims/snow.json", SNOW), ABSENT)


def test_a_lost_answer_and_then_somebody_else_is_a_lost_race(
    store: Store, fault_proxy: FaultProxy, s3_settings: StoreSettings, tmp_path: Path
) -> None:
    reached, go = threading.Event(), threading.Event()
    fault_proxy.play(lose_answer(), method="PUT", times=1)
    fault_proxy.play(hold(go, reached), method="PUT", times=1)
    with ThreadPoolExecutor(1) as pool:
        ours = pool.submit(store.put, Artifact("catalog.json", SNOW), ABSENT)
        assert reached.wait(30)
        other = open_roots(s3_settings, tmp_path).private
        other.put(Artifact("catalog.json", SEACOLE), other.read("catalog.json").version)
        go.set()
        with pytest.raises(PreconditionFailed):
            ours.result()
    assert store.read("catalog.json").body == SEACOLE


def test_a_body_cut_in_the_middle_is_read_again(store: Store, fault_proxy: FaultProxy, tmp_path: Path) -> None:
    body = os.urandom(200_000)
    store.put(Artifact("catalog.json", body))
    for into in (None, tmp_path / "copy"):
        fault_proxy.play(cut_body(1000), method="GET", times=2)
        blob = store.read("catalog.json", into)
        assert (into.read_bytes() if into else blob.body) == body


def test_a_body_that_is_always_cut_is_an_error_and_leaves_no_file(
    store: Store, fault_proxy: FaultProxy, tmp_path: Path
) -> None:
    store.put(Artifact("catalog.json", os.urandom(200_000)))
    fault_proxy.play(cut_body(1000), method="GET")
    with pytest.raises(StoreUnavailable):
        store.read("catalog.json")
    folder = tmp_path / "here"
    folder.mkdir()
    with pytest.raises(StoreUnavailable):
        store.read("catalog.json", folder / "copy")
    assert list(folder.iterdir()) == []


def test_an_upload_whose_parts_break_is_completed_and_its_progress_is_true(
    settings: StoreSettings, fault_proxy: FaultProxy, tmp_path: Path
) -> None:
    store = open_roots(settings, tmp_path, attempts=5).public
    source = tmp_path / "recording.mp3"
    source.write_bytes(os.urandom(1024 * 1024) * 34)
    fault_proxy.play(reset_before(), method="PUT", holding="partNumber", times=2)
    fault_proxy.play(lose_answer(), method="PUT", holding="partNumber", times=1)
    told: list[int] = []
    store.put(Artifact("media/snow-0123abcd.mp3", source), on_bytes=told.append)
    assert sum(told) == source.stat().st_size
    store.read("media/snow-0123abcd.mp3", tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == source.read_bytes()


def test_an_upload_that_fails_leaves_nothing(
    store: Store, fault_proxy: FaultProxy, seaweed: Seaweed, settings: StoreSettings, tmp_path: Path
) -> None:
    source = tmp_path / "recording.mp3"
    source.write_bytes(bytes(34 * 1024 * 1024))
    fault_proxy.play(answer(403, "AccessDenied"), method="PUT", holding="partNumber=2")
    with pytest.raises(StoreDenied):
        store.put(Artifact("media/snow-0123abcd.mp3", source))
    assert list(store.scan()) == []
    bucket = settings.url.split("/")[2]
    assert not seaweed.client().list_multipart_uploads(Bucket=bucket).get("Uploads")


def test_a_page_of_a_listing_that_breaks_is_an_error(store: Store, fault_proxy: FaultProxy) -> None:
    store.put(Artifact("catalog.json", SNOW))
    fault_proxy.play(cut_body(30), method="GET", holding="list-type")
    with pytest.raises(StoreUnavailable):
        list(store.scan())


def test_a_slow_server_is_waited_for(store: Store, fault_proxy: FaultProxy) -> None:
    go, reached = threading.Event(), threading.Event()
    fault_proxy.play(hold(go, reached), method="PUT", times=1)
    with ThreadPoolExecutor(1) as pool:
        putting = pool.submit(store.put, Artifact("catalog.json", SNOW), ABSENT)
        assert reached.wait(30)
        go.set()
        assert putting.result() == store.head("catalog.json").version


def test_no_server_at_all_ends_in_unavailable(s3_settings: StoreSettings, tmp_path: Path) -> None:
    gone = s3_settings.model_copy(update={"endpoint_url": "http://127.0.0.1:9"})
    store = open_roots(gone, tmp_path, attempts=2).public
    asks = (
        lambda: store.head("feed.xml"),
        lambda: list(store.scan()),
        lambda: store.read("feed.xml"),
        lambda: store.put(Artifact("feed.xml", SNOW)),
        lambda: store.delete("feed.xml"),
    )
    for ask in asks:
        with pytest.raises(StoreUnavailable, match="reached"):
            ask()


def test_a_server_stopped_and_started_during_an_upload_is_survived(
    own_seaweed: Seaweed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in own_seaweed.admin.environment().items():
        monkeypatch.setenv(name, value)
    source = tmp_path / "recording.mp3"
    source.write_bytes(os.urandom(1024 * 1024) * 50)
    settings = own_seaweed.settings()
    reached, go = threading.Event(), threading.Event()
    with FaultProxy(own_seaweed.endpoint, own_seaweed.admin) as proxy, ThreadPoolExecutor(1) as pool:
        proxy.play(hold(go, reached), method="PUT", holding="partNumber=2", times=1)
        behind = settings.model_copy(update={"endpoint_url": proxy.endpoint})
        # More attempts than a publish has: the pauses are random, the start of a server takes its time.
        store = open_roots(behind, tmp_path, attempts=12).public
        putting = pool.submit(store.put, Artifact("media/snow-0123abcd.mp3", source))
        assert reached.wait(30)
        own_seaweed.stop()
        go.set()
        own_seaweed.start()
        version = putting.result()
        assert store.read("media/snow-0123abcd.mp3", tmp_path / "copy").version == version
    assert (tmp_path / "copy").read_bytes() == source.read_bytes()
