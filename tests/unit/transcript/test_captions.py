"""Caption files as recorders write them → cues, or one clear error that names the line."""

from __future__ import annotations

import codecs
import json
from dataclasses import dataclass

import pytest

from sessioncast.errors import ContentError
from sessioncast.transcript import Cue, name_speakers, read

SNOW, SEACOLE = "John Snow", "Mary Seacole"
ROSTER = {SNOW: SNOW, "john-snow": SNOW, SEACOLE: SEACOLE, "mary-seacole": SEACOLE}
VTT = "WEBVTT\n\n"
ONE = "00:00:01.000 --> 00:00:03.500\n"


@dataclass(frozen=True, slots=True)
class Good:
    """A file, and who says what when in it once the roster is known."""

    name: str
    body: str | bytes
    cues: tuple[tuple[int, int, str, str], ...]


SAID = "The map shows it."
GOOD = (
    Good("plain", VTT + ONE + SAID, ((1000, 3500, "", SAID),)),
    Good("no final newline, no blank", "WEBVTT\n" + ONE + SAID, ((1000, 3500, "", SAID),)),
    Good("CRLF", (VTT + ONE + SAID + "\n").replace("\n", "\r\n"), ((1000, 3500, "", SAID),)),
    Good("lone CR", (VTT + ONE + SAID).replace("\n", "\r"), ((1000, 3500, "", SAID),)),
    Good("byte order mark", codecs.BOM_UTF8 + (VTT + ONE + SAID).encode(), ((1000, 3500, "", SAID),)),
    Good("UTF-16", (VTT + ONE + SAID).encode("utf-16"), ((1000, 3500, "", SAID),)),
    Good(
        "Latin-1",
        (VTT + ONE + "Le choléra à Londres, été après été, où l’eau était mauvaise".replace("’", "'")).encode(
            "latin-1"
        ),
        ((1000, 3500, "", "Le choléra à Londres, été après été, où l'eau était mauvaise"),),
    ),
    Good("header with text", "WEBVTT - made by a recorder\nKind: captions\n\n" + ONE + SAID, ((1000, 3500, "", SAID),)),
    Good(
        "Zoom: numbered, names",
        VTT + f"1\n{ONE}John Snow: {SAID}\n\n2\n00:00:04.000 --> 00:00:05.000\nJohn Snow: Look.\n",
        ((1000, 3500, SNOW, SAID), (4000, 5000, SNOW, "Look.")),
    ),
    Good(
        "Zoom: a cue of nobody",
        VTT + f"1\n{ONE}John Snow: {SAID}\n\n2\n00:00:04.000 --> 00:00:05.000\nLook.\n",
        ((1000, 3500, SNOW, SAID), (4000, 5000, "", "Look.")),
    ),
    Good("Teams: voice, id", VTT + f"5c1c9f7e-0000/12-0\n{ONE}<v John Snow>{SAID}</v>\n", ((1000, 3500, SNOW, SAID),)),
    Good("voice with class", VTT + f"{ONE}<v.loud.first John Snow>{SAID}", ((1000, 3500, SNOW, SAID),)),
    Good(
        "two voices in a cue",
        VTT + "00:00:00.000 --> 00:00:04.000\n<v John Snow>Why?</v>\n<v Mary Seacole>Look</v>\n",
        ((0, 2000, SNOW, "Why?"), (2000, 4000, SEACOLE, "Look")),
    ),
    Good(
        "two names in a cue",
        VTT + "00:00:00.000 --> 00:00:04.000\nJohn Snow: Why?\nMary Seacole: Look\n",
        ((0, 4000, SNOW, "Why?"), (0, 4000, SEACOLE, "Look")),
    ),
    Good(
        "NOTE, STYLE and REGION",
        VTT + "NOTE\nnobody reads this\n\nSTYLE\n::cue { color: red }\n\nREGION\nid:fred\n\n" + ONE + SAID,
        ((1000, 3500, "", SAID),),
    ),
    Good(
        "cue settings",
        VTT + "00:00:01.000 --> 00:00:03.500 align:start position:0%\n" + SAID,
        ((1000, 3500, "", SAID),),
    ),
    Good(
        "markup and entities",
        VTT + ONE + "<c.yellow>The</c> <i>map</i> <00:00:02.000>shows it &amp; more &lt;3",
        ((1000, 3500, "", "The map shows it & more <3"),),
    ),
    Good(
        "hours beyond two digits",
        VTT + "100:00:01.000 --> 100:00:02.000\nLate.",
        ((360_001_000, 360_002_000, "", "Late."),),
    ),
    Good("minutes only", VTT + "01:02.500 --> 01:03.000\nLook.", ((62_500, 63_000, "", "Look."),)),
    Good(
        "overlapping",
        VTT + "00:00:01.000 --> 00:00:04.000\nOne.\n\n00:00:03.000 --> 00:00:05.000\nTwo.\n",
        ((1000, 4000, "", "One."), (3000, 5000, "", "Two.")),
    ),
    Good("zero length", VTT + "00:00:01.000 --> 00:00:01.000\nNow.", ((1000, 1000, "", "Now."),)),
    Good(
        "out of order",
        VTT + "00:00:03.000 --> 00:00:04.000\nTwo.\n\n00:00:01.000 --> 00:00:02.000\nOne.\n",
        ((1000, 2000, "", "One."), (3000, 4000, "", "Two.")),
    ),
    Good("an empty cue", VTT + ONE + "\n00:00:04.000 --> 00:00:05.000\nLook.", ((4000, 5000, "", "Look."),)),
    Good(
        "no blank line between",
        VTT + ONE + SAID + "\n00:00:04.000 --> 00:00:05.000\nLook.",
        ((1000, 3500, "", SAID), (4000, 5000, "", "Look.")),
    ),
    Good("lines joined", VTT + ONE + "The map\nshows it.", ((1000, 3500, "", SAID),)),
    Good(
        "a colon in speech",
        VTT + ONE + "There is one answer: the pump.",
        ((1000, 3500, "", "There is one answer: the pump."),),
    ),
    Good(
        "a colon word twice",
        VTT + ONE + "Note: look.\n\n00:00:04.000 --> 00:00:05.000\nNote: again.",
        ((1000, 3500, "", "Note: look."), (4000, 5000, "", "Note: again.")),
    ),
    Good(
        "a stranger who repeats",
        VTT + ONE + "Joseph Lister: One.\n\n00:00:04.000 --> 00:00:05.000\nJoseph Lister: Two.",
        ((1000, 3500, "Joseph Lister", "One."), (4000, 5000, "Joseph Lister", "Two.")),
    ),
    Good(
        "a stranger once, among names",
        VTT
        + "".join(
            f"00:00:0{n}.000 --> 00:00:0{n}.900\n{who}: One.\n\n" for n, who in enumerate((SNOW, SNOW, "Joseph Lister"))
        ),
        ((0, 900, SNOW, "One."), (1000, 1900, SNOW, "One."), (2000, 2900, "Joseph Lister", "One.")),
    ),
    Good(
        "a sentence among names",
        VTT
        + "".join(
            f"00:00:0{n}.000 --> 00:00:0{n}.900\n{who}: One.\n\n"
            for n, who in enumerate((SNOW, SNOW, "Then somebody asked"))
        ),
        ((0, 900, SNOW, "One."), (1000, 1900, SNOW, "One."), (2000, 2900, "", "Then somebody asked: One.")),
    ),
    Good("another writing of a name", VTT + ONE + "SNOW, Dr. John (he/him): Look.", ((1000, 3500, SNOW, "Look."),)),
    Good(
        "an address is no name",
        VTT + ONE + "https://example.org is it.",
        ((1000, 3500, "", "https://example.org is it."),),
    ),
    Good(
        "SRT",
        "1\n00:00:01,000 --> 00:00:03,500\nThe map\nshows it.\n\n2\n00:00:04,000 --> 00:00:05,000\nLook.\n",
        ((1000, 3500, "", SAID), (4000, 5000, "", "Look.")),
    ),
    Good(
        "SRT with names and styles",
        "1\n00:00:01,000 --> 00:00:03,500\n{\\an8}<font color=red>John Snow: The map shows it.</font>\n",
        ((1000, 3500, SNOW, SAID),),
    ),
    Good("SRT without numbers", "00:00:01,000 --> 00:00:03,500\nThe map shows it.\n", ((1000, 3500, "", SAID),)),
    Good(
        "SRT without blank lines",
        "1\n00:00:01,000 --> 00:00:03,500\nThe map shows it.\n2\n00:00:04,000 --> 00:00:05,000\nLook.\n",
        ((1000, 3500, "", SAID), (4000, 5000, "", "Look.")),
    ),
    Good("SRT, short fraction", "1\n0:00:01,5 --> 0:00:02,25\nLook.\n", ((1500, 2250, "", "Look."),)),
    Good(
        "JSON",
        json.dumps({"version": "1.0.0", "segments": [{"speaker": SNOW, "startTime": 1, "endTime": 3.5, "body": SAID}]}),
        ((1000, 3500, SNOW, SAID),),
    ),
    Good(
        "JSON without speakers",
        json.dumps({"version": "1.0.0", "segments": [{"startTime": 0.5, "endTime": 1.001, "body": "Look."}]}),
        ((500, 1001, "", "Look."),),
    ),
    Good(
        "saved captions",
        "[John Snow] 00:00:01\nThe map shows it.\n\n[Mary Seacole] 00:00:04\nLook.\n",
        ((1000, 4000, SNOW, SAID), (4000, 8000, SEACOLE, "Look.")),
    ),
    Good(
        "name and time above",
        "John Snow 0:01\nThe map shows it.\nMary Seacole 0:04\nLook.\n",
        ((1000, 4000, SNOW, SAID), (4000, 8000, SEACOLE, "Look.")),
    ),
    Good(
        "time first",
        "00:00:01 John Snow: The map shows it.\n00:00:04 Mary Seacole: Look.\n",
        ((1000, 4000, SNOW, SAID), (4000, 8000, SEACOLE, "Look.")),
    ),
    Good(
        "time in brackets",
        "[0:01] The map shows it.\n[0:04] Look.\n",
        ((1000, 4000, "", SAID), (4000, 8000, "", "Look.")),
    ),
    Good(
        "time on its own line",
        "0:01\nThe map\nshows it.\n0:04\nLook.\n",
        ((1000, 4000, "", SAID), (4000, 8000, "", "Look.")),
    ),
    Good("right to left", VTT + ONE + "<v John Snow>המפה מראה זאת.", ((1000, 3500, SNOW, "המפה מראה זאת."),)),
)


