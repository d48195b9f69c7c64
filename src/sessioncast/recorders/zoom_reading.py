"""What Zoom's API lists → values of the port: tolerant of everything that is known to be left out; pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sessioncast.recorders.port import CloudFile, CloudRecording, Kind

_VIEWS = {
    "": "",
    "shared_screen_with_speaker_view": "",
    "shared_screen_with_gallery_view": "_gallery",
    "gallery_view": "_gvo",
    "active_speaker": "_avo",
    "speaker_view": "_avo",
    "shared_screen": "_as",
}
"""What Zoom's own file names say of a view. Other films (an interpreter's signs, one host alone) are not the session."""

_BY_ENDING = {"MP4": "MP4", "M4A": "M4A", "VTT": "TRANSCRIPT", "TXT": "CHAT"}
_INVISIBLE = re.compile("[\u200b\u2060\ufeff]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


def read_recordings(meetings: Iterable[Any]) -> list[CloudRecording]:
    """Return each recording once, the earliest first, whatever came twice or half."""
    whole: dict[str, dict[str, Any]] = {}
    for plain in meetings:
        if isinstance(plain, Mapping) and (name := _identity(plain)):
            known = whole.setdefault(name, {**plain, "recording_files": []})
            known["recording_files"] += _files(plain)
    read = (read_recording(plain) for plain in whole.values())
    return sorted((r for r in read if r is not None), key=lambda r: (r.starts, r.id))


def read_recording(plain: Mapping[str, Any]) -> CloudRecording | None:
    """Return one meeting of a list; None for what has neither a name nor a beginning."""
    files, starts = _files(plain), _starts(plain)
    uuid = _identity(plain)
    if starts is None or not uuid:
        return None
    first = min((at for f in files if (at := _moment(f.get("recording_start")))), default=starts)
    read = _apart(_file(f, uuid, first) for f in files)
    number = meeting_number(plain.get("id"))
    return CloudRecording(uuid, number, topic(plain.get("topic")), starts, _seconds(plain, files), read)


def _identity(plain: Mapping[str, Any]) -> str:
    """Return what names this run of a meeting and no other; empty where nothing does."""
    starts, number = _starts(plain), meeting_number(plain.get("id"))
    return _text(plain.get("uuid")) or (f"{number} {starts:%Y%m%dT%H%M%S}" if number and starts else "")


def _starts(plain: Mapping[str, Any]) -> datetime | None:
    begins = (_moment(f.get("recording_start")) for f in _files(plain))
    return _moment(plain.get("start_time")) or min((at for at in begins if at), default=None)


def topic(said: Any) -> str:
    """Return a topic in one line, without the characters nobody sees that Zoom puts there."""
    return " ".join(_CONTROL.sub(" ", _INVISIBLE.sub("", _text(said))).split())


def meeting_number(said: Any) -> str:
    """Return the number of a meeting as digits alone, however it is written; empty where there is none."""
    return "".join(c for c in str(said) if c in "0123456789") if isinstance(said, str | int) else ""


def taken(meetings: Iterable[str]) -> Callable[[str], bool]:
    """Return whether a meeting is one of these, however both are written; where none is named, every one is."""
    numbers = frozenset(filter(None, map(meeting_number, meetings)))
    return lambda meeting: not numbers or meeting_number(meeting) in numbers


# --- files ------------------------------------------------------------------------------------------------------------


def _file(plain: Mapping[str, Any], uuid: str, first: datetime) -> CloudFile:
    starts, ends = _moment(plain.get("recording_start")), _moment(plain.get("recording_end"))
    view = _text(plain.get("recording_type")).lower()
    captioned = view.endswith("(cc)")
    view = view.removesuffix("(cc)").strip()
    ending = _text(plain.get("file_extension")).upper()
    type_ = _text(plain.get("file_type")).upper() or _BY_ENDING.get(ending, "")
    kind = _kind(type_, view)
    size, address = plain.get("file_size"), _text(plain.get("download_url"))
    return CloudFile(
        id=_text(plain.get("id")) or f"{type_}-{view}-{starts or first:%Y%m%dT%H%M%S}".lower(),
        recording=uuid,
        kind=kind,
        name=_name(starts or first, kind, type_, view, captioned=captioned),
        size=size if isinstance(size, int) and size > 0 else None,
        starts=starts,
        ends=ends,
        address=address,
        ready=bool(address) and _text(plain.get("status")).lower() in ("completed", ""),
    )


def _kind(type_: str, view: str) -> Kind:
    if type_ == "M4A":
        return "audio" if view in ("audio_only", "") else "other"
    if type_ == "MP4":
        return "video" if view in _VIEWS else "other"
    if type_ == "TRANSCRIPT":
        return "transcript" if view in ("audio_transcript", "") else "other"
    return "captions" if type_ == "CC" else "chat" if type_ == "CHAT" else "other"


def _name(at: datetime, kind: Kind, type_: str, view: str, *, captioned: bool) -> str:
    """Return the name Zoom's website gives such a file, but for the size of a picture, which the API doesn't tell."""
    begin = f"GMT{at.astimezone(UTC):%Y%m%d-%H%M%S}_Recording"
    if kind == "video":
        return f"{begin}{_VIEWS[view]}{'.cc' * captioned}.mp4"
    if kind == "other":  # no ending that an inbox would take for a recording or for its words
        what = re.sub(r"[^a-z0-9]+", "_", (view or type_ or "file").lower()).strip("_") or "file"
        return f"{begin}.{what[:60]}.unused"
    endings = {"audio": ".m4a", "transcript": ".transcript.vtt", "captions": ".cc.vtt", "chat": "newChat.txt"}
    return begin + endings[kind]


def _apart(files: Iterable[CloudFile]) -> tuple[CloudFile, ...]:
    """Return each file once, the finished of two, with names that differ."""
    kept: dict[str, CloudFile] = {}
    for file in files:
        if file.id not in kept or (file.ready and not kept[file.id].ready):
            kept[file.id] = file
    taken: dict[str, int] = {}
    named = []
    for file in kept.values():
        number = taken[file.name] = taken.get(file.name, -1) + 1
        stem, dot, ending = file.name.rpartition(".")
        named.append(replace(file, name=f"{stem} ({number}){dot}{ending}") if number else file)
    return tuple(named)


def _seconds(plain: Mapping[str, Any], files: Iterable[Mapping[str, Any]]) -> float | None:
    """Return from the first press of the record button to the last stop, or the meeting's minutes where files say nothing."""
    spans = [(_moment(f.get("recording_start")), _moment(f.get("recording_end"))) for f in files]
    known = [(begin, end) for begin, end in spans if begin and end and end > begin]
    if known:
        return (max(end for _, end in known) - min(begin for begin, _ in known)).total_seconds()
    minutes = plain.get("duration")
    return float(minutes) * 60 if isinstance(minutes, int | float) and minutes > 0 else None


def _moment(said: Any) -> datetime | None:
    try:
        at = datetime.fromisoformat(said) if isinstance(said, str) else None
        return at.replace(tzinfo=at.tzinfo or UTC).astimezone(UTC) if at else None
    except (ValueError, OverflowError):
        return None


def _text(said: Any) -> str:
    return said.strip() if isinstance(said, str) else str(said) if isinstance(said, int) else ""


def _files(plain: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    files = plain.get("recording_files")
    return [f for f in files if isinstance(f, Mapping)] if isinstance(files, list) else []
