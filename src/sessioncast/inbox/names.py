"""What a recording's name and folder say, by the ways recorders name files: never more than they say, and never an error.

Shapes are those of Zoom (cloud and local, old and new), Teams, OBS, BigBlueButton, Jibri, Google Meet, and names people give.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import PurePath

from sessioncast.inbox.value import Began, Role

MEDIA = frozenset(
    {".mp4", ".m4a", ".m4v", ".mkv", ".mov", ".webm", ".mp3", ".wav", ".w64", ".aif", ".aiff", ".flac", ".ogg", ".oga", ".opus", ".aac",
     ".caf", ".au", ".mka", ".3gp"}
)  # fmt: skip
SOUND = frozenset(
    {".m4a", ".mp3", ".wav", ".w64", ".aif", ".aiff", ".flac", ".ogg", ".oga", ".opus", ".aac", ".caf", ".au", ".mka"}
)


@dataclass(frozen=True, slots=True)
class NameFacts:
    """What a path says; ``stem`` is the same for all files of one press of the record button, empty where the path doesn't tell.

    ``topic``, ``meeting`` and ``room`` are the recorder's own words; empty where not said.
    """

    recorder: str = ""
    began: Began | None = None
    role: Role = "other"
    topic: str = ""
    meeting: str = ""
    room: str = ""
    stem: str = ""


def read_name(path: PurePath) -> NameFacts:
    """Return what a path inside an inbox says; what nobody's pattern fits is a plain file."""
    return next((facts for way in _WAYS if (facts := way(path))), None) or _plain(path)


_COPY = re.compile(r" ?\(\d{1,3}\)$")
"""What browsers put behind the name of a second download."""


def without_copy(name: str) -> str:
    """Return a file's name without its ending, and without the number of a repeated download."""
    return _COPY.sub("", PurePath(name).stem if PurePath(name).suffix else name)


# --- Zoom -------------------------------------------------------------------------------------------------------------

_CLOUD = re.compile(
    r"GMT(?P<stamp>\d{8}-\d{6})_(?P<topic>.+?)(?:_(?P<view>avo|gvo|as|gallery))?(?:_(?P<size>\d{2,5}x\d{2,5}))?"
    r"(?:\.(?P<text>transcript|cc))?(?P<copy> ?\(\d{1,3}\))?\.(?P<ending>mp4|m4a|vtt|txt)",
    re.IGNORECASE,
)
_VIEWS: dict[str | None, Role] = {"avo": "speaker", "gvo": "gallery", "gallery": "gallery", "as": "screen"}
_LOCAL = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2}) (?P<time>\d{2}\.\d{2}\.\d{2})(?: (?P<topic>.*?))??(?: (?P<meeting>\d{9,11}))?"
)
_OWN_MICROPHONE = re.compile(r"audio[^\d_].*\d+", re.IGNORECASE)


def _zoom_cloud(path: PurePath) -> NameFacts | None:
    found = _CLOUD.fullmatch(path.name)
    if not found:
        return None
    at = _moment(found["stamp"], "%Y%m%d-%H%M%S")
    if at is None:
        return None
    topic, ending = found["topic"], found["ending"].lower()
    chat = topic.casefold() == "recordingnewchat"
    generic = chat or topic.casefold() == "recording"
    role: Role
    if ending == "m4a":
        role = "audio"
    elif ending == "vtt":
        role = "captions" if (found["text"] or "").lower() == "cc" else "transcript"
    elif ending == "txt":
        role = "chat"
    else:
        role = _VIEWS.get((found["view"] or "").lower() or None, "screen")
    return NameFacts(
        "zoom",
        Began(at.replace(tzinfo=UTC), "its name (Zoom, UTC)"),
        role,
        topic="" if generic else topic,
        stem=f"{path.parent.as_posix()}/GMT{found['stamp']}_{'' if generic else topic}{found['copy'] or ''}",
    )


def _zoom_local(path: PurePath) -> NameFacts | None:
    found = _LOCAL.fullmatch(path.parent.name)
    if not found:
        return None
    at = _moment(f"{found['day']} {found['time']}", "%Y-%m-%d %H.%M.%S")
    if at is None:
        return None
    return NameFacts(
        "zoom",
        Began(at, "its folder's name (Zoom, local time)"),
        _local_role(path.name),
        topic=(found["topic"] or "").strip(),
        meeting=found["meeting"] or "",
        stem=path.parent.as_posix(),
    )


