from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from fakes import memory_roots
from passes import TALK_S, announced, left
from sessioncast import project as project_
from sessioncast.store.local import LocalStore
from sessioncast.store.port import Roots
from shows import publish, write_session, write_show


@dataclass(frozen=True, slots=True)
class Made:
    """A recording as long as an announced session, and scratch rooms in which it, and three short ones, are made already."""

    sound: Path
    rooms: tuple[Path, ...]


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """Make the audio of a talk once, and that of three sessions with a second of tone."""
    where = tmp_path_factory.mktemp("talk")
    talk = left(where / "talk.wav", TALK_S)
    write_show(where / "show")
    slug = announced(where / "show", 0)
    shutil.copy(talk, where / "show" / "episodes" / slug)
    project_.edit_session(where / "show", slug, {"recording": "talk.wav"})
    publish(where / "show", memory_roots())
    write_show(where / "short")
    for number in range(3):
        write_session(where / "short", number)
    publish(where / "short", memory_roots())
    return Made(talk, (where / "show" / ".sessioncast", where / "short" / ".sessioncast"))


@pytest.fixture
def talk(made: Made) -> Path:
    return made.sound


@pytest.fixture
def roots(tmp_path: Path) -> Roots:
    return Roots(LocalStore(tmp_path / "public"), LocalStore(tmp_path / "state"))


@pytest.fixture
def show(tmp_path: Path, made: Made) -> Path:
    """An empty place for a show, where what costs seconds is made already."""
    for room in made.rooms:
        shutil.copytree(room, tmp_path / "show" / ".sessioncast", dirs_exist_ok=True)
    return tmp_path / "show"
