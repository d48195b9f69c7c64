from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sessioncast.errors import ContentError
from sessioncast.ingest.when import parse_when

TORONTO = "America/Toronto"
LONDON = "Europe/London"
D = "February 20, 2024"

# text, the show's zone, start and end as ISO 8601
GOOD: list[tuple[str, str, str, str | None]] = [
    (f"Tuesday {D} \u00a0(12-1 p.m. ET)", TORONTO, "2024-02-20T12:00-05:00", "2024-02-20T13:00-05:00"),
    (f"{D}\n12-1 p.m. ET", TORONTO, "2024-02-20T12:00-05:00", "2024-02-20T13:00-05:00"),
    ("July 9, 2024, 11:30 a.m. – 1 p.m. EDT", TORONTO, "2024-07-09T11:30-04:00", "2024-07-09T13:00-04:00"),
    (f"{D}, noon to 1 pm", TORONTO, "2024-02-20T12:00-05:00", "2024-02-20T13:00-05:00"),
    (f"{D}, 12 noon to 1 pm", TORONTO, "2024-02-20T12:00-05:00", "2024-02-20T13:00-05:00"),
    (f"{D} 12:00 - 13:00 (ET)", TORONTO, "2024-02-20T12:00-05:00", "2024-02-20T13:00-05:00"),
    (f"{D} 9 a.m. PT / 12 p.m. ET", TORONTO, "2024-02-20T12:00-05:00", None),
    (f"{D} 9-10 a.m. PT / 12-1 p.m. ET / 5-6 p.m. GMT", TORONTO, "2024-02-20T12:00-05:00", "2024-02-20T13:00-05:00"),
    (f"{D} 7 p.m. ET / 11 a.m. AEDT next day", TORONTO, "2024-02-20T19:00-05:00", None),
    ("Wed., Mar. 6, 2024, 5:00pm", TORONTO, "2024-03-06T17:00-05:00", None),
    ("16 October 2025, 4.30pm to 6pm BST", TORONTO, "2025-10-16T16:30+01:00", "2025-10-16T18:00+01:00"),
    ("16 October 2025, 4.30pm to 6pm BST", LONDON, "2025-10-16T16:30+01:00", "2025-10-16T18:00+01:00"),
    ("16 October 2025, 4.30pm to 6pm BST", "Asia/Dhaka", "2025-10-16T16:30+06:00", "2025-10-16T18:00+06:00"),
    ("2024-02-20T12:00-05:00", TORONTO, "2024-02-20T12:00-05:00", None),
    ("2024-02-20T17:00:00.000Z", TORONTO, "2024-02-20T17:00+00:00", None),
    ("20240220T170000Z", TORONTO, "2024-02-20T17:00+00:00", None),
    ("2024-02-20T12:00", TORONTO, "2024-02-20T12:00-05:00", None),
    ("2024-02-20 12:00", TORONTO, "2024-02-20T12:00-05:00", None),
    ("2024-02-20 12:00:00+01:00", TORONTO, "2024-02-20T12:00+01:00", None),
    ("2024-02-20T12:00-05:00/2024-02-20T13:00-05:00", TORONTO, "2024-02-20T12:00-05:00", "2024-02-20T13:00-05:00"),
    ("2024-02-20T17:00Z/PT1H30M", TORONTO, "2024-02-20T17:00+00:00", "2024-02-20T18:30+00:00"),
    (f"{D} 11-1 p.m.", TORONTO, "2024-02-20T11:00-05:00", "2024-02-20T13:00-05:00"),
    (f"{D} 9-10:30 am", TORONTO, "2024-02-20T09:00-05:00", "2024-02-20T10:30-05:00"),
    (f"{D} 9am-10", TORONTO, "2024-02-20T09:00-05:00", "2024-02-20T10:00-05:00"),
    (f"{D} 11:30 a.m. — 1", TORONTO, "2024-02-20T11:30-05:00", "2024-02-20T13:00-05:00"),
    (f"{D} 10-12 p.m.", TORONTO, "2024-02-20T10:00-05:00", "2024-02-20T12:00-05:00"),
    (f"{D} 10:00-11:00 p.m.", TORONTO, "2024-02-20T22:00-05:00", "2024-02-20T23:00-05:00"),
    (f"{D} 11 p.m. \u2212 1 a.m. ET", TORONTO, "2024-02-20T23:00-05:00", "2024-02-21T01:00-05:00"),
    (f"{D} 22:30-00:30", TORONTO, "2024-02-20T22:30-05:00", "2024-02-21T00:30-05:00"),
    (f"{D} from 9 until midnight", TORONTO, "2024-02-20T21:00-05:00", "2024-02-21T00:00-05:00"),
    (f"{D} from 10 p.m. until 12 midnight", TORONTO, "2024-02-20T22:00-05:00", "2024-02-21T00:00-05:00"),
    ("Mon Feb 19 2024 11 pm - Tue Feb 20 2024 1 am", TORONTO, "2024-02-19T23:00-05:00", "2024-02-20T01:00-05:00"),
    ("20th February 2024 at 12 p.m.", TORONTO, "2024-02-20T12:00-05:00", None),
    ("Tuesday, the 20th of February, 2024: 12 p.m.", TORONTO, "2024-02-20T12:00-05:00", None),
    ("Sept. 3rd, 2024 12 p.m. ET", TORONTO, "2024-09-03T12:00-04:00", None),
    ("2024 February 20, 12 p.m.", TORONTO, "2024-02-20T12:00-05:00", None),
    ("Tuesday, February 20 (12-1 p.m.) 2024", TORONTO, "2024-02-20T12:00-05:00", "2024-02-20T13:00-05:00"),
    ("20 February, 12-1 p.m., 2024", TORONTO, "2024-02-20T12:00-05:00", "2024-02-20T13:00-05:00"),
    ("02/20/2024 12 p.m.", TORONTO, "2024-02-20T12:00-05:00", None),
    ("20.02.2024 18:00", "Europe/Berlin", "2024-02-20T18:00+01:00", None),
    ("Sunday 03/03/2024 09:00", TORONTO, "2024-03-03T09:00-05:00", None),
    ("Tuesday 02/04/2024 12 p.m.", TORONTO, "2024-04-02T12:00-04:00", None),
    ("２０２４-０２-２０ ９:３０ － １０:３０ ａｍ", TORONTO, "2024-02-20T09:30-05:00", "2024-02-20T10:30-05:00"),
    (f"{D} 12\u202fp.m.\u00a0ET", TORONTO, "2024-02-20T12:00-05:00", None),
    (f"{D} 12 p.m. Eastern Time (US & Canada)", TORONTO, "2024-02-20T12:00-05:00", None),
    (f"{D} 12 p.m. Eastern Standard Time", LONDON, "2024-02-20T12:00-05:00", None),
    (f"{D} 12 p.m. Toronto time", LONDON, "2024-02-20T12:00-05:00", None),
    (f"{D} 12 p.m. America/Vancouver", TORONTO, "2024-02-20T12:00-08:00", None),
    (f"{D} 12 p.m. (UTC−5)", TORONTO, "2024-02-20T12:00-05:00", None),
    (f"{D} 12 p.m. UTC+05:30", TORONTO, "2024-02-20T12:00+05:30", None),
    (f"{D} 12 p.m. EST (UTC-5)", TORONTO, "2024-02-20T12:00-05:00", None),
    (f"Time (ET): {D}, 12 p.m.", LONDON, "2024-02-20T12:00-05:00", None),
    (f"{D} 12 p.m. CT", TORONTO, "2024-02-20T12:00-06:00", None),
    (f"{D} 12 p.m. MT", TORONTO, "2024-02-20T12:00-07:00", None),
    (f"{D} 12 p.m. AT", TORONTO, "2024-02-20T12:00-04:00", None),
    (f"{D} 12 p.m. NT", TORONTO, "2024-02-20T12:00-03:30", None),
    (f"{D} 18:00 CET", TORONTO, "2024-02-20T18:00+01:00", None),
    ("July 9, 2024 18:00 CEST", TORONTO, "2024-07-09T18:00+02:00", None),
    (f"{D} 10:00 AEDT", TORONTO, "2024-02-20T10:00+11:00", None),
    (f"{D} 12 p.m. CST", TORONTO, "2024-02-20T12:00-06:00", None),
    (f"{D} 12 p.m. CST", "Asia/Shanghai", "2024-02-20T12:00+08:00", None),
    (f"{D} 6 p.m. IST", "Asia/Kolkata", "2024-02-20T18:00+05:30", None),
    ("July 9, 2024 6 p.m. IST", "Europe/Dublin", "2024-07-09T18:00+01:00", None),
    ("July 9, 2024 12 p.m. EST", "America/Jamaica", "2024-07-09T12:00-05:00", None),
    ("November 3, 2024 1:30 a.m. EST", TORONTO, "2024-11-03T01:30-05:00", None),
    ("November 3, 2024 1:30 a.m. EDT", TORONTO, "2024-11-03T01:30-04:00", None),
    (f"{D} 12 p.m. ET (60 minutes)", TORONTO, "2024-02-20T12:00-05:00", "2024-02-20T13:00-05:00"),
    (f"{D} @ 12:00 - 13:00 h", TORONTO, "2024-02-20T12:00-05:00", "2024-02-20T13:00-05:00"),
    (f"{D} between 12 and 1 pm", TORONTO, "2024-02-20T12:00-05:00", "2024-02-20T13:00-05:00"),
    (f"Online via Zoom, {D}, 12-1 p.m. ET", TORONTO, "2024-02-20T12:00-05:00", "2024-02-20T13:00-05:00"),
    (f"{D} 12-1 p.m. ET in New Haven, CT", TORONTO, "2024-02-20T12:00-05:00", "2024-02-20T13:00-05:00"),
    (f"{D} 12 p.m. to 1 p.m. https://example.org/2023/1-2pm", TORONTO, "2024-02-20T12:00-05:00", "2024-02-20T13:00-05:00"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "zone", "starts", "ends"), GOOD)
