"""Stretches encoded side by side come out as one stream: no sample lost, doubled, silent or shifted at any join."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

import speech
from sessioncast.audio import segments
from sessioncast.audio.encode import Encoded, encode
from sessioncast.audio.grid import CHUNK, CHUNK_HOPS, SAMPLE_RATE
from sessioncast.audio.join import Frames, Part, Unjoinable, join, meeting, offsets_of
from sessioncast.audio.programme import Programme
from sessioncast.events import silent
from sessioncast.model import AudioSettings
from sounds import decoded_samples

Sound = NDArray[np.float32]

SECONDS = 42


def sweep(seconds: float) -> Sound:
    """Return a sine from 100 Hz to 4 kHz at −15 dBFS."""
    at = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    phase = 2 * np.pi * seconds * 100 / np.log(40) * (40 ** (at / seconds) - 1)
    sound: Sound = (0.18 * np.sin(phase)).astype(np.float32)
    return sound


def clicks(seconds: float) -> Sound:
    """Return a soft tone, and a click every 0.7 s."""
    sound = 0.1 * np.sin(2 * np.pi * 330 * np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE)
    sound[:: round(0.7 * SAMPLE_RATE)] += 0.5
    return sound.astype(np.float32)


def noise(seconds: float) -> Sound:
    """Return white noise at −20 dBFS."""
    return np.random.default_rng(3).normal(0, 0.1, round(seconds * SAMPLE_RATE)).astype(np.float32)


def write(path: Path, sound: Sound) -> Path:
    channels = 1 if sound.ndim == 1 else len(sound)
    return speech.write(path, iter([sound]), codec="pcm_s16le", rate=SAMPLE_RATE, channels=channels, form="s16")


def heard(path: Path) -> Sound:
    container: Any = av.open(str(path))
    with container:
        return np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)])


@pytest.fixture
def short_stretches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Join every ten or twenty seconds instead of every five minutes."""
    monkeypatch.setattr(segments, "_LONGEST", 2)


def made(recording: Path, target: Path, threads: int = 2) -> Encoded:
    return encode(
        Programme((recording,)),
        target,
        AudioSettings(),
        report=silent,
        name="joins",
        scratch=target.parent,
        threads=threads,
    )


SOUNDS: dict[str, Callable[[float], Sound]] = {
    "sweep": sweep,
    "clicks": clicks,
    "speech": lambda s: np.concatenate(list(speech.talk(s, rate=SAMPLE_RATE))),
    "noise": noise,
}


