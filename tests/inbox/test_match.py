from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import PurePath
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seasons import PEOPLE, Season, season
from sessioncast.inbox.match import Matching, match
from sessioncast.inbox.value import Began, File, Take
from sessioncast.model import Credit, Session
from sessioncast.project.value import InboxSettings

LONDON = ZoneInfo("Europe/London")
NOON = datetime(2025, 3, 4, 12, 0, tzinfo=LONDON)
LATER = datetime(2025, 6, 1, tzinfo=UTC)


def talk(slug: str, starts: datetime | None = NOON, minutes: int | None = 60, **fields: Any) -> Session:
    ends = starts + timedelta(minutes=minutes) if starts and minutes else None
    fields = {"title": slug.replace("-", " ").capitalize()} | fields
    return Session(slug=slug, guid=f"guid-{slug}", starts=starts, ends=ends, **fields)


def take(name: str, at: datetime | None, minutes: float | None = 62, **told: Any) -> Take:
    seconds = None if minutes is None else minutes * 60
    file = File(
        PurePath(name), told.pop("role", "audio"), int((seconds or 0) * 16_000) + 1, seconds, **told.pop("file", {})
    )
    return Take(name, (file,), Began(at, "its name") if at else None, seconds, **told)


def local(year: int, month: int, day: int, hour: int = 0) -> datetime:
    """Return a clock's reading without a zone; at midnight, a date."""
    return datetime(year, month, day, hour, tzinfo=UTC).replace(tzinfo=None)


def matched(takes: list[Take], sessions: list[Session], zone: str = "Europe/London", **how: Any) -> Matching:
    return match(takes, sessions, PEOPLE, InboxSettings(**how), zone, now=LATER)


def pairs(found: Matching) -> dict[str, tuple[str, ...]]:
    return {m.session: m.takes for m in found.matches}


def of_season(year: Season, takes: list[Take] | None = None, sessions: list[Session] | None = None) -> Matching:
    return match(
        takes if takes is not None else year.takes,
        sessions if sessions is not None else year.sessions,
        year.people,
        year.settings,
        year.zone,
        now=year.now,
        series=year.series,
    )


@cache
def _year(seed: int) -> tuple[Season, Matching]:
    year = season(seed)
    return year, of_season(year)


def test_no_recording_of_fifty_years_is_given_to_the_wrong_session_and_nearly_all_find_theirs() -> None:
    wrong, found, needed = [], 0, 0
    for seed in range(50):
        year, matching = _year(seed)
        have = pairs(matching)
        wrong += [(seed, slug, takes) for slug, takes in have.items() if takes not in year.truth.get(slug, ())]
        found += len(year.needed & have.keys())
        needed += len(year.needed)
    assert wrong == []
    assert needed > 900
    assert found / needed >= 0.95


def test_what_is_no_match_in_fifty_years_has_its_name() -> None:
    kinds: dict[str, list[bool]] = {}
    for seed in range(50):
        year, matching = _year(seed)
        named = {(case.kind, about) for case in matching.cases for about in (*case.takes, *case.sessions)}
        for kind, about in year.cases:
            kinds.setdefault(kind, []).append((kind, about) in named)
    assert {kind: round(sum(said) / len(said)) for kind, said in kinds.items()} == dict.fromkeys(
        (
            "missing",
            "too short",
            "not media",
            "not taken unless named",
            "no session",
            "restarted",
            "merged",
            "duplicate",
        ),
        1,
    )
    assert all(sum(said) >= 0.97 * len(said) for said in kinds.values())


@pytest.mark.parametrize("seed", range(8))
def test_every_recording_is_a_match_or_has_a_case_and_every_case_says_what_to_do(seed: int) -> None:
    year, matching = _year(seed)
    told = {name for m in matching.matches for name in m.takes} | {
        name for case in matching.cases for name in case.takes
    }
    assert told == {t.name for t in year.takes}
    assert [row.take for row in matching.rows] == sorted(t.name for t in year.takes)
    for case in matching.cases:
        assert case.words
        assert not case.words.endswith(".")
        assert case.hint
    for made in matching.matches:
        assert made.reasons
        assert len(made.files) == len(made.takes)


@given(st.integers(0, 5), st.randoms(use_true_random=False))
@settings(max_examples=6, deadline=None)
def test_the_order_of_takes_and_sessions_does_not_matter(seed: int, rng: random.Random) -> None:
    year, matching = _year(seed)
    takes, sessions = list(year.takes), list(year.sessions)
    rng.shuffle(takes)
    rng.shuffle(sessions)
    assert of_season(year, takes, sessions) == matching


