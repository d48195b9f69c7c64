from __future__ import annotations

from pathlib import Path

import pytest

from fakes import memory_roots
from shows import publish, write_session, write_show, write_tone


@pytest.fixture(scope="session")
def tone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A second of sound."""
    path = tmp_path_factory.mktemp("tone") / "tone.wav"
    write_tone(path)
    return path


@pytest.fixture
def show(tmp_path: Path, tone: Path) -> Path:
    """A show of three sessions whose masters are made already."""
    folder = tmp_path / "show"
    write_show(folder)
    for number in range(3):
        write_session(folder, number, recording=tone)
    publish(folder, memory_roots())
    return folder
