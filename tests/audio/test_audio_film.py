"""The recording's pictures beside our sound: copied, in time, cut where the sound is cut, with nothing of the recorder's in them."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from sessioncast.audio.encode import Encoded, encode
from sessioncast.audio.programme import Programme
from sessioncast.audio.tag_facts import TagChapter, TagFacts
from sessioncast.audio.tags import write_tags
from sessioncast.audio.untag import untagged
from sessioncast.events import Event, Noted
from sessioncast.model import AudioSettings, Redaction, Trim

RATE = 25
SECRET = "Recorder 9 of ward 3"


def film(path: Path, *, codec: str = "libx264", seconds: int = 12, brightness: bool = True) -> Path:
    """Write a film whose brightness tells its second, keyframes two seconds apart, and a beep at each second."""
    options = {"bf": "2", "g": str(2 * RATE), "preset": "ultrafast", "sc_threshold": "0"}
    out: Any = av.open(str(path), "w", options={"movflags": "+faststart"} if path.suffix == ".mp4" else {})
    with out:
        out.metadata["title"] = SECRET
        out.metadata["comment"] = SECRET
        seen = out.add_stream(codec, rate=RATE, options=options if codec == "libx264" else {})
        seen.width, seen.height, seen.pix_fmt = 96, 64, "yuv420p"
        heard = out.add_stream("aac", rate=48_000, layout="mono")
        for number in range(seconds * RATE):
            frame: Any = av.VideoFrame.from_ndarray(
                np.full((64, 96, 3), 20 + 18 * (number // RATE) if brightness else 0, np.uint8), format="rgb24"
            )
            frame.pts = number
            out.mux(seen.encode(frame))
        times = np.arange(seconds * 48_000) / 48_000
        sound = (0.3 * np.sin(2 * np.pi * 440 * times) * (times % 1 < 0.5)).astype(np.float32)
        for at in range(0, len(sound), 48_000):
            beep: Any = av.AudioFrame.from_ndarray(sound[None, at : at + 48_000], format="fltp", layout="mono")
            beep.sample_rate, beep.pts = 48_000, at
            out.mux(heard.encode(beep))
        out.mux(seen.encode(None))
        out.mux(heard.encode(None))
    return path


def make(recording: Path, room: Path, **asked: Any) -> tuple[Encoded, list[Event]]:
    told: list[Event] = []
    room.mkdir(exist_ok=True)
    encoded = encode(
        replace(Programme((recording,)), **asked),
        room / "out.mp3",
        AudioSettings(also=("mp4",)),
        report=told.append,
        name="film",
        scratch=room,
        also={"mp4": room / "out.mp4"},
    )
    return encoded, told


def shown(path: Path) -> dict[float, int]:
    """Return which second of the recording each picture shows, by its time in the file."""
    with av.open(str(path)) as container:
        frames = [(f.time or 0.0, f.to_ndarray(format="gray").mean()) for f in container.decode(video=0)]
    return {round(time, 3): round((float(grey) - 20) / 18) for time, grey in frames}


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return film(tmp_path_factory.mktemp("film") / "talk.mp4")


def test_pictures_are_copied_beside_the_sound(recording: Path, tmp_path: Path) -> None:
    encoded, _ = make(recording, tmp_path / "room")
    (made,) = encoded.alternates
    assert (made.container, made.height, made.codecs.split(",")[1]) == ("mp4", 64, "mp4a.40.2")
    assert made.codecs.startswith("avc1.")
    out = tmp_path / "room" / "out.mp4"
    assert shown(out) == shown(recording)
    assert all(second == int(time) for time, second in shown(out).items())
    answer = subprocess.run(
        ["ffprobe", "-v", "error", "-show_streams", "-show_format", "-of", "json", str(out)],
        capture_output=True,
        check=True,
    )
    told = json.loads(answer.stdout)
    assert [s["codec_name"] for s in told["streams"]] == ["h264", "aac"]
    assert float(told["streams"][1]["duration"]) == pytest.approx(12, abs=0.03)
    body = out.read_bytes()
    assert SECRET.encode() not in body
    assert b"x264 - core" in recording.read_bytes()
    assert b"x264" not in body
    assert body.index(b"moov") < body.index(b"mdat")


def test_what_the_sound_leaves_out_is_not_in_the_pictures(recording: Path, tmp_path: Path) -> None:
    make(recording, tmp_path / "room", trim=Trim(start=3.0, end=9.0))
    seconds = shown(tmp_path / "room" / "out.mp4")
    assert set(seconds.values()) == {4, 5, 6, 7, 8}  # from the first keyframe that is kept, at 4 s
    assert min(seconds) == pytest.approx(1, abs=0.05)
    assert all(second == int(time + 3) for time, second in seconds.items())


def test_tags_and_chapters_change_and_pictures_stay(recording: Path, tmp_path: Path) -> None:
    make(recording, tmp_path / "room")
    marks = (TagChapter(0, 5_000, "The pump"), TagChapter(5_000, 12_000, "The map"))
    facts = TagFacts(title="The Broad Street pump", show="Lives", artists=("John Snow",), guid="g", chapters=marks)
    once, bare, twice = (tmp_path / f"{name}.mp4" for name in ("once", "bare", "twice"))
    write_tags(tmp_path / "room" / "out.mp4", once, facts)
    untagged(once, bare)
    write_tags(bare, twice, replace(facts, title="The pump"))
    for path, title in ((once, "The Broad Street pump"), (twice, "The pump")):
        answer = subprocess.run(
            ["ffprobe", "-v", "error", "-show_format", "-show_chapters", "-of", "json", str(path)],
            capture_output=True,
            check=True,
        )
        told = json.loads(answer.stdout)
        assert told["format"]["tags"]["title"] == title
        assert [(float(c["start_time"]), c["tags"]["title"]) for c in told["chapters"]] == [
            (0, "The pump"),
            (5, "The map"),
        ]
        assert shown(path) == shown(recording)
    with av.open(str(once)) as a, av.open(str(twice)) as b:
        assert [(p.pts, bytes(p)) for p in a.demux(audio=0)] == [(p.pts, bytes(p)) for p in b.demux(audio=0)]


@pytest.mark.parametrize("why", ["mpeg4", "mkv", "sound", "redacted"])
def test_pictures_that_cannot_be_kept_are_left_out_with_a_word(recording: Path, tmp_path: Path, why: str) -> None:
    asked: dict[str, Any] = {}
    if why == "mpeg4":
        recording = film(tmp_path / "old.mp4", codec="mpeg4", seconds=2)
    elif why == "mkv":
        recording = film(tmp_path / "talk.mkv", seconds=2)
    elif why == "sound":
        bare = tmp_path / "sound.m4a"
        subprocess.run(["ffmpeg", "-v", "error", "-i", str(recording), "-vn", "-c", "copy", str(bare)], check=True)
        recording = bare
    else:
        asked = {"redact": (Redaction(start=1, end=2),)}
    encoded, told = make(recording, tmp_path / "room", **asked)
    assert encoded.alternates == ()
    assert encoded.left_out == ("mp4",)
    assert [e for e in told if isinstance(e, Noted) and "pictures are left out" in e.text]
    assert not (tmp_path / "room" / "out.mp4").exists()
    assert (tmp_path / "room" / "out.mp3").exists()


def test_a_broken_film_never_costs_the_sound(recording: Path, tmp_path: Path) -> None:
    whole = recording.read_bytes()
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(whole[: len(whole) * 3 // 4])
    encoded, _ = make(cut, tmp_path / "room")
    assert encoded.samples > 0
