from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from fakes import memory_roots
from sessioncast.store.port import Roots
from shows import publish, write_session, write_show
from tellings import OLD, RECENT


@pytest.fixture(scope="session")
def recent_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A show of two talks of this week and an old one, whose masters are made already."""
    folder = tmp_path_factory.mktemp("telling") / "show"
    write_show(folder)
    for number in (*RECENT, OLD):
        write_session(folder, number)
    publish(folder, memory_roots())
    return folder


@pytest.fixture
def show(recent_template: Path, tmp_path: Path) -> Path:
    """A copy of the show, masters made."""
    folder = tmp_path / "show"
    shutil.copytree(recent_template, folder)
    return folder


@pytest.fixture
def roots() -> Roots:
    """An empty store."""
    return memory_roots()