@pytest.mark.usefixtures("short_stretches")
@pytest.mark.parametrize("kind", SOUNDS)
def test_what_comes_out_is_what_went_in_at_every_join(kind: str, tmp_path: Path) -> None:
    sound = SOUNDS[kind](SECONDS)
    recording = write(tmp_path / "in.wav", sound)
    facts = made(recording, tmp_path / "joined.mp3")
    out = heard(tmp_path / "joined.mp3")
    assert len(out) == facts.samples == len(sound)
    assert len(segments.stretches(-(-len(sound) // CHUNK))) > 2
    # Each 50 ms is found where it was, as like the source as MP3 can be: never a gap or a repetition.
    step = SAMPLE_RATE // 20
    before, after = (x[: len(x) // step * step].reshape(-1, step).astype(np.float64) for x in (sound, out))
    loud = np.sqrt((before**2).mean(axis=1)) > 0.01
    likeness = (before * after).sum(axis=1) / np.sqrt((before**2).sum(axis=1) * (after**2).sum(axis=1) + 1e-12)
    floor = {"sweep": 0.99, "clicks": 0.98, "speech": 0.5, "noise": 0.5}[kind]
    assert likeness[loud].min() > floor
    # Not lost, not doubled either: the frames are those of one encoder that was never interrupted.
    whole = tmp_path / "whole.mp3"
    with pytest.MonkeyPatch.context() as once:
        once.setattr(segments, "_LONGEST", 1000)
        made(recording, whole)
    alone = heard(whole)
    error = np.abs(out - alone).reshape(-1)[: len(out) // step * step].reshape(-1, step).max(axis=1)
    assert np.median(error) < 0.01
    assert error.max() < 0.2


@pytest.mark.usefixtures("short_stretches")
def test_the_number_of_threads_changes_no_byte(tmp_path: Path) -> None:
    recording = write(tmp_path / "in.wav", np.concatenate(list(speech.talk(SECONDS, rate=SAMPLE_RATE))))
    facts = [made(recording, tmp_path / f"{threads}.mp3", threads) for threads in (1, 2, 3)]
    assert facts[0] == facts[1] == facts[2]
    assert len({(tmp_path / f"{threads}.mp3").read_bytes() for threads in (1, 2, 3)}) == 1


@pytest.mark.usefixtures("short_stretches")
def test_stretches_that_never_meet_are_encoded_in_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sessioncast.audio import join as joining

    sound = sweep(SECONDS)
    monkeypatch.setattr(joining, "_SETTLED", 10_000)
    facts = made(write(tmp_path / "in.wav", sound), tmp_path / "out.mp3")
    assert decoded_samples(tmp_path / "out.mp3") == facts.samples == len(sound)


def test_no_stretch_is_without_a_meeting(tmp_path: Path) -> None:
    for chunks in (1, 30, 31, 32, 100, 411, 1055, 4000):
        cut = segments.stretches(chunks)
        assert cut[0].first == 0
        assert cut[-1].last == cut[-1].end == chunks
        assert all(a.last == b.first and a.end == a.last + 1 for a, b in pairwise(cut))
        assert max(s.last - s.first for s in cut) <= 31
    (tmp_path / "a.mp3").write_bytes(b"")
    with pytest.raises(ValueError, match="no MPEG frame"):
        offsets_of(b"not MPEG")
    frame = b"\xff\xfb\x70\xc0" + bytes(309)
    full = b"\xff\xfb\x70\xc0" + b"\xff" * 309
    ours, theirs = (Frames(each, offsets_of(each)) for each in (frame * 400, full * 392))
    assert meeting(ours, ours, 8) == 388
    assert meeting(ours, theirs, 8) is None
    (tmp_path / "a.mp3").write_bytes(frame * 400)
    (tmp_path / "b.mp3").write_bytes(full * 392)
    with (tmp_path / "out").open("wb") as out, pytest.raises(Unjoinable):
        join([Part(tmp_path / "a.mp3", 0), Part(tmp_path / "b.mp3", 8)], out)


@given(over=st.sets(st.integers(0, 400 * CHUNK_HOPS - 1), min_size=1, max_size=40), chunks=st.integers(1, 400))
def test_a_patch_is_joined_where_nothing_changed(over: set[int], chunks: int) -> None:
    over = {hop % (chunks * CHUNK_HOPS) for hop in over}
    anew = list(segments.patches(over, chunks))
    changed = {
        chunk for hop in over for chunk in range(max(0, hop - 300) // CHUNK_HOPS, (hop + 300) // CHUNK_HOPS + 1)
    } & set(range(chunks))
    assert changed <= {chunk for patch in anew for chunk in range(patch.first, patch.last)}
    assert all(a.last <= b.first for a, b in pairwise(anew))
    assert all(patch.end == min(chunks, patch.last + 1) for patch in anew)
    starts = {patch.first for patch in anew} - {patch.last for patch in anew} - {0}
    ends = {patch.last for patch in anew} - {patch.first for patch in anew} - {chunks}
    assert not changed & (starts | ends)


def test_what_is_held_down_is_heard_where_it_was(tmp_path: Path) -> None:
    sound = np.concatenate(list(speech.talk(130, rate=SAMPLE_RATE)))
    # LAME raises the peaks of noise bursts far over the ceiling: two patches, one of them at the recording's beginning.
    for at in (2.0, 71.0):
        burst = np.random.default_rng(9).normal(0, 0.5, SAMPLE_RATE // 50).clip(-1, 1)
        sound[round(at * SAMPLE_RATE) :][: len(burst)] = burst
    facts = made(write(tmp_path / "in.wav", sound), tmp_path / "patched.mp3")
    assert facts.encoded_peak <= -1.0
    patched = heard(tmp_path / "patched.mp3")
    assert len(patched) == len(sound)
    with pytest.MonkeyPatch.context() as whole:
        whole.setattr(segments, "patches", lambda _over, chunks: segments.stretches(chunks))
        made(write(tmp_path / "in.wav", sound), tmp_path / "whole.mp3")
    again = heard(tmp_path / "whole.mp3")
    assert (tmp_path / "patched.mp3").read_bytes() != (tmp_path / "whole.mp3").read_bytes()
    error = np.abs(patched - again)
    assert np.median(error) == 0  # most of it was encoded once
    assert error.max() < 0.2


@pytest.mark.usefixtures("short_stretches")
@pytest.mark.parametrize("tool", [["mp3val"], ["ffmpeg", "-v", "error", "-i"], ["mpg123", "-q", "-t"]])
def test_other_programs_find_no_fault(tool: list[str], tmp_path: Path) -> None:
    if not shutil.which(tool[0]):
        pytest.skip(f"{tool[0]} is not installed")
    made(write(tmp_path / "in.wav", clicks(SECONDS)), tmp_path / "out.mp3")
    after = ["-f", "null", "-"] if tool[0] == "ffmpeg" else []
    said = subprocess.run([*tool, str(tmp_path / "out.mp3"), *after], capture_output=True, text=True, check=True)
    faults = [line for line in (said.stdout + said.stderr).splitlines() if tool[0] != "mp3val" or "WARNING" in line]
    assert [line for line in faults if "No supported tags" not in line] == []
