"""A podcast client that others wrote subscribes to the preview, lists, downloads, and is offered a late talk as new."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx2
import pytest

import commands
from shows import NOW, write_session

pytestmark = pytest.mark.prove

GPO = shutil.which("gpo")


@pytest.fixture
def preview(show: Path) -> Iterator[str]:
    """The base address of the show, served by ``sessioncast preview``."""
    assert commands.run(show, "publish").returncode == 0
    with (show / "preview.log").open("w+") as log:
        process = subprocess.Popen(
            ["python", "-m", "sessioncast", "-C", str(show), "preview", "--port", "8350"],
            env=commands.environment({"PATH": _venv_path()}),
            stdout=log,
            stderr=log,
        )
        try:
            yield _ready(show / "preview.log", process)
        finally:
            process.kill()
            process.wait()


def _venv_path() -> str:
    import sys

    return f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"


def _ready(log: Path, process: subprocess.Popen[bytes]) -> str:
    for _ in range(300):
        assert process.poll() is None, log.read_text("utf-8")
        for line in log.read_text("utf-8").splitlines():
            if line.startswith("site: "):
                return line.removeprefix("site: ").rstrip("/")
        time.sleep(0.1)  # for a server to come up: nothing is measured
    raise AssertionError("the preview did not start")


@pytest.mark.skipif(GPO is None and "CI" not in os.environ, reason="gPodder is not installed")
def test_gpodder_plays_it_out(show: Path, preview: str, tmp_path: Path) -> None:
    assert GPO, "CI installs gPodder"
    home = {"GPODDER_HOME": str(tmp_path / "gpodder"), "GPODDER_DOWNLOAD_DIR": str(tmp_path / "downloads")}

    def gpo(*words: str) -> str:
        done = subprocess.run(
            [GPO or "", *words], env={**os.environ, **home}, capture_output=True, text=True, timeout=120, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    gpo("subscribe", f"{preview}/feed.xml")
    gpo("update")
    assert {f"Talk {n}" in gpo("episodes") for n in range(3)} == {True}
    gpo("download")
    downloaded = sorted(path.stat().st_size for path in (tmp_path / "downloads").rglob("*.mp3"))
    published = sorted(path.stat().st_size for path in (show / "public" / "media").glob("*.mp3"))
    assert downloaded == published
    assert len(downloaded) == 3
    for path in (tmp_path / "downloads").rglob("*.mp3"):
        assert path.read_bytes() == (show / "public" / "media" / path.name).read_bytes()

    # A talk held before the newest one, published a day after it.
    new = {"starts": NOW - timedelta(hours=3), "ends": NOW - timedelta(hours=2)}
    late = {"starts": NOW - timedelta(days=4), "ends": NOW - timedelta(days=4, hours=-1)}
    for number, (times, delay) in enumerate(((new, 0), (late, 1)), 70):
        recording = show / "episodes" / next(p.name for p in (show / "episodes").iterdir()) / "recording.wav"
        write_session(show, number, recording=recording, **{key: when.isoformat() for key, when in times.items()})
        clock = {"SOURCE_DATE_EPOCH": str(int((NOW + timedelta(days=delay)).timestamp()))}
        assert commands.run(show, "publish", extra=clock).returncode == 0
        gpo("update")
        assert f"Talk {number}" in gpo("pending"), "offered as new"
        gpo("download")
    assert httpx2.get(f"{preview}/feed.xml").text.index("Talk 71") < httpx2.get(f"{preview}/feed.xml").text.index(
        "Talk 70"
    )
