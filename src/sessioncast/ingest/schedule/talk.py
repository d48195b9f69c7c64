"""What one event of a conference schedule says, whether it stood in JSON or XML, into a draft."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urljoin, urlsplit
from zoneinfo import ZoneInfo

from sessioncast.ingest.calendar.moments import moment
from sessioncast.ingest.draft import Draft, DraftPerson
from sessioncast.ingest.reading import tidy
from sessioncast.ingest.rich import are_slides, meeting_in, notes_of, without_invitation
from sessioncast.ingest.unclear import Unclear

_NO = frozenset({"", "false", "0", "no", "none", "null"})
_SHORT = 300


@dataclass(frozen=True, slots=True)
class Conference:
    """What holds for all events: the ``zone`` of times without an offset, when a day begins, and what finds addresses and ids."""

    zone: ZoneInfo
    acronym: str
    base: str = ""
    day_change: time = time(0)


@dataclass(frozen=True, slots=True)
class Talk:
    """One event as plain values: texts, lists and mappings as schedule.json has them. ``where`` is its place in the file."""

    said: Mapping[str, Any]
    day: str
    room: str
    where: str
    day_change: time | None = None


def draft(talk: Talk, conference: Conference, name: str) -> Draft:
    """Return what a talk says. Raises Unclear for a time or length that can't be read."""
    said = talk.said
    starts, start_remark = _starts(talk, conference)
    ends = _ends(said, starts)
    title = tidy(text(said, "title"))
    summary, notes, notes_by = _texts(said)
    notes, cut = without_invitation(notes)
    url = _absolute(text(said, "url"), conference.base)
    slides, links, meeting, lost = _links(said, conference.base)
    people = _people(said)
    tags = tuple(dict.fromkeys(filter(None, (tidy(text(said, key))[:255] for key in ("track", "type")))))
    license_ = tidy(
        text(said, "recording_license") or text(said, "license") or text(_mapping(said.get("recording")), "license")
    )
    refused = _is_set(said.get("do_not_record")) or _is_set(_mapping(said.get("recording")).get("optout"))
    off = _is_set(said.get("cancelled")) or text(said, "status").casefold() in ("cancelled", "canceled")
    source, by_name = _source(said, conference, name, talk)
    room = tidy(text(said, "room") or talk.room)[:255]
    told = {
        "title": "title" if 0 < len(title) <= 255 else "", "starts": ("date" if said.get("date") else "start") if starts else "",
        "ends": "duration" if ends else "", "people": "persons" if people else "", "summary": "abstract" if summary else "",
        "notes": notes_by if notes else "", "link": "url" if url else "", "room": "room" if room else "",
        "tags": ", ".join(key for key in ("track", "type") if text(said, key)), "language": "language" if text(said, "language") else "",
        "license": "recording_license" if license_ else "", "slides": "attachments" if slides else "", "meeting": "links" if meeting else "",
        "links": "links" if links else "", "do_not_record": "do_not_record" if refused else "", "cancelled": "status" if off else "",
    }  # fmt: skip
    missing = (
        ""
        if 0 < len(title) <= 255
        else f"title: {len(title)} characters, at most 255"
        if title
        else "title: the schedule has none",
        "" if people else "people: the schedule names no person",
        "" if starts else "starts: the schedule has no date and start",
    )
    return Draft(
        source=source,
        by_name=by_name,
        title=title if len(title) <= 255 else "",
        starts=starts,
        ends=ends,
        people=people,
        notes=notes,
        link=url or None,
        missing=tuple(filter(None, missing)),
        summary=summary,
        language=tidy(text(said, "language")).lower().replace("_", "-"),
        tags=tags,
        room=room,
        meeting=meeting,
        license=license_,
        slides=slides,
        links=links,
        cancelled=off,
        do_not_record=refused,
        origin=f"{name}: {talk.where}",
        told=tuple((field, by) for field, by in told.items() if by),
        remarks=tuple(filter(None, (
            start_remark, "how to join the online meeting was left out of the notes" if cut else "",
            f"left out, no address: {', '.join(lost)[:200]}" if lost else "",
        ))),
    )  # fmt: skip


def text(said: Mapping[str, Any], key: str) -> str:
    """Return a value as text; of one that is given in several languages English, else the first."""
    value = said.get(key)
    if isinstance(value, Mapping):
        value = value.get("en") or value.get("name") or next(iter(value.values()), "")
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _each(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list | tuple) else [value] if value else []


def _is_set(value: Any) -> bool:
    """Whether a wish is expressed: whatever isn't plainly "no" counts, since who is recorded against their will is so for good."""
    return str(value).strip().casefold() not in _NO if value is not None else False


