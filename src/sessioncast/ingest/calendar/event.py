"""One event of a calendar, one date of a series, into a draft."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sessioncast.ingest.calendar.moments import Moment, moment
from sessioncast.ingest.calendar.naming import naming
from sessioncast.ingest.draft import Draft
from sessioncast.ingest.reading import tidy
from sessioncast.ingest.rich import are_slides, meeting_in, notes_of, without_invitation
from sessioncast.ingest.unclear import Unclear

LINE = "X-SESSIONCAST-LINE"
"""Where the event stands, written into it, so that every date of a series can say so."""
_ADDRESS = re.compile(r"https?://[^\s<>\"']+")
_MEETING_PROPERTIES = (
    "X-GOOGLE-CONFERENCE",
    "X-MICROSOFT-SKYPETEAMSMEETINGURL",
    "X-MICROSOFT-ONLINEMEETINGEXTERNALLINK",
)


def draft(
    event: Any,
    *,
    name: str,
    show: ZoneInfo,
    pattern: re.Pattern[str] | None,
    called_off: str = "",
    remarks: tuple[str, ...] = (),
) -> Draft:
    """Return what an icalendar ``event`` says. ``called_off`` names what cancelled it besides its STATUS.

    Raises Unclear for a time that has no meaning, or an end before the start.
    """
    starts = time_of(event, "DTSTART", show)
    if starts is None:
        raise Unclear("no DTSTART", "when the event begins")
    ends, ends_by = _ends(event, starts, show)
    summary = tidy(_text(event, "SUMMARY"))
    named = naming(event, summary, pattern)
    title = named.title if len(named.title) <= 255 else ""
    notes, notes_by = _notes(event)
    notes, cut = without_invitation(notes)
    meeting, meeting_by = _meeting(event)
    link = _text(event, "URL").strip()
    link = link if _ADDRESS.fullmatch(link) and not meeting_in(link) else ""
    slides, links = _attached(event)
    off = called_off or ("STATUS" if _text(event, "STATUS").upper() in ("CANCELLED", "CANCELED") else "")
    uid = _text(event, "UID").strip()
    room = tidy(_ADDRESS.sub(" ", _text(event, "LOCATION"))).strip(" ;,|-()")[:255]
    tags = tuple(dict.fromkeys(filter(None, map(tidy, _categories(event)))))
    told = {
        "title": "SUMMARY" if title else "", "starts": "DTSTART" if starts.at else "", "ends": ends_by, "people": named.by,
        "notes": notes_by if notes else "", "link": "URL" if link else "", "meeting": meeting_by, "room": "LOCATION" if room else "",
        "tags": "CATEGORIES" if tags else "", "slides": "ATTACH" if slides else "", "links": "ATTACH" if links else "", "cancelled": off,
    }  # fmt: skip
    missing = (
        ""
        if title
        else f"title: SUMMARY has {len(named.title)} characters, at most 255"
        if named.title
        else "title: no SUMMARY",
        named.open_,
        "" if starts.at else f"starts: the calendar says {starts.day}, a whole day without a time",
    )
    found_in = f"{name}: line {event[LINE]}" if LINE in event else name
    return Draft(
        source=source_of(event, show) or f"{name}#{starts.at or starts.day:%Y%m%dT%H%M}",
        by_name=not uid,
        title=title,
        starts=starts.at,
        ends=ends,
        people=named.people,
        notes=notes,
        link=link or None,
        missing=tuple(filter(None, missing)),
        tags=tags,
        room=room,
        meeting=meeting,
        slides=slides,
        links=links,
        cancelled=bool(off),
        origin=found_in,
        told=tuple((field, by) for field, by in told.items() if by),
        remarks=tuple(filter(None, (
            *remarks, starts.remark, named.remark,
            "how to join the online meeting was left out of the notes" if cut else "",
            "" if uid else "the event has no UID: moved to another date, it will look like a new session",
        ))),
    )  # fmt: skip


def source_of(event: Any, show: ZoneInfo) -> str:
    """Return what finds this event again: its UID, and for one of a series the date it was planned for, in UTC."""
    uid = _text(event, "UID").strip()
    planned = time_of(event, "RECURRENCE-ID", show)
    return f"{uid}#{stamp(planned)}" if uid and planned else uid


def stamp(planned: Moment) -> str:
    """Return a moment as iCalendar writes it: 20240220T170000Z, or 20240220 for a whole day."""
    return f"{planned.at.astimezone(UTC):%Y%m%dT%H%M%SZ}" if planned.at else f"{planned.day:%Y%m%d}"


def time_of(event: Any, name: str, show: ZoneInfo) -> Moment | None:
    """Return the moment a property names, None where it isn't there. Raises Unclear for none, and for two."""
    value = event.get(name)
    if value is None:
        return None
    if isinstance(value, list):
        raise Unclear(f"{name} twice", "it once")
    when = getattr(value, "dt", None)
    if not isinstance(when, date):
        raise Unclear(f"{name}:{str(value)[:60]}", "a date or a time, such as 20240220T120000")
    try:
        return moment(when, str(value.params.get("TZID", "")), show)
    except OverflowError:
        raise Unclear(f"{name}:{when}", "a year from 1970 to 2199") from None