def _local_role(name: str) -> Role:
    lower = name.casefold()
    ending = PurePath(lower).suffix
    if ending in (".vtt", ".srt"):
        return "transcript"
    if ending == ".txt":
        return "captions" if "caption" in lower else "chat" if "chat" in lower else "other"
    if ending in SOUND:
        return "person" if _OWN_MICROPHONE.match(PurePath(name).stem) else "audio"
    return "mixed" if ending in MEDIA else "other"


# --- Teams, OBS, Meet -------------------------------------------------------------------------------------------------

_TEAMS = re.compile(r"(?P<topic>.+)-(?P<stamp>\d{8}_\d{6})(?P<utc>UTC)?-(?P<what>[^-]*)")
_OBS = re.compile(r"(?:Replay )?(?P<stamp>\d{4}-\d{2}-\d{2}[ _]\d{2}-\d{2}-\d{2})")
_MEET = re.compile(
    r"(?P<topic>.+?) (?:\(|[-–] )(?P<day>\d{4}[-_/]\d{2}[-_/]\d{2})(?: at)? (?P<time>\d{2}[ _:]\d{2}) (?P<zone>[A-Z]{2,5}(?:[+-]\d{1,2}(?:[_:]?\d{2})?)?)"
    r"(?:\)| [-–])(?: ?[-–]? ?\w+)?"
)


def _teams(path: PurePath) -> NameFacts | None:
    found = _TEAMS.fullmatch(without_copy(path.name))
    at = _moment(found["stamp"], "%Y%m%d_%H%M%S") if found else None
    if not found or at is None:
        return None
    began = (
        Began(at.replace(tzinfo=UTC), "its name (Teams, UTC)")
        if found["utc"]
        else Began(at, "its name (Teams, local time)")
    )
    return NameFacts("teams", began, _by_ending(path), topic=found["topic"].strip(), stem=_beside(path))


def _obs(path: PurePath) -> NameFacts | None:
    found = _OBS.fullmatch(without_copy(path.name))
    at = _moment(found["stamp"].replace("_", " "), "%Y-%m-%d %H-%M-%S") if found else None
    if at is None:
        return None
    return NameFacts(
        "obs", Began(at, "its name (OBS, local time)"), _by_ending(path), room=_room(path), stem=_beside(path)
    )


def _meet(path: PurePath) -> NameFacts | None:
    found = _MEET.fullmatch(without_copy(path.name))
    if not found:
        return None
    at = _moment(f"{re.sub('[_/]', '-', found['day'])} {re.sub('[ _]', ':', found['time'])}", "%Y-%m-%d %H:%M")
    if at is None:
        return None
    zone = _offset(found["zone"])
    began = (
        Began(at.replace(tzinfo=zone), "its name (Meet)")
        if zone
        else Began(at, f"its name (Meet, {found['zone']})")  # three letters name several zones
    )
    return NameFacts("meet", began, _by_ending(path), topic=found["topic"].strip(), stem=_beside(path))


def _offset(said: str) -> timezone | None:
    """Return the zone of ``GMT``, ``UTC`` and ``GMT-5``; None for letters that have several meanings."""
    found = re.fullmatch(r"(?:GMT|UTC)(?:([+-])(\d{1,2})(?:[_:]?(\d{2}))?)?", said)
    if not found:
        return None
    ahead = timedelta(hours=int(found[2] or 0), minutes=int(found[3] or 0))
    if ahead > timedelta(hours=14):
        return None
    return timezone(-ahead if found[1] == "-" else ahead)


# --- servers ----------------------------------------------------------------------------------------------------------

_BBB = re.compile(r"[0-9a-f]{40}-(?P<epoch>\d{13})")
_JIBRI = re.compile(r"(?P<room>.+)_(?P<stamp>\d{4}-\d{2}-\d{2}-\d{2}-\d{2}-\d{2})")
_BBB_VIEWS: dict[str, Role] = {"webcams": "gallery", "deskshare": "screen", "audio": "audio", "recording": "audio"}