def _starts(talk: Talk, conference: Conference) -> tuple[datetime | None, str]:
    whole, clock = text(talk.said, "date").strip(), text(talk.said, "start").strip()
    if "T" in whole or " " in whole:
        try:
            at = datetime.fromisoformat(whole)
        except ValueError:
            raise Unclear(f"date {whole[:40]!r}", "a date such as 2024-02-20T12:00:00-05:00") from None
        offset = at.utcoffset()
        placed = moment(at if offset is None else at.astimezone(UTC), "", conference.zone)
        if placed.at is None or offset is None:
            return placed.at, placed.remark
        here = placed.at.astimezone(conference.zone)
        chosen = here if here.utcoffset() == offset or not offset else at
        differs = clock and not {chosen.strftime("%H:%M"), at.strftime("%H:%M")} & {clock[:5].rjust(5, "0")}
        return chosen, f"date says {chosen:%H:%M %z}, start says {clock}: date counts" if differs else ""
    day = whole or talk.day
    if not day or not clock:
        return None, ""
    try:
        local = datetime.combine(date.fromisoformat(day), time.fromisoformat(clock.rjust(5, "0")))
    except ValueError:
        raise Unclear(
            f"date {day[:40]!r} and start {clock[:20]!r}", "a day such as 2024-02-20 and a time such as 12:00"
        ) from None
    change = talk.day_change or conference.day_change
    if not whole and local.time() < change:
        local += timedelta(days=1)  # after midnight a conference's day goes on
    placed = moment(local, "", conference.zone)
    return placed.at, placed.remark


def _ends(said: Mapping[str, Any], starts: datetime | None) -> datetime | None:
    length = text(said, "duration").strip()
    if not length:
        return None
    found = re.fullmatch(r"(?:(\d{1,2}):)??(\d{1,3}):([0-5]\d)(?::00)?", length)
    if not found:
        raise Unclear(f"duration {length[:40]!r}", "hours and minutes such as 01:00")
    lasts = timedelta(days=int(found[1] or 0), hours=int(found[2]), minutes=int(found[3]))
    if lasts > timedelta(days=30):
        raise Unclear(f"duration {length[:40]!r}", "a length of hours")
    return (starts.astimezone(UTC) + lasts).astimezone(starts.tzinfo) if starts and lasts else None


def _texts(said: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return summary, notes and what the notes came from: the abstract is the summary where it is short and there is more."""
    subtitle, abstract, description = (notes_of(text(said, key)) for key in ("subtitle", "abstract", "description"))
    summary = abstract if abstract and description and len(abstract) <= _SHORT and "\n" not in abstract else ""
    parts = {"abstract": "" if summary else abstract, "description": "" if description == abstract else description}
    if subtitle:
        parts = {"subtitle": subtitle, **parts}
    notes = {key: part for key, part in parts.items() if part}
    return summary, "\n\n".join(notes.values()), ", ".join(notes)


def _people(said: Mapping[str, Any]) -> tuple[DraftPerson, ...]:
    found: dict[str, DraftPerson] = {}
    for person in _each(said.get("persons") or said.get("speakers")):
        one = person if isinstance(person, Mapping) else {"name": person}
        name = tidy(text(one, "public_name") or text(one, "full_public_name") or text(one, "name"))[:255]
        link = text(one, "url").strip()
        bio = notes_of(text(one, "biography") or text(one, "description") or text(one, "abstract"))
        if name:
            found.setdefault(name.casefold(), DraftPerson(name, bio=bio, link=_absolute(link, "")))
    return tuple(found.values())


def _absolute(url: str, base: str) -> str:
    try:
        whole = urljoin(base, url.strip()) if url.strip() else ""
        good = urlsplit(whole).scheme in ("http", "https") and bool(urlsplit(whole).hostname)
    except ValueError:
        return ""
    return whole if good and not re.search(r"\s", whole) else ""


def _links(said: Mapping[str, Any], base: str) -> tuple[str, tuple[tuple[str, str], ...], str, list[str]]:
    """Return the slides' address, the other links, the meeting's address, and what was no address."""
    slides, meeting = text(said, "slides"), ""
    links, lost = [], []
    slides = _absolute(slides, base)
    for key in ("attachments", "links"):
        for link in _each(said.get(key)):
            one = link if isinstance(link, Mapping) else {"url": link}
            title, raw = tidy(text(one, "title"))[:128], text(one, "url") or text(one, "href")
            url = _absolute(raw, base)
            if not url:
                lost += [raw or title] if raw or title else []
            elif meeting_in(url):
                meeting = meeting or url[:1000]
            elif not slides and (are_slides(f"{title} {url}") or text(one, "type") == "slides"):
                slides = url
            else:
                links.append((title or url, url))
    return slides, tuple(links), meeting, lost


def _source(said: Mapping[str, Any], conference: Conference, name: str, talk: Talk) -> tuple[str, bool]:
    """Return what finds the talk again: its guid; else its code or id within this conference; else its address."""
    if guid := text(said, "guid").strip():
        return guid, False
    if within := (text(said, "code") or text(said, "id")).strip():
        return f"{conference.acronym or name}#{within}", False
    if url := _absolute(text(said, "url"), conference.base):
        return url, False
    return f"{name}#{talk.where}", True
