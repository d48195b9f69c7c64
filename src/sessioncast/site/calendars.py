"""Sessions for calendars: one announced session, or all of them with the latest that can be heard. icalendar's home here.

Times are in UTC, so that no calendar has to know the show's zone. The same catalog gives the same bytes: a session's stamp
is when its text was announced, not now.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sessioncast import layout
from sessioncast.notes import plain
from sessioncast.site.text import shown

if TYPE_CHECKING:
    from sessioncast.model import Announced, PublicShow, PublishedEpisode

_WORDS = 1000
_LENGTH = timedelta(hours=1)
"""How long a session lasts that doesn't say when it ends."""


def calendar(
    show: PublicShow, revision: int, sessions: Iterable[Announced], episodes: Iterable[PublishedEpisode] = ()
) -> bytes:
    """Return a calendar of these; the revision stands in it, as it does in every page."""
    from icalendar import Calendar

    made = Calendar()
    made.add("VERSION", "2.0")
    made.add("PRODID", "-//sessioncast//sessions//EN")
    made.add("X-SESSIONCAST-REVISION", str(revision))
    made.add("X-WR-CALNAME", _line(show.title))
    for session in sessions:
        made.add_component(_event(show, session, session.since, len(session.fingerprints) - 1))
    for episode in episodes:
        if episode.starts is not None:
            made.add_component(_event(show, episode, episode.published, len(episode.fingerprints) + 1000))
    return bytes(made.to_ical())


def _event(show: PublicShow, talk: Announced | PublishedEpisode, stamp: datetime, sequence: int) -> Any:
    from icalendar import Event, vUri

    assert talk.starts is not None
    event = Event()
    event.add("UID", shown(talk.guid))
    event.add("DTSTAMP", stamp.astimezone(UTC))
    event.add("SEQUENCE", sequence)
    event.add("DTSTART", talk.starts.astimezone(UTC))
    event.add("DTEND", (talk.ends or talk.starts + _LENGTH).astimezone(UTC))
    names = ", ".join(c.name for c in talk.credits if c.group == "cast")
    event.add("SUMMARY", _line(f"{talk.title} ({names})" if names else talk.title))
    page = layout.address(show.public_url, layout.episode_page(talk.slug))
    words = plain(talk.summary or talk.notes, _WORDS)
    event.add("DESCRIPTION", shown("\n\n".join(part for part in (words, talk.link or "", page) if part)))
    event.add("URL", vUri(page))
    if talk.location:
        event.add("LOCATION", _line(talk.location.name))
    return event


def _line(text: str) -> str:
    return " ".join(shown(text).split())
