"""Who speaks, where a calendar says so outright: a PARTICIPANT, an ATTENDEE's role, or SUMMARY by the organiser's own pattern."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sessioncast.errors import ContentError, Problem
from sessioncast.ingest.draft import DraftPerson
from sessioncast.ingest.names import people_in
from sessioncast.ingest.reading import tidy
from sessioncast.ingest.rich import notes_of

_SPEAKING = frozenset({"SPEAKER", "X-SPEAKER", "PRESENTER", "X-PRESENTER", "PERFORMER", "X-PERFORMER"})
PATTERN = "(?P<speaker>.+): (?P<title>.+)"
LONGEST = 255


@dataclass(frozen=True, slots=True)
class Naming:
    """The title and the people of an event; ``by``: the property that named them, ``open_``: what SUMMARY left unsaid."""

    title: str
    people: tuple[DraftPerson, ...]
    by: str = ""
    open_: str = ""
    remark: str = ""


def compiled(pattern: str | None) -> re.Pattern[str] | None:
    """Return the organiser's pattern, ready to use. Raises ContentError for one that is none, or names no speaker."""
    if pattern is None:
        return None
    try:
        made = re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as wrong:
        found = f"{pattern!r}: {wrong}"
    else:
        if {"speaker", "title"} <= set(made.groupindex):
            return made
        found = repr(pattern)
    expected = "a regular expression with (?P<speaker>…) and (?P<title>…)"
    mend = f"put into feed/show.toml under [import]: summary_pattern = '{PATTERN}'"
    raise ContentError("", problems=[Problem("feed/show.toml", "import.summary_pattern", found, expected, mend)])


def naming(event: Any, summary: str, pattern: re.Pattern[str] | None) -> Naming:
    """Return who an icalendar ``event`` says speaks, and its title without them."""
    people, by, remark = _participants(event), "PARTICIPANT", ""
    if not people:
        people, remark = _attendees(event)
        by = "ATTENDEE"
    found = pattern.search(summary[:LONGEST]) if pattern else None
    if pattern is None or found is None:
        nobody = (
            f"people: SUMMARY {summary[:80]!r} doesn't fit summary_pattern of show.toml"
            if pattern
            else "people: the calendar names no speaker; [import] summary_pattern in show.toml tells where SUMMARY does"
        )
        return Naming(summary, people, by if people else "", "" if people else nobody, remark)
    title, named = tidy(found["title"] or ""), tidy(found["speaker"] or "")
    if people:  # the property counts; the pattern gives the title where it names one of them too
        known = named.casefold() in {person.name.casefold() for person in people}
        return Naming(title if known else summary, people, by, "", remark)
    people = people_in(named, labelled=True) or ((DraftPerson(named[:LONGEST]),) if named else ())
    return Naming(title, people, "SUMMARY", "" if people else "people: summary_pattern finds no speaker in SUMMARY")


def _participants(event: Any) -> tuple[DraftPerson, ...]:
    """Return the PARTICIPANT components (RFC 9073) that speak or perform."""
    found: dict[str, DraftPerson] = {}
    for part in event.subcomponents:
        if part.name != "PARTICIPANT" or str(part.get("PARTICIPANT-TYPE", "")).upper() not in _SPEAKING:
            continue
        name = tidy(str(part.get("SUMMARY") or part.get("NAME") or ""))[:LONGEST]
        url = str(part.get("URL", "")).strip()
        bio = notes_of(str(part.get("DESCRIPTION", "")))
        if name:
            found.setdefault(
                name.casefold(), DraftPerson(name, bio=bio, link=url if url.startswith(("http://", "https://")) else "")
            )
    return tuple(found.values())


def _attendees(event: Any) -> tuple[tuple[DraftPerson, ...], str]:
    """Return the attendees whose ROLE says that they speak; the chair counts where that isn't merely the organiser, and is told."""
    organizer = str(event.get("ORGANIZER", "")).casefold()
    found: dict[str, DraftPerson] = {}
    chairs = []
    every = event.get("ATTENDEE", [])
    for attendee in every if isinstance(every, list) else [every]:
        parameters = getattr(attendee, "params", {})
        role, name = str(parameters.get("ROLE", "")).upper(), tidy(str(parameters.get("CN", "")))[:LONGEST]
        if not name or "@" in name or (role not in _SPEAKING and role != "CHAIR"):
            continue
        if role == "CHAIR":
            if str(attendee).casefold() == organizer:
                continue
            chairs.append(name)
        found.setdefault(name.casefold(), DraftPerson(name))
    remark = f"{', '.join(chairs)} counted as speaker: ATTENDEE;ROLE=CHAIR" if chairs else ""
    return tuple(found.values()), remark
