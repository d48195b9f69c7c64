"""What goes into an episode: parts joined, cut and silenced, framed by intro and outro, cleaned; to the sample."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

import speech
from sessioncast.audio.programme import Listened, Programme, hear
from sessioncast.errors import ContentError, MediaError
from sessioncast.events import silent
from sessioncast.model import Redaction, Trim
from sessioncast.timeline import Piece, Timeline

RATE = 44_100
Sound = np.ndarray[Any, np.dtype[np.float32]]


def tone(seconds: float, hertz: float = 440, level: float = 0.2) -> Sound:
    return (level * np.sin(2 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE)).astype(np.float32)


def ramp(first: int, count: int) -> Sound:
    """Samples that say by their value which they are."""
    return ((np.arange(first, first + count) % 20_000) / 40_000 + 0.01).astype(np.float32)


def write(path: Path, sound: Sound, rate: int = RATE) -> Path:
    """Write float WAV: mono, or stereo for two rows."""
    channels = 1 if sound.ndim == 1 else 2
    return speech.write(path, iter([sound]), codec="pcm_f32le", rate=rate, channels=channels, form="flt")


def heard(room: Path, programme: Programme) -> tuple[Listened, Sound]:
    scratch = room / "scratch"
    scratch.mkdir(exist_ok=True)
    listened = hear(programme, scratch, report=silent, name="x")
    return listened, listened.heard.sound(0, listened.heard.samples)


def test_parts_are_joined_without_a_lost_or_doubled_sample(tmp_path: Path) -> None:
    whole = ramp(0, 3 * RATE + 17)
    cuts = (0, RATE + 1, 2 * RATE + 5, len(whole))
    parts = tuple(write(tmp_path / f"{n}.wav", whole[cuts[n] : cuts[n + 1]]) for n in range(3))
    listened, sound = heard(tmp_path, Programme(parts))
    assert np.array_equal(sound[0], whole)
    assert listened.pieces == ((0, 3000, 0),)


def test_a_trim_counts_on_the_parts_laid_end_to_end(tmp_path: Path) -> None:
    whole = ramp(0, 4 * RATE)
    parts = (write(tmp_path / "1.wav", whole[: 2 * RATE]), write(tmp_path / "2.wav", whole[2 * RATE :]))
    listened, sound = heard(tmp_path, Programme(parts, trim=Trim(start=1.5, end=3)))
    assert np.array_equal(sound[0], whole[round(1.5 * RATE) : 3 * RATE])
    assert listened.pieces == ((1500, 3000, 0),)


def test_mono_and_stereo_parts_become_stereo(tmp_path: Path) -> None:
    both = np.stack([tone(1), tone(1, 660)])
    _, sound = heard(tmp_path, Programme((write(tmp_path / "1.wav", tone(1)), write(tmp_path / "2.wav", both))))
    assert sound.shape == (2, 2 * RATE)
    assert np.array_equal(sound[0, :RATE], sound[1, :RATE])
    assert not np.array_equal(sound[0, RATE:], sound[1, RATE:])


def test_parts_of_another_rate_are_brought_to_ours(tmp_path: Path) -> None:
    parts = (write(tmp_path / "1.wav", tone(1)), write(tmp_path / "2.wav", tone(1)[:16_000], 16_000))
    listened, _ = heard(tmp_path, Programme(parts))
    assert listened.heard.samples == pytest.approx(2 * RATE, abs=2)


def test_a_redaction_is_silence_and_the_rest_stays_in_its_place(tmp_path: Path) -> None:
    whole = ramp(0, 4 * RATE)
    redact = (Redaction(start=1.25, end=2),)
    listened, sound = heard(tmp_path, Programme((write(tmp_path / "1.wav", whole),), redact=redact))
    first, last = round(1.25 * RATE), 2 * RATE
    assert not sound[0, first:last].any()
    assert np.array_equal(sound[0, : first - 221], whole[: first - 221])
    assert np.array_equal(sound[0, last + 221 :], whole[last + 221 :])
    assert listened.pieces == ((0, 4000, 0),)


def test_a_redaction_that_cuts_shortens_to_the_sample(tmp_path: Path) -> None:
    whole = ramp(0, 4 * RATE)
    redact = (Redaction(start=3, end=3.5, cut=True), Redaction(start=1, end=2, cut=True))
    listened, sound = heard(tmp_path, Programme((write(tmp_path / "1.wav", whole),), redact=redact))
    assert sound.shape[1] == 4 * RATE - RATE - RATE // 2
    assert np.array_equal(sound[0, : RATE - 221], whole[: RATE - 221])
    assert np.array_equal(sound[0, RATE + 221 : 2 * RATE - 221], whole[2 * RATE + 221 : 3 * RATE - 221])
    assert listened.pieces == ((0, 1000, 0), (2000, 3000, 1000), (3500, 4000, 2000))


@pytest.mark.parametrize(
    "changes",
    [
        {"redact": (Redaction(start=9, end=10),)},
        {"redact": (Redaction(start=0, end=9, cut=True),)},
        {"redact": (Redaction(start=0, end=1),), "trim": Trim(start=5)},
    ],
)
def test_cuts_that_make_no_sense_are_named(tmp_path: Path, changes: dict[str, Any]) -> None:
    recording = write(tmp_path / "talk.wav", tone(2))
    with pytest.raises(ContentError, match=r"talk\.wav.*(redact|trim)"):
        heard(tmp_path, Programme((recording,), **changes))


@pytest.mark.parametrize("crossfade", [0.0, 0.5])
def test_intro_and_outro_pass_into_the_talk_as_loud_as_it(tmp_path: Path, crossfade: float) -> None:
    talk, intro, outro = tone(6, 440, 0.1), tone(3, 1000, 0.02), tone(2, 1500, 0.5)
    files = {
        name: write(tmp_path / f"{name}.wav", s) for name, s in (("talk", talk), ("intro", intro), ("outro", outro))
    }
    programme = Programme((files["talk"],), intro=files["intro"], outro=files["outro"], crossfade=crossfade)
    listened, sound = heard(tmp_path, programme)
    shared = round(crossfade * RATE)
    assert sound.shape[1] == 11 * RATE - 2 * shared
    assert listened.pieces == ((0, 6000, 3000 - round(crossfade * 1000)),)
    middle = [float(np.sqrt(np.mean(sound[0, at : at + RATE] ** 2))) for at in (RATE, 5 * RATE, 9 * RATE)]
    quiet = [20 * np.log10(level / middle[1]) for level in middle]
    assert max(abs(dB) for dB in quiet) < 2.5  # as loud: tones of other pitches weigh a little differently
    if shared:
        over = sound[0, 3 * RATE - shared : 3 * RATE]
        assert 20 * np.log10(float(np.sqrt(np.mean(over**2))) / middle[1]) == pytest.approx(0, abs=1.5)


def test_an_intro_longer_than_a_word_is_not_lost_in_its_crossfade(tmp_path: Path) -> None:
    files = (write(tmp_path / "talk.wav", tone(1)), write(tmp_path / "intro.wav", tone(4, 1000)))
    listened, sound = heard(tmp_path, Programme(files[:1], intro=files[1], crossfade=10))
    assert sound.shape[1] == 5 * RATE - RATE // 2
    assert listened.pieces[0][2] == 3500


def test_a_bad_intro_is_named(tmp_path: Path) -> None:
    bad = tmp_path / "intro.wav"
    bad.write_bytes(b"no sound at all")
    with pytest.raises(MediaError, match=r"intro\.wav"):
        heard(tmp_path, Programme((write(tmp_path / "talk.wav", tone(1)),), intro=bad))


def test_the_timeline_says_where_a_click_is_heard(tmp_path: Path) -> None:
    whole = np.full(8 * RATE, 1e-4, np.float32)
    clicks = (0.5, 2.5, 3.7, 6.2)
    for at in clicks:
        whole[round(at * RATE)] = 0.9
    parts = (write(tmp_path / "1.wav", whole[: 4 * RATE]), write(tmp_path / "2.wav", whole[4 * RATE :]))
    programme = Programme(
        parts,
        trim=Trim(start=1, end=7),
        redact=(Redaction(start=3, end=3.5, cut=True),),
        intro=write(tmp_path / "intro.wav", tone(2, 300, 0.01)),
        crossfade=0.25,
    )
    listened, sound = heard(tmp_path, programme)
    timeline = Timeline(tuple(Piece(*p) for p in listened.pieces), round(sound.shape[1] * 1000 / RATE))
    found = [round(int(i) * 1000 / RATE) for i in np.flatnonzero(np.abs(sound[0]) > 0.5)]
    assert [timeline.at(round(at * 1000)) for at in clicks] == [None, *found]
    assert len(found) == 3


def test_highpass_takes_rumble_and_leaves_speech(tmp_path: Path) -> None:
    recording = write(tmp_path / "talk.wav", tone(3, 30) + tone(3, 1000))
    listened, sound = heard(tmp_path, Programme((recording,), highpass=80))
    assert listened.heard.samples == 3 * RATE
    spectrum = np.abs(np.fft.rfft(sound[0, RATE : 2 * RATE]))
    assert spectrum[30] < 0.25 * spectrum[1000]
    plain = np.abs(np.fft.rfft(tone(3, 1000)[RATE : 2 * RATE]))[1000]
    assert spectrum[1000] == pytest.approx(plain, rel=0.05)


def test_denoise_lowers_the_noise_and_keeps_length_and_place(tmp_path: Path) -> None:
    rng = np.random.default_rng(3)
    noise = (0.01 * rng.standard_normal(8 * RATE)).astype(np.float32)
    voice = noise.copy()
    voice[3 * RATE : 4 * RATE] += tone(1, 700, 0.3)
    recording = write(tmp_path / "talk.wav", voice)
    listened, sound = heard(tmp_path, Programme((recording,), denoise=12))
    assert listened.heard.samples == 8 * RATE

    def level(rows: Sound, start: float) -> float:
        return float(20 * np.log10(np.sqrt(np.mean(rows[round(start * RATE) : round((start + 1) * RATE)] ** 2))))

    assert level(sound[0], 6) < level(voice, 6) - 6
    assert level(sound[0], 3) == pytest.approx(level(voice, 3), abs=1)
    likeness = [float((voice * np.roll(sound[0], lag)).sum()) for lag in range(-30, 31)]
    assert int(np.argmax(likeness)) == 30


def test_chapter_marks_of_the_recordings_are_found(tmp_path: Path) -> None:
    first, second = tmp_path / "1.m4a", tmp_path / "2.m4a"
    for path, titles in ((first, ["Welcome", "The map"]), (second, ["Questions"])):
        with av.open(str(path), "w", format="mp4") as container:
            stream = container.add_stream("aac", rate=RATE, layout="mono")
            container.set_chapters(
                [
                    {"id": n, "start": n * 1000, "end": n * 1000 + 1000, "time_base": _ms(), "metadata": {"title": t}}
                    for n, t in enumerate(titles)
                ]
            )
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(tone(2)[None, :]), format="fltp", layout="mono")
            frame.sample_rate = RATE
            for packet in [*stream.encode(frame), *stream.encode(None)]:
                container.mux(packet)
    listened, _ = heard(tmp_path, Programme((first, second)))
    assert [title for _, title in listened.markers] == ["Welcome", "The map", "Questions"]
    assert listened.markers[1][0] == 1000
    assert listened.markers[2][0] == pytest.approx(2000, abs=50)


def _ms() -> Any:
    from fractions import Fraction

    return Fraction(1, 1000)
