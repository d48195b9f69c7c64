"""M4A and Opus: as loud, as long and as clean as the MP3, and tags and chapters that two others' readers find in each."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

import speech
from meters import audio_packets, measured
from sessioncast.audio.encode import Encoded, encode
from sessioncast.audio.programme import Programme
from sessioncast.audio.tag_facts import TagChapter, TagFacts
from sessioncast.audio.tags import write_tags
from sessioncast.audio.untag import untagged
from sessioncast.events import silent
from sessioncast.model import AudioSettings

CHAPTERS = (
    TagChapter(0, 5_250, "Qui était John Snow ?"),
    TagChapter(5_250, 11_007, "Une pompe, une carte – 井戸", "https://example.org/carte"),
    TagChapter(11_007, 20_000, "Questions"),
)


def cover() -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (300, 300), (10, 90, 80)).save(out, "JPEG")
    return out.getvalue()


FACTS = TagFacts(
    title="La pompe de Broad Street",
    show="Broad Street Sessions",
    artists=("John Snow", "Mary Seacole"),
    guid="5c1c9f7e-0000-5000-8000-000000000001",
    date=datetime(2024, 9, 7, 19, 30, tzinfo=UTC),
    season=2,
    number=14,
    summary="Une carte et une pompe.",
    language="fr",
    category="Education",
    link="https://example.org/pompe",
    chapters=CHAPTERS,
)


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    room = tmp_path_factory.mktemp("talk")
    return speech.write(room / "talk.wav", speech.talk(20, rate=44_100), codec="pcm_s16le", rate=44_100, form="s16")


@pytest.fixture(scope="module")
def made(talk: Path) -> tuple[Path, Encoded]:
    """All three containers, from one decoded recording."""
    room = talk.parent
    encoded = encode(
        Programme((talk,)),
        room / "out.mp3",
        AudioSettings(also=("opus", "m4a")),
        report=silent,
        name="broad-street",
        scratch=room,
        also={"m4a": room / "out.m4a", "opus": room / "out.opus"},
    )
    return room, encoded


@pytest.fixture(scope="module")
def tagged(made: tuple[Path, Encoded]) -> Path:
    room, _ = made
    facts = replace(FACTS, cover=cover())
    for ending in ("mp3", "m4a", "opus"):
        write_tags(room / f"out.{ending}", room / f"tagged.{ending}", facts)
    return room


@pytest.mark.parametrize("ending", ["m4a", "opus"])
def test_it_is_as_loud_as_promised_and_says_what_it_is(made: tuple[Path, Encoded], ending: str) -> None:
    room, encoded = made
    facts = next(a for a in encoded.alternates if a.container == ending)
    loudness, peak = measured(room / f"out.{ending}")
    assert loudness == pytest.approx(-16, abs=0.5)
    assert peak <= -1.0
    assert facts.loudness == pytest.approx(loudness, abs=0.15)
    assert facts.codecs == {"m4a": "mp4a.40.2", "opus": "opus"}[ending]
    assert facts.duration == pytest.approx(20, abs=0.001)
    assert facts.bitrate == pytest.approx((room / f"out.{ending}").stat().st_size * 8 / 20, rel=0.01)


def decoded(path: Path) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Return a file's sound at 44.1 kHz, as FFmpeg decodes it."""
    resampler = av.AudioResampler(format="flt", layout="mono", rate=44_100)
    with av.open(str(path)) as container:
        parts = [f.to_ndarray()[0] for frame in container.decode(audio=0) for f in resampler.resample(frame)]
        parts += [f.to_ndarray()[0] for f in resampler.resample(None)]
    return np.concatenate(parts)


@pytest.mark.parametrize(("ending", "tail"), [("mp3", 0), ("m4a", 1023), ("opus", 44)])
def test_it_begins_and_ends_where_the_recording_does(
    made: tuple[Path, Encoded], talk: Path, ending: str, tail: int
) -> None:
    """FFmpeg plays an M4A's last frame to its end, though the file says where the sound ends; Apple's decoder stops there."""
    room, encoded = made
    source, sound = decoded(talk), decoded(room / f"out.{ending}")
    assert 0 <= len(sound) - encoded.samples <= tail
    part = slice(3 * 44_100, 6 * 44_100)
    likeness = [float((source[part] * np.roll(sound, lag)[part]).sum()) for lag in range(-40, 41)]
    assert int(np.argmax(likeness)) == 40
    with av.open(str(room / f"out.{ending}")) as container:
        assert container.duration is not None
        assert container.duration / 1e6 == pytest.approx(20, abs=0.008)


