"""``sessioncast trim``: shown, then written when asked; ``trim = "auto"`` cuts by itself; public audio is not touched."""

from __future__ import annotations

import json
import wave
from pathlib import Path

import pytest

from commands import run
from shows import change_session, write_session, write_show


@pytest.fixture
def show(tmp_path: Path) -> tuple[Path, str]:
    """A session whose recording has six seconds of near silence around ten of tone."""
    folder = tmp_path / "show"
    write_show(folder)
    slug = write_session(folder, 1)
    path = folder / "episodes" / slug / "recording.wav"
    with wave.open(str(path), "rb") as file:
        rate, tone = file.getframerate(), file.readframes(file.getnframes())
    quiet = b"\1\0\0\0" * (3 * rate)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(quiet + (tone[: rate // 2 * 2] + bytes(rate // 4 * 2)) * 14 + quiet)
    return folder, slug


def test_it_is_shown_and_written_only_when_asked(show: tuple[Path, str]) -> None:
    folder, slug = show
    toml = folder / "episodes" / slug / "session.toml"
    before = toml.read_text("utf-8")
    shown = run(folder, "trim", slug)
    assert shown.returncode == 0, shown.stderr
    assert 'trim = { start = "0:05.5"' in shown.stdout
    assert "before anybody speaks" in shown.stdout
    assert toml.read_text("utf-8") == before
    plain = json.loads(run(folder, "--json", "trim", slug).stdout)
    assert plain["start"] == pytest.approx(5.5, abs=0.2)
    written = run(folder, "trim", slug, "--apply")
    assert "wrote it" in written.stdout
    assert "trim = {start" in toml.read_text("utf-8").replace("{ ", "{")
    published = run(folder, "publish")
    assert published.returncode == 0, published.stderr
    assert "0:1" in published.stdout
    again = run(folder, "trim", slug, "--apply")
    assert again.returncode == 6
    assert "--replace-audio" in again.stderr


def test_auto_cuts_by_itself(show: tuple[Path, str]) -> None:
    folder, slug = show
    change_session(folder, slug, "recording =", 'trim = "auto"\nrecording =')
    published = run(folder, "publish")
    assert published.returncode == 0, published.stderr
    assert "before anybody speaks" in published.stderr
    info = json.loads(run(folder, "--json", "info", slug).stdout)
    assert int(info["duration"].split()[0]) < 14


def test_an_unknown_session_is_one_error(show: tuple[Path, str]) -> None:
    answer = run(show[0], "trim", "nobody")
    assert answer.returncode == 3
    assert "no such session" in answer.stderr
