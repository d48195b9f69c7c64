"""What speaks for and against a recording being of a session: one function for each kind of evidence.

Weights are bits, as in record linkage (Fellegi and Sunter): how much likelier the observation is for the session's own recording than
for another one. They are set by hand and round, and stand beside a reason in words; no single kind reaches the bound for a match.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from sessioncast.inbox.clocks import Reading
from sessioncast.inbox.programme import Programme, Slot, key, meeting_keys, same_kind
from sessioncast.inbox.value import Take
from sessioncast.inbox.words import words

EARLIEST, LATEST = timedelta(minutes=27), timedelta(minutes=12)
"""How long before a session a recorder is started (20 minutes, and a clock 5 minutes wrong), and how long after its start."""


JUNK_SECONDS = 120.0
"""Below this a recording is somebody trying the button."""
NEVER = -30.0
"""What no other evidence outweighs: the recording does not hold the session."""

Kind = Literal["start", "length", "meeting", "room", "words", "show"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that was looked at: ``weight`` in bits, against where negative, and the ``reason`` in words."""

    kind: Kind
    weight: float
    reason: str


def start(reading: Reading, slot: Slot) -> Evidence | None:
    """Return what the beginning says; nothing where either moment is unknown."""
    if slot.starts is None:
        return None
    if reading.at is None:
        return None if reading.day is None else _day(reading, slot)
    late = reading.at - slot.starts
    return Evidence(
        "start",
        _start_weight(late, slot),
        f"began {_away(late)} the start" if abs(late) >= _MINUTE else "began at the start",
    )


_MINUTE = timedelta(minutes=1)


def _start_weight(late: timedelta, slot: Slot) -> float:
    minutes = late / _MINUTE
    if abs(minutes) <= 6:
        return 12
    if -EARLIEST <= late <= LATEST:
        return 10
    if -45 <= minutes <= 25:
        return 4
    return -10 if abs(late) < (slot.length or timedelta(0)) + timedelta(hours=6) else -20


def _day(reading: Reading, slot: Slot) -> Evidence:
    if reading.day == slot.day:
        return Evidence("start", 6, "is dated the day of the session")
    return Evidence("start", -20, f"is dated {reading.day}, not the day of the session")


def _away(late: timedelta) -> str:
    return f"{length_in_words(abs(late).total_seconds())} {'after' if late > timedelta(0) else 'before'}"


def length_in_words(seconds: float) -> str:
    """Return a length as people say it: "30 seconds", "3 minutes", "2 hours 5 minutes", "7 days"."""
    if seconds < 90:
        return _count(round(seconds), "second")
    minutes = round(seconds / 60)
    if minutes < 100:
        return _count(minutes, "minute")
    hours, rest = divmod(minutes, 60)
    if hours < 36:
        return _count(hours, "hour") + (f" {_count(rest, 'minute')}" if rest else "")
    return _count(round(hours / 24), "day")


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}{'' if number == 1 else 's'}"


def overlap(reading: Reading, seconds: float | None, slot: Slot) -> timedelta | None:
    """Return how much of the session the take was running, None where a moment or a length is unknown."""
    if reading.at is None or seconds is None or slot.starts is None or slot.ends is None:
        return None
    ends = reading.at + timedelta(seconds=seconds)
    if ends <= slot.starts or reading.at >= slot.ends:
        return _NONE
    return min(ends, slot.ends) - max(reading.at, slot.starts)


_NONE = timedelta(0)


def length(reading: Reading, seconds: float | None, slot: Slot) -> Evidence | None:
    """Return what the length says: how much of the session is covered, or the two lengths' ratio where the clock is unknown."""
    planned = slot.length
    if seconds is not None and seconds < JUNK_SECONDS:
        return Evidence("length", NEVER, f"lasts only {length_in_words(seconds)}")
    if planned is None or seconds is None:
        return None
    ratio = timedelta(seconds=seconds) / planned
    common = overlap(reading, seconds, slot)
    if common is not None and not common:
        return _NOT_RUNNING
    if common is not None and common >= planned / 2 and ratio <= 2:
        covered = common / planned
        weight = 4.0 if covered >= 0.9 else 3.0 if covered >= 0.75 else -1.0
        return Evidence("length", weight, "covers all of it" if covered >= 0.97 else f"covers {covered:.0%} of it")
    told = f"lasts {length_in_words(seconds)}, the session {length_in_words(planned.total_seconds())}"
    if common is None:
        return Evidence("length", 3 if 0.75 <= ratio <= 1.5 else -1 if 0.5 <= ratio <= 2 else -8, told)
    steps = ((0.9, 4.0), (0.75, 3.0), (0.5, -1.0), (0.2, -6.0), (0.0, NEVER))
    weight = next(weight for least, weight in steps if common / planned >= least)
    return Evidence("length", weight - (6 if ratio > 4 else 3 if ratio > 2 else 0), told)