@given(
    st.integers(0, 5),
    st.integers(-400, 800),
    st.floats(60, 9_000),
    st.sampled_from(("", "Budget", "Choir of the east wing")),
)
@settings(max_examples=10, deadline=None)
def test_a_take_of_another_day_changes_no_match(seed: int, days: int, seconds: float, topic: str) -> None:
    year, matching = _year(seed)
    at = datetime(2024, 1, 1, 3, 30, tzinfo=UTC) + timedelta(days=days)
    starts = [s.starts for s in year.sessions if s.starts]
    if any(abs(at - start) < timedelta(hours=5) for start in starts):
        return
    stranger = take("stranger.m4a", at, seconds / 60, topic=topic)
    assert of_season(year, [*year.takes, stranger]).matches == matching.matches


@given(st.integers(0, 5), st.integers(0, 35))
@settings(max_examples=6, deadline=None)
def test_a_session_taken_out_of_the_programme_gives_its_take_to_no_other(seed: int, place: int) -> None:
    year, matching = _year(seed)
    less = [s for s in year.sessions if s.slug != year.sessions[place].slug]
    have = pairs(matching)
    for slug, takes in pairs(of_season(year, sessions=less)).items():
        assert takes in year.truth.get(slug, ()) or have[slug] == takes


# Times and their zones.


def test_the_reasons_of_a_match_stand_in_words() -> None:
    found = matched(
        [take("a.m4a", NOON - timedelta(minutes=3), meeting="812 3456 7890")],
        [talk("clean-hands", meeting="81234567890")],
    )
    assert found.matches[0].reasons == (
        "began 3 minutes before the start",
        "covers all of it",
        "has the session's meeting id",
        "time from its name",
    )
    assert found.cases == ()
    assert found.rows[0].outcome == "match"


@pytest.mark.parametrize("early", [0, 5, 12, 20, 25])
def test_a_recorder_may_be_started_early(early: int) -> None:
    found = matched([take("a.m4a", NOON - timedelta(minutes=early), 62 + early)], [talk("clean-hands")])
    assert pairs(found) == {"clean-hands": ("a.m4a",)}


def test_the_clock_alone_makes_no_match() -> None:
    found = matched([take("a.m4a", NOON)], [talk("clean-hands", minutes=None)])
    assert pairs(found) == {}
    assert [case.words for case in found.cases] == [
        "a.m4a may be clean-hands: too little speaks for it: began at the start"
    ]


def test_a_session_without_an_end_is_matched_by_what_else_is_known() -> None:
    found = matched(
        [take("a.m4a", NOON, meeting="812 3456 7890")], [talk("clean-hands", minutes=None, meeting="812-3456-7890")]
    )
    assert pairs(found) == {"clean-hands": ("a.m4a",)}


def test_a_local_time_is_taken_in_the_shows_zone_and_says_so() -> None:
    summer = local(2025, 7, 1, 12)
    session = talk("clean-hands", summer.replace(tzinfo=LONDON))
    found = matched([take("a.m4a", summer)], [session])
    assert found.matches[0].reasons[-1] == "time from its name, taken in Europe/London"


def test_a_local_time_that_would_be_another_session_in_utc_is_named_until_the_zone_is_told() -> None:
    summer = local(2025, 7, 1, 12)
    first, second = (
        talk(slug, summer.replace(tzinfo=LONDON) + timedelta(hours=n)) for n, slug in enumerate(("one", "two"))
    )
    found = matched([take("a.m4a", summer)], [first, second])
    assert pairs(found) == {}
    (case,) = (case for case in found.cases if case.kind == "local time without a zone")
    assert (
        case.words
        == "a.m4a says its time without a zone: by its name, taken in Europe/London it is one; by UTC it is two"
    )
    assert (
        case.hint == 'set zone = "…" under [inbox] in feed/show.toml, or set pin = "a.m4a" in episodes/one/session.toml'
    )
    told = match(
        [take("a.m4a", summer)], [first, second], {}, InboxSettings(zone="Europe/London"), "America/Toronto", now=LATER
    )
    assert pairs(told) == {"one": ("a.m4a",)}


