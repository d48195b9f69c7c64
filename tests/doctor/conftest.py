from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from asking import ask
from passes import EAGER, auto_toml
from shows import NOW, write_session, write_show


@pytest.fixture(autouse=True)
def fixed_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(NOW.timestamp())))


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A show with one session, published by a pass."""
    folder = tmp_path_factory.mktemp("made") / "show"
    write_show(folder)
    write_session(folder, 0)
    auto_toml(folder, EAGER)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", str(int(NOW.timestamp())))
        assert ask(folder, "auto").code == 0
    return folder


@pytest.fixture
def show(made: Path, tmp_path: Path) -> Path:
    """A copy of it, to be broken."""
    return Path(shutil.copytree(made, tmp_path / "show"))
