"""Fifteen talks of four minutes on fifteen days, each with its own fate, and the account that recorded them.

Twelve of them are to go out; one was refused, one may not be recorded, one is called off.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from zoomsim import media
from zoomsim.account import Account, Meeting, Part

MONDAY = datetime(2024, 1, 8, 12, tzinfo=UTC)
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
LENGTH = 4 * MINUTE
SERIES = "Care and Evidence Rounds"
ROUNDS = 81234567890
OTHERS = 99999999999
EARLY = timedelta(seconds=40)
"""How long before a talk the button is pressed."""
ENDS = MONDAY + 17 * DAY
"""When everything that may go out must be out."""
RELEASED = {
    "held": MONDAY + 6 * DAY + 7 * HOUR + 30 * MINUTE,
    "held to the end": MONDAY + 15 * DAY + 9 * HOUR + 30 * MINUTE,
}
"""When somebody lets go what was held."""
CHANGED = MONDAY + 6 * DAY + 5 * HOUR + 30 * MINUTE
"""When the calendar calls one talk off and moves another; at the next half hour a person takes that over."""
PATTERN = "(?P<speaker>[^:]+): (?P<title>.+)"


@dataclass(frozen=True, slots=True)
class Talk:
    """One session of the programme and what is to become of it.

    ``fate`` says which. ``seconds`` is what of it was recorded, all parts together. ``from_`` is the earliest moment at which it may be
    public, None: never; ``worded`` the earliest at which its transcript may.
    """

    nth: int
    speaker: str
    title: str
    fate: str
    seconds: float = 0.0
    starts: datetime = MONDAY
    from_: datetime | None = None
    worded: datetime | None = None

    @property
    def sentence(self) -> str:
        """What is said in this talk alone."""
        return f"My name is {self.speaker} and I speak of {self.title.lower()}."

    @property
    def ends(self) -> datetime:
        return self.starts + LENGTH


_PROGRAMME = (
    ("Florence Nightingale", "Notes on hospitals", "plain"),
    ("Ignaz Semmelweis", "Clean hands", "held"),
    ("John Snow", "The Broad Street pump", "refused"),
    ("Mary Seacole", "A hotel in Balaclava", "do not record"),
    ("Elizabeth Blackwell", "The first degree", "transcript late"),
    ("Joseph Lister", "Carbolic spray", "transcript too late"),
    ("Louis Pasteur", "Broth in swan necks", "stopped and started"),
    ("Edward Jenner", "Cowpox and milkmaids", "cancelled"),
    ("Rebecca Lee Crumpler", "A book of medical discourses", "moved"),
    ("Ambroise Paré", "Ligatures instead of iron", "film alone, dated"),
    ("Rufaida Al-Aslamia", "Tents beside the mosque", "meeting restarted"),
    ("William Farr", "Tables of death", "slow"),
    ("Dorothea Dix", "Asylums without chains", "held to the end"),
    ("Robert Koch", "Postulates", "called something else"),
    ("Elizabeth Garrett Anderson", "A dispensary for women", "words at once"),
)
_TRANSCRIPT_AFTER = {
    "transcript late": 20 * HOUR,
    "transcript too late": 30 * HOUR,
    "slow": 27 * HOUR,
    "words at once": 3 * MINUTE,
}
_WAIT, _TRANSCRIPT_WAIT = 2 * HOUR, 24 * HOUR
"""As ``[auto]`` has it unless told otherwise."""
NEVER = ("refused", "do not record", "cancelled")


@dataclass(frozen=True, slots=True)
class Season:
    """The talks, the account that recorded them, and its meetings that are nobody's business here."""

    talks: tuple[Talk, ...]
    account: Account
    others: frozenset[str]

    def of(self, fate: str) -> Talk:
        return next(talk for talk in self.talks if talk.fate == fate)

    @property
    def out(self) -> tuple[Talk, ...]:
        return tuple(talk for talk in self.talks if talk.fate not in NEVER)

    def programme(self, now: datetime) -> Mapping[str, str]:
        """Return the files of the programme as they stand at a moment."""
        planned = [t for t in self.talks if t.fate != "do not record"]
        events = "".join(_event(talk, changed=now >= CHANGED) for talk in planned)
        calendar = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//example.org//rounds//EN\n{events}END:VCALENDAR\n"
        return {
            "rounds.ics": calendar.replace("\n", "\r\n"),
            "schedule.json": json.dumps(_schedule([t for t in self.talks if t.fate == "do not record"]), indent=1),
        }


def season(folder: Path) -> Season:
    """Return the season; what was recorded lies in ``folder``."""
    long = media.long_talk(folder / "talk.m4a", 320)
    account, talks, others = Account(), [], set()
    for nth, (speaker, title, fate) in enumerate(_PROGRAMME):
        starts = MONDAY + nth * DAY
        if fate == "moved":
            starts += 2 * DAY + 4 * HOUR
        talk = Talk(nth, speaker, title, fate, starts=starts)
        meetings = _recorded(talk, lambda name, **cut: media.stretch(long, folder / name, **cut))
        account.meetings += meetings
        parts = [part for meeting in meetings for part in meeting.parts if part.seconds > 60]
        talks.append(_dated(replace(talk, seconds=sum(part.seconds for part in parts)), meetings))
    for nth in (0, 4, 7, 11, 13):
        part = Part(MONDAY + nth * DAY - MINUTE, 3000, {"audio_only": long, "chat_file": media.chat("John Snow")})
        account.meetings.append(Meeting(f"other{nth}/==", OTHERS, "Finance weekly", (part,)))
        others.add(f"other{nth}/==")
    return Season(tuple(talks), account, frozenset(others))


