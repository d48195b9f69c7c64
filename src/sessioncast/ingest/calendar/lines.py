"""A calendar file as lines: what is whole, where each event and property stands, and nothing larger than a programme."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from sessioncast.errors import ContentError, Problem

LARGEST = 10 * 1000 * 1000
MOST_EVENTS = 3000
_DEEPEST = 5
EXPORT = "export the calendar again as an .ics file: sessioncast import CALENDAR.ics"
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_BEGINS = re.compile(r"\s*BEGIN\s*:\s*VCALENDAR\b", re.IGNORECASE)
_PROPERTY = re.compile(r"([A-Za-z0-9-]+)\s*[;:]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufeff]")


@dataclass(frozen=True, slots=True)
class Span:
    """Where one VEVENT stands: its first line, and the first line of each property, from 1."""

    line: int
    properties: dict[str, int] = field(default_factory=dict)

    def at(self, name: str) -> int:
        """Return the line of a property, that of the event where it has none."""
        return self.properties.get(name, self.line)


def is_calendar(body: bytes) -> bool:
    """Whether these bytes begin as an iCalendar file does, whatever its name."""
    return bool(_BEGINS.match(_decoded(body[:2000])))


def text_of(body: bytes, name: str) -> str:
    """Return the file's text with newlines as line ends. Raises ContentError for what is too large or no calendar."""
    if len(body) > LARGEST:
        raise error(name, 0, f"{len(body) / 1e6:.1f} MB", f"a calendar of at most {LARGEST // 10**6} MB", EXPORT)
    text = _CONTROL.sub("", re.sub(r"\r\n?", "\n", _decoded(body)))
    if not _BEGINS.match(text):
        found = repr(text.lstrip()[:40]) if text.strip() else "an empty file"
        raise error(name, 0, found, "BEGIN:VCALENDAR", EXPORT)
    return text


def _decoded(body: bytes) -> str:
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            return body.decode(encoding, errors="replace").lstrip("\ufeff")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("cp1252", errors="replace")  # what old Outlooks wrote


def spans(text: str, name: str) -> tuple[Span, ...]:
    """Return every VEVENT in order. Raises ContentError for one that isn't closed, nested, no property, or one too many."""
    found: list[Span] = []
    open_: list[tuple[str, int]] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line[0] in " \t":
            continue
        property_ = _PROPERTY.match(line)
        word = property_[1].upper() if property_ else ""
        value = line[property_.end() :].strip().upper() if property_ else ""
        inside = [component for component, _ in open_]
        if word == "BEGIN":
            if len(open_) >= _DEEPEST or (value == "VEVENT" and inside != ["VCALENDAR"]):
                raise error(
                    name,
                    number,
                    f"{value} inside {inside[-1] if inside else 'nothing'}",
                    "one event after another",
                    EXPORT,
                )
            open_.append((value, number))
            if value == "VEVENT":
                found.append(Span(number))
        elif word == "END":
            if not open_ or open_[-1][0] != value:
                expected = f"END:{open_[-1][0]} (begun in line {open_[-1][1]})" if open_ else "BEGIN:VCALENDAR"
                raise error(name, number, f"END:{value}", expected, EXPORT)
            open_.pop()
        elif not word and "VEVENT" in inside:
            mend = "put a space at the beginning of a line that goes on with the one before, and import again"
            raise error(name, number, repr(line[:60]), "NAME:value, or a line that begins with a space", mend)
        elif inside[-1:] == ["VEVENT"]:
            found[-1].properties.setdefault(word, number)
        elif word == "RRULE" and "FREQ=YEARLY" not in value and "VTIMEZONE" in inside:
            raise error(name, number, repr(line[:60]), "daylight saving that changes once a year (FREQ=YEARLY)", EXPORT)
        if len(found) > MOST_EVENTS:
            mend = "export a shorter period of the calendar: sessioncast import CALENDAR.ics"
            raise error(name, 0, f"more than {MOST_EVENTS} events", f"at most {MOST_EVENTS}", mend)
    if open_:
        value, number = open_[-1]
        raise error(name, number, f"{value} without its end: the file is cut off", f"END:{value}", EXPORT)
    if not found:
        raise error(name, 0, "no event", "at least one VEVENT", EXPORT)
    return tuple(found)


def problem(name: str, line: int, found: str, expected: str, mend: str) -> Problem:
    """Return what is wrong in a line of the file; 0 for the file as a whole."""
    return Problem(f"{name}: line {line}" if line else name, "", found, expected, mend)


def error(name: str, line: int, found: str, expected: str, mend: str) -> ContentError:
    """Return ``problem`` as an error to raise."""
    return ContentError("", problems=[problem(name, line, found, expected, mend)])
