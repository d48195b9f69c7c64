from __future__ import annotations

import html
import json
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sessioncast.errors import ContentError
from sessioncast.ingest.draft import Draft
from sessioncast.ingest.page import read_page
from sessioncast.ingest.slugs import session_slug

TORONTO = "America/Toronto"
PAGES = Path(__file__).parents[2] / "samples" / "pages"
CASES = sorted(PAGES.glob("*/page.*"))
RIGHT = [page for page in CASES if (page.parent / "expected.json").exists()]
WRONG = [page for page in CASES if (page.parent / "expected.txt").exists()]
REAL = Path(__file__).parents[3].parent / "shared" / "sessions" / "000_1403118cbe0bb802.txt"

TITLE = "The coxcomb’s lesson: counting what kills"
LABELLED = PAGES / "labelled" / "page.txt"


def read(source: str | bytes | Path, name: str = "page.txt", zone: str = TORONTO) -> Draft:
    (draft,) = read_page(source.encode() if isinstance(source, str) else source, name, zone=zone)
    return draft


def as_json(draft: Draft) -> Any:
    told = asdict(draft) | {"slug": session_slug(draft), "told": (), "origin": ""}
    moments = {
        key: value.isoformat() if value else None for key, value in (("starts", draft.starts), ("ends", draft.ends))
    }
    return said(json.loads(json.dumps(told | moments)))


def said(plain: Any) -> Any:
    """Leave out what a draft doesn't say."""
    if isinstance(plain, dict):
        kept = {
            key: said(value)
            for key, value in plain.items()
            if (key, value) not in (("role", "guest"), ("group", "cast")) and key != "by_name"
        }
        return {key: value for key, value in kept.items() if value not in (None, "", [], {}, False)}
    return [said(value) for value in plain] if isinstance(plain, list) else plain


def test_there_are_samples() -> None:
    assert len(CASES) >= 40
    assert len(RIGHT) + len(WRONG) == len(CASES)


@pytest.mark.parametrize("page", RIGHT, ids=lambda page: page.parent.name)
def test_a_page_gives_its_drafts(page: Path) -> None:
    expected = json.loads((page.parent / "expected.json").read_text(encoding="utf-8"))
    drafts = read_page(page, page.name, zone=TORONTO)
    assert [as_json(draft) for draft in drafts] == said(expected if isinstance(expected, list) else [expected])


@pytest.mark.parametrize("page", WRONG, ids=lambda page: page.parent.name)
def test_a_page_that_is_wrong_is_one_clear_error(page: Path) -> None:
    with pytest.raises(ContentError) as caught:
        read_page(page, page.name, zone=TORONTO)
    assert caught.value.message == (page.parent / "expected.txt").read_text(encoding="utf-8").rstrip("\n")
    assert caught.value.hint


@pytest.mark.parametrize("page", RIGHT, ids=lambda page: page.parent.name)
def test_what_a_draft_says_somebody_told(page: Path) -> None:
    for draft in read_page(page, page.name, zone=TORONTO):
        told = {field for field, _place in draft.told}
        assert {f for f in ("title", "starts", "ends", "people", "notes") if getattr(draft, f)} <= told
        assert draft.origin.startswith(page.name)
        assert draft.by_name == ("://" not in draft.source)


@pytest.mark.skipif(not REAL.exists(), reason="the real page is not beside this checkout")
def test_the_real_page() -> None:
    draft = read(REAL, REAL.name)
    assert draft.title == "Co-production: An improvement teacher’s journey between theory and practice"
    assert draft.starts is not None
    assert draft.ends is not None
    assert draft.starts.isoformat() == "2024-02-20T12:00:00-05:00"
    assert draft.ends.isoformat() == "2024-02-20T13:00:00-05:00"
    (speaker,) = draft.people
    assert speaker.name == "Paul Batalden"
    paragraphs = speaker.bio.split("\n\n")
    assert len(paragraphs) == 4
    assert paragraphs[0].startswith("Paul Batalden is Professor Emeritus")
    assert paragraphs[3].endswith("National Academy of Sciences.")
    assert draft.notes.startswith("Paul will describe and reflect on the “red thread”")
    assert "\n" not in draft.notes
    assert draft.hints.copyright == "CQUIPS+"
    assert draft.missing == ()
    assert draft.source == REAL.name
    assert session_slug(draft) == "2024-02-20-paul-batalden"