def test_a_laptop_on_utc_is_not_taken_for_local_time() -> None:
    toronto = ZoneInfo("America/Toronto")
    starts = datetime(2025, 3, 4, 12, 0, tzinfo=toronto)
    found = matched(
        [take("a.mkv", local(2025, 3, 4, 17), role="mixed")], [talk("clean-hands", starts)], "America/Toronto"
    )
    assert [case.words for case in found.cases] == [
        "a.mkv says its time without a zone: by its name, taken in America/Toronto it is of no session; by UTC it is clean-hands"
    ]


@pytest.mark.parametrize(("zone", "day"), [("Europe/London", 30), ("America/Toronto", 9)])
def test_on_the_day_clocks_change_a_clock_nobody_set_is_thought_of(zone: str, day: int) -> None:
    noon = local(2025, 3, day, 12)
    starts = noon.replace(tzinfo=ZoneInfo(zone))
    alone = match([take("a.m4a", noon)], [talk("one", starts)], PEOPLE, InboxSettings(zone=zone), zone, now=LATER)
    assert pairs(alone) == {"one": ("a.m4a",)}
    both = [talk("one", starts), talk("two", starts + timedelta(hours=1))]
    doubted = match([take("a.m4a", noon)], both, PEOPLE, InboxSettings(zone=zone), zone, now=LATER)
    assert pairs(doubted) == {}
    assert any("by a clock not yet changed to daylight saving or back it is" in case.words for case in doubted.cases)


def test_a_date_and_a_speaker_are_enough_and_a_date_alone_is_not() -> None:
    session = talk("clean-hands", credits=(Credit(person="ignaz-semmelweis"),))
    day = local(2025, 3, 4)
    named = matched([take("2025-03-04 Semmelweis.mp3", day, topic="Ignaz Semmelweis")], [session])
    assert pairs(named) == {"clean-hands": ("2025-03-04 Semmelweis.mp3",)}
    bare = matched([take("2025-03-04.mp3", day)], [session])
    assert pairs(bare) == {}
    assert bare.cases[0].kind == "ambiguous"


def test_a_file_named_for_the_talk_needs_no_time() -> None:
    sessions = [
        talk("clean-hands", credits=(Credit(person="ignaz-semmelweis"),)),
        talk("cowpox-and-milkmaids", NOON + timedelta(days=7)),
    ]
    found = matched([take("ignaz_semmelweis_clean_hands.m4a", None)], sessions)
    assert pairs(found) == {"clean-hands": ("ignaz_semmelweis_clean_hands.m4a",)}


def test_a_title_among_words_of_a_series_that_nobody_told_us_of_is_that_title() -> None:
    sessions = [talk("clean-hands"), talk("cowpox-and-milkmaids", NOON + timedelta(minutes=90))]
    topic = "Quality Improvement Webinars, Autumn Programme: Clean hands"
    found = matched([take("a.mp4", NOON + timedelta(minutes=5), topic=topic, role="mixed")], sessions)
    assert pairs(found) == {"clean-hands": ("a.mp4",)}


# What speaks against.


def test_another_groups_meeting_at_the_same_hour_is_not_taken() -> None:
    session = talk("clean-hands", meeting="https://zoom.example/j/81234567890?pwd=12345678901")
    stranger = take("x.m4a", NOON, 60, meeting="999 8888 7777", topic="Finance weekly")
    found = matched([stranger], [session])
    assert pairs(found) == {}
    assert [case.kind for case in found.cases] == ["missing", "no session"]


def test_a_topic_that_is_another_talks_is_not_taken_by_the_clock() -> None:
    sessions = [talk("clean-hands"), talk("cowpox-and-milkmaids", NOON + timedelta(days=7))]
    found = matched([take("a.mp4", NOON + timedelta(days=7), topic="Clean hands", role="mixed")], sessions)
    assert pairs(found) == {}
    (case,) = (case for case in found.cases if case.kind == "no session")
    assert "nearest by time is cowpox-and-milkmaids" in case.words
    assert "nearest by words is clean-hands: began 7 days after the start" in case.words


def test_a_shared_inbox_gives_only_what_says_that_it_is_the_shows() -> None:
    bare, ours = take("GMT20250304-120000_Recording.m4a", NOON), take("b.m4a", NOON, 61, meeting="812 3456 7890")
    assert pairs(matched([bare], [talk("clean-hands")], only=("812 3456 7890",))) == {}
    assert pairs(matched([bare, ours], [talk("clean-hands")], only=("812 3456 7890",))) == {"clean-hands": ("b.m4a",)}