def test_reads(text: str, zone: str, starts: str, ends: str | None) -> None:
    when = parse_when(text, zone=zone)
    assert when.starts.isoformat(timespec="minutes") == starts
    assert (when.ends.isoformat(timespec="minutes") if when.ends else None) == ends


# text, what the message has to say
BAD: list[tuple[str, str]] = [
    (f"Monday {D}, 12 p.m.", "'Monday' for 'February 20 2024'.*2024-02-20 is a Tuesday"),
    (f"{D} 12-1 p.m. EDT", "EDT on 2024-02-20, when America/Toronto is on EST"),
    ("July 9, 2024 12 p.m. EST", "EST on 2024-07-09, when America/Toronto is on EDT"),
    ("July 9, 2024 12 p.m. GMT / 12 p.m. BST", "different moments"),
    ("Tuesday February 20 (12-1 p.m. ET)", "'February 20' without a year"),
    ("20 Feb. 24, 12 p.m.", "one day and a year of four digits"),
    ("02/20/24 12 p.m.", "a year of two digits"),
    (f"{D} 12-1 p.m. XYZT", "unknown zone word 'XYZT'"),
    (f"{D} 12-1 p.m. (Ruritanian time)", "unknown zone word 'Ruritanian'"),
    (f"{D} 12-1 p.m. IST", "'IST', which may be Europe/Dublin, Asia/Kolkata, Asia/Jerusalem"),
    ("March 10, 2024 2:30 a.m. ET", "02:30 on 2024-03-10, which daylight saving skips"),
    ("November 3, 2024 1:30 a.m. ET", "happens twice.*EDT or EST"),
    ("02/03/2024 12 p.m.", "may be 2024-02-03 or 2024-03-02"),
    (f"{D} 2 p.m. - 1 p.m.", "an end at '1 p.m.', before the start"),
    (f"{D} 14:00-13:00", "before the start"),
    (f"{D} 1 p.m. - 1 p.m.", "before the start"),
    (f"{D} 1:00 - 2:00 ET", "morning or afternoon"),
    (f"{D} 9:00", "morning or afternoon"),
    (f"{D} 12:00 - 1:00", "morning or afternoon"),
    (f"{D} 9 - 9 p.m.", "morning or afternoon"),
    (f"{D} 9-10", "the number '9'"),
    (f"{D}, February 21, 2024, 12 p.m.", "the dates 2024-02-20 and 2024-02-21"),
    ("February 20-21, 2024, 9 a.m.", "the number '21'"),
    ("Tuesday-Thursday, February 20, 2024, 9 a.m.", "'Thursday' for"),
    (f"{D} 9-10 a.m. and 2-3 p.m. ET", "different moments"),
    (f"{D} 9 a.m. PT / 1 p.m. ET", "9 a.m. PT and 1 p.m. ET, which are different moments"),
    (f"{D} 9-10 a.m. PT / 12-2 p.m. ET", "end at different moments"),
    (f"{D} 12 p.m. ET (UTC-4)", "different moments"),
    (f"{D}", "no time of day"),
    ("12-1 p.m. ET", "no date"),
    ("", "no date"),
    ("to be decided", "the words"),
    ("TBA", "'TBA'.*a settled date"),
    (f"Postponed: {D} 12 p.m.", "'Postponed'.*a settled date"),
    (f"{D} 13 p.m.", "a time of day"),
    (f"{D} 12:75", "a time of day"),
    ("February 30, 2024, 12 p.m.", "a day that the calendar has"),
    ("February 2024, 12 p.m.", "'February' without a day"),
    ("31/31/2024 12 p.m.", "a day that the calendar has"),
    ("February 20, 1024, 12 p.m.", "a year between 1900 and 2199"),
    (f"{D} at midnight", "a start at 'midnight'"),
    (f"Room 12-1 p.m. {D}", "a room or a time"),
    (f"Tuesdays, {D} 12 p.m.", "the words 'Tuesdays'"),
    (f"{D} 12 p.m. " + "x" * 2000, "characters"),
    (f"{D} 12 p.m. to 1 p.m. (90 minutes)", "end at different moments"),
    ("2024-02-20T12:00+25:00", "an offset|the offset"),
]


