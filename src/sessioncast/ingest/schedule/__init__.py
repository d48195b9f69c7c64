"""A conference's schedule (frab, pretalx and what follows them) into drafts: JSON and XML give the same."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import time
from pathlib import PurePath
from typing import Any
from zoneinfo import ZoneInfo

from sessioncast.errors import ContentError, Problem
from sessioncast.ingest.draft import Draft
from sessioncast.ingest.schedule import as_json, as_xml
from sessioncast.ingest.schedule.talk import Conference, Talk, draft, text
from sessioncast.ingest.schedule.value import Broken, clock
from sessioncast.ingest.unclear import Unclear

__all__ = ["is_schedule", "read_schedule"]

LARGEST = 20 * 1000 * 1000
MOST_TALKS = 5000
_MOST_PROBLEMS = 20
_MEND = "put it right in the planning system and export the schedule again: sessioncast import schedule.json"
_XML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<(?:!--.{0,500}?--|\?[^>]{0,300}\?|!DOCTYPE[^>\[]{0,200})>\s*){0,5}<schedule[\s>/]",
    re.DOTALL,
)
_JSON = re.compile(rb"(?:\xef\xbb\xbf)?\s*\{")
_JSON_DAYS = re.compile(rb'"(?:conference|schedule|days)"\s*:\s*[\[{]')


def is_schedule(body: bytes) -> bool:
    """Whether these bytes look like a schedule.xml or schedule.json, whatever their name; no promise that they can be read."""
    head = body[:4000]
    if _XML.match(head):
        return True
    return bool(_JSON.match(head) and _JSON_DAYS.search(head) and b'"days"' in body and b'"rooms"' in body)


def read_schedule(body: bytes, name: str, *, zone: str) -> tuple[Draft, ...]:
    """Return the drafts of a schedule, in its order; ``zone`` is the show's and serves where the schedule names none.

    ``name`` stands in messages. Raises ContentError for what is no schedule, and one problem for every talk that can't be read.
    """
    name, show = PurePath(name).name or "schedule", ZoneInfo(zone)
    try:
        fields, talks, broken = _read(body)
        conference = Conference(
            zone=_zone(text(fields, "time_zone_name"), show),
            acronym=text(fields, "acronym"),
            base=text(fields, "base_url") or text(fields, "url"),
            day_change=clock(fields.get("day_change")) or time(0),
        )
    except Broken as whole:
        raise ContentError("", problems=[_problem(name, whole)]) from None
    drafts = []
    for talk in talks:
        try:
            drafts.append(draft(talk, conference, name))
        except Unclear as unclear:
            broken.append(Broken(talk.where, unclear.found, unclear.expected))
    if broken:
        raise ContentError("", problems=[_problem(name, one) for one in broken[:_MOST_PROBLEMS]])
    return tuple(drafts)


def _read(body: bytes) -> tuple[Mapping[str, Any], list[Talk], list[Broken]]:
    if len(body) > LARGEST:
        raise Broken("", f"{len(body) / 1e6:.1f} MB", f"a schedule of at most {LARGEST // 10**6} MB")
    if not body.strip():
        raise Broken("", "an empty file", "a schedule.json or schedule.xml")
    is_json = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[")
    fields, talks, broken = (as_json if is_json else as_xml).read(body)
    if not talks and not broken:
        raise Broken("", "no event", "at least one event in a room of a day")
    if len(talks) > MOST_TALKS:
        raise Broken("", f"{len(talks)} events", f"at most {MOST_TALKS}")
    return fields, talks, broken


def _zone(word: str, show: ZoneInfo) -> ZoneInfo:
    if not word:
        return show
    try:
        return ZoneInfo(word)
    except (LookupError, ValueError, OSError):
        raise Broken("conference.time_zone_name", repr(word[:60]), "a zone such as America/Toronto") from None


def _problem(name: str, broken: Broken) -> Problem:
    return Problem(f"{name}: {broken.where}" if broken.where else name, "", broken.found, broken.expected, _MEND)
