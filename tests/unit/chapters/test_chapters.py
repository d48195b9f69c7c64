"""Chapters as people write them, in the audio's time, and proposed from a transcript."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sessioncast.chapters import Mark, from_notes, json_chapters, marks_text, placed, propose, read_marks
from sessioncast.chapters.reading import without_marks
from sessioncast.rules import Facts, FeedDocument, judge
from sessioncast.timeline import Timeline
from sessioncast.transcript import Cue, sentences

GOOD = {
    "0:00 Welcome": (0, "Welcome", ""),
    "00:00:00 Welcome": (0, "Welcome", ""),
    "1:02:03.5 The map": (3_723_500, "The map", ""),
    "75:00 Long minutes": (4_500_000, "Long minutes", ""),
    "(12:30) The map": (750_000, "The map", ""),
    "[12:30] The map": (750_000, "The map", ""),
    "12:30 - The map": (750_000, "The map", ""),
    "12:30 — The map": (750_000, "The map", ""),
    "12:30\tThe map": (750_000, "The map", ""),
    "12:30,250 The map": (750_250, "The map", ""),
    "12:30 The map https://example.org/map": (750_000, "The map", "https://example.org/map"),
    "12:30 3 pumps, 1 map": (750_000, "3 pumps, 1 map", ""),
    "12:30 המפה": (750_000, "המפה", ""),
}
BAD = ("The map", "12:30", "12:75 The map", "1:75:00 The map", "- 12.30 The map")


@pytest.mark.parametrize("line", GOOD)
def test_a_line_is_read(line: str) -> None:
    marks, problems = read_marks("\ufeff# mine\r\n\r\n" + line, "chapters.txt")
    assert not problems
    assert [(m.start, m.title, m.link) for m in marks] == [GOOD[line]]


@pytest.mark.parametrize("line", BAD)
def test_a_bad_line_is_named(line: str) -> None:
    _, problems = read_marks("0:00 Welcome\n" + line, "chapters.txt")
    assert [p.key for p in problems] == ["line 2"]


def test_times_that_do_not_rise_are_named() -> None:
    _, problems = read_marks("0:00 Welcome\n5:00 Two\n5:00 Three\n", "chapters.txt")
    assert [(p.key, p.expected) for p in problems] == [("line 3", "a time after the one above (CP-ORDER)")]


NOTES = "About it.\n\n* 0:00 Welcome\n* 12:30 **The map**\n* 1:02:00 Questions\n\nMore."


def test_a_list_in_the_notes_is_read_and_taken_out() -> None:
    assert [m.start for m in from_notes(NOTES)] == [0, 750_000, 3_720_000]
    assert without_marks(NOTES) == "About it.\n\nMore."


@pytest.mark.parametrize(
    "notes",
    [
        "12:00 Lunch",
        "0:00 One\n5:00 Two",
        "9:00 Coffee\n10:00 Talks\n12:00 Lunch\n13:00 Talks",
        "0:00 A\n9:00 B\n5:00 C",
        "",
    ],
)
def test_other_lists_are_no_chapters(notes: str) -> None:
    assert not from_notes(notes)
    assert without_marks(notes) == notes


marks = st.lists(
    st.builds(Mark, st.integers(0, 4_000_000), st.text("abc", min_size=1, max_size=5)),
    max_size=40,
    unique_by=lambda m: m.start,
).map(lambda found: tuple(sorted(found, key=lambda m: m.start)))


@settings(max_examples=150)
@given(
    marks, st.lists(st.tuples(st.integers(0, 4_000_000), st.integers(1, 900_000)), max_size=4), st.integers(0, 60_000)
)
def test_placed_chapters_keep_the_rules(found: tuple[Mark, ...], cuts: list[tuple[int, int]], lead: int) -> None:
    kept, at = [], 0
    for start, length in sorted(cuts):
        if start > at:
            kept.append((at, start))
        at = max(at, start + length)
    timeline = Timeline.of(5_000_000, [*kept, (at, 5_000_000)], lead=lead)
    chapters = placed(found, timeline, opening="Opening")
    starts = [c.start for c in chapters]
    if chapters:
        assert starts[0] == 0
    assert all(round((b - a) * 1000) >= 1000 for a, b in pairwise(starts))
    assert all(start * 1000 < timeline.length for start in starts)
    body = json_chapters(chapters)
    assert [c["title"] for c in json.loads(body)["chapters"]] == [c.title for c in chapters]


@settings(max_examples=100)
@given(marks, st.integers(0, 2_000_000), st.integers(1000, 2_000_000), st.integers(1, 60_000))
def test_shifting_composes(found: tuple[Mark, ...], start: int, length: int, lead: int) -> None:
    once = Timeline.of(5_000_000, [(start, start + length)], lead=lead)
    first = Timeline.of(5_000_000, [(start, start + length)])
    moved = [Mark(at, m.title) for m in found if (at := first.at(m.start)) is not None]
    then = Timeline.of(first.length, [(0, first.length)], lead=lead)
    inside = [m for m in found if first.at(m.start) is not None]
    assert placed(inside, once, opening="O") == placed(moved, then, opening="O")


FEED = b"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:podcast="https://podcastindex.org/namespace/1.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">
<channel><title>T</title><item><title>A</title><itunes:duration>100000</itunes:duration>
<podcast:chapters url="https://example.org/c.json" type="application/json+chapters"/></item></channel></rss>"""


def test_three_hundred_chapters_pass_the_rules() -> None:
    found = tuple(Mark(n * 130_000, f"Chapter {n} – 井戸", "https://example.org/" if n % 2 else "") for n in range(300))
    body = json_chapters(placed(found, Timeline.of(40_000_000, [(0, 40_000_000)]), opening="O"))
    facts = Facts(files={"https://example.org/c.json": body})
    assert not [f for f in judge(FeedDocument(FEED), facts) if f.rule.startswith("CP-")]


@given(marks)
def test_a_chapters_txt_is_read_as_it_is_written(found: tuple[Mark, ...]) -> None:
    again, problems = read_marks(marks_text(found), "chapters.txt")
    assert not problems
    assert again == found


def test_chapters_are_proposed_where_the_words_change_and_people_pause() -> None:
    topics = (
        "The pump stood at the corner and everybody drew water from that pump.",
        "Wash hands with chlorinated lime before touching mothers on the ward.",
        "Mortality diagrams coloured wedges showing soldiers dying from disease.",
    )
    cues, at = [], 0
    for topic in topics:
        for _ in range(100):
            cues.append(Cue(at, at + 4000, topic))
            at += 4500
        at += 4000
    found = propose(sentences(cues))
    assert found[0].start == 0
    boundaries = [454_000, 908_000]
    assert len(found) == 3
    assert all(abs(m.start - boundary) <= 9_000 for m, boundary in zip(found[1:], boundaries, strict=True))
    assert all(m.title for m in found)


def test_a_short_talk_gets_none() -> None:
    assert propose(sentences((Cue(0, 4000, "One. Two. Three."),))) == ()
