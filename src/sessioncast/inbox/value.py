"""What an inbox holds, as values: files, takes (the files of one recording), and when each began."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import Literal

Role = Literal[
    "audio", "speaker", "screen", "gallery", "mixed", "person", "transcript", "captions", "chat", "metadata", "other"
]
"""What a file shows. ``audio``: the mixed sound alone; ``speaker``, ``screen`` (with or without the speaker) and ``gallery``: views
of the same meeting; ``mixed``: a film or sound that says no view; ``person``: one participant's own microphone; the rest are companions."""

Trouble = Literal["", "still growing", "not media", "cannot be read"]


@dataclass(frozen=True, slots=True)
class Began:
    """When a recording began, as its recorder says it.

    ``at`` is aware where the zone is known (a UTC stamp, an epoch), naive where the recorder wrote local time without one. ``said`` names
    the evidence in words: "its name (Zoom, UTC)", "the folder's name (local time)", "its metadata".
    """

    at: datetime
    said: str

    @property
    def has_zone(self) -> bool:
        """Whether the moment is known, not only a clock's reading."""
        return self.at.tzinfo is not None


@dataclass(frozen=True, slots=True)
class File:
    """One file of the inbox; ``path`` is relative to it, ``size`` in bytes, ``seconds`` None where unknown or no media."""

    path: PurePath
    role: Role
    size: int
    seconds: float | None = None
    trouble: Trouble = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Take:
    """One press of the record button: all files that belong to it, by recorder.

    ``name`` identifies it in messages and for ``pin``: the best file's path relative to the inbox. ``topic`` and ``meeting`` are the
    recorder's own words (a Zoom topic, a meeting id), ``room`` a recorder's or folder's name; empty where not said.
    """

    name: str
    files: tuple[File, ...]
    began: Began | None = None
    seconds: float | None = None
    recorder: str = ""
    topic: str = ""
    meeting: str = ""
    room: str = ""

    @property
    def ends(self) -> datetime | None:
        """When it ended; aware or naive as its beginning is."""
        return None if self.began is None or self.seconds is None else self.began.at + timedelta(seconds=self.seconds)