def _ends(event: Any, starts: Moment, show: ZoneInfo) -> tuple[datetime | None, str]:
    if starts.at is None:
        return None, ""
    ends = time_of(event, "DTEND", show)
    if ends is not None:
        if ends.at is None:
            raise Unclear(f"DTEND:{ends.day:%Y%m%d}, a whole day", "a time, as DTSTART has")
        at, by = ends.at, "DTEND"
    elif (duration := event.get("DURATION")) is not None:
        lasts = getattr(duration, "dt", None)
        if not isinstance(lasts, timedelta) or abs(lasts) > timedelta(days=60):
            raise Unclear(f"DURATION:{str(duration)[:40]}", "a length such as PT1H")
        at, by = (starts.at.astimezone(UTC) + lasts).astimezone(starts.at.tzinfo), "DURATION"
    else:
        return None, ""
    length = at.astimezone(UTC) - starts.at.astimezone(
        UTC
    )  # on one zone's clock an hour that comes twice would last none
    if length < timedelta(0):
        raise Unclear(
            f"an end ({at:%Y-%m-%d %H:%M}) before the start ({starts.at:%Y-%m-%d %H:%M})", "an end later than the start"
        )
    return (at, by) if length else (None, "")


def _notes(event: Any) -> tuple[str, str]:
    """Return the description; the rich one where the plain one is empty."""
    if plain := notes_of(_text(event, "DESCRIPTION")):
        return plain, "DESCRIPTION"
    for name in ("STYLED-DESCRIPTION", "X-ALT-DESC"):
        if rich := notes_of(_unescaped(_text(event, name)), html=True):
            return rich, name
    return "", ""


def _unescaped(text: str) -> str:
    """Undo the escapes of a property that isn't known to be text."""
    return re.sub(r"\\([nN,;\\])", lambda found: "\n" if found[1] in "nN" else found[1], text)


def _meeting(event: Any) -> tuple[str, str]:
    """Return the online meeting's address: of CONFERENCE, else of a recorder's own property, else one found in the text."""
    for name in ("CONFERENCE", *_MEETING_PROPERTIES):
        for value in _values(event, name):
            if _ADDRESS.fullmatch(address := str(value).strip()):
                return address[:1000], name
    for name in ("LOCATION", "URL", "DESCRIPTION", "X-ALT-DESC"):
        if found := meeting_in(_text(event, name)):
            return found[:1000], name
    place = _ADDRESS.fullmatch(_text(event, "LOCATION").strip())
    return (place[0][:1000], "LOCATION") if place else ("", "")


def _attached(event: Any) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return the address of the slides, and the other attached links with their titles."""
    slides, links = "", []
    for value in _values(event, "ATTACH"):
        address = str(value).strip()
        if _ADDRESS.fullmatch(address):
            title = tidy(str(getattr(value, "params", {}).get("FILENAME", "")))[:128]
            if not slides and are_slides(f"{title} {address}"):
                slides = address
            else:
                links.append((title or address, address))
    return slides, tuple(links)


def _categories(event: Any) -> Iterator[str]:
    for value in _values(event, "CATEGORIES"):
        yield from (str(word)[:255] for word in getattr(value, "cats", [value]))


def _values(event: Any, name: str) -> list[Any]:
    value = event.get(name, [])
    return value if isinstance(value, list) else [value]


def _text(event: Any, name: str) -> str:
    values = _values(event, name)
    return str(values[0]) if values else ""
