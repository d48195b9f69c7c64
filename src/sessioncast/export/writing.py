"""Entries → the bytes of a file. The same entries and the same time give the same bytes."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import UTC, datetime
from typing import Literal, get_args

from sessioncast.export.entry import Entry
from sessioncast.ingest.cells import joined, quoted
from sessioncast.ingest.exported import MARK, PREFIX

Format = Literal["json", "csv", "ics"]
FORMATS: tuple[Format, ...] = get_args(Format)


def written(some: Sequence[Entry], kind: Format, *, title: str, now: datetime) -> bytes:
    """Return the file. A calendar has no place for what has no time: ``entries`` without a start are left out of it."""
    if kind == "json":
        return _json(some, title)
    return _csv(some) if kind == "csv" else _ics(some, title, now)


def _json(some: Sequence[Entry], title: str) -> bytes:
    sessions = []
    for entry in some:
        plain = {name: value for name, value in asdict(entry).items() if value not in (None, "", (), False)}
        plain["people"] = [{k: v for k, v in who.items() if v} for who in plain.get("people", ())]
        plain["links"] = [{"title": t, "url": u} for t, u in entry.links]
        for name in ("starts", "ends", "published"):
            if name in plain:
                plain[name] = plain[name].isoformat()
        sessions.append({name: value for name, value in plain.items() if value != []})
    return (
        json.dumps({"sessioncast-export": 1, "show": title, "sessions": sessions}, ensure_ascii=False, indent=1) + "\n"
    ).encode()


_HEADERS = {"notes": "abstract", "missing": "missing", "seconds": "audio seconds", "people": "people"}


def _csv(some: Sequence[Entry]) -> bytes:
    """Return a table for spreadsheet programs: a mark for UTF-8, and nothing in it that they would work out."""
    columns = [field.name for field in fields(Entry)]
    at = columns.index("people") + 1
    names = [*columns[:at], "people_keys", "roles", "affiliations", *columns[at:]]
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([_HEADERS.get(name, name).replace("_", " ") for name in names])
    for entry in some:
        row = _cells(entry)
        writer.writerow([quoted(row[name]) for name in names])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def _cells(entry: Entry) -> dict[str, str]:
    cells: dict[str, str] = {}
    for field in fields(entry):
        value = getattr(entry, field.name)
        if isinstance(value, datetime):
            cells[field.name] = value.isoformat()
        elif isinstance(value, bool):
            cells[field.name] = "yes" if value else ""
        elif isinstance(value, tuple):
            cells[field.name] = _list(entry, field.name)
        else:
            cells[field.name] = "" if value is None else str(value)
    return cells | _credits(entry)


def _list(entry: Entry, name: str) -> str:
    if name == "links":
        return joined([f"{title} | {url}" for title, url in entry.links])
    return "" if name == "people" else joined(getattr(entry, name))


def _credits(entry: Entry) -> dict[str, str]:
    roles = [f"{who.group}/{who.role}" if who.group else who.role for who in entry.people]
    return {
        "people": joined([who.name for who in entry.people]),
        "people_keys": joined([who.key for who in entry.people]) if any(who.key for who in entry.people) else "",
        "roles": joined(roles) if any(role != "guest" for role in roles) else "",
        "affiliations": joined([who.affiliation for who in entry.people])
        if any(w.affiliation for w in entry.people)
        else "",
    }


def _ics(some: Sequence[Entry], title: str, now: datetime) -> bytes:
    """Return a calendar (RFC 5545) in UTC, so that no reader needs a zone; what it has no word for stands in properties of our own."""
    from icalendar import Calendar, Event, vText

    calendar = Calendar()
    calendar.add("PRODID", f"{MARK}export//EN")
    calendar.add("VERSION", "2.0")
    calendar.add("X-WR-CALNAME", title)
    for entry in some:
        if entry.starts is None:
            continue
        event = Event()
        event.add("UID", entry.guid)
        event.add("DTSTAMP", now.astimezone(UTC).replace(microsecond=0))
        event.add("DTSTART", entry.starts.astimezone(UTC))
        if entry.ends:
            event.add("DTEND", entry.ends.astimezone(UTC))
        event.add("STATUS", "CANCELLED" if entry.cancelled else "CONFIRMED")
        for name, text in (
            ("SUMMARY", entry.title),
            ("DESCRIPTION", entry.notes),
            ("LOCATION", entry.room),
            ("URL", entry.link),
        ):
            if text:
                event.add(name, text)
        if entry.tags:
            event.add("CATEGORIES", list(entry.tags))
        for name, text in _own(entry).items():
            if text:
                # told to be text: the library escapes no property that it doesn't know
                event.add(PREFIX + name, vText(text))
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _own(entry: Entry) -> dict[str, str]:
    cells = _cells(entry)
    own = {
        name.upper(): cells[name]
        for name in ("guid", "slug", "source", "language", "season", "number", "license", "slides", "meeting")
    }
    lists = {name.upper(): cells[name] for name in ("people", "roles", "missing", "tags", "links", "page", "audio")}
    refused = "yes" if entry.do_not_record else ""
    return own | lists | {"PEOPLE-KEYS": cells["people_keys"], "TEASER": cells["summary"], "DO-NOT-RECORD": refused}