def _divs(lines: list[str]) -> str:
    return "<html><body>" + "".join(f"<div><div>{html.escape(line)}</div></div>" for line in lines) + "</body></html>"


def _breaks(lines: list[str]) -> str:
    return "<!DOCTYPE html><body>" + "<br/><br>".join(html.escape(line) for line in lines) + "</body>"


def _table(lines: list[str]) -> str:
    return "<table>" + "".join(f"<tr><td>{html.escape(line)}</td></tr>" for line in lines) + "</table>"


def _headings(lines: list[str]) -> str:
    short = {
        line: "h1" if line.startswith(("The coxcomb", "Co-production")) else "h3" for line in lines if len(line) < 80
    }
    parts = (f"<{short.get(line, 'p')}>{html.escape(line)}</{short.get(line, 'p')}>\n" for line in lines)
    return f"<?xml version='1.0' encoding='utf-8'?>\n<html><head><title>x</title></head><body>{''.join(parts)}</body></html>"


def _framed(lines: list[str]) -> str:
    last = next(n for n, line in enumerate(lines) if line == "See all speakers")
    content = "".join(f"<p><span>{html.escape(line)}</span></p>" for line in lines[:last])
    footer = "".join(f"<p>{html.escape(line)}</p>" for line in lines[last:])
    return (
        "<!doctype html><html><head><meta charset='utf-8'><title>A site</title><script>let a = '<p>When</p>'</script></head>"
        "<body><header id='masthead'><p>A site</p><nav><a>Home</a><a>Speakers</a></nav></header><main>"
        f"<article>{content}<button>Register</button><div style='display: none'>Date: never</div></article></main>"
        f"<aside><h2>Title</h2>Another talk</aside><footer>{footer}</footer><noscript>Turn it on</noscript></body></html>"
    )


@pytest.mark.parametrize("shape", [_divs, _breaks, _table, _headings, _framed])
@pytest.mark.parametrize("page", [LABELLED, REAL], ids=["labelled", "real"])
def test_the_same_page_as_html_gives_an_equal_draft(page: Path, shape: object) -> None:
    if not page.exists():
        pytest.skip("the real page is not beside this checkout")
    assert callable(shape)
    lines = [line.strip() for line in page.read_text(encoding="utf-8").splitlines() if line.strip()]
    plain, marked = (replace(draft, source="", origin="") for draft in (read(page), read(shape(lines), "page.html")))
    assert marked == plain


def test_the_source_is_the_name_without_folders_or_the_page_s_own_address() -> None:
    assert read(LABELLED, "some/where/page.txt").source == "page.txt"
    page = "<html><head><link rel=canonical href='https://wardlight.example/1'></head><body><h1>A title of sorts</h1></body>"
    assert read(page).source == read(page, "other.html").source == "https://wardlight.example/1"
    assert read(page).link == "https://wardlight.example/1"


def test_what_is_missing_is_said_in_words() -> None:
    draft = read("Only a title here\n")
    assert draft.title == "Only a title here"
    assert draft.missing == (
        "people: no speaker found on the page",
        "starts: no date and time found on the page",
        "notes: no description found on the page",
    )


@pytest.mark.parametrize(
    "label", ["Referent:in", "Referent*in:", "Intervenant·e :", "Vortragende/r:", "Speaker(s):", "Referent/-in"]
)
def test_a_gender_mark_belongs_to_the_label_alone(label: str) -> None:
    draft = read(f"{label}\nMary Seacole\n\nAbstract: The patient(s), he/she and a ward_in Scutari.\nTitle: Tea\n")
    assert [person.name for person in draft.people] == ["Mary Seacole"]
    assert draft.notes == "The patient(s), he/she and a ward_in Scutari."


