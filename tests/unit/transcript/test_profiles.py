"""What is published: exact codecs, lines that fit, every word in order, and what other people's readers make of it."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sessioncast.rules import Facts, FeedDocument, judge
from sessioncast.timeline import Timeline
from sessioncast.transcript import Cue, Sentence, name_speakers, placed, published, read, sentences
from sessioncast.transcript.writing import json_, srt, vtt

NAMES = ("John Snow", "Mary Seacole", "")
ROSTER = {name: name for name in NAMES if name}

word = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S"), exclude_characters="<>&:{}\\-–—[]()\u2028"),
    min_size=1,
    max_size=12,
)
texts = st.lists(word, min_size=1, max_size=30).map(" ".join).filter(lambda t: not t.strip().isdigit())


@st.composite
def cue_lists(draw: st.DrawFn) -> tuple[Cue, ...]:
    cues, at = [], 0
    for _ in range(draw(st.integers(1, 12))):
        start = at + draw(st.integers(0, 3_000))
        at = start + draw(st.integers(1, 9_000))
        cues.append(Cue(start, at, draw(texts), draw(st.sampled_from(NAMES[:2]))))
    return tuple(cues)


@settings(max_examples=60)
@given(cue_lists())
def test_the_codecs_round_trip_times_and_text_exactly(cues: tuple[Cue, ...]) -> None:
    from_vtt = read(vtt(cues), "a.vtt")
    assert from_vtt == cues
    from_srt = name_speakers(read(srt(from_vtt), "a.srt"), ROSTER)
    assert from_srt == cues
    assert read(json_(from_srt), "a.json") == cues


@settings(max_examples=40)
@given(cue_lists())
def test_published_profiles_keep_every_word_in_order_and_fit(cues: tuple[Cue, ...]) -> None:
    said = sentences(cues)
    words = " ".join(c.text for c in cues).split()
    made = published(said, "en", "A talk")
    for ending, width in (("vtt", 65), ("srt", 32)):
        again = name_speakers(read(made[ending], f"a.{ending}"), ROSTER)
        assert " ".join(c.text for c in again).split() == words
        body = made[ending].decode()
        starts = [c.start for c in read(made[ending], "a")]
        assert starts == sorted(starts)
        for block in body.split("\n\n"):
            lines = block.split("\n")
            at = next((i for i, line in enumerate(lines) if "-->" in line), None)
            if at is None:
                continue
            payload = [
                line.removesuffix("</v>").rpartition(">")[2] if ending == "vtt" else line
                for line in filter(None, lines[at + 1 :])
            ]
            assert len(payload) <= 2
            assert all(len(line) <= width or " " not in line.partition(": ")[2] for line in payload)
    assert [s["body"] for s in json.loads(made["json"])["segments"]] == [s.text for s in said]


@settings(max_examples=60)
@given(cue_lists(), st.integers(0, 40_000), st.integers(1, 60_000), st.integers(0, 9_000))
def test_placing_keeps_order_and_bounds(cues: tuple[Cue, ...], start: int, length: int, lead: int) -> None:
    timeline = Timeline.of(200_000, [(start, start + length)], lead=lead)
    here, _ = placed(cues, timeline, recorded=200_000)
    assert [c.start for c in here] == sorted(c.start for c in here)
    assert all(lead <= c.start <= c.end <= timeline.length for c in here)
    shifted, _ = placed(cues, Timeline.of(200_000, [(0, 200_000)], lead=lead), recorded=200_000)
    again, _ = placed(
        shifted, Timeline.of(300_000, [(start + lead, start + lead + length)], lead=lead), recorded=300_000
    )
    assert again == here  # shifting composes


def test_a_cue_that_touches_a_redaction_goes_whole() -> None:
    cues = (Cue(0, 1000, "One."), Cue(1000, 3000, "Two, born 1820."), Cue(3000, 4000, "Three."))
    here, remarks = placed(cues, Timeline.of(9000, [(0, 9000)]), recorded=9000, redacted=[(2500, 2600)])
    assert [c.text for c in here] == ["One.", "Three."]
    assert "redacted" in remarks[0].what
    assert not remarks[0].text


def test_a_cue_behind_the_end_is_left_out_and_said() -> None:
    here, remarks = placed(
        (Cue(0, 1000, "One."), Cue(70_000, 71_000, "Late.")), Timeline.of(9000, [(0, 9000)]), recorded=9000
    )
    assert [c.text for c in here] == ["One."]
    assert "behind the recording's end" in remarks[0].what


def test_fragments_become_sentences_and_fillers_go_only_when_asked() -> None:
    cues = (
        Cue(0, 1000, "So, um, the map", "John Snow"),
        Cue(1000, 2000, "shows it. And then", "John Snow"),
        Cue(2000, 3000, "Why?", "Mary Seacole"),
    )
    assert [(s.speaker, s.text) for s in sentences(cues)] == [
        ("John Snow", "So, um, the map shows it."),
        ("John Snow", "And then"),
        ("Mary Seacole", "Why?"),
    ]
    assert sentences(cues, fillers_of="en-ca")[0].text == "So, the map shows it."


FEED = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:podcast="https://podcastindex.org/namespace/1.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd">
<channel><title>T</title><item><title>A</title><itunes:duration>10</itunes:duration>{}</item></channel></rss>"""

