"""A recorder cloud's list of recordings → takes, so that matching is done before anything is fetched.

What is of no session of this show is never downloaded: a cloud account is often shared, and holds others' meetings.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from sessioncast.audio.probe import probe
from sessioncast.errors import SourceError
from sessioncast.inbox.names import read_name
from sessioncast.inbox.units import best_file
from sessioncast.inbox.value import Began, File, Take

if TYPE_CHECKING:
    from sessioncast.events import Report
    from sessioncast.inbox.value import Role
    from sessioncast.recorders.port import CloudFile, CloudRecording, RecorderCloud

LOOK_BACK = timedelta(days=14)

_ROLES: Mapping[str, Role] = {
    "audio": "audio",
    "video": "mixed",
    "transcript": "transcript",
    "captions": "captions",
    "chat": "chat",
    "other": "other",
}


@dataclass(frozen=True, slots=True)
class Cloud:
    """A recorder cloud, and how far back it is looked through each time: what one pass missed the next ones find."""

    recorder: RecorderCloud
    look_back: timedelta = LOOK_BACK


@dataclass(frozen=True, slots=True)
class Closed:
    """A recorder cloud that can't be looked into from here: every question is answered with why."""

    name: str
    why: SourceError

    def recordings(self, since: datetime, until: datetime) -> Iterator[CloudRecording]:
        """Raise why."""
        del since, until
        raise self.why

    def download(self, file: CloudFile, target: Path, report: Report) -> None:
        """Raise why."""
        del file, target, report
        raise self.why


@dataclass(frozen=True, slots=True)
class Shelf:
    """What a cloud holds: its takes, and where each file of theirs is fetched from, by its path in the inbox to be."""

    takes: tuple[Take, ...]
    files: Mapping[PurePath, CloudFile]


def shelf(name: str, recordings: Iterable[CloudRecording]) -> Shelf:
    """Return the takes of these recordings, one for each press of the record button."""
    takes: list[Take] = []
    files: dict[PurePath, CloudFile] = {}
    for recording in recordings:
        pressed: dict[datetime, list[CloudFile]] = defaultdict(list)
        for file in recording.files:
            if file.kind not in ("chat", "other"):
                pressed[file.starts or recording.starts].append(file)
        for starts, some in pressed.items():
            here = _folder(recording)
            paths = {here / file.name: file for file in _heard(some)}
            take = _take(name, recording, starts, paths)
            if take is not None:
                takes.append(take)
                files |= paths
    return Shelf(tuple(takes), files)


def fetch(recorder: RecorderCloud, file: CloudFile, target: Path, report: Report) -> str:
    """Fetch a file; sound and film must hold sound. Return why it may not be whole: far shorter than the cloud says.

    Such a one stays: it may have been paused. What is no recording is removed, so that the next pass fetches it again, and so is what an
    earlier pass left of another size. Raises SourceError.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists() and file.size not in (None, target.stat().st_size):
        target.unlink()
    if not target.exists():
        recorder.download(file, target, report)
    if file.kind not in ("audio", "video"):
        return ""
    found = probe([target])[target]
    why = found.refused or ("" if found.sound else "holds no sound")
    if why:
        target.unlink()
        raise SourceError(
            f"{recorder.name}: {file.name}: {why}", hint="the next pass fetches it again; see it in the cloud yourself"
        )
    if file.starts and file.ends and found.seconds is not None:
        said = (file.ends - file.starts).total_seconds()
        if found.seconds < 0.9 * said - 30:
            return f"lasts {found.seconds:.0f} s of the {said:.0f} s that {recorder.name} says"
    return ""


def _heard(some: list[CloudFile]) -> list[CloudFile]:
    """Leave the films out where there is the sound alone: it is what is published, and a tenth of the size."""
    sound = any(file.kind == "audio" for file in some)
    return [file for file in some if not (sound and file.kind == "video")]


def _take(name: str, recording: CloudRecording, starts: datetime, paths: Mapping[PurePath, CloudFile]) -> Take | None:
    facts = {path: read_name(path) for path in paths}
    seconds = next(
        (
            (f.ends - f.starts).total_seconds()
            for f in paths.values()
            if f.starts and f.ends and f.kind in ("audio", "video")
        ),
        recording.seconds,
    )
    files = tuple(
        File(
            path,
            facts[path].role if facts[path].role != "other" else _ROLES[file.kind],
            file.size or 0,
            seconds if file.kind in ("audio", "video") else None,
            "" if file.ready else "still growing",
            "" if file.ready else f"{name} is still making it",
        )
        for path, file in sorted(paths.items())
    )
    media = [
        file
        for file, cloud in zip(files, (paths[f.path] for f in files), strict=True)
        if cloud.kind in ("audio", "video")
    ]
    if not media:
        return None
    best = best_file(Take("", files)) or media[0]
    return Take(
        best.path.as_posix(),
        files,
        Began(starts, f"{name}'s list"),
        seconds,
        name.casefold(),
        recording.topic.replace("\u200b", "").strip(),
        recording.meeting,
    )


def _folder(recording: CloudRecording) -> PurePath:
    """Return a folder of the recording's own: names repeat where two hosts press the button in the same second."""
    meeting = re.sub(r"\D", "", recording.meeting)
    return PurePath(meeting or "recordings") / hashlib.sha256(recording.id.encode()).hexdigest()[:12]
