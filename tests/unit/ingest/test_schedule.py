from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import programmes
from drafted import as_json, said
from seasons import season
from sessioncast.errors import ContentError
from sessioncast.ingest.calendar import read_calendar
from sessioncast.ingest.draft import Draft
from sessioncast.ingest.schedule import is_schedule, read_schedule

TORONTO = "America/Toronto"
SAMPLES = Path(__file__).parents[2] / "samples" / "schedules"
CASES = sorted(SAMPLES.glob("*/schedule.*"))
RIGHT = [case for case in CASES if not case.parent.name.startswith("wrong-")]


def read(body: bytes, name: str = "schedule.json") -> tuple[Draft, ...]:
    return read_schedule(body, name, zone=TORONTO)


def test_there_are_samples() -> None:
    assert len([case for case in CASES if case.suffix == ".json"]) >= 10
    assert len([case for case in CASES if case.suffix == ".xml"]) >= 10


@pytest.mark.parametrize("case", RIGHT, ids=lambda case: case.parent.name)
def test_a_schedule_gives_its_drafts(case: Path) -> None:
    expected = json.loads((case.parent / "expected.json").read_text("utf-8"))
    assert [as_json(draft) for draft in read(case.read_bytes(), case.name)] == said(expected)


@pytest.mark.parametrize("case", [case for case in CASES if case not in RIGHT], ids=lambda case: case.parent.name)
def test_a_wrong_schedule_is_one_error_that_names_the_place(case: Path) -> None:
    with pytest.raises(ContentError) as caught:
        read(case.read_bytes(), case.name)
    assert str(caught.value) + "\n" == (case.parent / "expected.txt").read_text("utf-8")
    assert len(caught.value.problems) == 1
    assert caught.value.hint


@pytest.mark.parametrize("case", RIGHT, ids=lambda case: case.parent.name)
def test_a_schedule_is_known_by_its_bytes(case: Path) -> None:
    assert is_schedule(case.read_bytes())


@pytest.mark.parametrize(
    "body", [b"", b"{}", b'{"days": 3}', b"<html></html>", b"<rss></rss>", b"BEGIN:VCALENDAR", b"schedule"]
)
def test_other_bytes_are_no_schedule(body: bytes) -> None:
    assert not is_schedule(body)
    with pytest.raises(ContentError):
        read(body)


@pytest.mark.parametrize("seed", range(3))
def test_a_years_programme_gives_the_same_drafts_from_each_source(seed: int) -> None:
    year = season(seed)
    assert len(year.sessions) == 36
    told = (year.sessions, year.people, year.zone)
    now = datetime(2026, 11, 25, tzinfo=UTC)
    read_from = {
        "ics": read_calendar(
            programmes.as_ics(*told), "p.ics", zone=year.zone, now=now, summary_pattern=programmes.PATTERN
        ),
        "json": read_schedule(programmes.as_schedule_json(*told), "p.json", zone=year.zone),
        "xml": read_schedule(programmes.as_schedule_xml(*told), "p.xml", zone=year.zone),
    }
    for drafts in read_from.values():
        for session, draft in zip(year.sessions, sorted(drafts, key=lambda d: d.source), strict=True):
            assert (draft.source, draft.title, draft.room) == (session.guid, session.title, session.room or "")
            assert (draft.starts, draft.ends) == (session.starts, session.ends)
            assert [p.name for p in draft.people] == [year.people[c.person].name for c in session.credits]
    plain = [[_only_what_is_said(d) for d in sorted(drafts, key=lambda d: d.source)] for drafts in read_from.values()]
    assert plain[0] == plain[1] == plain[2]


def _only_what_is_said(draft: Draft) -> Draft:
    """Leave out where it stood, which each source says in its own way, and a meeting whose address is none that links tell by."""
    return replace(draft, origin="", told=(), links=(), meeting="")


def test_what_nobody_wants_recorded_stays_so_however_it_is_said() -> None:
    for wish, refused in (
        (True, True),
        ("yes", True),
        ("please", True),
        (False, False),
        ("false", False),
        (None, False),
        (0, False),
    ):
        events = [{"title": "x", "guid": "g", "do_not_record": wish}]
        (draft,) = read(json.dumps({"days": [{"date": "2024-02-20", "rooms": {"A": events}}]}).encode())
        assert draft.do_not_record is refused


def test_every_broken_talk_is_named_at_once() -> None:
    events = [{"guid": str(n), "title": "x", "duration": "soon"} for n in range(3)]
    with pytest.raises(ContentError) as caught:
        read(json.dumps({"days": [{"date": "2024-02-20", "rooms": {"A": events}}]}).encode())
    assert [str(p).partition(": found")[0] for p in caught.value.problems] == [
        f'schedule.json: days[0].rooms["A"][{n}]' for n in range(3)
    ]


@pytest.mark.parametrize(
    "body",
    [b"[" * 200_000, b'{"days":' * 200_000, b"<schedule>" + b"<day>" * 200_000, b'{"days": [' + b"1" * 10_000 + b"]}"],
)
def test_deep_nesting_is_refused(body: bytes) -> None:
    with pytest.raises(ContentError):
        read(body)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_bomb_is_refused_in_every_encoding(encoding: str) -> None:
    names = "abcdefghij"
    entities = "".join(f'<!ENTITY {name} "{f"&{before};" * 20}">' for before, name in pairwise(names))
    bomb = (
        f'<!DOCTYPE schedule [<!ENTITY a "aaaaaaaaaaaaaaaaaaaa">{entities}]><schedule><day date="&j;"/>&j;</schedule>'
    )
    with pytest.raises(ContentError):
        read(bomb.encode(encoding))


def test_too_much_is_refused() -> None:
    with pytest.raises(ContentError, match="MB, expected a schedule of at most 20 MB"):
        read(b"{" + b" " * 20_000_001)
    with pytest.raises(ContentError, match="5001 events, expected at most 5000"):
        read(json.dumps({"days": [{"date": "2024-02-20", "rooms": {"A": [{}] * 5001}}]}).encode())


_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["2024-02-20", "12:00", "25:61"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)
_FIELDS = ("guid", "id", "date", "start", "duration", "room", "title", "persons", "links", "attachments", "abstract", "description", "url",
           "language", "track", "recording", "do_not_record", "status")  # fmt: skip


@settings(deadline=None, max_examples=150)
@given(
    st.dictionaries(st.sampled_from(_FIELDS), _JSON),
    st.sampled_from(["day_change", "time_zone_name", "acronym", "base_url"]),
    _JSON,
)
def test_any_values_are_drafts_or_a_content_error(event: dict[str, object], key: str, value: object) -> None:
    with suppress(ContentError):
        read(
            json.dumps({"conference": {key: value, "days": [{"date": "2024-02-20", "rooms": {"A": [event]}}]}}).encode()
        )


@settings(deadline=None, max_examples=150)
@given(
    st.sampled_from(CASES),
    st.integers(0, 3000),
    st.integers(0, 40),
    st.binary(max_size=12) | st.sampled_from([b"<", b'"', b"&x;", b"null", b"[]"]),
)
def test_mutated_bytes_are_drafts_or_a_content_error(case: Path, at: int, length: int, new: bytes) -> None:
    body = case.read_bytes()
    at %= len(body)
    with suppress(ContentError):
        read(body[:at] + new + body[at + length :], case.name)