SAID = sentences(
    (
        Cue(500, 4000, "The map shows where they drew their water & died.", "John Snow"),
        Cue(
            4000,
            9000,
            "And the pump’s handle? " + "Everybody in the parish asked that question of him. " * 3,
            "Mary Seacole",
        ),
        Cue(9000, 9500, "היום", ""),
    )
)


def test_other_readers_read_the_vtt_and_the_srt() -> None:
    import webvtt

    made = published(SAID, "en", "A talk")
    theirs = webvtt.from_buffer(io.StringIO(made["vtt"].decode())).captions
    ours = read(made["vtt"], "a.vtt")
    assert [(c.start, c.end) for c in theirs] == [(_stamp(c.start), _stamp(c.end)) for c in ours]
    assert [c.voice or "" for c in theirs] == [c.speaker for c in ours]
    assert [" ".join(c.text.split()) for c in theirs] == [" ".join(c.text.replace("&", "&amp;").split()) for c in ours]
    subrip = webvtt.from_buffer(io.StringIO(made["srt"].decode()), format="srt").captions
    assert [(c.start, c.end) for c in subrip] == [(_stamp(c.start), _stamp(c.end)) for c in read(made["srt"], "a.srt")]


def _stamp(ms: int) -> str:
    return f"{ms // 3_600_000:02d}:{ms // 60_000 % 60:02d}:{ms // 1000 % 60:02d}.{ms % 1000:03d}"


def test_the_rules_have_nothing_against_them() -> None:
    made = published(SAID, "en", "A talk")
    types = {
        "vtt": "text/vtt",
        "srt": "application/x-subrip",
        "json": "application/json",
        "html": "text/html",
        "txt": "text/plain",
    }
    urls = {f"https://example.org/{ending}": made[ending] for ending in types}
    tags = "".join(
        f'<podcast:transcript url="https://example.org/{e}" type="{t}" language="en"/>' for e, t in types.items()
    )
    found = judge(FeedDocument(FEED.format(tags).encode()), Facts(files=urls))
    assert not [f for f in found if f.rule.startswith("TR-") and f.level == "error"]


def test_the_json_is_as_its_schema_says() -> None:
    import jsonschema

    schema = {
        "type": "object",
        "required": ["version", "segments"],
        "properties": {
            "version": {"const": "1.0.0"},
            "segments": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["startTime", "endTime", "body"],
                    "additionalProperties": False,
                    "properties": {
                        "speaker": {"type": "string"},
                        "startTime": {"type": "number", "minimum": 0},
                        "endTime": {"type": "number", "minimum": 0},
                        "body": {"type": "string"},
                    },
                },
            },
        },
    }
    jsonschema.validate(json.loads(published(SAID, "en", "A talk")["json"]), schema)


def test_the_page_form_names_and_times_and_escapes() -> None:
    made = published(SAID, "he", "A <talk>")["html"].decode()
    assert '<html lang="he" dir="rtl">' in made
    assert "<title>A &lt;talk&gt;</title>" in made
    assert "<cite>John Snow:</cite>\n<time>0:00</time>\n" in made
    assert "water &amp; died" in made


@pytest.mark.parametrize("text", ["霍乱在伦敦" * 20, "Supercalifragilistic" * 4])
def test_a_word_longer_than_a_line(text: str) -> None:
    said: tuple[Sentence, ...] = sentences((Cue(0, 8000, text, ""),))
    again = read(published(said, "zh", "x")["srt"], "a.srt")
    assert "".join(c.text for c in again).replace("\n", "").replace(" ", "") == text
