"""Audio that was fetched from an old host: looked at as a recording from a stranger is, before it is kept as it is."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sessioncast import layout
from sessioncast.audio.decode import decode
from sessioncast.audio.probe import probe
from sessioncast.errors import MediaError
from sessioncast.events import silent
from sessioncast.model import Trim
from sessioncast.scratch import sha256_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sessioncast.oldfeed import OldAudio

HEARD_S = 60.0
"""Seconds that are decoded to know that a file plays; the length of the whole its header tells."""


@dataclass(frozen=True, slots=True)
class Audio:
    """Audio that was fetched: where it lies, its name in a session's folder, and what it turned out to be."""

    path: Path
    name: str
    sha256: str
    length: int
    seconds: float

    @property
    def media_type(self) -> str:
        """The type under which it is served."""
        return layout.media_type(self.name)

    def differs(self, stated: OldAudio) -> Iterator[tuple[str, str, str]]:
        """Yield what the feed stated otherwise: element, what it said, what the file is."""
        if stated.length and stated.length != self.length:
            yield "enclosure length", str(stated.length), str(self.length)
        if stated.duration and abs(stated.duration - self.seconds) > 2:
            yield "itunes:duration", str(stated.duration), str(round(self.seconds))
        same = {"audio/x-m4a", "audio/m4a", "audio/mp4"}
        if stated.media_type != self.media_type and not {stated.media_type, self.media_type} <= same:
            yield "enclosure type", stated.media_type, self.media_type


def hear(path: Path, stated: OldAudio) -> Audio:
    """Return what a fetched file is. Raises MediaError for what no app would play, or holds no sound."""
    found = probe([path])[path]
    if found.refused:
        raise MediaError(found.refused)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix="hear-") as room:
        decode(path, Path(room) / "pcm", report=silent, name=path.name, trim=Trim(end=HEARD_S))
    extension = _extension(path, film=stated.media_type.startswith("video/"))
    if not extension:
        raise MediaError("found neither MP3 nor MP4, which no app would play from here")
    seconds = round(found.seconds or float(stated.duration), 3)
    return Audio(path, f"imported.{extension}", sha256_of(path), path.stat().st_size, seconds)


def _extension(path: Path, *, film: bool) -> str:
    """Return what a file is called by what it is: mp3, m4a or mp4; empty for others."""
    with path.open("rb") as file:
        head = file.read(12)
    if head[4:8] == b"ftyp":
        return "mp4" if film else "m4a"
    return "mp3" if head[:3] == b"ID3" or (head[:1] == b"\xff" and head[1:2] and head[1] & 0xE0 == 0xE0) else ""