@pytest.mark.parametrize("ending", ["m4a", "opus"])
def test_the_same_bytes_again(made: tuple[Path, Encoded], talk: Path, tmp_path: Path, ending: str) -> None:
    room, _ = made
    settings = AudioSettings(format="m4a") if ending == "m4a" else AudioSettings()
    also: dict[Any, Path] = {"opus": tmp_path / "again.opus"} if ending == "opus" else {}
    main = tmp_path / ("again.m4a" if ending == "m4a" else "main.mp3")
    again = encode(Programme((talk,)), main, settings, report=silent, name="x", scratch=tmp_path, threads=1, also=also)
    assert (tmp_path / f"again.{ending}").read_bytes() == (room / f"out.{ending}").read_bytes()
    if ending == "m4a":
        assert again.codecs == "mp4a.40.2"
        assert again.encoded_loudness == pytest.approx(-16, abs=0.5)


def test_an_m4a_starts_at_once_and_names_no_tool(tagged: Path) -> None:
    body = (tagged / "tagged.m4a").read_bytes()
    assert body.index(b"moov") < body.index(b"mdat")
    for ending in ("mp3", "m4a", "opus"):
        assert not re.search(rb"Lav[cf]\d", (tagged / f"tagged.{ending}").read_bytes()), ending


def test_nothing_of_the_recordings_metadata_survives(tmp_path: Path) -> None:
    secret = "Recorded by iPhone in Theatre 4"
    recording = tmp_path / "talk.m4a"
    sound = next(iter(speech.talk(5, rate=44_100)))
    with av.open(str(recording), "w", format="mp4", options={"movflags": "use_metadata_tags"}) as container:
        container.metadata.update(
            {"title": secret, "comment": secret, "location": "+51.5132-0.1367/", "artist": secret}
        )
        stream = container.add_stream("aac", rate=44_100, layout="mono")
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(sound[None, :]), format="fltp", layout="mono")
        frame.sample_rate = 44_100
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
    assert secret.encode() in recording.read_bytes()
    also: dict[Any, Path] = {"m4a": tmp_path / "out.m4a", "opus": tmp_path / "out.opus"}
    encode(
        Programme((recording,)),
        tmp_path / "out.mp3",
        AudioSettings(),
        report=silent,
        name="x",
        scratch=tmp_path,
        also=also,
    )
    for ending in ("mp3", "m4a", "opus"):
        body = (tmp_path / f"out.{ending}").read_bytes()
        assert secret.encode() not in body
        assert b"51.5132" not in body


@pytest.mark.parametrize("ending", ["mp3", "m4a", "opus"])
def test_tagging_leaves_the_packets_alone_and_can_be_done_again(tagged: Path, tmp_path: Path, ending: str) -> None:
    first = tagged / f"tagged.{ending}"
    packets = audio_packets(tagged / f"out.{ending}")
    assert audio_packets(first) == packets
    bare, again, same = (tmp_path / f"{name}.{ending}" for name in ("bare", "again", "same"))
    untagged(first, bare)
    write_tags(bare, again, replace(FACTS, title="The Pump", chapters=()))
    assert audio_packets(again) == packets
    assert b"La pompe" not in again.read_bytes()
    write_tags(bare, same, replace(FACTS, cover=cover()))
    assert same.read_bytes() == first.read_bytes()


# --- what others read -------------------------------------------------------------------------------------------------


def ffmpeg_reads(path: Path) -> tuple[dict[str, str], list[tuple[int, str]], bool]:
    """FFmpeg through PyAV: tags, chapters as (ms, title), and whether there is a picture."""
    with av.open(str(path)) as container:
        tags = {k.lower(): v for k, v in {**container.metadata, **container.streams.audio[0].metadata}.items()}
        chapters = [
            (round(float(c["start"] * c["time_base"]) * 1000), str(c["metadata"]["title"]))
            for c in container.chapters()
        ]
        return tags, chapters, bool(container.streams.video)


def tool(name: str, *words: str) -> str:
    where = shutil.which(name)
    if where is None:
        pytest.skip(f"{name} is not installed")
    done = subprocess.run([where, *words], capture_output=True, text=True, check=True)
    return done.stdout


WANTED = [(c.start, c.title) for c in CHAPTERS]


@pytest.mark.parametrize("ending", ["mp3", "m4a", "opus"])
def test_ffmpeg_finds_everything(tagged: Path, ending: str) -> None:
    tags, chapters, picture = ffmpeg_reads(tagged / f"tagged.{ending}")
    assert tags["title"] == FACTS.title
    assert tags["artist"] == "John Snow, Mary Seacole"
    assert tags["album"] == FACTS.show
    assert tags["date"].startswith("2024")
    assert picture
    assert chapters == WANTED


