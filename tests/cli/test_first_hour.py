"""An organiser's first hour, typed: init, import, recording, check, publish, and what goes wrong on the way."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import commands
from shows import write_tone

PAGE = """Florence Nightingale

Florence Nightingale

Diagrams that changed a hospital

Date and time

Tuesday February 27, 2024 (12-1 p.m. GMT)

Session Description:

How counting the causes of death changed what was done about them.

Speaker biography:

Florence Nightingale reformed nursing, and drew the statistics of it.

See all speakers
"""
SLUG = "2024-02-27-florence-nightingale"

INIT = ("init", "--title", "Ward Rounds", "--author", "St Thomas", "--email", "podcast@example.org")
MORE = ("--link", "https://example.org/", "--timezone", "Europe/London", "--language", "en-gb")


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new show with one imported session and its recording."""
    tmp_path = tmp_path_factory.mktemp("first-hour")
    where = tmp_path / "ward-rounds"
    where.mkdir()
    assert commands.run(where, *INIT, *MORE).returncode == 0
    page = tmp_path / "page.txt"
    page.write_text(PAGE, "utf-8")
    done = commands.run(where, "import", str(page))
    assert done.returncode == 0, done.stderr
    assert SLUG in done.stdout
    write_tone(where / "episodes" / SLUG / "recording.wav")
    toml = where / "episodes" / SLUG / "session.toml"
    toml.write_text('recording = "recording.wav"\n' + toml.read_text("utf-8"), "utf-8")
    assert commands.run(where, "publish", "--dry-run").returncode == 0  # makes the master, publishes nothing
    return where


@pytest.fixture
def folder(begun: Path, tmp_path: Path) -> Path:
    """A copy of the new show, its master made."""
    return shutil.copytree(begun, tmp_path / "ward-rounds")


def test_from_an_empty_folder_to_a_feed(folder: Path) -> None:
    assert commands.run(folder, "check").returncode == 0
    status = commands.run(folder, "--json", "status")
    assert json.loads(status.stdout.splitlines()[0])["state"] == "ready"
    plan = commands.run(folder, "--json", "publish", "--dry-run")
    assert '"key": "feed.xml"' in plan.stdout
    assert not (folder / "public").exists()
    done = commands.run(folder, "publish")
    assert done.returncode == 0, done.stderr
    assert f"published  {SLUG}" in done.stdout
    assert "feed: http://127.0.0.1:8000/feed.xml" in done.stdout
    assert "preview" in done.stdout
    again = commands.run(folder, "publish")
    assert "nothing new to publish" in again.stdout
    info = json.loads(commands.run(folder, "--json", "info", SLUG).stdout)
    assert info["title"] == "Diagrams that changed a hospital"
    taken = commands.run(folder, "unpublish", "--yes", SLUG)
    assert taken.returncode == 0, taken.stderr
    assert not list((folder / "public" / "media").glob("*.mp3"))


def test_renamed_by_hand_and_mended(folder: Path) -> None:
    commands.run(folder, "publish")
    (folder / "episodes" / SLUG).rename(folder / "episodes" / "nightingale")
    done = commands.run(folder, "publish")
    assert done.returncode == 6
    assert f"sessioncast rename {SLUG} nightingale" in done.stderr
    mended = commands.run(folder, "rename", SLUG, "nightingale")
    assert mended.returncode == 0, mended.stderr
    assert commands.run(folder, "publish").returncode == 0
    assert (folder / "public" / "episodes" / "nightingale" / "index.html").is_file()
    assert "nightingale/index.html" in (folder / "public" / "episodes" / SLUG / "index.html").read_text("utf-8")


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _web_page(path: Path) -> None:
    path.write_text("<!doctype html><html><title>Sign in</title></html>", "utf-8")


def _text(path: Path) -> None:
    path.write_text("This is not a recording.\n" * 20, "utf-8")


def _folder(path: Path) -> None:
    path.mkdir()


def _missing(path: Path) -> None:
    del path


def _truncated(path: Path) -> None:
    """An MP4 whose index, which stands at the end, never arrived."""
    path.write_bytes(b"\x00\x00\x00\x18ftypM4A \x00\x00\x02\x00isomiso2\x00\x10\x00\x00mdat" + bytes(range(256)) * 40)


def _silent(path: Path) -> None:
    write_tone(path, seconds=1, hertz=0)


def _playlist(path: Path) -> None:
    path.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nhttp://127.0.0.1:9/a.ts\n", "utf-8")


def _concat(path: Path) -> None:
    path.write_text("ffconcat version 1.0\nfile recording.wav\n", "utf-8")


BAD = {
    "empty": _empty,
    "web-page": _web_page,
    "text": _text,
    "folder": _folder,
    "missing": _missing,
    "truncated": _truncated,
    "silent": _silent,
    "playlist": _playlist,
    "concat": _concat,
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_recording_beside_a_good_one(folder: Path, name: str) -> None:
    shutil.copytree(folder / "episodes" / SLUG, folder / "episodes" / "other")
    bad = folder / "episodes" / "other" / "recording.m4a"
    BAD[name](bad)
    toml = folder / "episodes" / "other" / "session.toml"
    text = toml.read_text("utf-8").replace("recording.wav", "recording.m4a")
    lines = ['guid = "another"' if line.startswith("guid") else line for line in text.splitlines()]
    toml.write_text("\n".join(line for line in lines if not line.startswith("source")), "utf-8")
    done = commands.run(folder, "publish")
    assert done.returncode == 4, done.stderr
    assert "recording.m4a" in done.stderr
    assert "hint: " in done.stderr
    assert "Traceback" not in done.stderr
    assert f"published  {SLUG}" in done.stdout
    assert len(list((folder / "public" / "media").iterdir())) == 1


def test_errors_for_machines_are_one_object(tmp_path: Path) -> None:
    done = commands.run(tmp_path, "--json", "publish")
    assert done.returncode == 3
    error = json.loads(done.stderr)
    assert error["exit_code"] == 3
    assert error["hint"]


def test_a_mistyped_command(tmp_path: Path) -> None:
    done = commands.run(tmp_path, "publsh")
    assert done.returncode == 2
    assert "publish" in done.stderr


def test_a_full_disk(folder: Path) -> None:
    import resource
    import subprocess
    import sys

    def small() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))

    done = subprocess.run(
        [sys.executable, "-m", "sessioncast", "-C", str(folder), "publish"],
        env=commands.environment(),
        preexec_fn=small,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (1, 5), done.stderr
    assert "Traceback" not in done.stderr
    assert not (folder / "public" / "feed.xml").exists()
    assert commands.run(folder, "publish").returncode == 0
