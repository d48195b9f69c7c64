"""A programme of sessions as other programs would export it: iCalendar, schedule.json and schedule.xml, the same facts in each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr
from zoneinfo import ZoneInfo

from sessioncast.model import Person, Session

PATTERN = r"(?P<speaker>[^:]+): (?P<title>.+)"
"""How ``as_ics`` names speakers in SUMMARY."""


def _names(session: Session, people: Mapping[str, Person]) -> list[str]:
    return [people[credit.person].name for credit in session.credits]


def as_ics(sessions: Iterable[Session], people: Mapping[str, Person], zone: str) -> bytes:
    """Return the sessions as events with TZID, folded at 75 octets, meetings as CONFERENCE."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//example.org//programme//EN"]
    for session in sessions:
        lines += ["BEGIN:VEVENT", f"UID:{session.guid}", "DTSTAMP:20230101T000000Z"]
        lines.append(f"SUMMARY:{_escaped(', '.join(_names(session, people)) + ': ' + session.title)}")
        lines += [
            f"{name};TZID={zone}:{_clock(at, zone)}"
            for name, at in (("DTSTART", session.starts), ("DTEND", session.ends))
            if at
        ]
        lines += [f"DESCRIPTION:{_escaped(session.notes)}"] if session.notes else []
        lines += [f"LOCATION:{_escaped(session.room)}"] if session.room else []
        lines += (
            [f"CONFERENCE;VALUE=URI;FEATURE=VIDEO:{session.meeting}"]
            if session.meeting and "://" in session.meeting
            else []
        )
        lines += ["STATUS:CANCELLED"] if _called_off(session) else []
        lines.append("END:VEVENT")
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line)).encode()


def as_schedule_json(sessions: Iterable[Session], people: Mapping[str, Person], zone: str) -> bytes:
    """Return the sessions as a schedule.json: one day after another, a room of no name for those that have none."""
    days: dict[str, dict[str, list[Any]]] = {}
    for session in sessions:
        fields = _fields(session, people, zone)
        days.setdefault(fields["date"][:10], {}).setdefault(session.room or "", []).append(fields)
    conference = {
        "acronym": "rounds",
        "title": "Rounds",
        "time_zone_name": zone,
        "days": [{"index": at, "date": day, "rooms": rooms} for at, (day, rooms) in enumerate(days.items(), 1)],
    }
    return json.dumps({"schedule": {"version": "1", "conference": conference}}, ensure_ascii=False).encode()


def as_schedule_xml(sessions: Iterable[Session], people: Mapping[str, Person], zone: str) -> bytes:
    """Return the sessions as a schedule.xml."""
    parts = [f"<conference><acronym>rounds</acronym><time_zone_name>{zone}</time_zone_name></conference>"]
    for session in sessions:
        said = _fields(session, people, zone)
        plain = "".join(
            f"<{key}>{escape(value)}</{key}>" for key, value in said.items() if isinstance(value, str) and key != "guid"
        )
        persons = "".join(f"<person>{escape(person['public_name'])}</person>" for person in said["persons"])
        links = "".join(f"<link href={quoteattr(link['url'])}>{escape(link['title'])}</link>" for link in said["links"])
        parts.append(
            f"<day date='{said['date'][:10]}'><room name={quoteattr(session.room or '')}><event guid={quoteattr(said['guid'])}>"
            f"{plain}<persons>{persons}</persons><links>{links}</links></event></room></day>"
        )
    inside = "\n".join(parts)
    return f"<?xml version='1.0' encoding='utf-8'?>\n<schedule>{inside}</schedule>".encode()


def _fields(session: Session, people: Mapping[str, Person], zone: str) -> dict[str, Any]:
    assert session.starts
    starts = session.starts.astimezone(ZoneInfo(zone))
    minutes = round((session.ends.astimezone(UTC) - starts.astimezone(UTC)).total_seconds() / 60) if session.ends else 0
    online = session.meeting if session.meeting and "://" in session.meeting else ""
    return {
        "guid": session.guid,
        "title": session.title,
        "date": starts.isoformat(),
        "start": f"{starts:%H:%M}",
        "duration": f"{minutes // 60:02}:{minutes % 60:02}" if minutes else "",
        "room": session.room or "",
        "description": session.notes,
        "status": "cancelled" if _called_off(session) else "",
        "persons": [{"public_name": name} for name in _names(session, people)],
        "links": [{"title": "Join", "url": online}] if online else [],
    }


def _called_off(session: Session) -> bool:
    return any(item.startswith("cancelled") for item in session.missing)


def _clock(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%Y%m%dT%H%M%S}"


def _escaped(text: str) -> str:
    for plain, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(plain, written)
    return text


def _folded(line: str) -> Iterator[str]:
    part = ""
    for character in line:
        if len((part + character).encode()) > 74:
            yield part
            part = " "
        part += character
    yield part
