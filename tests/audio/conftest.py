from __future__ import annotations

from pathlib import Path

import pytest

from sessioncast.audio.decode import BOUNDS, Bounds
from sessioncast.audio.encode import Encoded, encode
from sessioncast.audio.programme import Programme
from sessioncast.events import Event
from sessioncast.model import AudioSettings, Trim
from sounds import Make


@pytest.fixture
def events() -> list[Event]:
    return []


@pytest.fixture
def make(tmp_path: Path, events: list[Event]) -> Make:
    """Encode into ``out.mp3`` (or ``target``) with the show's usual settings."""

    def run(recording: Path, target: Path | None = None, bounds: Bounds = BOUNDS, trim: Trim | None = None) -> Encoded:
        return encode(
            Programme((recording,), trim=trim),
            target or tmp_path / "out.mp3",
            AudioSettings(),
            report=events.append,
            name="broad-street",
            scratch=tmp_path,
            bounds=bounds,
        )

    return run