_NOT_RUNNING = Evidence("length", NEVER, "was not running during the session")


def meeting(take: Take, slot: Slot, programme: Programme) -> Evidence | None:
    """Return what the online meeting's id says; sessions of a series may share one."""
    said = meeting_keys(take.meeting)
    if not said or not slot.meetings:
        return None
    if said & slot.meetings:
        return Evidence("meeting", 5, "has the session's meeting id")
    if said & programme.meetings or same_kind(said, slot.meetings):
        return Evidence("meeting", -12, f"is of another meeting ({take.meeting})")
    return None


def room_of(take: Take, rooms: Mapping[str, str]) -> tuple[str, bool]:
    """Return the room a take was recorded in, and whether ``[inbox] rooms`` says so; empty where nothing does."""
    folders = take.name.split("/")[:-1]
    said = (*meeting_keys(take.meeting), key(take.room), key(take.recorder), *map(key, folders))
    known = {k: room for name, room in rooms.items() for k in (key(name), *meeting_keys(name))}
    told = next((known[k] for k in said if k in known), None)
    return (told, True) if told else (take.room, False)


def room(recorded: tuple[str, bool], slot: Slot, programme: Programme) -> Evidence | None:
    """Return what the room (see ``room_of``) says; a recorder's own name that is no room of the programme says nothing."""
    said, told = recorded
    if not key(said) or not slot.room:
        return None
    if key(said) == slot.room:
        return Evidence("room", 4, f"recorded in {slot.session.room}")
    return (
        Evidence("room", -10, f"recorded in {said}, not in {slot.session.room}")
        if told or key(said) in programme.rooms
        else None
    )


def topics(take: Take, programme: Programme) -> dict[str, Evidence]:
    """Return what the recorder's topic, or else the file's name, says of every session it speaks for or against, by slug.

    A name that says nothing familiar is not held against a take: recorders call files as they like. A topic is, for somebody chose it.
    """
    chosen = bool(take.topic) and "personal meeting room" not in take.topic.casefold()
    if chosen and begins(take.topic, programme.series):
        return {}
    said = words(take.topic if chosen else "" if take.topic else take.name.rpartition(".")[0])
    telling = tuple(word for word in said if word not in programme.series_words)
    if not telling:
        return {}
    likeness = {slot.slug: programme.vocabulary.likeness(slot.slug, telling) for slot in programme.slots}
    best = max((like.weight for like in likeness.values()), default=0)
    label = f"its {'topic' if chosen else 'name'}"
    found: dict[str, Evidence] = {}
    for slug, like in likeness.items():
        if like.weight > 0 and best - like.weight < 3:
            found[slug] = Evidence("words", like.weight, f"{label} has {_listed((*like.names, *like.shared))}")
        elif best > 5:
            found[slug] = Evidence("words", -8, f"{label} is another session's")
        elif chosen:
            found[slug] = Evidence("words", min(like.weight, -3), f"{label} “{take.topic}” is not the session's")
    return found


def begins(topic: str, name: str) -> bool:
    """Whether ``topic`` may be what a recorder left of ``name``: old Zoom kept about ten characters."""
    return len(key(topic)) >= 6 and key(name).startswith(key(topic))


def _listed(said: Sequence[str]) -> str:
    return ", ".join(f"“{word}”" for word in said[:4])


def shared_inbox(take: Take, only: Sequence[str]) -> Evidence | None:
    """Return what speaks against a take of an inbox that other groups use too, where nothing of ``[inbox] only`` is in it."""
    meetings, topic, rooms = meeting_keys(take.meeting), frozenset(words(take.topic)), {key(take.room)}
    rooms.update(map(key, take.name.split("/")[:-1]))
    for entry in only:
        named = words(entry) and topic.issuperset(words(entry))
        if meetings & meeting_keys(entry) or key(entry) in rooms or named or begins(take.topic, entry):
            return None
    if take.meeting or take.topic or take.room:
        return Evidence("show", -8, "has nothing of [inbox] only")
    return Evidence("show", -6, "the inbox is shared, and it names neither meeting, topic nor room")
