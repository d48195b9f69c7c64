"""What an account has recorded, and how Zoom would list it at a given moment. No clock, no network."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

Plain = dict[str, Any]
LINK = timedelta(hours=24)
"""How long a download address in a list stays good."""


@dataclass(frozen=True, slots=True)
class Part:
    """One press of the record button: files by ``recording_type``, and when each exists, counted from the meeting's end.

    A type that is not in ``after`` comes with the processing. ``bare``: types whose entries say as little as some do.
    """

    starts: datetime
    seconds: float
    files: dict[str, Path | bytes]
    after: dict[str, timedelta] = field(default_factory=dict)
    bare: frozenset[str] = frozenset({"closed_caption", "timeline"})

    @property
    def ends(self) -> datetime:
        return self.starts + timedelta(seconds=self.seconds)


@dataclass(frozen=True, slots=True)
class Meeting:
    """One run of a meeting; ``number`` is the same for all runs of a series, ``uuid`` its own.

    ``processing`` None: twice as long as it lasted. From ``deleted`` on nobody knows it any more.
    """

    uuid: str
    number: int
    topic: str
    parts: tuple[Part, ...]
    host: str = "zqrAnUqLT8OBVhjBp0Bq5Q"
    timezone: str = ""
    processing: timedelta | None = None
    deleted: datetime | None = None

    @property
    def starts(self) -> datetime:
        return self.parts[0].starts

    @property
    def ends(self) -> datetime:
        return self.parts[-1].ends

    @property
    def ready(self) -> datetime:
        return self.ends + (self.processing if self.processing is not None else 2 * (self.ends - self.starts))


@dataclass(frozen=True, slots=True)
class Kept:
    """A file as the account holds it."""

    id: str
    meeting: str
    type: str
    body: Path | bytes
    since: datetime

    @property
    def bytes(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else self.body.read_bytes()

    @property
    def size(self) -> int:
        return len(self.body) if isinstance(self.body, bytes) else self.body.stat().st_size


_KINDS = {
    "shared_screen_with_speaker_view": ("MP4", "MP4"),
    "gallery_view": ("MP4", "MP4"),
    "audio_only": ("M4A", "M4A"),
    "audio_transcript": ("TRANSCRIPT", "VTT"),
    "closed_caption": ("CC", "VTT"),
    "chat_file": ("CHAT", "TXT"),
    "timeline": ("TIMELINE", "JSON"),
}


class Account:
    """The meetings of one account; ``base`` is where its files are downloaded."""

    def __init__(self, id_: str = "Tz7kQ0xUSa6zB1n2mXyW9g") -> None:
        self.id = id_
        self.meetings: list[Meeting] = []

    def listed(self, now: datetime, base: str) -> list[tuple[Meeting, Plain]]:
        """Return every recording there is, the newest first, each as an entry of the list."""
        known = [m for m in self.meetings if m.ends <= now and (m.deleted is None or now < m.deleted)]
        return [(m, self._meeting(m, now, base)) for m in sorted(known, key=lambda m: m.starts, reverse=True)]

    def found(self, key: str, now: datetime) -> Kept | None:
        """Return the file behind a download address; None for one that is unknown, too old, or not made yet."""
        for meeting in self.meetings:
            if meeting.deleted and now >= meeting.deleted:
                continue
            for part in meeting.parts:
                for file in _kept(meeting, part):
                    days = (_day(now), _day(now) - 1)
                    if file.since <= now and key in [_key(meeting, file, day) for day in days]:
                        return file
        return None

    def _meeting(self, meeting: Meeting, now: datetime, base: str) -> Plain:
        files = [entry for part in meeting.parts for entry in _entries(meeting, part, now, base)]
        return {
            "uuid": meeting.uuid,
            "id": meeting.number,
            "account_id": self.id,
            "host_id": meeting.host,
            "host_email": "rounds@example.org",
            "topic": meeting.topic,
            "type": 8,
            "start_time": _stamp(meeting.starts),
            "timezone": meeting.timezone,
            "duration": round((meeting.ends - meeting.starts).total_seconds() / 60),
            "total_size": sum(entry.get("file_size", 0) for entry in files),
            "recording_count": len(files),
            "share_url": f"{base}/rec/share/{_digest(meeting.uuid)}",
            "password": "",
            "recording_play_passcode": _digest(meeting.uuid, "passcode"),
            "recording_files": files,
        }


def _kept(meeting: Meeting, part: Part) -> Iterator[Kept]:
    for type_, body in part.files.items():
        id_ = str(uuid5(NAMESPACE_URL, f"{meeting.uuid} {part.starts} {type_}"))
        since = meeting.ends + part.after[type_] if type_ in part.after else meeting.ready
        yield Kept(id_, meeting.uuid, type_, body, since)


def _entries(meeting: Meeting, part: Part, now: datetime, base: str) -> Iterator[Plain]:
    for file in _kept(meeting, part):
        kind, extension = _KINDS[file.type]
        address = f"{base}/rec/download/{_key(meeting, file, _day(now))}"
        common = {
            "meeting_id": meeting.uuid,
            "recording_start": _stamp(part.starts),
            "recording_end": _stamp(part.ends),
            "file_type": kind,
            "file_extension": extension,
            "download_url": address,
        }
        if file.since > now:
            if file.type in part.after:
                continue  # what comes by its own event is not announced
            unknown = {"recording_end": "", "file_type": "", "file_extension": ""}
            yield {"id": file.id, **common, **unknown, "file_size": 0, "play_url": "", "status": "processing"}
        elif file.type in part.bare:
            yield common
        else:
            rest = {"file_size": file.size, "status": "completed", "recording_type": file.type}
            yield {"id": file.id, **common, "play_url": f"{base}/rec/play/{_digest(file.id)}", **rest}


def _key(meeting: Meeting, file: Kept, day: int) -> str:
    return _digest(meeting.uuid, file.id, str(day))


def _digest(*words: str) -> str:
    return hashlib.sha256("\n".join(words).encode()).hexdigest()[:40]


def _day(now: datetime) -> int:
    return int(now.timestamp() // LINK.total_seconds())


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
