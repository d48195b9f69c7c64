"""A publish to a store in trouble: one clear error or a completed retry, and nothing half-public."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

import commands
from proxy import FaultProxy, answer, cut_body, hold, ignore_conditions, reset_before, skewed
from servers import Seaweed
from sessioncast import layout
from sessioncast.model import StoreSettings
from sessioncast.store.opening import open_roots, public_address
from shows import assert_whole

STORE_ERROR = 5


@pytest.fixture
def bucket(show: Path, s3_settings: StoreSettings, fault_proxy: FaultProxy) -> tuple[Path, StoreSettings]:
    """The show pointed at a bucket that is set up, through the proxy; listeners fetch from the server itself."""
    commands.move_store(show, s3_settings)
    assert commands.run(show, "store", "setup").returncode == 0
    commands.move_store(show, s3_settings, endpoint_url=fault_proxy.endpoint, public_url=public_address(s3_settings))
    return show, s3_settings


def fails(folder: Path, word: str, **environment: str) -> None:
    """The command ends with the store's exit code, one error with this word, a hint, and no traceback."""
    done = commands.run(folder, "publish", extra=environment)
    assert done.returncode == STORE_ERROR, done.stderr
    error = done.stderr[done.stderr.index("error: ") :]
    assert word in error.lower(), error
    assert "Traceback" not in done.stderr
    assert error.count("error: ") == 1


def recovers(folder: Path, settings: StoreSettings) -> None:
    """Nothing is half-public now, and the same command again goes through."""
    roots = open_roots(settings, folder)
    assert_whole(roots, public_address(settings))
    done = commands.run(folder, "publish")
    assert done.returncode == 0, done.stderr
    assert_whole(roots, public_address(settings))
    assert roots.public.head(layout.FEED).size > 0


def test_a_wrong_key(bucket: tuple[Path, StoreSettings]) -> None:
    fails(bucket[0], "key", AWS_SECRET_ACCESS_KEY="wrong")
    recovers(*bucket)


def test_no_permission(bucket: tuple[Path, StoreSettings], seaweed: Seaweed) -> None:
    fails(bucket[0], "may not", **seaweed.reader.environment())
    recovers(*bucket)


def test_a_missing_bucket(show: Path, s3_settings: StoreSettings) -> None:
    commands.move_store(show, s3_settings, url="s3://there-is-none/show")
    done = commands.run(show, "publish")
    assert done.returncode == STORE_ERROR
    assert "sessioncast store setup" in done.stderr


def test_a_clock_that_is_wrong(bucket: tuple[Path, StoreSettings], fault_proxy: FaultProxy) -> None:
    fault_proxy.play(skewed())
    fails(bucket[0], "clock")
    fault_proxy.clear()
    recovers(*bucket)


def test_a_conflict_that_passes(bucket: tuple[Path, StoreSettings], fault_proxy: FaultProxy) -> None:
    fault_proxy.play(answer(409, "ConditionalRequestConflict"), method="PUT", conditional=True, times=3)
    recovers(*bucket)


def test_conditions_refused(bucket: tuple[Path, StoreSettings], fault_proxy: FaultProxy) -> None:
    fault_proxy.play(answer(501, "NotImplemented"), method="PUT", conditional=True)
    fails(bucket[0], "single_writer")
    fault_proxy.clear()
    recovers(*bucket)


def test_conditions_ignored(bucket: tuple[Path, StoreSettings], fault_proxy: FaultProxy, seaweed: Seaweed) -> None:
    fault_proxy.play(ignore_conditions(seaweed.admin), method="PUT", conditional=True)
    fails(bucket[0], "single_writer")
    fault_proxy.clear()
    recovers(*bucket)


def test_conditions_ignored_and_a_single_writer(
    bucket: tuple[Path, StoreSettings], fault_proxy: FaultProxy, seaweed: Seaweed
) -> None:
    fault_proxy.play(ignore_conditions(seaweed.admin), method="PUT", conditional=True)
    toml = bucket[0] / "feed" / "show.toml"
    toml.write_text(toml.read_text("utf-8") + "single_writer = true\n", "utf-8")
    recovers(*bucket)


def test_connections_that_break(bucket: tuple[Path, StoreSettings], fault_proxy: FaultProxy) -> None:
    fault_proxy.play(reset_before(), method="PUT", times=2)
    fault_proxy.play(cut_body(), method="GET", times=1)
    recovers(*bucket)


def test_a_slow_server(bucket: tuple[Path, StoreSettings], fault_proxy: FaultProxy) -> None:
    go_on, reached = threading.Event(), threading.Event()
    fault_proxy.play(hold(go_on, reached), method="PUT", times=1)
    process = commands.start(bucket[0], "publish")
    assert reached.wait(60)
    go_on.set()
    _, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    recovers(*bucket)


def test_the_server_stops_during_an_upload_and_comes_back(
    show: Path, own_seaweed: Seaweed, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in own_seaweed.admin.environment().items():
        monkeypatch.setenv(name, value)
    settings = own_seaweed.settings()
    commands.move_store(show, settings)
    assert commands.run(show, "store", "setup").returncode == 0
    go_on, reached = threading.Event(), threading.Event()
    with FaultProxy(own_seaweed.endpoint, own_seaweed.admin) as proxy:
        commands.move_store(show, settings, endpoint_url=proxy.endpoint, public_url=public_address(settings))
        proxy.play(hold(go_on, reached), method="PUT", holding="media/", times=1)
        process = commands.start(show, "publish")
        assert reached.wait(60)
        own_seaweed.stop()
        go_on.set()
        own_seaweed.start()
        process.communicate(timeout=200)
        if process.returncode == 0:
            assert_whole(open_roots(settings, show), public_address(settings))
        else:
            assert process.returncode == STORE_ERROR
        recovers(show, settings)


def test_the_server_is_gone(show: Path, s3_settings: StoreSettings) -> None:
    commands.move_store(show, s3_settings, endpoint_url="http://127.0.0.1:9")
    fails(show, "reached")
