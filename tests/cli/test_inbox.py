"""``sessioncast inbox`` as an organiser runs it: shown first, put in place when asked, then published."""

from __future__ import annotations

import json
import os
import wave
from datetime import UTC, timedelta
from pathlib import Path

import pytest

from commands import run
from shows import NOON, NOW, change_session, slug_of, write_session, write_show

STARTS = NOON + timedelta(days=3)


def left(path: Path, seconds: float) -> None:
    """Leave a recording an hour ago: a second of tone again and again."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8_000)
        file.writeframes(b"".join((b"\0\x20" * 8 + b"\0\xe0" * 8) for _ in range(int(seconds * 500))))
    _hour_ago(path)


def _hour_ago(path: Path) -> None:
    at = (NOW - timedelta(hours=1)).timestamp()
    os.utime(path, (at, at))


@pytest.fixture
def show(tmp_path: Path) -> Path:
    folder = tmp_path / "show"
    write_show(folder)
    slug = write_session(folder, 3)
    change_session(folder, slug, 'recording = "recording.wav"\n', 'meeting = "812 3456 7890"\n')
    (folder / "episodes" / slug / "recording.wav").unlink()
    change_session(
        folder,
        slug,
        f"ends = {(STARTS + timedelta(hours=1)).isoformat()}",
        f"ends = {(STARTS + timedelta(minutes=5)).isoformat()}",
    )
    return folder


def test_from_inbox_to_episode(show: Path, tmp_path: Path) -> None:
    inbox, slug = tmp_path / "zoom", slug_of(3)
    talk = inbox / f"{STARTS.astimezone(UTC):%Y-%m-%d %H.%M.%S} Talk 3 81234567890" / "audio_only.wav"
    left(talk, 290)
    (talk.parent / "recording.transcript.vtt").write_text(
        "WEBVTT\n\n00:01.000 --> 00:03.000\nJohn Snow: Welcome.\n", "utf-8"
    )
    _hour_ago(talk.parent / "recording.transcript.vtt")
    shown = run(show, "inbox", str(inbox))
    assert shown.returncode == 0, shown.stderr
    assert "add --apply" in shown.stdout
    assert "has the session's meeting id" in " ".join(shown.stdout.split())
    assert list((show / "episodes" / slug).glob("*.wav")) == []
    applied = run(show, "inbox", str(inbox), "--apply", "--move")
    assert applied.returncode == 0, applied.stderr
    assert f"{slug}: audio_only.wav, transcript.vtt" in applied.stdout
    assert not talk.exists()
    assert 'recording = "audio_only.wav"' in (show / "episodes" / slug / "session.toml").read_text("utf-8")
    again = run(show, "inbox", str(inbox), "--apply")
    assert again.returncode == 0, again.stderr
    published = run(show, "publish", "--dry-run")
    assert slug in published.stdout


def test_a_person_decides_with_a_pin(show: Path, tmp_path: Path) -> None:
    inbox, slug = tmp_path / "in", slug_of(3)
    left(inbox / "voice_001.wav", 200)
    nothing = run(show, "inbox", str(inbox))
    assert "no session: voice_001.wav" in nothing.stdout
    assert "missing:" in nothing.stdout
    change_session(show, slug, 'meeting = "812 3456 7890"\n', 'pin = "voice_001.wav"\n')
    lines = [json.loads(line) for line in run(show, "--json", "inbox", str(inbox), "--apply").stdout.splitlines()]
    assert [plain["session"] for plain in lines if plain["record"] == "applied"] == [slug]


def test_where_recordings_arrive_is_said_once_in_show_toml(show: Path) -> None:
    without = run(show, "inbox")
    assert without.returncode == 3
    assert "inbox.folder: found nothing" in without.stderr
    toml = show / "feed" / "show.toml"
    toml.write_text(toml.read_text("utf-8") + '\n[inbox]\nfolder = "arrivals"\n', "utf-8")
    missing = run(show, "inbox")
    assert missing.returncode == 3
    assert "found no folder" in missing.stderr
    (show / "arrivals").mkdir()
    empty = run(show, "inbox")
    assert empty.returncode == 0
    assert "no recording in" in empty.stdout


def test_move_without_apply_is_asked_about(show: Path) -> None:
    answer = run(show, "inbox", ".", "--move")
    assert answer.returncode == 2
    assert "add --apply" in answer.stderr


def test_what_can_be_put_is_put_and_the_rest_ends_the_command(show: Path, tmp_path: Path) -> None:
    inbox, bad, good = tmp_path / "in", write_session(show, 2), slug_of(3)
    long = f"{'v' * 251}.wav"  # where another file has this name, a number makes it longer than disks allow
    change_session(show, bad, 'recording = "recording.wav"\n', f'pin = "{long}"\n')
    change_session(show, good, 'meeting = "812 3456 7890"\n', 'pin = "voice.wav"\n')
    left(inbox / long, 150)
    left(inbox / "voice.wav", 200)
    left(show / "episodes" / bad / long, 100)
    applied = run(show, "inbox", str(inbox), "--apply")
    assert applied.returncode == 3, applied
    assert f"{long}: found a file that can't be put into its session's folder" in applied.stderr
    assert f"{good}: voice.wav" in applied.stdout
    assert 'recording = "voice.wav"' in (show / "episodes" / good / "session.toml").read_text("utf-8")