def test_rooms_tell_parallel_sessions_apart() -> None:
    sessions = [talk("clean-hands", room="Hall A"), talk("cowpox-and-milkmaids", room="Hall B")]
    takes = [
        take("a/1.mkv", NOON, role="mixed", room="Hall A"),
        take("b/1.mkv", NOON, 61, role="mixed", room="laptop-2"),
    ]
    assert pairs(matched(takes, sessions)) == {"clean-hands": ("a/1.mkv",)}
    assert pairs(matched(takes, sessions, rooms={"laptop-2": "Hall B"})) == {
        "clean-hands": ("a/1.mkv",),
        "cowpox-and-milkmaids": ("b/1.mkv",),
    }


def test_a_take_never_falls_to_its_second_choice() -> None:
    sessions = [talk("clean-hands", recording="talk.m4a"), talk("cowpox-and-milkmaids", NOON + timedelta(minutes=20))]
    found = matched([take("a.m4a", NOON)], sessions)
    assert pairs(found) == {}


# Every other case, once.


def _case(found: Matching, kind: str) -> tuple[str, str]:
    (case,) = (case for case in found.cases if case.kind == kind)
    return case.words, case.hint


def test_missing() -> None:
    assert _case(matched([], [talk("clean-hands")]), "missing") == (
        "clean-hands is over and nothing recorded it",
        'ask who recorded it; then put the file into the inbox, or set recording = "…" in episodes/clean-hands/session.toml',
    )
    soon = match([], [talk("clean-hands")], {}, InboxSettings(), "Europe/London", now=NOON + timedelta(hours=3))
    assert soon.cases == ()


def test_too_short() -> None:
    found = matched([take("a.m4a", NOON, 0.5)], [talk("clean-hands")])
    assert _case(found, "too short")[0] == "a.m4a lasts 30 seconds, too short to be clean-hands"
    assert _case(found, "missing")[0] == "clean-hands is over and nothing recorded it; only a.m4a came near it"


def test_restarted() -> None:
    parts = [take("b.m4a", NOON, 20), take("a.m4a", NOON + timedelta(minutes=21), 42)]
    found = matched(parts, [talk("clean-hands")])
    assert pairs(found) == {"clean-hands": ("b.m4a", "a.m4a")}
    assert _case(found, "restarted")[0] == "clean-hands was recorded in 2 parts: b.m4a and a.m4a"


def test_the_first_part_is_not_taken_while_another_recorder_has_the_rest() -> None:
    parts = [
        take("a.m4a", NOON, 48, recorder="zoom"),
        take("b.mkv", NOON + timedelta(minutes=49), 14, recorder="obs", role="mixed"),
    ]
    found = matched(parts, [talk("clean-hands")])
    assert pairs(found) == {}
    assert _case(found, "ambiguous")[0].endswith("may be clean-hands: the rest of it may be in b.mkv")


def test_merged() -> None:
    sessions = [talk("one"), talk("two", NOON + timedelta(hours=1)), talk("three", NOON + timedelta(hours=2), 30)]
    found = matched([take("a.m4a", NOON - timedelta(minutes=2), 155)], sessions)
    assert found.matches == ()
    assert [case.kind for case in found.cases] == ["merged"]
    assert _case(found, "merged") == (
        "a.m4a holds 3 sessions: by the programme one from 0:02:00 to 1:02:00, two from 1:02:00 to 2:02:00, three from 2:02:00 to 2:32:00",
        'listen at these places, then set pin = "a.m4a" and trim in the session.toml of each',
    )


def test_a_merged_take_that_is_pinned_is_cut_by_the_programme() -> None:
    sessions = [talk("one", pin="a.m4a"), talk("two", NOON + timedelta(hours=1), pin="a.m4a")]
    found = matched([take("a.m4a", NOON - timedelta(minutes=2), 125)], sessions)
    assert [(m.session, m.cut and (m.cut.start, m.cut.end), m.by_hand) for m in found.matches] == [
        ("one", (120.0, 3720.0), True),
        ("two", (3720.0, 7320.0), True),
    ]


def test_ambiguous() -> None:
    two = [take("a.m4a", NOON, 62, recorder="zoom"), take("b.mkv", NOON, 64, recorder="obs", role="mixed")]
    found = matched(two, [talk("clean-hands")])
    assert _case(found, "ambiguous") == (
        "a.m4a and b.mkv may be clean-hands: they fit it about equally well",
        'set pin = "a.m4a" in episodes/clean-hands/session.toml',
    )


