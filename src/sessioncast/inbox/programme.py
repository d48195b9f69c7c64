"""The programme as matching sees it: every session with its moments in UTC, its meeting and its room brought to one form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from sessioncast.inbox.words import Vocabulary, words
from sessioncast.model import Person, Session


@dataclass(frozen=True, slots=True)
class Slot:
    """One session: ``starts`` and ``ends`` in UTC, its ``day`` in the show's zone, ``meetings`` and ``room`` as keys."""

    session: Session
    starts: datetime | None
    ends: datetime | None
    day: date | None
    meetings: frozenset[str]
    room: str

    @property
    def slug(self) -> str:
        """The session's folder."""
        return self.session.slug

    @property
    def length(self) -> timedelta | None:
        """How long it is to last, where start and end are known."""
        return self.ends - self.starts if self.starts and self.ends else None

    @property
    def called_off(self) -> bool:
        """Whether an import found it cancelled."""
        return any(line.casefold().startswith(("cancelled", "canceled")) for line in self.session.missing)


@dataclass(frozen=True)
class Programme:
    """All sessions by slug, their vocabulary, and the ``series``, words by which the show itself is known."""

    slots: tuple[Slot, ...]
    vocabulary: Vocabulary
    series: str
    series_words: frozenset[str]

    @cached_property
    def meetings(self) -> frozenset[str]:
        """The meetings of all sessions."""
        return frozenset(key for slot in self.slots for key in slot.meetings)

    @cached_property
    def rooms(self) -> frozenset[str]:
        """The rooms of all sessions."""
        return frozenset(slot.room for slot in self.slots if slot.room)


def programme(sessions: Iterable[Session], people: Mapping[str, Person], zone: str, series: str) -> Programme:
    """Return the sessions as slots, by slug; ``series`` are words that name the show or its meetings."""
    ordered = sorted(sessions, key=lambda session: session.slug)
    names = {s.slug: [people[c.person].name for c in s.credits if c.person in people] for s in ordered}
    vocabulary = Vocabulary({s.slug: s.title for s in ordered}, names)
    return Programme(tuple(_slot(s, ZoneInfo(zone)) for s in ordered), vocabulary, series, frozenset(words(series)))


def _slot(session: Session, zone: ZoneInfo) -> Slot:
    starts = session.starts.astimezone(UTC) if session.starts else None
    ends = session.ends.astimezone(UTC) if session.ends else None
    day = starts.astimezone(zone).date() if starts else None
    return Slot(session, starts, ends, day, meeting_keys(session.meeting or ""), key(session.room or ""))


@lru_cache(maxsize=10_000)
def key(text: str) -> str:
    """Return letters and digits alone, without case, as rooms and ids are compared."""
    return "".join(c for c in text.casefold() if c.isalnum())


@lru_cache(maxsize=10_000)
def meeting_keys(text: str) -> frozenset[str]:
    """Return what identifies an online meeting in its id or address: a number of nine to twelve digits, else its path or text."""
    path = urlsplit(text).path if "://" in text else text
    numbers = (re.sub(r"\D", "", found) for found in re.findall(r"(?<!\d)\d(?:[\s-]?\d){8,11}(?!\d)", path))
    found = frozenset(numbers)
    if found:
        return found
    plain = key(path.rstrip("/").rpartition("/")[2])
    return frozenset({plain}) if plain else frozenset()


def same_kind(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two meetings' keys can be compared: both numbers of Zoom or Webex, or both codes of Meet."""
    return any(all(re.fullmatch(shape, k) for k in (*one, *other)) for shape in (r"\d{9,12}", r"[a-z]{10}"))
