from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import av
import pytest

from sessioncast.audio.id3 import TEXT_FRAMES, tag_bytes
from sessioncast.audio.tag_facts import TagChapter, TagFacts
from sessioncast.audio.tags import write_tags
from sessioncast.errors import SessioncastError
from sounds import Make, decoded_samples, write_sound

JPEG = b"\xff\xd8\xff\xe0" + bytes(500) + b"\xff\xd9"
FULL = TagFacts(
    title="What the pump’s handle taught",
    show="Broad Street Sessions",
    artists=("John Snow", "Mary Seacole"),
    guid="5c1c9f7e-0000-5000-8000-000000000001",
    date=datetime(1854, 9, 7, 19, 30, tzinfo=ZoneInfo("Europe/London")),
    season=2,
    number=14,
    summary="A map, a pump — and Søren’s question.\n\nSecond paragraph.",
    language="en-gb",
    copyright="Broad Street Society",
    link="https://example.org/sessions/søren?a=1&b=2",
    category="Health & Fitness > Medicine",
    cover=JPEG,
)


def frames_of(tag: bytes) -> list[tuple[str, bytes]]:
    """Read an ID3v2.3 tag by hand: id and body of each frame, in order."""
    assert tag[:5] == b"ID3\x03\x00"
    assert tag[5] == 0, "no unsynchronisation, no extended header"
    size = tag[6] << 21 | tag[7] << 14 | tag[8] << 7 | tag[9]
    assert len(tag) == size + 10, "no padding"
    at, frames = 10, []
    while at < len(tag):
        length = int.from_bytes(tag[at + 4 : at + 8], "big")
        frames.append((tag[at : at + 4].decode("ascii"), tag[at + 10 : at + 10 + length]))
        at += 10 + length
    return frames


def text(body: bytes) -> str:
    assert body[0] == 1, "UTF-16 with a byte order mark"
    return body[1:].decode("utf-16").rstrip("\0")


def test_every_fact_becomes_its_frame() -> None:
    frames = frames_of(tag_bytes(FULL))
    found = dict(frames)
    assert len(found) == len(frames)
    assert {name: text(body) for name, body in found.items() if name.startswith("T")} == {
        "TIT2": "What the pump’s handle taught",
        "TALB": "Broad Street Sessions",
        "TPE1": "John Snow, Mary Seacole",
        "TYER": "1854",
        "TDAT": "0709",
        "TIME": "1930",
        "TRCK": "14",
        "TPOS": "2",
        "TCON": "Podcast",
        "TLAN": "eng",
        "TCOP": "1854 Broad Street Society",
        "TGID": "5c1c9f7e-0000-5000-8000-000000000001",
        "TDES": FULL.summary,
        "TCAT": "Health & Fitness > Medicine",
    }
    assert found["WOAF"].rstrip(b"\0") == b"https://example.org/sessions/s%C3%B8ren?a=1&b=2"
    assert found["PCST"] == b"\0\0\0\1"
    assert found["COMM"][:4] == b"\x01eng"
    assert found["COMM"][4:].decode("utf-16").strip("\0\ufeff") == FULL.summary
    assert found["APIC"] == b"\0image/jpeg\0\x03Cover\0" + JPEG
    assert set(found) == {name for name, _ in TEXT_FRAMES} | {"WOAF", "PCST", "COMM", "APIC"}


def test_facts_that_are_not_known_write_no_frame() -> None:
    bare = TagFacts(title="Notes", show="Scutari", artists=(), guid="g")
    assert {name for name, _ in frames_of(tag_bytes(bare))} == {"TIT2", "TALB", "TCON", "TGID", "PCST"}


@pytest.mark.parametrize(
    ("language", "expected"), [("fr", "fra"), ("de-at", "deu"), ("zh-hans", "zho"), ("en-ca", "eng"), ("xx", "und")]
)
def test_the_language_is_three_letters(language: str, expected: str) -> None:
    assert text(dict(frames_of(tag_bytes(replace(FULL, language=language))))["TLAN"]) == expected


def test_a_tag_changes_no_sample_and_is_the_same_twice(tmp_path: Path, make: Make) -> None:
    made = make(write_sound(tmp_path / "talk.wav"))
    audio = tmp_path / "out.mp3"
    write_tags(audio, tmp_path / "one.mp3", FULL)
    write_tags(audio, tmp_path / "two.mp3", FULL)
    tagged = (tmp_path / "one.mp3").read_bytes()
    assert tagged == (tmp_path / "two.mp3").read_bytes()
    assert tagged == tag_bytes(FULL) + audio.read_bytes()
    assert tagged[-128:-125] != b"TAG"
    assert decoded_samples(tmp_path / "one.mp3") == made.samples
    with pytest.raises(SessioncastError, match="ID3"):
        write_tags(tmp_path / "one.mp3", tmp_path / "three.mp3", FULL)
    assert not list(tmp_path.glob(".*"))


def test_ffmpeg_reads_the_tag_and_the_chapters_in_order(tmp_path: Path, make: Make) -> None:
    make(write_sound(tmp_path / "talk.wav", seconds=3))
    chapters = (
        TagChapter(0, 1000, "A welcome that is much longer than what follows", "https://example.org/é"),
        TagChapter(1000, 1500, "Map"),
        TagChapter(1500, 3000, "Questions – answered"),
    )
    write_tags(tmp_path / "out.mp3", tmp_path / "tagged.mp3", replace(FULL, chapters=chapters))
    container: Any = av.open(str(tmp_path / "tagged.mp3"))
    with container:
        said = container.metadata
        listed = [(c["metadata"]["title"], c["start"], c["end"]) for c in container.chapters()]
    assert said["title"] == FULL.title
    assert said["album"] == FULL.show
    assert said["artist"] == "John Snow, Mary Seacole"
    assert said["genre"] == "Podcast"
    assert said["track"] == "14"
    assert [title for title, _, _ in listed] == [chapter.title for chapter in chapters]
    assert [start for _, start, _ in listed] == [0, 1000, 1500]
    frames = frames_of(tag_bytes(replace(FULL, chapters=chapters)))
    toc = dict(frames)["CTOC"]
    assert toc.startswith(b"toc\0\x03\x03ch000\0ch001\0ch002\0")
    assert [body[:5] for name, body in frames if name == "CHAP"] == [b"ch000", b"ch001", b"ch002"]