def test_no_session() -> None:
    found = matched([take("a.m4a", NOON + timedelta(days=2))], [talk("clean-hands", recording="talk.m4a")])
    assert _case(found, "no session")[0] == "a.m4a is of no session: no session starts near its beginning"


def test_still_growing() -> None:
    growing = take("a.m4a", NOON, 10, file={"trouble": "still growing"})
    whole = take("b.m4a", NOON, 62)
    found = matched([growing, whole], [talk("clean-hands")])
    assert found.matches == ()
    assert _case(found, "still growing")[0] == "a.m4a is still growing; clean-hands waits for it"


def test_not_media() -> None:
    page = take("a.m4a", NOON, None, file={"trouble": "not media", "why": "a web page, not sound"})
    found = matched([page], [talk("clean-hands")])
    assert _case(found, "not media")[0] == "a.m4a is no recording: a web page, not sound"
    assert "missing" in {case.kind for case in found.cases}


def test_the_gallery_is_not_taken_unless_named() -> None:
    gallery = take("g.mp4", NOON, role="gallery")
    found = matched([gallery], [talk("clean-hands")])
    assert _case(found, "not taken unless named")[0] == "g.mp4 holds the gallery view alone, perhaps of clean-hands"
    assert pairs(matched([gallery], [talk("clean-hands", pin="g.mp4")])) == {"clean-hands": ("g.mp4",)}


def test_a_copy_is_not_a_second_recording() -> None:
    one = take("a.m4a", NOON)
    copy = replace(one, name="a (1).m4a", files=(replace(one.files[0], path=PurePath("a (1).m4a")),))
    found = matched([copy, one], [talk("clean-hands")])
    assert pairs(found) == {"clean-hands": ("a.m4a",)}
    assert _case(found, "duplicate") == ("a (1).m4a is a copy of a.m4a", "delete it")


def test_a_session_that_has_its_recording_keeps_it_and_a_cancelled_one_gets_none() -> None:
    had = matched([take("a.m4a", NOON)], [talk("clean-hands", recording="talk.m4a")])
    assert _case(had, "settled")[0] == "a.m4a fits clean-hands, which has its recording already"
    off = matched(
        [take("a.m4a", NOON)], [talk("clean-hands", draft=True, missing=("cancelled: the calendar says so",))]
    )
    assert _case(off, "settled")[0] == "a.m4a fits clean-hands, which was cancelled"
    refused = matched([take("a.m4a", NOON)], [talk("clean-hands", consent="refused")])
    assert _case(refused, "settled")[0] == "a.m4a fits clean-hands, which its speaker does not want published"


def test_parts_that_say_nothing_and_lie_apart_are_not_joined() -> None:
    parts = [take("1/b.m4a", NOON, 20), take("2/a.m4a", NOON + timedelta(minutes=21), 42)]
    found = matched(parts, [talk("clean-hands")])
    assert pairs(found) == {}


def test_a_pin_decides_and_one_that_means_nothing_is_named() -> None:
    takes = [take("day one/a.m4a", NOON + timedelta(days=3)), take("day two/a.m4a", NOON)]
    assert pairs(matched(takes, [talk("clean-hands", pin="day one/a.m4a")])) == {"clean-hands": ("day one/a.m4a",)}
    unclear = matched(takes, [talk("clean-hands", pin="a.m4a")])
    assert _case(unclear, "pin")[0] == (
        'episodes/clean-hands/session.toml: pin names "a.m4a", which may be day one/a.m4a and day two/a.m4a'
    )
    gone = matched([], [talk("clean-hands", pin="b.m4a")])
    assert _case(gone, "pin")[0] == 'episodes/clean-hands/session.toml: pin names "b.m4a", which is not in the inbox'


def test_the_best_sound_of_a_take_is_the_mixed_track_without_a_picture() -> None:
    names = (("s.mp4", "screen", 90), ("g.mp4", "gallery", 99), ("a.m4a", "audio", 10), ("t.vtt", "transcript", 1))
    files = tuple(File(PurePath(name), role, size, 3_720.0) for name, role, size in names)  # type: ignore[arg-type]
    found = matched([Take("a.m4a", files, Began(NOON, "its name"), 3_720)], [talk("clean-hands")])
    assert found.matches[0].files == (PurePath("a.m4a"),)
