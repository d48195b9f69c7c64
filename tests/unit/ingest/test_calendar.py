from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafted import as_json, said
from programmes import PATTERN
from sessioncast.errors import ContentError
from sessioncast.ingest.calendar import is_calendar, read_calendar
from sessioncast.ingest.draft import Draft

TORONTO = "America/Toronto"
NOW = datetime(2024, 3, 1, 12, tzinfo=UTC)
SAMPLES = Path(__file__).parents[2] / "samples" / "calendars"
CASES = sorted(SAMPLES.iterdir())
RIGHT = [case for case in CASES if not case.name.startswith("wrong-")]


def read(body: bytes, zone: str = TORONTO, pattern: str | None = PATTERN) -> tuple[Draft, ...]:
    return read_calendar(body, "calendar.ics", zone=zone, now=NOW, summary_pattern=pattern)


def event(*lines: str) -> bytes:
    whole = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "BEGIN:VEVENT",
        "UID:one@example.org",
        *lines,
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    )
    return "\r\n".join(whole).encode()


def test_there_are_samples() -> None:
    assert len(RIGHT) >= 14
    assert len(CASES) - len(RIGHT) >= 6


@pytest.mark.parametrize("case", RIGHT, ids=lambda case: case.name)
def test_a_calendar_gives_its_drafts(case: Path) -> None:
    expected = json.loads((case / "expected.json").read_text("utf-8"))
    assert [as_json(draft) for draft in read((case / "calendar.ics").read_bytes())] == said(expected)


@pytest.mark.parametrize("case", [case for case in CASES if case not in RIGHT], ids=lambda case: case.name)
def test_a_wrong_calendar_is_one_error_that_names_the_line(case: Path) -> None:
    with pytest.raises(ContentError) as caught:
        read((case / "calendar.ics").read_bytes())
    assert str(caught.value) + "\n" == (case / "expected.txt").read_text("utf-8")
    assert len(caught.value.problems) == 1
    assert caught.value.hint


@pytest.mark.parametrize("case", RIGHT, ids=lambda case: case.name)
def test_a_calendar_is_known_by_its_bytes(case: Path) -> None:
    assert is_calendar((case / "calendar.ics").read_bytes())


@pytest.mark.parametrize("body", [b"", b"BEGIN:VCARD\r\n", b"<html>BEGIN:VCALENDAR", b"{}", b"Speaker: John Snow\n"])
def test_other_bytes_are_no_calendar(body: bytes) -> None:
    assert not is_calendar(body)
    with pytest.raises(ContentError):
        read(body)


def test_old_encodings_and_line_ends_are_read() -> None:
    body = event("DTSTART:20240220T120000", "SUMMARY:Ambroise Paré: Ligatures")
    for other in (
        body.decode().encode("cp1252"),
        body.decode().encode("utf-16"),
        body.replace(b"\r\n", b"\r"),
        b"\xef\xbb\xbf" + body,
    ):
        assert read(other) == read(body)


def test_no_speaker_is_guessed_without_a_pattern() -> None:
    (draft,) = read(event("DTSTART:20240220T120000", "SUMMARY:John Snow: The pump"), pattern=None)
    assert draft.people == ()
    assert draft.title == "John Snow: The pump"
    assert draft.missing == (
        "people: the calendar names no speaker; [import] summary_pattern in show.toml tells where SUMMARY does",
    )


@pytest.mark.parametrize("pattern", ["(", "(?P<speaker>.+)", "plain"])
def test_a_pattern_that_names_nobody_is_refused(pattern: str) -> None:
    with pytest.raises(ContentError, match=r"feed/show.toml: import.summary_pattern"):
        read(event("DTSTART:20240220T120000"), pattern=pattern)


def test_a_zone_that_another_file_defined_is_unknown_here() -> None:
    read((SAMPLES / "own-timezone" / "calendar.ics").read_bytes())
    with pytest.raises(ContentError, match="the unknown zone 'Wards'"):
        read(event("DTSTART;TZID=Wards:20240220T120000"))


