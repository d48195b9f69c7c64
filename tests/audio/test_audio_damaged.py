"""Recordings that were damaged on the way: each becomes a result or one MediaError, within its limits."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from sessioncast.audio.decode import Bounds
from sessioncast.errors import MediaError
from sounds import KINDS, Make, write_sound

FORMATS = ("m4a", "mp4", "mp3", "wav", "flac", "ogg", "webm", "mkv")
BOUNDS = Bounds(max_seconds=120, cpu_seconds=20, wall_seconds=30.0)
WAYS = ("bits", "truncated", "extension", "header", "hole", "shuffled", "repeated")


def damaged(whole: bytes, way: str, chance: random.Random) -> bytes:
    body = bytearray(whole)
    if way == "bits":
        for _ in range(chance.randrange(1, 200)):
            body[chance.randrange(len(body))] ^= 1 << chance.randrange(8)
    elif way == "truncated":
        del body[chance.randrange(1, len(body)) :]
    elif way == "header":
        for _ in range(chance.randrange(1, 16)):
            body[chance.randrange(min(len(body), 256))] = chance.randrange(256)
    elif way == "hole":
        at = chance.randrange(len(body))
        del body[at : at + chance.randrange(1, len(body) // 2)]
    elif way == "shuffled":
        at = chance.randrange(1, len(body))
        body[:] = body[at:] + body[:at]
    elif way == "repeated":
        body *= 3
    return bytes(body)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("whole")
    found = {}
    for kind in FORMATS:
        codec, rate = KINDS[kind]
        found[kind] = write_sound(folder / f"talk.{kind}", codec=codec, rate=rate, seconds=1.2, channels=2).read_bytes()
    return found


def outcome(kind: str, way: str, seed: int, whole: dict[str, bytes], folder: Path, make: Make) -> str:
    chance = random.Random(f"{kind} {way} {seed}")
    name = chance.choice(FORMATS) if way == "extension" else kind
    recording = folder / f"talk-{seed}.{name}"
    recording.write_bytes(damaged(whole[kind], way, chance))
    target = folder / f"out-{seed}.mp3"
    try:
        made = make(recording, target, bounds=BOUNDS)
    except MediaError as e:
        return f"refused: {e.message}"
    assert 0 < made.duration <= 120
    return "encoded"


def judge(found: str, seed: int, folder: Path) -> None:
    """Check that a result has a file, and that a refusal names the recording and leaves none."""
    assert found == "encoded" or f"talk-{seed}." in found
    assert (folder / f"out-{seed}.mp3").exists() is (found == "encoded")


@pytest.mark.parametrize("way", WAYS)
def test_a_damaged_recording_is_a_result_or_one_error(
    way: str, whole: dict[str, bytes], tmp_path: Path, make: Make
) -> None:
    for seed, kind in enumerate(random.Random(way).sample(FORMATS, 4)):
        judge(outcome(kind, way, seed, whole, tmp_path, make), seed, tmp_path)
    assert sorted(path.suffix for path in tmp_path.iterdir() if path.name.startswith((".", "sound-"))) == []


@pytest.mark.prove
@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", FORMATS)
def test_two_hundred_and_more_damaged_recordings(
    kind: str, way: str, whole: dict[str, bytes], tmp_path: Path, make: Make
) -> None:
    found = {seed: outcome(kind, way, seed, whole, tmp_path, make) for seed in range(100, 105)}
    print(f"{kind} {way}: {list(found.values()).count('encoded')} of {len(found)} encoded, the others refused")
    for seed, said in found.items():
        judge(said, seed, tmp_path)
