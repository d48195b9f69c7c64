"""What is proposed to be cut: ends without speech, and small talk before the scheduled start; never the talk."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import speech
from sessioncast.audio.cuts import Proposal, clock, propose, recorded_at
from sessioncast.audio.programme import Programme, hear
from sessioncast.events import silent

RATE = 16_000
Sound = np.ndarray[Any, np.dtype[np.float32]]
NOON = datetime(2024, 2, 20, 17, 0, tzinfo=UTC)


def talk(seconds: float) -> Sound:
    return np.concatenate(list(speech.talk(seconds, rate=RATE, quiet=1)))[: round(seconds * RATE)]


def noise(seconds: float, level: float = 0.0008) -> Sound:
    return (level * np.random.default_rng(5).standard_normal(round(seconds * RATE))).astype(np.float32)


def proposed(tmp_path: Path, *parts: Sound, began: datetime | None = None, floor: float = 0.0008) -> Proposal:
    sound = np.concatenate(parts)
    sound = sound + noise(len(sound) / RATE, floor)[: len(sound)]
    recording = speech.write(tmp_path / "talk.wav", iter([sound]), codec="pcm_f32le", rate=RATE, form="flt")
    heard = hear(Programme((recording,)), tmp_path, report=silent, name="x").heard
    return propose(heard, starts=NOON, began=began)


def silence(seconds: float) -> Sound:
    return np.zeros(round(seconds * RATE), np.float32)


def test_silence_at_both_ends_goes_and_a_breath_stays(tmp_path: Path) -> None:
    found = proposed(tmp_path, silence(20), talk(40), silence(15))
    assert found.start == pytest.approx(19.5, abs=0.4)
    assert found.end == pytest.approx(60.5, abs=1)
    assert found.sure
    assert len(found.reasons) == 2


def test_a_talk_from_the_first_second_is_left_alone(tmp_path: Path) -> None:
    found = proposed(tmp_path, talk(40))
    assert not found.cuts
    assert "nothing to cut" in found.reasons[0]


def test_a_door_before_the_talk_begins_nothing(tmp_path: Path) -> None:
    door = noise(0.3, 0.2)
    found = proposed(tmp_path, silence(10), door, silence(15), talk(40))
    assert found.start == pytest.approx(24.8, abs=0.5)


def test_a_pause_inside_the_talk_is_never_cut(tmp_path: Path) -> None:
    found = proposed(tmp_path, talk(30), silence(30), talk(30))
    assert not found.cuts


def test_small_talk_goes_where_the_clock_is_known_and_people_paused(tmp_path: Path) -> None:
    found = proposed(tmp_path, talk(40), silence(4), talk(60), began=NOON - timedelta(seconds=42))
    assert found.start == pytest.approx(43.5, abs=0.5)
    assert "scheduled start" in found.reasons[0]


def test_small_talk_stays_where_the_clock_is_not_known(tmp_path: Path) -> None:
    assert proposed(tmp_path, talk(40), silence(4), talk(60)).start == 0


def test_noise_alone_is_nothing_to_cut_from(tmp_path: Path) -> None:
    found = proposed(tmp_path, noise(20, 0.05))
    assert not found.cuts


@pytest.mark.parametrize(
    ("name", "began"),
    [
        ("GMT20240220-165512_Recording.m4a", datetime(2024, 2, 20, 16, 55, 12, tzinfo=UTC)),
        ("2024-02-20 11-55-12.mkv", None),
        ("GMT20241399-000000_Recording.m4a", None),
        ("recording.m4a", None),
    ],
)
def test_only_a_stamp_with_its_zone_is_a_clock(name: str, began: datetime | None) -> None:
    assert recorded_at(Path(name)) == began


@pytest.mark.parametrize(("seconds", "text"), [(0, "0:00"), (200, "3:20"), (3723.5, "1:02:03.5"), (59.96, "1:00")])
def test_places_are_written_as_people_do(seconds: float, text: str) -> None:
    assert clock(seconds) == text
