"""What a message says → the work to queue: only what names the recording: no token, no passcode, no address of a person. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sessioncast.queue import sortable
from sessioncast.recorders.zoom_reading import meeting_number, read_recording, topic

KIND = "zoom"
QUEUED = frozenset(
    {"recording.completed", "recording.transcript_completed", "recording.recovered", "recording.renamed"}
)
"""Events after which there is something to fetch or to match anew; the others change nothing."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Heard:
    """Work that a message asks for: the queue's id and body; ``topic`` is for people."""

    id: str
    event: str
    topic: str
    body: Mapping[str, Any]


def read_message(message: Mapping[str, Any]) -> Heard | None:
    """Return the work, None where the message asks for none. ValueError for a message that is not as Zoom makes them.

    The id is the same for every delivery of one event: of what, when, which recording, which files.
    """
    event = message.get("event")
    if not isinstance(event, str):
        raise ValueError("no event")  # noqa: TRY004 - wrong content, not a wrong call
    if event not in QUEUED:
        return None
    payload = message.get("payload")
    about = payload.get("object") if isinstance(payload, Mapping) else None
    if not isinstance(about, Mapping):
        raise ValueError("no object")  # noqa: TRY004 - the same
    recording = read_recording(about)
    uuid = about.get("uuid") if isinstance(about.get("uuid"), str) else ""
    meeting, name = meeting_number(about.get("id")), topic(about.get("topic"))[:300]
    if not (uuid or meeting):
        raise ValueError("neither uuid nor id")
    at = _moment(message.get("event_ts"))
    files = sorted(file.id[:200] for file in recording.files)[:200] if recording else []
    body = {
        "event": event,
        "at": at.isoformat(timespec="milliseconds"),
        "recording": str(uuid)[:200],
        "meeting": meeting[:40],
        "topic": name,
        "starts": recording.starts.isoformat() if recording else None,
        "files": files,
    }
    return Heard(sortable(at, event, str(uuid), meeting, *files), event, name, body)


def _moment(stamp: Any) -> datetime:
    """Return milliseconds since 1970 as a time; what is none is the beginning of it, the same at each delivery."""
    try:
        return _EPOCH + timedelta(milliseconds=stamp) if isinstance(stamp, int) and stamp > 0 else _EPOCH
    except OverflowError:
        return _EPOCH
