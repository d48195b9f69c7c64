"""An iCalendar file (RFC 5545, 7986, 9073) into drafts: one for every event, and one for every date of a series.

``lines`` finds where everything stands and refuses what is broken, ``series`` expands, ``moments`` places, ``naming`` tells who
speaks. Reading itself is icalendar's.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import PurePath
from typing import Any
from zoneinfo import ZoneInfo

from sessioncast.errors import ContentError, Problem
from sessioncast.ingest.calendar.event import LINE, draft, time_of
from sessioncast.ingest.calendar.lines import EXPORT, Span, error, is_calendar, problem, spans, text_of
from sessioncast.ingest.calendar.moments import Moment
from sessioncast.ingest.calendar.naming import compiled
from sessioncast.ingest.calendar.series import dates, is_series
from sessioncast.ingest.draft import Draft
from sessioncast.ingest.unclear import Unclear

__all__ = ["is_calendar", "read_calendar"]

MOST_DRAFTS = 5000
MOST_SERIES = 300
_MOST_PROBLEMS = 20
_MEND = "put it right in the calendar and export it again: sessioncast import CALENDAR.ics"
_TIMES = ("DTSTART", "DTEND", "DURATION", "RECURRENCE-ID", "RRULE", "RDATE", "EXDATE", "SEQUENCE")


@dataclass(frozen=True, slots=True)
class _Entry:
    """One VEVENT: ``called_off`` where the whole file calls off (METHOD:CANCEL), ``age`` orders versions of one event."""

    event: Any
    span: Span
    called_off: str
    key: tuple[str, str]
    age: tuple[int, str, int]
    starts: Moment


def read_calendar(
    body: bytes, name: str, *, zone: str, now: datetime, summary_pattern: str | None = None
) -> tuple[Draft, ...]:
    """Return the drafts of an .ics file in its order; ``zone`` is the show's and serves for times that name none.

    ``name`` stands in messages. Series without an end are followed around ``now`` alone. ``summary_pattern``: a regular expression
    with groups ``speaker`` and ``title``. Raises ContentError that names file and line, for every broken event at once.
    """
    name, show = PurePath(name).name or "calendar.ics", ZoneInfo(zone)
    pattern = compiled(summary_pattern)
    text = text_of(body, name)
    found = spans(text, name)
    problems: list[Problem] = []
    entries: list[_Entry] = []
    for event, span, called_off in _events(text, name, found):
        try:
            entries.append(_entry(event, span, called_off, show, len(entries)))
        except Unclear as unclear:
            problems.append(_at(name, span, unclear))
    series = [entry.span.line for entry in entries if is_series(entry.event)]
    if len(series) > MOST_SERIES:
        raise error(
            name, series[MOST_SERIES], f"more than {MOST_SERIES} series up to here", f"at most {MOST_SERIES}", EXPORT
        )
    drafts: list[Draft] = []
    for group in _groups(entries, name).values():
        try:
            drafts += _drafts(group, name=name, show=show, pattern=pattern, now=now)
        except Unclear as unclear:
            problems.append(_at(name, group[0].span, unclear))
        if len(drafts) > MOST_DRAFTS:
            raise error(
                name, group[0].span.line, f"more than {MOST_DRAFTS} dates up to here", f"at most {MOST_DRAFTS}", EXPORT
            )
    if problems:
        raise ContentError("", problems=problems[:_MOST_PROBLEMS])
    if not drafts:
        raise error(name, 0, "series without a date around now", "at least one session", EXPORT)
    return tuple(drafts)


def _events(text: str, name: str, found: Sequence[Span]) -> Iterator[tuple[Any, Span, str]]:
    """Yield every VEVENT as icalendar reads it, its lines, and what calls it off; each event carries its line."""
    import x_wr_timezone
    from icalendar import Calendar
    from icalendar.timezone import tzp

    tzp.use_default()  # it remembers the zones that other files defined
    at = iter(found)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # guesses about zone names with a vendor's prefix, the only ones it makes
        try:
            calendars: list[Any] = Calendar.from_ical(text, multiple=True)
        except (ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, RecursionError) as wrong:
            raise error(
                name, 0, f"a calendar that can't be read ({' '.join(str(wrong).split())[:120]})", "iCalendar", EXPORT
            ) from None
        for calendar in calendars:
            cancels = str(calendar.get("METHOD", "")).upper() == "CANCEL"
            events = [event for event in calendar.subcomponents if event.name == "VEVENT"]
            wrong_at = [event.errors for event in events]
            if word := calendar.get("X-WR-TIMEZONE"):
                zone: Any = tzp.timezone(str(word))
                if zone is None:
                    raise error(
                        name,
                        0,
                        f"the unknown zone {str(word)[:60]!r} (X-WR-TIMEZONE)",
                        "a zone such as America/Toronto",
                        EXPORT,
                    )
                if not any(wrong_at):
                    moved = x_wr_timezone.to_standard(calendar, timezone=zone)
                    events = [event for event in moved.subcomponents if event.name == "VEVENT"]
            for event, errors in zip(events, wrong_at, strict=True):
                span = next(at, found[-1])
                event[LINE] = span.line
                event.errors = errors
                yield event, span, "METHOD" if cancels else ""


def _entry(event: Any, span: Span, called_off: str, show: ZoneInfo, place: int) -> _Entry:
    """Check what identifies and places an event. Raises Unclear, which names the property first."""
    for property_, message in event.errors:
        if property_ in _TIMES or property_ is None:
            raise Unclear(
                f"{property_ or 'a line'} that can't be read ({' '.join(str(message).split())[:100]})",
                "what RFC 5545 asks for",
            )
    starts = time_of(event, "DTSTART", show)
    time_of(event, "DTEND", show)
    if starts is None:
        raise Unclear("no DTSTART", "when the event begins")
    uid = str(event.get("UID", "")).strip() or f"\n{place}"
    planned = time_of(event, "RECURRENCE-ID", show)
    which = str(planned.at or planned.day) if planned else ""
    if planned and planned.at:
        which = str(planned.at.timestamp())
    sequence = event.get("SEQUENCE", 0)
    stamped = event.get("LAST-MODIFIED") or event.get("DTSTAMP")
    when = getattr(stamped, "dt", None)
    version = (sequence if isinstance(sequence, int) else 0, str(when) if isinstance(when, date) else "", place)
    return _Entry(event, span, called_off, (uid, which), version, starts)


def _groups(entries: Sequence[_Entry], name: str) -> dict[str, list[_Entry]]:
    """Return the newest version of every event by UID: the event or series first, then its changed dates."""
    newest: dict[tuple[str, str], _Entry] = {}
    for entry in entries:
        known = newest.get(entry.key)
        if known and known.age[:2] == entry.age[:2] and known.starts != entry.starts:
            found = f"UID {entry.key[0][:60]!r} of line {known.span.at('UID')} again, at another time"
            raise error(name, entry.span.at("UID"), found, "a UID of its own, or a higher SEQUENCE", _MEND)
        if known is None or entry.age > known.age:
            newest[entry.key] = entry
    groups: dict[str, list[_Entry]] = {}
    for entry in newest.values():
        groups.setdefault(entry.key[0], []).append(entry)
    return {
        uid: sorted(group, key=lambda entry: (entry.key[1] != "", entry.span.line)) for uid, group in groups.items()
    }


def _drafts(
    group: Sequence[_Entry], *, name: str, show: ZoneInfo, pattern: re.Pattern[str] | None, now: datetime
) -> list[Draft]:
    first = group[0]
    if first.key[1] or not is_series(first.event):  # single events, and changed dates whose series isn't in the file
        return [draft(e.event, name=name, show=show, pattern=pattern, called_off=e.called_off) for e in group]
    series = dates(first.event, [entry.event for entry in group[1:]], now)
    off = first.called_off or ("STATUS" if str(first.event.get("STATUS", "")).upper() == "CANCELLED" else "")
    drafts: dict[str, Draft] = {}
    for event, called_off in (*((e, off) for e in series.events), *((e, "EXDATE") for e in series.dropped)):
        made = draft(event, name=name, show=show, pattern=pattern, called_off=called_off)
        if (
            made.source in drafts and called_off != "EXDATE" and made.starts
        ):  # RANGE=THISANDFUTURE gives all that follow one RECURRENCE-ID
            made = replace(
                made, source=f"{made.source.rpartition('#')[0]}#{made.starts.astimezone(UTC):%Y%m%dT%H%M%SZ}"
            )
        drafts.setdefault(made.source, made)
    if not drafts and not series.remark:
        raise Unclear("a series without a date", "at least one date")
    ordered = sorted(drafts.values(), key=lambda made: made.source)
    return [_with(made, series.remark) if not at else made for at, made in enumerate(ordered)]


def _with(made: Draft, remark: str) -> Draft:
    return replace(made, remarks=(*made.remarks, remark)) if remark else made


def _at(name: str, span: Span, unclear: Unclear) -> Problem:
    """Return the problem in the line of the property that it names first."""
    words = re.match(r"(?:an? |the |no )?([A-Z-]{3,})", unclear.found)
    property_ = (
        words[1]
        if words and words[1] in span.properties
        else "DTEND"
        if unclear.found.startswith("an end")
        else "DTSTART"
    )
    return problem(name, span.at(property_), unclear.found, unclear.expected, _MEND)
