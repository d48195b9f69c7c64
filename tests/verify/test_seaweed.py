from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from commands import move_store, run
from servers import Seaweed
from sessioncast.model import StoreSettings


@pytest.mark.xdist_group("seaweed")
def test_verify_finds_a_show_in_a_bucket_good(
    folder: Path, tmp_path: Path, seaweed: Seaweed, s3_settings: StoreSettings
) -> None:
    show = tmp_path / "show"
    shutil.copytree(folder, show)
    bucket = s3_settings.url.removeprefix("s3://")
    move_store(show, s3_settings, public_url=f"{seaweed.endpoint}/{bucket}")
    assert run(show, "store", "setup").returncode == 0
    published = run(show, "publish")
    assert published.returncode == 0, published.stdout + published.stderr
    done = run(show, "verify", "--all")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 episodes" in done.stdout
    assert "DL-CORS" not in done.stdout