@pytest.mark.parametrize(("text", "message"), BAD)
def test_refuses_with_one_problem_that_names_the_line(text: str, message: str) -> None:
    with pytest.raises(ContentError) as caught:
        parse_when(text, zone=TORONTO, where="page.txt: line 9")
    assert len(caught.value.problems) == 1
    assert str(caught.value).startswith("page.txt: line 9: found ")
    assert re.search(message, str(caught.value)), str(caught.value)
    assert "sessioncast import" in caught.value.hint


def test_the_tables_are_long_enough_to_mean_something() -> None:
    assert len(GOOD) + len(BAD) >= 60


def test_says_which_zone_served_and_in_which_words() -> None:
    named = parse_when(f"{D} 12 p.m. ET", zone=TORONTO)
    assert (named.zone, named.words) == (TORONTO, ("ET",))
    assert named.starts.tzinfo is ZoneInfo(TORONTO)
    silent = parse_when(f"{D} 12 p.m.", zone=LONDON)
    assert (silent.zone, silent.words) == (LONDON, ())
    assert parse_when(f"{D} 12 p.m. ET", zone=LONDON).zone == "America/New_York"


def test_an_unknown_show_zone_is_a_content_error() -> None:
    with pytest.raises(ContentError, match="timezone"):
        parse_when(f"{D} 12 p.m.", zone="Atlantis/Capital")


