from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from sessioncast.errors import MediaError
from sessioncast.model import Trim
from sounds import Make, decoded_mono, decoded_samples, write_sound


@pytest.mark.parametrize(("start", "end", "samples"), [(1, 2.5, 66_150), (0, 1, 44_100), (3.25, None, 33_075)])
def test_a_trimmed_recording_keeps_its_part_to_the_sample(
    start: float, end: float | None, samples: int, tmp_path: Path, make: Make
) -> None:
    recording = write_sound(tmp_path / "talk.flac", codec="flac", seconds=4)
    made = make(recording, trim=Trim(start=start, end=end))
    assert made.samples == decoded_samples(tmp_path / "out.mp3") == samples


def test_the_part_is_the_right_one(tmp_path: Path, make: Make) -> None:
    recording = write_sound(tmp_path / "talk.mp3", codec="libmp3lame", seconds=4)
    make(recording, trim=Trim(start=1, end=3))
    part = np.array(decoded_mono(tmp_path / "out.mp3"))[5_000:60_000]
    whole = np.array(decoded_mono(recording))
    likeness = [float((part * whole[44_100 + 5_000 + lag :][: len(part)]).sum()) for lag in range(-30, 31)]
    assert int(np.argmax(likeness)) == 30


def test_a_part_beyond_the_end_is_refused(tmp_path: Path, make: Make) -> None:
    with pytest.raises(MediaError, match=r"talk\.wav: ends after 1\.5 s, before the part that trim leaves"):
        make(write_sound(tmp_path / "talk.wav"), trim=Trim(start=10))


def test_places_are_seconds_or_a_clock() -> None:
    assert Trim.model_validate({"start": "3:20", "end": "1:02:03.5"}) == Trim(start=200, end=3723.5)
    assert Trim.model_validate({"start": 12.5}).start == 12.5
    for wrong in ({"start": "3 min"}, {"start": -1}, {"start": 5, "end": 5}, {"end": "1:75"}, {"middle": 3}):
        with pytest.raises(ValidationError):
            Trim.model_validate(wrong)
