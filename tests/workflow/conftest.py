from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from fakes import memory_roots
from sessioncast.store.port import Roots
from shows import publish, write_session, write_show

SESSIONS = 4


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A show of four sessions whose masters are made already."""
    folder = tmp_path_factory.mktemp("template") / "show"
    write_show(folder)
    for number in range(SESSIONS):
        write_session(folder, number)
    publish(folder, memory_roots())
    return folder


@pytest.fixture
def show(template: Path, tmp_path: Path) -> Path:
    """A copy of the show, masters made."""
    folder = tmp_path / "show"
    shutil.copytree(template, folder)
    return folder


@pytest.fixture
def copy(tmp_path: Path) -> Callable[[Path, str], Path]:
    """Copy a folder, as another checkout would have it."""

    def make(folder: Path, name: str) -> Path:
        shutil.copytree(folder, tmp_path / name)
        return tmp_path / name

    return make


@pytest.fixture
def roots() -> Roots:
    """An empty store."""
    return memory_roots()