@pytest.mark.parametrize("good", [pytest.param(g, id=g.name) for g in GOOD])
def test_it_is_read(good: Good) -> None:
    body = good.body if isinstance(good.body, bytes) else good.body.encode()
    cues = name_speakers(read(body, "talk.vtt"), ROSTER)
    assert [(c.start, c.end, c.speaker, c.text) for c in cues] == list(good.cues)


BAD: dict[str, tuple[str | bytes, str]] = {
    "times that are none": (VTT + "00:00:xx.000 --> 00:00:03.000\nLook.", "line 3"),
    "seventy seconds": (VTT + "00:00:70.000 --> 00:01:13.000\nLook.", "line 3"),
    "half a time": (VTT + ONE + "One.\n\n00:00:05.000 -->\nTwo.", "line 6"),
    "an end before the start": (VTT + "00:00:05.000 --> 00:00:03.000\nLook.", "line 3"),
    "text without times": (VTT + ONE + "One.\n\nTwo, and nobody knows when.\n", "line 6"),
    "SRT with text without times": ("1\n00:00:01,000 --> 00:00:02,000\nOne.\n\nTwo.\n", "line 5"),
    "nothing but a header": ("WEBVTT\n\n", "no words"),
    "an empty file": ("", "no words"),
    "no transcript at all": ("Dear all,\nhere is the talk.", "line 1"),
    "times that run back": ("0:10 One.\n0:05 Two.\n", "line 2"),
    "JSON that ends early": ('{"version": "1.0.0",\n "segments": [', "line 2"),
    "JSON of another kind": ('{"text": "Look."}', "segments"),
    "a segment without a time": (
        '{"version": "1.0.0", "segments": [\n{"startTime": 0, "endTime": 1, "body": "a"},\n{"startTime": 3, "body": "b"}]}',
        "line 3: segment 2",
    ),
    "a segment backwards": (
        '{"version": "1.0.0", "segments": [{"startTime": 3, "endTime": 1, "body": "b"}]}',
        "segment 1",
    ),
    "a cloud chat": ("00:12:01\tJoseph Lister:\tCan you hear me?\n00:12:09\tMary Seacole:\tYes\n", "a chat"),
    "a saved chat": ("12:01:10 From Joseph Lister to Everyone:\n\tCan you hear me?\n", "a chat"),
    "direct messages": ("12:01:10 From Joseph Lister to Mary Seacole(Direct Message):\n\tHush\n", "a chat"),
    "bytes": (b"\0\1\2\3" * 50, "no text"),
}


@pytest.mark.parametrize("name", BAD)
def test_it_is_one_clear_error(name: str) -> None:
    body, expected = BAD[name]
    with pytest.raises(ContentError) as caught:
        read(body if isinstance(body, bytes) else body.encode(), "talk.vtt")
    assert str(caught.value).startswith("talk.vtt")
    assert expected in str(caught.value)


def test_a_file_too_long_is_refused_before_it_is_read() -> None:
    with pytest.raises(ContentError, match="expected a transcript of at most"):
        read(b"WEBVTT\n\n" + b" " * 20_000_001, "talk.vtt")


def test_initials_and_machines_are_who_the_table_says() -> None:
    cues = (Cue(0, 1, "iPhone: One."), Cue(1, 2, "J.S.: Two."), Cue(2, 3, "iPhone: Three."), Cue(3, 4, "j.s.: Four."))
    named = name_speakers(cues, ROSTER, {"iPhone": "mary-seacole", "J.S.": "John Snow"})
    assert [c.speaker for c in named] == [SEACOLE, SNOW, SEACOLE, SNOW]
    assert [c.text for c in named] == ["One.", "Two.", "Three.", "Four."]
