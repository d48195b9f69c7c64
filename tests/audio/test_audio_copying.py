"""A recording that is right already keeps its packets; one that isn't, in any respect, is encoded."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import speech
from meters import audio_packets
from sessioncast.audio.tag_facts import TagFacts
from sessioncast.audio.tags import write_tags
from sounds import Make, decoded_samples


@pytest.fixture(scope="module")
def talk() -> speech.Sound:
    return np.concatenate(list(speech.talk(25, rate=44_100, quiet=1)))


def mp3(path: Path, sound: speech.Sound) -> Path:
    return speech.write(path, iter([sound]), codec="libmp3lame", rate=44_100)


def test_what_we_made_is_copied_whatever_its_tag(tmp_path: Path, make: Make, talk: speech.Sound) -> None:
    first = make(mp3(tmp_path / "talk.mp3", talk), tmp_path / "first.mp3")
    assert not first.copied
    write_tags(tmp_path / "first.mp3", tmp_path / "tagged.mp3", TagFacts("On Cholera", "Sessions", ("John Snow",), "g"))
    second = make(tmp_path / "tagged.mp3", tmp_path / "second.mp3")
    assert second.copied
    assert second.samples == first.samples == decoded_samples(tmp_path / "second.mp3")
    assert audio_packets(tmp_path / "second.mp3") == audio_packets(tmp_path / "tagged.mp3")
    assert (tmp_path / "second.mp3").read_bytes() == (tmp_path / "first.mp3").read_bytes()
    assert b"John" not in (tmp_path / "second.mp3").read_bytes()


@pytest.mark.parametrize("header", [True, False])
def test_other_encoders_files_are_copied_with_and_without_a_header(
    header: bool, tmp_path: Path, make: Make, talk: speech.Sound
) -> None:
    made = make(mp3(tmp_path / "a.mp3", talk), tmp_path / "made.mp3")
    body = (tmp_path / "made.mp3").read_bytes()
    source = tmp_path / "source.mp3"
    source.write_bytes((body if header else body[313:]) + b"TAG" + bytes(125))
    copied = make(source, tmp_path / "copied.mp3")
    assert copied.copied
    assert audio_packets(tmp_path / "copied.mp3") == audio_packets(tmp_path / "made.mp3")
    assert copied.samples == decoded_samples(source) == decoded_samples(tmp_path / "copied.mp3")
    assert (copied.samples == made.samples) is header


@pytest.mark.parametrize("change", ["louder", "peak", "mono bitrate", "damaged", "rate"])
def test_what_is_not_right_is_encoded(change: str, tmp_path: Path, make: Make, talk: speech.Sound) -> None:
    make(mp3(tmp_path / "talk.mp3", talk), tmp_path / "made.mp3")
    source = tmp_path / "source.mp3"
    body = (tmp_path / "made.mp3").read_bytes()
    if change == "damaged":
        source.write_bytes(body[:5000] + bytes(100) + body[5000:])
    else:
        from sounds import decoded_mono

        sound = np.array(decoded_mono(tmp_path / "made.mp3"), np.float32)
        if change == "louder":
            sound *= np.float32(0.8)
        if change == "peak":
            sound[20_000:20_300] = np.sin(np.arange(300) / 8)
        rate = 48_000 if change == "rate" else 44_100
        bitrate = 64_000 if change == "mono bitrate" else 128_000
        speech.write(source, iter([sound]), codec="libmp3lame", rate=rate, bitrate=bitrate)
    assert not make(source, tmp_path / "again.mp3").copied
