"""Eight machines publish eight different sessions each to one bucket at the same time, ten times over."""

from __future__ import annotations

import shutil
from pathlib import Path

import feedparser
import pytest

import commands
from fakes import memory_roots
from sessioncast import layout
from sessioncast.catalog import decode
from sessioncast.model import StoreSettings
from sessioncast.store.opening import open_roots
from shows import assert_whole, publish, write_session, write_show

MACHINES, EACH, ROUNDS = 8, 8, 10

pytestmark = [pytest.mark.prove, pytest.mark.xdist_group("many")]


@pytest.fixture(scope="module")
def machines(tmp_path_factory: pytest.TempPathFactory, tone: Path) -> list[Path]:
    """Eight show folders, masters made."""
    where = tmp_path_factory.mktemp("machines")
    folders: list[Path] = []
    for machine in range(MACHINES):
        folder = where / f"machine-{machine}"
        write_show(folder)
        for number in range(EACH):
            write_session(folder, machine * EACH + number, recording=tone)
        if folders:
            shutil.copytree(folders[0] / ".sessioncast", folder / ".sessioncast")
        publish(folder, memory_roots())
        folders.append(folder)
    return folders


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_nothing_is_lost_and_nothing_doubled(machines: list[Path], s3_settings: StoreSettings, round_: int) -> None:
    assert commands.run(_at(machines[0], s3_settings), "store", "setup").returncode == 0
    running = [commands.start(_at(folder, s3_settings), "publish") for folder in machines]
    for process in running:
        _, err = process.communicate(timeout=300)
        assert process.returncode == 0, err
    roots = open_roots(s3_settings, machines[0])
    catalog = decode(roots.private.read(layout.CATALOG).body, "catalog")
    feed = feedparser.parse(roots.public.read(layout.FEED).body)
    guids = [entry.id for entry in feed.entries]
    assert len(guids) == len(set(guids)) == len(catalog.episodes) == MACHINES * EACH
    assert catalog.revision == MACHINES
    assert_whole(roots, catalog.show.public_url)
    print(f"round {round_ + 1}: {len(guids)} items, revision {catalog.revision}, no guid twice")


def _at(folder: Path, settings: StoreSettings) -> Path:
    commands.move_store(folder, settings)
    return folder
