"""What ``sessioncast export`` wrote, read back to the letter: JSON, and calendars of our own; its tables are read by ``ingest.table``."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sessioncast.errors import ContentError, Problem
from sessioncast.ingest.cells import parted
from sessioncast.ingest.draft import Draft, DraftPerson

MARK = "-//sessioncast//"
"""How PRODID of a calendar of ours begins (RFC 5545)."""
PREFIX = "X-SESSIONCAST-"
_TEXTS = ("guid", "slug", "source", "title", "summary", "notes", "language", "room", "meeting", "license", "slides")


def is_our_json(body: bytes) -> bool:
    """Whether bytes are an export in JSON."""
    return body[:512].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and b'"sessioncast-export"' in body[:512]


def is_our_calendar(body: bytes) -> bool:
    """Whether bytes are an export as a calendar."""
    return f"PRODID:{MARK}".encode() in body[:1024]


def read_our_json(body: bytes, name: str) -> tuple[Draft, ...]:
    """Return the drafts of an export. Raises ContentError with every session that isn't as it was written."""
    try:
        plain = json.loads(body)
        sessions = plain["sessions"]
        if plain["sessioncast-export"] != 1 or not isinstance(sessions, list):
            raise ValueError  # noqa: TRY301 - said below, with the others
    except (ValueError, KeyError, TypeError, RecursionError):
        raise _error(name, "something else than what `sessioncast export` wrote there") from None
    return _all(sessions, name)


def read_our_calendar(body: bytes, name: str) -> tuple[Draft, ...]:
    """Return the drafts of a calendar that ``sessioncast export`` wrote; times and texts a person changed in it are theirs."""
    from icalendar import Calendar

    try:
        events = [_plain(event) for event in Calendar.from_ical(body).walk("VEVENT")]
    except (ValueError, KeyError, IndexError, TypeError, AttributeError) as e:
        raise _error(name, f"a calendar that can't be read ({str(e)[:120]})") from None
    return _all(events, name)


def _all(sessions: list[Any], name: str) -> tuple[Draft, ...]:
    drafts, problems = [], []
    for number, plain in enumerate(sessions, 1):
        where = f"{name}: session {number}"
        try:
            drafts.append(_draft(plain, where))
        except (ValueError, KeyError, TypeError, AttributeError) as e:
            found = f"a session that is not as it was written ({type(e).__name__}: {str(e)[:120]})"
            problems.append(Problem(where, "", found, "what `sessioncast export` wrote", _MEND))
    if problems:
        raise ContentError("", problems=problems)
    return tuple(drafts)


def _draft(plain: Mapping[str, Any], where: str) -> Draft:
    texts: dict[str, Any] = {name: _text(plain.get(name)) for name in _TEXTS}
    people = tuple(
        DraftPerson(
            **{part: _text(person.get(part)) for part in ("name", "bio", "affiliation", "link", "key", "group")},
            role=_text(person.get("role")) or "guest",
        )
        for person in plain.get("people") or ()
    )
    return Draft(
        **texts,
        starts=_moment(plain.get("starts")),
        ends=_moment(plain.get("ends")),
        people=people,
        link=_text(plain.get("link")) or None,
        missing=tuple(map(_text, plain.get("missing") or ())),
        tags=tuple(map(_text, plain.get("tags") or ())),
        links=tuple((_text(link["title"]), _text(link["url"])) for link in plain.get("links") or ()),
        season=_number(plain.get("season")),
        number=_number(plain.get("number")),
        cancelled=plain.get("cancelled") is True,
        do_not_record=plain.get("do_not_record") is True,
        origin=where,
        told=tuple(
            (name, f"{where}, {name}") for name, value in plain.items() if value and name in Draft.__dataclass_fields__
        ),
    )


def _text(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise TypeError(f"found {value!r:.60}, expected text")
    return value


def _number(value: object) -> int | None:
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise TypeError(f"found {value!r:.60}, expected a whole number")
    return value


def _moment(value: object) -> datetime | None:
    moment = value if value is None or isinstance(value, datetime) else datetime.fromisoformat(_text(value))
    if moment is not None and moment.tzinfo is None:
        raise ValueError(f"found {moment}, expected a time with its offset")
    return moment


def _plain(event: Any) -> dict[str, Any]:
    """Return an event of a calendar of ours as the JSON has it."""
    from icalendar import vText

    def own(name: str) -> str:
        value = event.get(PREFIX + name, "")
        if isinstance(value, vText):
            return str(value)
        # newer versions of the library leave the text of a property they don't know as it stands in the file (RFC 5545, 3.3.11)
        return re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], str(value))

    names, keys, roles = (parted(own(part)) for part in ("PEOPLE", "PEOPLE-KEYS", "ROLES"))
    people = []
    for n, person in enumerate(names):
        group, _, role = (roles[n] if n < len(roles) else "guest").rpartition("/")
        people.append({"name": person, "key": keys[n] if n < len(keys) else "", "role": role, "group": group})
    links = [part.rpartition(" | ") for part in parted(own("LINKS"))]
    return {
        "guid": own("GUID"), "slug": own("SLUG"), "source": own("SOURCE"), "summary": own("TEASER"), "language": own("LANGUAGE"),
        "meeting": own("MEETING"), "license": own("LICENSE"), "slides": own("SLIDES"), "missing": parted(own("MISSING")), "tags": parted(own("TAGS")),
        "season": int(own("SEASON")) if own("SEASON") else None, "number": int(own("NUMBER")) if own("NUMBER") else None,
        "do_not_record": own("DO-NOT-RECORD") == "yes",
        "title": str(event.get("SUMMARY", "")), "notes": str(event.get("DESCRIPTION", "")), "room": str(event.get("LOCATION", "")),
        "link": str(event.get("URL", "")), "cancelled": str(event.get("STATUS", "")) == "CANCELLED",
        "starts": event.decoded("DTSTART"), "ends": event.decoded("DTEND") if "DTEND" in event else None,
        "people": people, "links": [{"title": title, "url": url} for title, _, url in links],
    }  # fmt: skip


_MEND = "export it once more, and import that file as it is"


def _error(name: str, found: str) -> ContentError:
    return ContentError("", problems=[Problem(name, "", found, "an export with its sessions", _MEND)])
