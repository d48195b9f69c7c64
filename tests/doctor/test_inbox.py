"""What the doctor says of an inbox in which recordings stay after they were taken."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from passes import auto_toml, left, programme
from sessioncast import project as project_
from sessioncast.doctor import passes
from sessioncast.events import silent

MEETINGS = ("812 3456 7890", "812 3456 7891")
NOW = datetime(2020, 2, 1, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A show of two talks and an inbox."""
    show = tmp_path / "show"
    programme(show, *MEETINGS)
    auto_toml(show, '[inbox]\nfolder = "../in"\n')
    return show


def recorded(inbox: Path, nth: int, meeting: str, seconds: float = 126) -> None:
    path = left(inbox / f"2020-01-1{nth} 12.00.10 Talk {nth} {meeting.replace(' ', '')}" / "audio_only.wav", seconds)
    long_ago = (NOW - timedelta(days=5)).timestamp()
    os.utime(path, (long_ago, long_ago))


def found(show: Path) -> list[str]:
    return [f.what for f in passes.inbox(project_.load(show), NOW, silent)]


def test_what_was_taken_and_stays_there_is_no_trouble(folder: Path) -> None:
    for nth, meeting in enumerate(MEETINGS):
        recorded(folder.parent / "in", nth, meeting)
        for session in project_.load(folder).sessions[nth : nth + 1]:
            left(folder / "episodes" / session.slug / "talk.wav", 1)
            project_.edit_session(folder, session.slug, {"recording": "talk.wav"})
    assert found(folder) == []


def test_what_will_never_be_taken_is_no_trouble(folder: Path) -> None:
    recorded(folder.parent / "in", 0, MEETINGS[0])
    (slug, *_) = [session.slug for session in project_.load(folder).sessions]
    (one,) = found(folder)
    assert one.startswith("1 recording lie there, such as 2020-01-10 12.00.10 Talk 0 81234567890/audio_only.wav")
    project_.edit_session(folder, slug, {"consent": "refused"})
    assert found(folder) == []
