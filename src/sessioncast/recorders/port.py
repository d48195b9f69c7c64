"""The recorder port: what a cloud that keeps recordings can be asked, and what it promises.

A recording is one press of the record button; its files are the same talk heard and seen in several ways. Clouds repeat
themselves and answer out of order, so whoever remembers what was taken remembers ``(recording, id)`` of a file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from sessioncast.events import Report

Kind = Literal["audio", "video", "transcript", "captions", "chat", "other"]


@dataclass(frozen=True, slots=True)
class CloudFile:
    """One file of a recording.

    ``recording`` and ``id`` together are its identity; ``id`` is made up, always the same way, where the cloud gives none.
    ``name`` is a plain file name that an inbox reads with the right role and time. ``size`` is in bytes, None where the cloud
    doesn't say. ``address`` needs the cloud's credentials and holds none itself. A file that is not ``ready`` is still being made.
    """

    id: str
    recording: str
    kind: Kind
    name: str
    size: int | None
    starts: datetime | None
    ends: datetime | None
    address: str
    ready: bool = True


@dataclass(frozen=True, slots=True)
class CloudRecording:
    """What one run of a meeting left; ``id`` is of this run alone, ``meeting`` is the number that all runs of a series share.

    ``starts`` is aware, ``seconds`` None where the cloud doesn't say. Each file stands once.
    """

    id: str
    meeting: str
    topic: str
    starts: datetime
    seconds: float | None
    files: tuple[CloudFile, ...]


class RecorderCloud(Protocol):
    """A cloud that keeps recordings. Only SourceError leaves it, never with a secret in its words."""

    @property
    def name(self) -> str:
        """The cloud as a person would name it: ``Zoom``."""

    def recordings(self, since: datetime, until: datetime) -> Iterator[CloudRecording]:
        """Yield every recording that began between two aware times, each once, the earliest first.

        What is still being made is there too, its files not ready. Raises SourceError.
        """

    def download(self, file: CloudFile, target: Path, report: Report) -> None:
        """Fetch the file to ``target``, whole or not at all; what an earlier try left is gone on with.

        Size and the first bytes are checked, so that no page of an expired sign-in passes for a recording; whether it plays
        to its end is for whoever opens it. Raises SourceError.
        """