def test_eyed3_finds_everything_in_the_mp3(tagged: Path) -> None:
    import eyed3

    tag = eyed3.load(tagged / "tagged.mp3").tag
    assert (tag.title, tag.artist, tag.album) == (FACTS.title, "John Snow, Mary Seacole", FACTS.show)
    assert str(tag.getBestDate()).startswith("2024")
    assert [image.picture_type for image in tag.images] == [3]
    chapters = {c.element_id: (c.times.start, c.title) for c in tag.chapters}
    assert [chapters[key] for toc in tag.table_of_contents for key in toc.child_ids] == WANTED


def test_mediainfo_finds_everything_in_the_m4a(tagged: Path) -> None:
    said = json.loads(tool("mediainfo", "--Output=JSON", str(tagged / "tagged.m4a")))["media"]["track"]
    general = said[0]
    assert (general["Title"], general["Performer"], general["Album"]) == (
        FACTS.title,
        "John Snow, Mary Seacole",
        FACTS.show,
    )
    assert "2024-09-07" in general["Recorded_Date"]
    assert general["Cover"] == "Yes"
    menus = [t["extra"] for t in said if t["@type"] == "Menu"]
    for menu in menus:  # both kinds, the text track's titles with their language in front
        found = [(_milliseconds(at), title.removeprefix("en:")) for at, title in menu.items() if at.startswith("_0")]
        assert found == WANTED
    assert menus


def _milliseconds(menu: str) -> int:
    """Read mediainfo's "_00_00_05_250"."""
    hours, minutes, seconds, thousandths = menu.strip("_").split("_")
    return ((int(hours) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int(thousandths)


def test_atomicparsley_finds_everything_in_the_m4a(tagged: Path) -> None:
    said = tool("AtomicParsley", str(tagged / "tagged.m4a"), "-t", "1")
    for text in (FACTS.title, "John Snow, Mary Seacole", FACTS.show, "2024-09-07", "1 piece of artwork"):
        assert text in said


def test_mutagen_reads_the_m4as_chapters(tagged: Path) -> None:
    from mutagen.mp4 import MP4

    file: Any = MP4(str(tagged / "tagged.m4a"))
    assert [(round(c.start * 1000), c.title) for c in file.chapters] == WANTED


@pytest.mark.parametrize("ending", ["mp3", "opus"])
def test_mediainfo_finds_the_rest(tagged: Path, ending: str) -> None:
    said = json.loads(tool("mediainfo", "--Output=JSON", str(tagged / f"tagged.{ending}")))["media"]["track"]
    general = said[0]
    assert (general["Title"], general["Performer"], general["Album"], general["Cover"]) == (
        FACTS.title,
        "John Snow, Mary Seacole",
        FACTS.show,
        "Yes",
    )
    assert "2024" in general["Recorded_Date"]
    if ending == "opus":
        menu = next(t["extra"] for t in said if t["@type"] == "Menu")
        assert list(menu.values()) == [title for _, title in WANTED]


def test_ogg_comments_by_hand(tagged: Path) -> None:
    """A reader of our own twenty lines, from RFC 7845 and the Vorbis comment format: independent of mutagen and FFmpeg."""
    body = (tagged / "tagged.opus").read_bytes()
    packets: list[bytes] = []
    at, packet = 0, b""
    while len(packets) < 2:
        count = body[at + 26]
        lacing = body[at + 27 : at + 27 + count]
        data = at + 27 + count
        for size in lacing:
            packet += body[data : data + size]
            data += size
            if size < 255:
                packets.append(packet)
                packet = b""
        at = data
    comments = packets[1]
    assert comments[:8] == b"OpusTags"
    place = 12 + int.from_bytes(comments[8:12], "little")
    found = []
    total = int.from_bytes(comments[place : place + 4], "little")
    place += 4
    for _ in range(total):
        size = int.from_bytes(comments[place : place + 4], "little")
        found.append(comments[place + 4 : place + 4 + size].decode().partition("="))
        place += 4 + size
    by_name = {name.upper(): value for name, _, value in found}
    assert (by_name["TITLE"], by_name["ALBUM"], by_name["DATE"]) == (FACTS.title, FACTS.show, "2024-09-07")
    assert "METADATA_BLOCK_PICTURE" in by_name
    chapters = [(by_name[f"CHAPTER{n:03d}"], by_name[f"CHAPTER{n:03d}NAME"]) for n in range(len(WANTED))]
    assert chapters == [("00:00:00.000", WANTED[0][1]), ("00:00:05.250", WANTED[1][1]), ("00:00:11.007", WANTED[2][1])]