def test_a_series_without_an_end_is_followed_around_now_alone() -> None:
    drafts = read(event("DTSTART:20100105T120000", "SUMMARY:Rounds", "RRULE:FREQ=WEEKLY"))
    starts = [draft.starts for draft in drafts if draft.starts]
    assert NOW - timedelta(days=380) < starts[0] < NOW - timedelta(days=350)
    assert NOW + timedelta(days=530) < starts[-1] < NOW + timedelta(days=560)
    assert drafts[0].remarks == ("the series goes on: dates from 2023-03-01 to 2025-09-02 were taken",)
    assert len({draft.source for draft in drafts}) == len(drafts)


@pytest.mark.parametrize(
    "rule",
    ["FREQ=SECONDLY", "FREQ=MINUTELY;COUNT=5", "FREQ=DAILY;BYHOUR=1,2,3;BYMINUTE=1,2,3", "FREQ=DAILY;INTERVAL=7;BYDAY=MO",
     "FREQ=WEEKLY;INTERVAL=0", "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;BYHOUR=1,2,3,4,5;COUNT=900000"],
)  # fmt: skip
def test_a_rule_that_no_programme_has_is_refused(rule: str) -> None:
    with pytest.raises(ContentError, match=r"line 7: found RRULE"):
        read(event("DTSTART:20240220T120000", "SUMMARY:Rounds", f"RRULE:{rule}"))


def test_a_million_events_are_refused() -> None:
    one = b"BEGIN:VEVENT\nDTSTART:20240220T120000Z\nEND:VEVENT\n"
    with pytest.raises(ContentError, match=r"MB, expected a calendar of at most 10 MB"):
        read(b"BEGIN:VCALENDAR\n" + one * 1_000_000 + b"END:VCALENDAR\n")
    with pytest.raises(ContentError, match="more than 3000 events"):
        read(b"BEGIN:VCALENDAR\n" + one * 100_000 + b"END:VCALENDAR\n")


def test_a_zone_that_changes_every_second_is_refused() -> None:
    zone = b"BEGIN:VTIMEZONE\nTZID:X\nBEGIN:STANDARD\nDTSTART:20000101T000000\nRRULE:FREQ=SECONDLY\nEND:STANDARD\nEND:VTIMEZONE\n"
    with pytest.raises(ContentError, match="line 7: found 'RRULE:FREQ=SECONDLY'"):
        read(event("DTSTART;TZID=X:20240220T120000").replace(b"BEGIN:VEVENT", zone + b"BEGIN:VEVENT"))


@settings(deadline=None, max_examples=60)
@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)),  # noqa: DTZ001 (a clock reading, no moment)
    st.sampled_from([TORONTO, "Europe/London", "Australia/Lord_Howe", "UTC"]),
)
def test_a_floating_time_is_on_the_shows_clock(local: datetime, zone: str) -> None:
    local = local.replace(microsecond=0)
    (draft,) = read(event(f"DTSTART:{local:%Y%m%dT%H%M%S}", "SUMMARY:x"), zone=zone)
    assert draft.starts is not None
    assert draft.starts.tzinfo == ZoneInfo(zone)
    skipped = any("skips" in remark for remark in draft.remarks)
    assert skipped or draft.starts.replace(tzinfo=None, fold=0) == local
    assert draft.starts.astimezone(UTC) == local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@settings(deadline=None, max_examples=150)
@given(
    st.sampled_from(CASES),
    st.integers(0, 2000),
    st.integers(0, 40),
    st.binary(max_size=12) | st.sampled_from([b"\r\n", b"0", b"99999999", b"BEGIN:VEVENT", b";TZID=", b"\\", b'"']),
)
def test_mutated_bytes_are_drafts_or_a_content_error(case: Path, at: int, length: int, new: bytes) -> None:
    body = (case / "calendar.ics").read_bytes()
    at %= len(body)
    with suppress(ContentError):
        read(body[:at] + new + body[at + length :])


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_content_error(noise: bytes) -> None:
    with suppress(ContentError):
        read(noise)
    with suppress(ContentError):
        read(event("DTSTART:20240220T120000", "SUMMARY:x").replace(b"SUMMARY:x", noise))


def test_the_way_into_an_online_meeting_takes_its_label_along() -> None:
    said = "How a polar area diagram changed the Army's mind. Join: https://us02web.zoom.us/j/81234567890"
    (draft,) = read(event("DTSTART:20240105T120000Z", "SUMMARY:Florence Nightingale: Diagrams", f"DESCRIPTION:{said}"))
    assert draft.notes == "How a polar area diagram changed the Army's mind."
