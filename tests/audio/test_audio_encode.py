from __future__ import annotations

import math
from pathlib import Path

import pytest
from mutagen.mp3 import MP3, BitrateMode

from sessioncast.audio.measure import file_facts
from sessioncast.events import Advanced, Event, Finished, Noted, Started
from sounds import KINDS, Make, decoded_mono, decoded_samples, write_sound


@pytest.mark.parametrize("kind", KINDS)
def test_every_container_becomes_an_mp3_of_its_length(kind: str, tmp_path: Path, make: Make) -> None:
    codec, rate = KINDS[kind]
    recording = write_sound(tmp_path / f"talk.{kind}", codec=codec, rate=rate, video=kind in {"mp4", "mkv"})
    made = make(recording)
    assert made.duration == pytest.approx(1.5, abs=0.06)  # AAC and MP3 round up to whole frames
    assert (made.sample_rate, made.channels, made.bitrate) == (44_100, 1, 96_000)
    assert decoded_samples(tmp_path / "out.mp3") == made.samples


@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("samples", [1, 575, 576, 1152, 1153, 44_100, 70_001])
def test_the_info_header_tells_the_length_to_the_sample(
    samples: int, channels: int, tmp_path: Path, make: Make
) -> None:
    made = make(write_sound(tmp_path / "talk.wav", seconds=samples / 44_100, channels=channels))
    assert made.samples == samples
    assert decoded_samples(tmp_path / "out.mp3") == samples
    info = MP3(tmp_path / "out.mp3").info
    assert info.length == pytest.approx(samples / 44_100, abs=1e-6)
    assert info.bitrate_mode == BitrateMode.CBR
    assert info.channels == channels


def test_the_sound_is_not_shifted(tmp_path: Path, make: Make) -> None:
    recording = write_sound(tmp_path / "talk.wav")
    gain = make(recording).gain
    before = decoded_mono_of_wav(recording)
    after = decoded_mono(tmp_path / "out.mp3")
    part = range(10_000, 30_000)

    def likeness(lag: int) -> float:
        return sum(before[i] * after[i + lag] for i in part[::7])

    assert max(range(-40, 41), key=likeness) == 0
    loudness = 10 * math.log10(sum(after[i] ** 2 for i in part) / sum(before[i] ** 2 for i in part))
    assert loudness == pytest.approx(gain, abs=0.1)  # what LAME takes away was given before


def decoded_mono_of_wav(path: Path) -> list[float]:
    import array
    import wave

    with wave.open(str(path)) as file:
        return [value / 32768 for value in array.array("h", file.readframes(file.getnframes()))]


def test_more_than_two_channels_become_stereo_and_two_stay_two(tmp_path: Path, make: Make) -> None:
    surround = make(write_sound(tmp_path / "surround.flac", codec="flac", channels=6))
    stereo = make(write_sound(tmp_path / "stereo.flac", codec="flac", channels=2))
    assert (surround.channels, surround.bitrate) == (2, 128_000)
    assert (stereo.channels, stereo.bitrate) == (2, 128_000)


def test_the_same_recording_gives_the_same_bytes(tmp_path: Path, make: Make) -> None:
    recording = write_sound(tmp_path / "talk.m4a", codec="aac", channels=2)
    assert make(recording, tmp_path / "one.mp3") == make(recording, tmp_path / "two.mp3")
    assert file_facts(tmp_path / "one.mp3") == file_facts(tmp_path / "two.mp3")
    assert file_facts(tmp_path / "one.mp3").length == (tmp_path / "one.mp3").stat().st_size


def test_one_gain_brings_speech_to_its_target_or_to_the_peak_limit(tmp_path: Path, make: Make) -> None:
    soft = make(write_sound(tmp_path / "soft.wav", level=0.02, seconds=3))
    assert soft.loudness is not None
    assert soft.loudness + soft.gain == pytest.approx(-16, abs=0.01) or soft.peak + soft.gain == pytest.approx(
        -2, abs=0.01
    )
    assert soft.peak + soft.gain <= -2 + 0.01
    loud = make(write_sound(tmp_path / "loud.wav", level=0.99, seconds=3))
    assert loud.gain < 0
    assert max(map(abs, decoded_mono(tmp_path / "out.mp3"))) < 10 ** (-1 / 20)


def test_a_very_quiet_recording_is_raised_by_thirty_decibels_and_reported(
    tmp_path: Path, make: Make, events: list[Event]
) -> None:
    made = make(write_sound(tmp_path / "far.wav", level=0.003, seconds=2))
    assert made.gain == 30
    assert any(isinstance(event, Noted) and "so quiet" in event.text for event in events)


def test_progress_is_told_in_seconds_and_adds_up(tmp_path: Path, make: Make, events: list[Event]) -> None:
    make(write_sound(tmp_path / "talk.wav", seconds=5))
    for work in ("decode", "encode"):
        ours = [e for e in events if not isinstance(e, Noted) and e.work == work]
        assert ours[0] == Started(work, "broad-street", total=5, unit="seconds")
        assert sum(e.amount for e in ours if isinstance(e, Advanced)) in {4, 5}
        assert ours[-1] == Finished(work, "broad-street")


def test_nothing_is_left_behind(tmp_path: Path, make: Make) -> None:
    make(write_sound(tmp_path / "talk.wav"))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.mp3", "talk.wav"]


def test_names_that_look_like_addresses_are_files(tmp_path: Path, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "av.py").write_text("raise SystemExit('the wrong av')\n")
    write_sound(tmp_path / "Ep-12:final é.wav")
    assert make(Path("Ep-12:final é.wav")).samples == 66_150


def test_sound_that_changes_its_shape_midway_is_kept(tmp_path: Path, make: Make) -> None:
    stereo = write_sound(tmp_path / "a.mp3", codec="libmp3lame", channels=2)
    mono = write_sound(tmp_path / "b.mp3", codec="libmp3lame", rate=22_050)
    (tmp_path / "both.mp3").write_bytes(stereo.read_bytes() + mono.read_bytes())
    made = make(tmp_path / "both.mp3")
    assert made.channels == 2
    assert made.duration == pytest.approx(3.1, abs=0.2)
