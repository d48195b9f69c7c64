"""A folder as recorders leave it → takes, with real files and real headers."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sessioncast.audio.probe import probe
from sessioncast.errors import ContentError
from sessioncast.inbox.scan import scan
from sessioncast.inbox.value import Take
from sounds import write_sound

NOW = datetime(2024, 2, 21, tzinfo=UTC)
OLD = (NOW - timedelta(hours=1)).timestamp()
BBB = "183f0bf3a0982a127bdb8161e0c44eb696b3e75c-1700000000000"


def aged(path: Path, at: float = OLD) -> Path:
    os.utime(path, (at, at))
    return path


def sound(path: Path, seconds: float = 0.3) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    codec = "aac" if path.suffix in (".m4a", ".mp4") else "libopus" if path.suffix == ".ogg" else "pcm_s16le"
    rate = 48_000 if codec == "libopus" else 44_100
    return aged(write_sound(path, codec=codec, rate=rate, seconds=seconds, video=path.suffix == ".mp4"))


def text(path: Path, body: str = "WEBVTT\n") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(body, "utf-8")
    return aged(path)


def by_name(folder: Path, **how: object) -> dict[str, Take]:
    return {take.name: take for take in scan(folder, now=NOW, **how)}  # type: ignore[arg-type]


def roles(take: Take) -> dict[str, str]:
    return {file.path.name: file.role for file in take.files}


def test_the_files_of_one_meeting_are_one_take_and_sound_alone_is_best(tmp_path: Path) -> None:
    stem = "GMT20240220-165500_Recording"
    for name in (f"{stem}.m4a", f"{stem}_1920x1080.mp4", f"{stem}_gallery_640x360.mp4"):
        sound(tmp_path / name)
    text(tmp_path / f"{stem}.transcript.vtt")
    text(tmp_path / "GMT20240220-165500_RecordingnewChat.txt")
    (take,) = scan(tmp_path, now=NOW)
    assert take.name == f"{stem}.m4a"
    assert sorted(roles(take).values()) == ["audio", "chat", "gallery", "screen", "transcript"]
    assert take.began is not None
    assert take.began.at == datetime(2024, 2, 20, 16, 55, tzinfo=UTC)
    assert take.seconds == pytest.approx(0.3, abs=0.06)


def test_zooms_own_folder_says_topic_meeting_and_local_time(tmp_path: Path) -> None:
    inside = tmp_path / "2024-02-20 12.01.02 Care rounds 81234567890"
    for name in ("audio1234567890.m4a", "audioJohnSnow11234567890.m4a", "video1234567890.mp4"):
        sound(inside / name)
    (take,) = scan(tmp_path, now=NOW)
    assert (take.topic, take.meeting, take.recorder) == ("Care rounds", "81234567890", "zoom")
    assert take.name.endswith("audio1234567890.m4a")
    assert take.began is not None
    assert not take.began.has_zone


def test_what_servers_write_beside_is_read(tmp_path: Path) -> None:
    sound(tmp_path / "abc/rounds_2024-02-20-12-00-00.mp4")
    text(
        tmp_path / "abc/metadata.json",
        json.dumps({"meeting_url": "https://meet.example.org/Rounds", "participants": [{"name": "x"}]}),
    )
    sound(tmp_path / f"podcast/{BBB}/audio.ogg")
    text(
        tmp_path / f"presentation/{BBB}/metadata.xml",
        "<recording><meta><meetingName>Care rounds</meetingName></meta></recording>",
    )
    takes = by_name(tmp_path)
    assert takes["abc/rounds_2024-02-20-12-00-00.mp4"].meeting == "https://meet.example.org/Rounds"
    assert takes[f"podcast/{BBB}/audio.ogg"].topic == "Care rounds"
    assert len(takes) == 2


@pytest.mark.parametrize("body", ["{", "[1]", '{"meeting_url": 7}', "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", ""])
def test_nonsense_beside_a_recording_says_nothing(tmp_path: Path, body: str) -> None:
    sound(tmp_path / f"{BBB}/audio.ogg")
    text(tmp_path / f"{BBB}/metadata.xml", body)
    (take,) = scan(tmp_path, now=NOW)
    assert (take.topic, take.meeting) == ("", "")


def test_what_is_no_recording_is_named(tmp_path: Path) -> None:
    text(tmp_path / "page.m4a", "<!doctype html><title>Sign in</title>")
    text(tmp_path / "token.mp4", '{"message": "expired"}')
    text(tmp_path / "empty.m4a", "")
    aged(sound(tmp_path / "cut.m4a")).write_bytes((tmp_path / "cut.m4a").read_bytes()[:300])
    aged(tmp_path / "cut.m4a")
    takes = by_name(tmp_path)
    assert {name: take.files[0].trouble for name, take in takes.items()} == dict.fromkeys(
        ("page.m4a", "token.mp4", "empty.m4a", "cut.m4a"), "not media"
    )
    assert all(take.files[0].why for take in takes.values())


def test_a_growing_file_waits(tmp_path: Path) -> None:
    aged(sound(tmp_path / "now.m4a"), (NOW - timedelta(seconds=30)).timestamp())
    text(tmp_path / "coming.m4a.crdownload", "x")
    sound(tmp_path / "done.m4a")
    takes = by_name(tmp_path)
    assert {name: take.files[0].trouble for name, take in takes.items()} == {
        "now.m4a": "still growing", "coming.m4a.crdownload": "still growing", "done.m4a": "",
    }  # fmt: skip
    assert by_name(tmp_path, settle=timedelta(seconds=10))["now.m4a"].files[0].trouble == ""


def test_everything_else_is_passed_over(tmp_path: Path) -> None:
    for name in ("notes.pdf", ".hidden.m4a", "readme.txt", "alone.vtt", "a/metadata.json"):
        text(tmp_path / name)
    sound(tmp_path / ".cache/talk.m4a")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "dangling.m4a").symlink_to(tmp_path / "gone.m4a")
    assert scan(tmp_path, now=NOW) == ()


def test_lengths_are_remembered_until_a_file_changes(tmp_path: Path) -> None:
    inbox, kept = tmp_path / "in", tmp_path / "lengths.json"
    file = sound(inbox / "talk.wav", 0.3)
    (first,) = scan(inbox, now=NOW, kept=kept)
    plain = json.loads(kept.read_text("utf-8"))
    (key,) = plain
    kept.write_text(json.dumps({key: [7.0, True, False, ""]}), "utf-8")
    (again,) = scan(inbox, now=NOW, kept=kept)
    assert first.seconds == pytest.approx(0.3, abs=0.01)
    assert again.seconds == 7.0
    sound(file, 0.6)
    (changed,) = scan(inbox, now=NOW, kept=kept)
    assert changed.seconds == pytest.approx(0.6, abs=0.01)
    kept.write_text("{", "utf-8")
    assert scan(inbox, now=NOW, kept=kept) == (changed,)


def test_no_inbox_is_one_error(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="found no folder, expected the inbox"):
        scan(tmp_path / "gone", now=NOW)


def test_one_bad_file_costs_no_other_its_length(tmp_path: Path) -> None:
    good = [sound(tmp_path / f"{n}.wav") for n in range(3)]
    bad = text(tmp_path / "bad.wav", "RIFF" + "\0" * 60)
    found = probe([good[0], bad, *good[1:], tmp_path / "gone.wav"])
    assert [round(found[file].seconds or 0, 1) for file in good] == [0.3, 0.3, 0.3]
    assert found[bad].refused
    assert "found no file" in found[tmp_path / "gone.wav"].refused