def _dated(talk: Talk, meetings: list[Meeting]) -> Talk:
    if talk.fate in NEVER:
        return talk
    ready = max(meeting.ready for meeting in meetings)
    words = [
        m.ends + part.after["audio_transcript"]
        for m in meetings
        for part in m.parts
        if "audio_transcript" in part.after
    ]
    worded = max(ready, talk.ends + _WAIT, *words)
    first = max(ready, talk.ends + _WAIT, min(worded, talk.ends + _TRANSCRIPT_WAIT))
    later = {**RELEASED, "film alone, dated": publish_at(talk)}.get(talk.fate, first)
    return replace(talk, from_=max(first, later), worded=max(worded, later))


def publish_at(talk: Talk) -> datetime:
    """Return the day that a person has set for the talk that has one."""
    return talk.starts + 2 * DAY + 90 * MINUTE


def _recorded(talk: Talk, cut: Callable[..., Path]) -> list[Meeting]:
    """Return what the account recorded of a talk; nothing of the one that was called off."""
    nth, begins = talk.nth, talk.starts - EARLY

    def part(at: datetime, seconds: float, tag: str = "", *, first: bool = True) -> Part:
        name = f"{nth:02}{tag}"
        film = talk.fate == "film alone, dated"
        start = 3.0 * nth + (150 if tag == "b" else 0)
        sound = cut(f"{name}.{'mp4' if film else 'm4a'}", start=start, seconds=seconds, film=film)
        said = [talk.sentence, "Then somebody asked: why?", "Welcome, all of you."] if first else ["And so we went on."]
        files: dict[str, Path | bytes] = {
            "shared_screen_with_speaker_view" if film else "audio_only": sound,
            "gallery_view": sound,
            "audio_transcript": media.captions(talk.speaker, said, seconds, crlf=nth % 2 == 0),
            "chat_file": media.chat(talk.speaker),
            "timeline": b'{"timeline":[]}',
        }
        if nth % 3 == 0:
            files["closed_caption"] = media.captions(talk.speaker, ["typed by hand"], seconds)
        return Part(at, seconds, files, {"audio_transcript": _TRANSCRIPT_AFTER.get(talk.fate, 40 * MINUTE)})

    def meeting(*parts: Part, tag: str = "") -> Meeting:
        before = ("/", "", "a//b", "")[nth % 4]
        uuid = before + uuid5(NAMESPACE_URL, f"{nth}{tag}").hex[:20] + "=="
        topic = f"\u200b{SERIES}\u200b: {talk.title}" if nth % 2 == 0 else SERIES
        topic = "My Meeting" if talk.fate == "called something else" else topic
        processing = 24 * HOUR if talk.fate == "slow" else None
        return Meeting(uuid, ROUNDS, topic, parts, processing=processing, timezone="Europe/London" if nth % 5 else "")

    if talk.fate == "cancelled":
        return []
    if talk.fate == "stopped and started":
        return [meeting(part(begins, 140), part(begins + 160 * timedelta(seconds=1), 130, "b", first=False))]
    if talk.fate == "meeting restarted":
        once, again = part(begins, 135), part(begins + 165 * timedelta(seconds=1), 125, "b", first=False)
        junk = Part(begins - 10 * MINUTE, 30, {"audio_only": cut(f"{nth}-junk.m4a", start=0, seconds=30)})
        return [meeting(junk, tag="junk"), meeting(once, tag="a"), meeting(again, tag="b")]
    return [meeting(part(begins, 225 + 2 * nth))]


def _event(talk: Talk, *, changed: bool) -> str:
    starts, status, sequence = talk.starts, "CONFIRMED", 0
    if talk.fate == "moved":
        starts = talk.starts if changed else MONDAY + talk.nth * DAY
        sequence = int(changed)
    if talk.fate == "cancelled" and changed:
        status, sequence = "CANCELLED", 1
    return (
        f"BEGIN:VEVENT\nUID:talk-{talk.nth}@example.org\nSEQUENCE:{sequence}\nDTSTAMP:20240101T000000Z\n"
        f"DTSTART:{starts:%Y%m%dT%H%M%SZ}\nDTEND:{starts + LENGTH:%Y%m%dT%H%M%SZ}\nSTATUS:{status}\n"
        f"SUMMARY:{talk.speaker}: {talk.title}\nDESCRIPTION:What {talk.speaker} has to say.\n"
        f"LOCATION:https://zoom.us/j/{ROUNDS}?pwd=4711\nEND:VEVENT\n"
    )


def _schedule(talks: list[Talk]) -> object:
    rows = [
        {
            "guid": f"talk-{talk.nth}",
            "date": talk.starts.isoformat(),
            "start": f"{talk.starts:%H:%M}",
            "duration": "00:04",
            "title": talk.title,
            "description": f"What {talk.speaker} has to say.",
            "url": f"https://example.org/talks/{talk.nth}",
            "persons": [{"id": talk.nth, "public_name": talk.speaker}],
            "do_not_record": True,
        }
        for talk in talks
    ]
    days = [{"index": n, "date": row["date"][:10], "rooms": {"Zoom": [row]}} for n, row in enumerate(rows)]  # type: ignore[index]
    return {"schedule": {"version": "1", "conference": {"acronym": "rounds", "time_zone_name": "UTC", "days": days}}}
