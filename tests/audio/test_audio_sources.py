"""Twelve kinds of recording, measured after publication by an independent meter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

import speech
from meters import measured
from sessioncast.events import Event, Noted
from sounds import Make, decoded_samples
from speech import Sound

SECONDS = 30


def talk(rate: int, seconds: float = SECONDS, **how: float) -> Sound:
    return np.concatenate(list(speech.talk(seconds, rate=rate, **how)))


def hot(rate: int) -> Sound:
    clipped: Sound = np.clip(talk(rate) * np.float32(8), -1, 1)
    return clipped


def long_silence(rate: int) -> Sound:
    sound = talk(rate, 12)
    return np.concatenate([np.zeros(40 * rate, np.float32), sound, np.zeros(20 * rate, np.float32)])


def two_voices(rate: int) -> Sound:
    one = talk(rate, quiet=1)
    return np.stack([one, np.roll(one, rate // 2) * np.float32(0.5)])


def one_dead_side(rate: int) -> Sound:
    one = talk(rate)
    return np.stack([np.zeros_like(one), one])


@dataclass(frozen=True, slots=True)
class Source:
    """A file name, what it sounds like, and how it is encoded."""

    name: str
    sound: Callable[[int], Sound]
    codec: str
    rate: int
    form: str = "fltp"
    channels: int = 1


SOURCES = (
    Source("telephone 8 kHz 16 bit.wav", talk, "pcm_s16le", 8_000, "s16"),
    Source("studio 96 kHz 24 bit.wav", talk, "pcm_s24le", 96_000, "s32"),
    Source("float 48 kHz.wav", talk, "pcm_f32le", 48_000, "flt"),
    Source("stereo.mp3", two_voices, "libmp3lame", 44_100, "fltp", 2),
    Source("one dead side.m4a", one_dead_side, "aac", 48_000, "fltp", 2),
    Source("dual mono.opus", lambda r: np.stack([talk(r)] * 2), "libopus", 48_000, "flt", 2),
    Source("lossless 24 bit.flac", talk, "flac", 44_100, "s32"),
    Source("quiet.flac", lambda r: talk(r, noise=-90) * np.float32(0.09), "flac", 44_100, "s32"),
    Source("hot and clipped.wav", hot, "pcm_s16le", 44_100, "s16"),
    Source("long silence.m4a", long_silence, "aac", 32_000),
    Source("low rate 22 kHz.mp3", talk, "libmp3lame", 22_050),
    Source("single word.wav", lambda r: speech.voice(r)[: round(0.7 * r)], "pcm_s16le", 44_100, "s16"),
    Source("video.mp4", talk, "aac", 48_000),
)


@pytest.mark.parametrize(
    "source", [pytest.param(s, id=s.name) for s in SOURCES if s.name in {"stereo.mp3", "quiet.flac"}]
)
def test_the_published_file_is_as_loud_as_promised(source: Source, tmp_path: Path, make: Make) -> None:
    _prove(source, tmp_path, make)


@pytest.mark.prove
@pytest.mark.parametrize("source", [pytest.param(source, id=source.name) for source in SOURCES])
def test_every_kind_of_source_is_as_loud_as_promised(source: Source, tmp_path: Path, make: Make) -> None:
    _prove(source, tmp_path, make)


def _prove(source: Source, tmp_path: Path, make: Make) -> None:
    sound = source.sound(source.rate)
    recording = speech.write(
        tmp_path / source.name,
        iter([sound]),
        codec=source.codec,
        rate=source.rate,
        channels=source.channels,
        form=source.form,
    )
    if source.name.endswith(".mp4"):
        recording = _with_picture(recording, tmp_path / "with picture.mp4")
    made = make(recording)
    loudness, peak = measured(tmp_path / "out.mp3")
    seconds = sound.shape[-1] / source.rate
    print(f"{source.name:<28} {made.loudness} → {loudness:6.1f} LUFS {peak:5.1f} dBTP, gain {made.gain}, {made}")
    assert loudness == pytest.approx(-16, abs=0.5)
    assert peak <= -1.0
    assert made.encoded_loudness == pytest.approx(loudness, abs=0.15)
    if peak > -4:  # further below the limit only samples are looked at
        assert made.encoded_peak == pytest.approx(peak, abs=0.2)
    assert made.duration == pytest.approx(seconds, abs=0.07)  # lossy recordings end with a whole frame
    if source.codec.startswith("pcm") or source.codec == "flac":
        assert made.duration == pytest.approx(seconds, abs=0.001)
    assert decoded_samples(tmp_path / "out.mp3") == made.samples
    assert made.channels == (2 if source.name == "stereo.mp3" else 1)


def _with_picture(sound: Path, target: Path) -> Path:
    import subprocess

    import imageio_ffmpeg

    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(sound)]
    command += [
        "-f",
        "lavfi",
        "-i",
        "color=c=gray:s=160x90:r=5",
        "-shortest",
        "-c:a",
        "copy",
        "-c:v",
        "libx264",
        str(target),
    ]
    subprocess.run(command, check=True)
    return target


def test_too_short_to_measure_is_left_alone_and_said(tmp_path: Path, make: Make, events: list[Event]) -> None:
    recording = speech.write(
        tmp_path / "yes.wav", iter([speech.voice(44_100)[4000:17_000]]), codec="pcm_s16le", rate=44_100, form="s16"
    )
    made = make(recording)
    assert (made.loudness, made.gain) == (None, 0)
    assert made.encoded_peak <= -1
    assert any(isinstance(event, Noted) and "too short" in event.text for event in events)


def test_a_quiet_voice_comes_nearer_and_the_noise_between_sentences_does_not(
    tmp_path: Path, make: Make, events: list[Event]
) -> None:
    rate = 44_100
    voice = speech.voice(rate)[: 8 * rate]
    pause = np.zeros(2 * rate, np.float32)
    near, far = voice, voice * np.float32(speech.QUIET)
    parts = [near, pause, far, pause, near, pause, far, pause]
    sound = np.concatenate(parts)
    sound += np.random.default_rng(2).normal(0, 10 ** (-62 / 20), len(sound)).astype(np.float32)
    made = make(speech.write(tmp_path / "two.wav", iter([sound]), codec="pcm_s16le", rate=rate, form="s16"))
    from sounds import decoded_mono

    out = np.array(decoded_mono(tmp_path / "out.mp3"))

    def level(start: float, seconds: float, of: Sound = out) -> float:
        part = of[round(start * rate) : round((start + seconds) * rate)].astype(np.float64)
        return float(10 * np.log10((part**2).mean()))

    apart_before = level(1, 6, sound) - level(11, 6, sound)
    apart_after = level(1, 6) - level(11, 6)
    assert apart_before == pytest.approx(15, abs=0.5)
    assert 3 < apart_after < 10.5  # the limiter takes from the near voice too
    assert made.lifted > 5
    assert any(isinstance(event, Noted) and "quiet speech raised" in event.text for event in events)
    for at in (8.8, 18.8, 28.8):
        assert level(at, 0.9) < max(level(at, 0.9, sound) + made.gain - 3, -50)
        assert level(at, 0.9) < -50