@settings(deadline=None)
@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(ContentError):
        parse_when(text, zone=TORONTO)


_BITS = st.sampled_from(
    [*["Tuesday", "February", "20", "2024", ",", "12", "-", "–", "to", "1", "p.m.", "am", "ET", "EDT", "IST", "UTC+3", "/", "(", ")", "noon", "midnight", "2024-02-20", "02/03/2024", "12:30"],
     *["T", "Z", "9:00", "Room", "via", "60min", "+01:00", "PT1H", "the", "between", "and", "24:00", "99999999", "2024-02-20T12:00Z", "Eastern", "time"],
     "next day", "\n"]
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(_BITS, max_size=14).map(" ".join))
def test_any_order_of_its_own_words_is_read_or_refused(text: str) -> None:
    with suppress(ContentError):
        when = parse_when(text, zone=TORONTO)
        assert when.ends is None or when.ends.astimezone(UTC) > when.starts.astimezone(UTC)


_MOMENTS = st.datetimes(
    min_value=datetime.fromisoformat("1990-01-01"), max_value=datetime.fromisoformat("2150-01-01")
).map(lambda moment: moment.replace(hour=3 + moment.hour % 19, second=0, microsecond=0))


def _half(moment: datetime) -> str:
    return f"{(moment.hour - 1) % 12 + 1}:{moment:%M} {'a.m.' if moment.hour < 12 else 'p.m.'}"


@settings(deadline=None)
@given(_MOMENTS, st.integers(1, 120))
def test_a_moment_written_in_any_form_is_read_back(moment: datetime, minutes: int) -> None:
    local = moment.replace(tzinfo=ZoneInfo(TORONTO))
    end = moment + timedelta(minutes=minutes)
    day = f"{moment:%A} {moment:%B} {moment.day}, {moment.year}"
    forms = [
        f"{day} ({_half(moment)} - {_half(end)} ET)",
        f"{moment.day} {moment:%b} {moment.year}, {_half(moment)} to {_half(end)} {local:%Z}",
        f"{moment:%Y-%m-%d} {moment:%H:%M}–{end:%H:%M} ET"
        if end.hour >= 10 or end.day != moment.day
        else f"{day} {_half(moment)} ({minutes} minutes)",
        f"{local.isoformat()}/PT{minutes // 60}H{minutes % 60}M",
    ]
    for form in forms:
        when = parse_when(form, zone=TORONTO)
        assert when.starts == local, form
        assert when.ends == end.replace(tzinfo=ZoneInfo(TORONTO)), form