def test_two_likely_names_are_not_chosen_between() -> None:
    draft = read("Clean Hands\n\nJohn Snow\n\nDate: 2024-02-20, 12 p.m.\n")
    assert draft.people == ()
    assert draft.missing[1] == "people: can't tell who speaks from 'Clean Hands', 'John Snow'"


def test_a_title_too_long_for_a_feed_is_left_open() -> None:
    draft = read("Speaker: John Snow\n\nTitle: " + "pump " * 60 + "\n")
    assert draft.title == ""
    assert draft.missing[0].startswith("title: 299 characters on the page, at most 255: pump")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("Monday March 5, 2024 (12-1 p.m. ET)", r"page.txt: line 5: found 'Monday' for .*2024-03-05 is a Tuesday"),
        ("Tuesday March 5, 2024 (12-1 p.m. EDT)", r"page.txt: line 5: found EDT on 2024-03-05"),
        ("Tuesday March 5 (12-1 p.m. ET)", r"page.txt: line 5: found 'March 5' without a year"),
        ("Tuesday March 5, 2024 (12-1 p.m. QQT)", r"page.txt: line 5: found the unknown zone word 'QQT'"),
    ],
)
@pytest.mark.parametrize("label", ["Date and time", ""])
def test_a_wrong_time_is_one_error_that_names_the_line(line: str, label: str, message: str) -> None:
    text = f"John Snow\n\nThe pump handle\n{label}\n{line}\n\nAbstract\n\nA map of 1854 and how it came about.\n"
    with pytest.raises(ContentError, match=message) as caught:
        read(text)
    assert len(caught.value.problems) == 1


def test_a_shopping_list_is_no_session() -> None:
    with pytest.raises(ContentError, match=r"page.txt: found none of these, expected a session's page"):
        read("Home\nContact\n© 2024 WARDLIGHT\n")


def test_scripts_written_out_in_an_html_page_become_plain_text() -> None:
    bio = "Joseph Lister was a surgeon. &lt;script&gt;alert(1)&lt;/script&gt;&lt;b onclick=x&gt;Carbolic&lt;/b&gt;."
    draft = read(f"<html><body><h1>Speaker</h1><p>Joseph Lister</p><h1>Bio</h1><p>{bio}</p></body></html>")
    assert draft.people[0].bio == "Joseph Lister was a surgeon. Carbolic."


def test_halves_of_a_tag_never_become_one() -> None:
    draft = read("Speaker: Joseph Lister\nBio: Joseph Lister was <scr<b>ipt>here</scr<i>ipt> in 1865.\n")
    assert "<" not in draft.people[0].bio


@settings(deadline=None)
@given(st.text(max_size=400))
def test_any_text_is_a_draft_or_a_content_error(text: str) -> None:
    with suppress(ContentError):
        read_page(text.encode("utf-8", "surrogatepass"), "page.txt", zone=TORONTO)


_LINES = st.sampled_from(
    [
        "Speaker:",
        "Speakers",
        "Bio",
        "About John Snow",
        "John Snow",
        "Florence Nightingale and Mary Seacole",
        "Date and time",
        "2024-02-20",
        "12-1 p.m. ET",
        "TBA",
        "Abstract",
        "Title: Pumps",
        "See all speakers",
        "Home",
        "Contact",
        "© 2024 WARDLIGHT",
        "He was a physician in London, and a careful one, for all his life.",
        "- item",
        "<b>",
        "<script>",
        "</p>",
        "John Snow was a physician in London who drew a map of where the cholera was",
        "12 p.m.",
        ":",
        "When: soon",
    ]
)


@settings(deadline=None)
@given(st.lists(_LINES, max_size=12), st.sampled_from(["\n", "\n\n", "<br>", "<p>"]))
def test_any_order_of_lines_is_a_draft_or_a_content_error(lines: list[str], between: str) -> None:
    text = ("<html>" if "<" in between else "") + between.join(lines)
    with suppress(ContentError):
        read_page(text.encode(), "page.txt", zone=TORONTO)
