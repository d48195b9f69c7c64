"""Takes as each recorder would leave them, made without media: names, roles, and only what that recorder says of its time."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePath
from zoneinfo import ZoneInfo

from sessioncast.inbox.value import Began, File, Role, Take


@dataclass(frozen=True, slots=True)
class Press:
    """One press of the record button: when by the recorder's clock (UTC), how long, and what the recorder has been told."""

    at: datetime
    seconds: float
    zone: str
    topic: str = ""
    meeting: str = ""
    room: str = ""
    speaker: str = ""
    title: str = ""

    @property
    def local(self) -> datetime:
        return self.at.astimezone(ZoneInfo(self.zone)).replace(tzinfo=None, microsecond=0)


Recorder = Callable[[Press, random.Random], Take]


def _take(p: Press, files: list[tuple[str, Role]], began: Began | None, recorder: str, **told: str) -> Take:
    size = int(p.seconds * 16_000) + 4_096
    made = tuple(
        File(PurePath(name), role, size if role == "audio" else size * 9, p.seconds)
        if role not in ("transcript", "chat", "metadata")
        else File(PurePath(name), role, 4_000)
        for name, role in files
    )
    return Take(files[0][0], made, began, p.seconds, recorder, **told)


def zoom_cloud(p: Press, rng: random.Random) -> Take:
    """Since about 2021: a UTC stamp and nothing of the topic; the meeting's folder, where a downloader made one."""
    stem = f"GMT{p.at:%Y%m%d-%H%M%S}_Recording"
    folder = f"{p.meeting}/" if p.meeting else f"{rng.randrange(10**6):06}/" if rng.random() < 0.3 else ""
    names: list[tuple[str, Role]] = [(f"{folder}{stem}.m4a", "audio"), (f"{folder}{stem}_1920x1080.mp4", "screen")]
    names += [(f"{folder}{stem}_gallery_1920x1080.mp4", "gallery"), (f"{folder}{stem}.transcript.vtt", "transcript")]
    return _take(p, names, Began(p.at.replace(microsecond=0), "its name (Zoom, UTC)"), "zoom", meeting=p.meeting)


def zoom_cloud_old(p: Press, rng: random.Random) -> Take:
    """About 2019 and 2020: ten characters of the topic in the name."""
    cut = p.topic.replace(" ", "-")[:10]
    name = f"GMT{p.at:%Y%m%d-%H%M%S}_{cut}_1920x{rng.choice((1028, 1080))}.mp4"
    return _take(p, [(name, "screen")], Began(p.at.replace(microsecond=0), "its name (Zoom, UTC)"), "zoom", topic=cut)


def zoom_local(p: Press, rng: random.Random) -> Take:
    """A folder named in local time, with topic and meeting id; old and new names inside."""
    folder = f"{p.local:%Y-%m-%d %H.%M.%S} {p.topic} {p.meeting}".strip()
    digits = rng.choice(("", str(rng.randrange(10**9, 10**10))))
    audio, video = (f"audio{digits}.m4a", f"video{digits}.mp4") if digits else ("audio_only.m4a", "zoom_0.mp4")
    began = Began(p.local, "its folder's name (Zoom, local time)")
    files: list[tuple[str, Role]] = [
        (f"{folder}/{audio}", "audio"),
        (f"{folder}/{video}", "mixed"),
        (f"{folder}/chat.txt", "chat"),
    ]
    return _take(p, files, began, "zoom", topic=p.topic, meeting=p.meeting)


def teams_utc(p: Press, rng: random.Random) -> Take:
    del rng
    name = f"{p.topic}-{p.at:%Y%m%d_%H%M%S}UTC-Meeting Recording.mp4"
    return _take(
        p, [(name, "mixed")], Began(p.at.replace(microsecond=0), "its name (Teams, UTC)"), "teams", topic=p.topic
    )


def teams_local(p: Press, rng: random.Random) -> Take:
    del rng
    name = f"{p.topic}-{p.local:%Y%m%d_%H%M%S}-Meeting Recording.mp4"
    return _take(p, [(name, "mixed")], Began(p.local, "its name (Teams, local time)"), "teams", topic=p.topic)


def obs(p: Press, rng: random.Random) -> Take:
    folder = f"{p.room}/" if p.room else ""
    name = f"{folder}{p.local:%Y-%m-%d %H-%M-%S}.{rng.choice(('mkv', 'mp4'))}"
    return _take(p, [(name, "mixed")], Began(p.local, "its name (OBS, local time)"), "obs", room=p.room)


def bbb(p: Press, rng: random.Random) -> Take:
    del rng
    folder = f"{hashlib.sha1(p.meeting.encode()).hexdigest()}-{int(p.at.timestamp() * 1000)}"
    files: list[tuple[str, Role]] = [(f"{folder}/audio.ogg", "audio"), (f"{folder}/metadata.xml", "metadata")]
    return _take(p, files, Began(p.at, "its folder's name (BigBlueButton, epoch)"), "bigbluebutton", topic=p.topic)


def jibri(p: Press, rng: random.Random) -> Take:
    folder = "".join(rng.choices("abcdefghijklmnop", k=16))
    room = "".join(word.capitalize() for word in p.topic.split()) or "Rounds"
    files: list[tuple[str, Role]] = [
        (f"{folder}/{room.lower()}_{p.at:%Y-%m-%d-%H-%M-%S}.mp4", "mixed"),
        (f"{folder}/metadata.json", "metadata"),
    ]
    return _take(p, files, Began(p.at, "its metadata (Jibri)"), "jibri", meeting=f"https://meet.example.org/{room}")


def meet(p: Press, rng: random.Random) -> Take:
    del rng
    offset = p.at.astimezone(ZoneInfo(p.zone))
    name = f"{p.topic} ({offset:%Y-%m-%d %H:%M %Z}) - Recording.mp4".replace(":", "_")
    began = Began(p.at.replace(second=0, microsecond=0).astimezone(UTC), "its name (Meet)")
    return _take(p, [(name, "mixed")], began, "meet", topic=p.topic)


def dated(p: Press, rng: random.Random) -> Take:
    """A file somebody named by hand: the day, and who spoke."""
    del rng
    name = f"{p.local:%Y-%m-%d} {p.speaker}.mp3"
    day = p.local.replace(hour=0, minute=0, second=0)
    return _take(p, [(name, "audio")], Began(day, "its name (a date)"), "", topic=p.speaker)


def plain(p: Press, rng: random.Random) -> Take:
    """A file somebody named by hand: who spoke of what, and no date."""
    joint = rng.choice(("_", "-", " "))
    return _take(p, [(f"{joint.join((p.speaker + ' ' + p.title).lower().split())}.m4a", "audio")], None, "")


NAIVE: tuple[Recorder, ...] = (zoom_local, teams_local, obs)
TIMED: tuple[Recorder, ...] = (zoom_cloud, zoom_cloud_old, teams_utc, bbb, jibri, meet, *NAIVE)
ALL: tuple[Recorder, ...] = (*TIMED, dated, plain)
