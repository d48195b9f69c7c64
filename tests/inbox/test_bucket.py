"""An inbox in a bucket: SeaweedFS as the recorder's store."""

from __future__ import annotations

import json
import wave
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import pytest

import sounds
from commands import move_store, run
from servers import Seaweed
from sessioncast.inbox import place
from sessioncast.inbox.place import Bucket, place_at
from sessioncast.inbox.scan import scan
from sessioncast.model import StoreSettings
from shows import NOON, NOW, change_session, slug_of, write_session, write_show

STARTS = NOON + timedelta(days=3)
STAMP = f"{STARTS.astimezone(UTC):%Y%m%d-%H%M%S}"


@pytest.fixture
def bucket(seaweed: Seaweed, s3_settings: StoreSettings) -> str:
    """Return the name of a bucket that a recorder writes into."""
    name = s3_settings.url.removeprefix("s3://").partition("/")[0]
    assert seaweed
    return name


def _put(seaweed: Seaweed, bucket: str, key: str, body: bytes) -> None:
    seaweed.client().put_object(Bucket=bucket, Key=key, Body=body)


def _tone(path: Path, seconds: int) -> bytes:
    """Return a second of tone again and again."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8_000)
        file.writeframes((b"\0\x20" * 8 + b"\0\xe0" * 8) * 500 * seconds)
    return path.read_bytes()


def test_from_a_bucket_to_an_episode(seaweed: Seaweed, bucket: str, s3_settings: StoreSettings, tmp_path: Path) -> None:
    folder, slug = tmp_path / "show", slug_of(3)
    write_show(folder)
    write_session(folder, 3)
    (folder / "episodes" / slug / "recording.wav").unlink()
    change_session(folder, slug, 'recording = "recording.wav"\n', 'meeting = "812 3456 7890"\n')
    ends = f"ends = {(STARTS + timedelta(hours=1)).isoformat()}"
    change_session(folder, slug, ends, f"ends = {(STARTS + timedelta(minutes=5)).isoformat()}")
    move_store(folder, s3_settings)
    home = f"in/{STARTS:%Y-%m-%d %H.%M.%S} Talk 3: the river 81234567890"
    _put(seaweed, bucket, f"{home}/audio_only.wav", _tone(tmp_path / "a.wav", 290))
    _put(
        seaweed, bucket, f"{home}/recording.transcript.vtt", b"WEBVTT\n\n00:01.000 --> 00:03.000\nJohn Snow: Welcome.\n"
    )
    _put(seaweed, bucket, f"{home}/", b"")
    _put(seaweed, bucket, "elsewhere/other.wav", b"not in this prefix")

    inbox = f"s3://{bucket}/in"
    shown = run(folder, "inbox", inbox)
    assert shown.returncode == 0, shown.stderr
    assert "add --apply" in shown.stdout
    assert "other.wav" not in shown.stdout
    refused = run(folder, "inbox", inbox, "--apply", "--move")
    assert refused.returncode == 2
    assert "leave --move out" in refused.stderr
    applied = run(folder, "inbox", inbox, "--apply")
    assert applied.returncode == 0, applied.stderr
    text = (folder / "episodes" / slug / "session.toml").read_text("utf-8")
    assert f'recording = "s3://{bucket}/{home}/audio_only.wav"' in text
    assert (folder / "episodes" / slug / "transcript.vtt").read_bytes().startswith(b"WEBVTT")
    assert not list((folder / "episodes" / slug).glob("*.wav"))
    pieces = folder / ".sessioncast" / "inbox" / "pieces"
    assert not pieces.exists() or not list(pieces.iterdir())
    published = run(folder, "publish", "--dry-run")
    assert published.returncode == 0, published.stderr
    assert slug in published.stdout


def test_only_both_ends_of_a_large_recording_are_fetched(
    seaweed: Seaweed, bucket: str, s3_settings: StoreSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place, "HEAD", 2_000)
    monkeypatch.setattr(place, "TAIL", 8_000)
    film = tmp_path / "talk.m4a"  # its index stands at the end
    sounds.write_sound(film, codec="aac", seconds=5)
    _put(seaweed, bucket, f"in/GMT{STAMP}_Recording.m4a", film.read_bytes())
    asked: list[tuple[int, int]] = []
    inbox = place_at(f"s3://{bucket}/in", s3_settings, tmp_path / "pieces")
    assert isinstance(inbox, Bucket)
    piece = inbox._shelf.piece

    def counted(key: str, start: int, size: int) -> bytes:
        asked.append((start, size))
        return piece(key, start, size)

    monkeypatch.setattr(inbox._shelf, "piece", counted)
    (take,) = scan(inbox, now=NOW, kept=tmp_path / "lengths.json")
    assert take.seconds == pytest.approx(5, abs=0.2)
    assert take.name == f"GMT{STAMP}_Recording.m4a"
    assert [size for _, size in asked] == [2_000, 8_000]
    asked.clear()
    again = place_at(f"s3://{bucket}/in", s3_settings, tmp_path / "pieces")
    assert scan(again, now=NOW, kept=tmp_path / "lengths.json") == (take,)
    assert not asked
    assert list((tmp_path / "pieces").iterdir()) == []


def test_where_the_ends_say_nothing_the_whole_is_fetched(
    seaweed: Seaweed, bucket: str, s3_settings: StoreSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place, "HEAD", 600)
    monkeypatch.setattr(place, "TAIL", 10)
    film = tmp_path / "talk.m4a"
    sounds.write_sound(film, codec="aac", seconds=5)
    _put(seaweed, bucket, "in/talk.m4a", film.read_bytes())
    inbox = place_at(f"s3://{bucket}/in", s3_settings, tmp_path / "pieces")
    (take,) = scan(inbox, now=NOW)
    assert take.seconds == pytest.approx(5, abs=0.2)


def test_an_error_page_in_a_bucket_is_named(
    seaweed: Seaweed, bucket: str, s3_settings: StoreSettings, tmp_path: Path
) -> None:
    _put(seaweed, bucket, "in/talk.m4a", b"<!doctype html><title>Sign in</title>")
    (take,) = scan(place_at(f"s3://{bucket}/in", s3_settings, tmp_path / "pieces"), now=NOW)
    assert [file.trouble for file in take.files] == ["not media"]


def test_a_bucket_that_is_not_there(show_in_bucket: tuple[Path, Any]) -> None:
    folder, _ = show_in_bucket
    answer = run(folder, "--json", "inbox", "s3://nobodys-bucket-1854/in")
    assert answer.returncode == 5
    assert "nobodys-bucket-1854" in json.loads(answer.stderr.splitlines()[-1])["error"]


@pytest.fixture
def show_in_bucket(s3_settings: StoreSettings, tmp_path: Path) -> tuple[Path, Any]:
    """Return a show whose store is the bucket's, so that its endpoint is known."""
    folder = tmp_path / "show"
    write_show(folder)
    move_store(folder, s3_settings)
    return folder, s3_settings


def test_where_recordings_arrive_may_be_a_bucket(
    show_in_bucket: tuple[Path, Any], seaweed: Seaweed, bucket: str
) -> None:
    folder, _ = show_in_bucket
    toml = folder / "feed" / "show.toml"
    toml.write_text(toml.read_text("utf-8") + f'\n[inbox]\nfolder = "s3://{bucket}/in"\n', "utf-8")
    _put(seaweed, bucket, "in/x", b"x")
    answer = run(folder, "inbox")
    assert answer.returncode == 0, answer.stderr
    assert f"no recording in s3://{bucket}/in" in answer.stdout
