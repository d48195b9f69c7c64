"""Two unattended passes side by side on two machines and one bucket, killed -9 at seeded moments: the same season at the end."""

from __future__ import annotations

import random
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

import commands
from passes import EAGER, auto_toml, captions
from sessioncast import layout
from sessioncast.catalog import decode
from sessioncast.model import StoreSettings
from sessioncast.store.opening import open_roots, public_address
from sessioncast.store.port import Roots
from shows import assert_whole, contents, slug_of

MOMENTS = 8

pytestmark = [pytest.mark.prove, pytest.mark.xdist_group("unattended")]


def season(roots: Roots) -> list[dict[str, Any]]:
    """Return what is public, without the revisions: how many commits it took depends on who was killed when."""
    catalog = decode(roots.private.read(layout.CATALOG).body, "catalog")
    return [episode.model_dump(mode="json", exclude={"revision"}) for episode in catalog.episodes]


def test_two_machines_killed_at_several_moments(show: Path, s3_settings: StoreSettings) -> None:
    (show / "episodes" / slug_of(1) / "transcript.vtt").write_bytes(captions())
    commands.move_store(show, s3_settings)
    auto_toml(show, EAGER)
    assert commands.run(show, "store", "setup").returncode == 0
    machines = [shutil.copytree(show, show.parent / name) for name in ("one", "other")]
    roots, address = open_roots(s3_settings, show), public_address(s3_settings)
    assert commands.run(machines[0], "auto").returncode == 0
    expected, keys = season(roots), sorted(k for k in contents(roots.public) if k.startswith("media/"))
    seeded = random.Random(1855)
    killed = 0
    for moment in range(MOMENTS):
        for store in (roots.public, roots.private):
            for found in list(store.scan()):
                store.delete(found.key)
        running = [commands.start(machine, "auto") for machine in machines]
        # one is killed always, the other every second time
        for process in running[: 1 + moment % 2]:
            try:
                process.communicate(timeout=seeded.uniform(0.2, 3.0))
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
                killed += 1
        for process in running:
            if process.stdout is not None and not process.stdout.closed:
                process.communicate(timeout=300)
                assert process.returncode == 0
        assert_whole(roots, address)
        for machine in (*machines, *machines):
            done = commands.run(machine, "auto")
            assert done.returncode == 0, f"moment {moment}: {done.stderr}"
        assert (done.stdout, done.stderr) == ("", ""), f"moment {moment}: the last pass had nothing to do"
        assert season(roots) == expected, f"moment {moment}"
        assert sorted(k for k in contents(roots.public) if k.startswith("media/")) == keys
        assert_whole(roots, address)
        assert not list(roots.private.scan(layout.CLAIMS))
    print(f"{killed} passes were killed half-way; every season ended the same")
