from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fakes import memory_roots
from hostile import Hostile
from sessioncast import layout
from sessioncast.errors import ObjectMissing
from sessioncast.store.port import Roots
from shows import publisher, write_session, write_show


def reading(roots: Roots, key: str) -> bytes | None:
    """Return what a public key holds."""
    try:
        return roots.public.read(key or layout.HOME).body
    except ObjectMissing:
        return None


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a show of two sessions, masters made."""
    where = tmp_path_factory.mktemp("verify") / "show"
    write_show(where)
    write_session(where, 0)
    write_session(where, 1)
    publisher(where, memory_roots()).publish()
    return where


@pytest.fixture
def empty() -> Roots:
    """Return an empty store."""
    return memory_roots()


@pytest.fixture
def server(empty: Roots) -> Iterator[Hostile]:
    """Start a server in front of ``empty``; nothing wrong with it yet."""
    with Hostile(lambda key: reading(empty, key)) as hostile:
        yield hostile


@pytest.fixture
def public(folder: Path, empty: Roots, server: Hostile) -> Hostile:
    """Return the same server, the show published behind it."""
    publisher(folder, empty, public_url=server.base).publish()
    return server
