"""What every test stands on: a clean environment, loopback only, and a real S3 server for those that ask for it."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from proxy import FaultProxy
from servers import Seaweed
from sessioncast.model import StoreSettings

_UNCLEAN = (
    "AWS_",
    "SESSIONCAST_",
    "ZOOM_",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
    "XDG_",
    "FORCE_COLOR",
)


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No credentials, no proxies, nobody's home: what a test needs it sets itself."""
    for name in list(os.environ):
        if name.upper().startswith(_UNCLEAN) and name != "SESSIONCAST_TEST_S3_URL":
            monkeypatch.delenv(name)
    home = tmp_path_factory.getbasetemp() / "home"
    home.mkdir(exist_ok=True)
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(home))
    # Without credentials boto3 would ask the cloud's metadata address, which is no loopback.
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


@pytest.fixture(autouse=True)
def loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail a test that connects to anywhere else (the S3 server named by SESSIONCAST_TEST_S3_URL excepted)."""
    if "SESSIONCAST_TEST_S3_URL" in os.environ:
        return
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_loopback(str(address[0])):
            raise AssertionError(f"a test connects to {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(scope="session")
def seaweed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seaweed]:
    """Start one SeaweedFS a test process. Don't stop it: tests that do use ``own_seaweed``."""
    server = Seaweed(tmp_path_factory.mktemp("seaweed"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def own_seaweed(tmp_path: Path) -> Iterator[Seaweed]:
    """Start a SeaweedFS of the test's own, to be stopped and started (about 3 s)."""
    server = Seaweed(tmp_path / "seaweed")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def s3_settings(seaweed: Seaweed, monkeypatch: pytest.MonkeyPatch) -> StoreSettings:
    """Return settings of a fresh empty bucket, prefix ``show``; the admin's credentials stand in the environment."""
    for name, value in seaweed.admin.environment().items():
        monkeypatch.setenv(name, value)
    return seaweed.settings()


@pytest.fixture
def fault_proxy(seaweed: Seaweed) -> Iterator[FaultProxy]:
    """Start a proxy in front of SeaweedFS that plays what it never does by itself; no rules yet."""
    with FaultProxy(seaweed.endpoint, seaweed.admin) as proxy:
        yield proxy