def _big_blue_button(path: PurePath) -> NameFacts | None:
    found = next(((part, match) for part in path.parts[:-1] if (match := _BBB.fullmatch(part))), None)
    if not found:
        return None
    part, match = found
    epoch = int(match["epoch"])
    if epoch >= 10**12 * 5:  # the year 2128: no clock
        return None
    role: Role = "metadata" if path.name.casefold() == "metadata.xml" else _by_ending(path)
    if role == "mixed":
        role = _BBB_VIEWS.get(path.stem.casefold(), "mixed")
    began = Began(datetime.fromtimestamp(epoch / 1000, UTC), "its folder's name (BigBlueButton, epoch)")
    return NameFacts("bigbluebutton", began, role, stem=part)


def _jibri(path: PurePath) -> NameFacts | None:
    if path.name.casefold() == "metadata.json":
        return NameFacts("jibri", None, "metadata", stem=path.parent.as_posix())
    found = _JIBRI.fullmatch(without_copy(path.name))
    at = _moment(found["stamp"], "%Y-%m-%d-%H-%M-%S") if found else None
    if not found or at is None:
        return None
    return NameFacts(
        "jibri",
        Began(at, "its name (Jibri, the server's local time)"),
        _by_ending(path),
        meeting=found["room"],
        stem=_beside(path),
    )


# --- anything else ----------------------------------------------------------------------------------------------------

_DAY = r"(?P<y>(?:19|20)\d{2})(?P<j>[-_.]?)(?P<m>0[1-9]|1[0-2])(?P=j)(?P<d>0[1-9]|[12]\d|3[01])"
_TIME = r"(?P<H>[01]\d|2[0-3])(?P<k>[-_.:h]?)(?P<M>[0-5]\d)(?:(?P=k)(?P<S>[0-5]\d))?(?P<Z>Z)?"
_STAMP = re.compile(rf"(?<!\d){_DAY}(?:(?:[ _T-]| at ){_TIME})?(?!\d)")
_ROLES: tuple[tuple[str, Role], ...] = (
    ("transcript", "transcript"), ("caption", "captions"), ("subtitle", "captions"), ("chat", "chat"), ("gallery", "gallery"),
)  # fmt: skip


def _plain(path: PurePath) -> NameFacts:
    """Return what a name that a person gave says: a date, or a date and a time; a date alone is midnight."""
    found = _STAMP.search(without_copy(path.name))
    began = None
    if found:
        said = f"{found['y']}-{found['m']}-{found['d']} {found['H'] or '00'}:{found['M'] or '00'}:{found['S'] or '00'}"
        at = _moment(said, "%Y-%m-%d %H:%M:%S")
        if at is not None and found["Z"]:
            began = Began(at.replace(tzinfo=UTC), "its name (UTC)")
        elif at is not None:
            began = Began(at, "its name (local time)" if found["H"] else "its name (a date)")
    return NameFacts("", began, _by_ending(path), room=_room(path), stem=_beside(path))


def _by_ending(path: PurePath) -> Role:
    ending, lower = path.suffix.casefold(), path.stem.casefold()
    if ending in (".vtt", ".srt"):
        return "captions" if lower.endswith(".cc") else "transcript"
    if ending in MEDIA:
        return "gallery" if "gallery" in lower else "audio" if ending in SOUND else "mixed"
    if ending == ".txt":
        return next((role for word, role in _ROLES if word in lower), "other")
    return "other"


def _beside(path: PurePath) -> str:
    """Return what companions of a file share with it: its folder and its name up to the ending, in lower case."""
    name = path.name
    for ending in (".transcript.vtt", ".cc.vtt"):
        if name.casefold().endswith(ending):
            name = name[: -len(ending)] + ".vtt"
    return f"{path.parent.as_posix()}/{PurePath(name).stem}".casefold()


def _room(path: PurePath) -> str:
    """Return the folder a file lies in: people give each room or recorder one."""
    return path.parent.name if path.parent.name not in ("", "..", ".") else ""


def _moment(said: str, shape: str) -> datetime | None:
    try:
        return datetime.strptime(said, shape)  # noqa: DTZ007 - a clock's reading; who knows its zone says so
    except ValueError:
        return None


_WAYS: tuple[Callable[[PurePath], NameFacts | None], ...] = (
    _zoom_cloud,
    _big_blue_button,
    _zoom_local,
    _teams,
    _meet,
    _obs,
    _jibri,
)
