from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree, html
from lxml.html import HtmlElement

from sessioncast.notes import description_html, legal, plain, session_time, to_html

DESCRIPTION = {"p", "a", "ul", "ol", "li"}
PAGE = DESCRIPTION | {"br", "hr", "em", "strong", "code", "pre", "blockquote", "h2", "h3", "h4", "h5", "h6"}
MARKUP = st.text(alphabet="abc .!?\n*_`#>-[]()<>&\"'/:x1\t é漢。🩺\u00a0", max_size=120)
SNIPPETS = st.lists(
    st.sampled_from(
        [
            "<script>alert(1)</script>",
            "[x](javascript:alert(1))",
            "[x](data:text/html,x)",
            "[local](/private)",
            "[ok](https://example.org/?a=1&b=]]>2)",
            "[mail](mailto:podcast@example.org)",
            "[broken](http://[)",
            "![picture](https://example.org/x.png)",
            "<https://example.org/>",
            "&#12;&#xFFFE;&nbsp;&lt;b&gt;",
            "# Heading\n\n",
            "\n\n- item\n- item\n\n",
            "\n\n1. item\n\n> quote\n\n",
            "\n\n```html\n<b>code</b>\n```\n\n",
            "Dr. Snow looked. He saw a pump! ",
            "]]>",
            "<!-- sessioncast revision 9 -->",
        ]
    ),
    max_size=12,
).map("".join)
ANY_TEXT = st.one_of(st.text(max_size=200), MARKUP, SNIPPETS)


def elements(markup: str) -> list[HtmlElement]:
    root = html.fragment_fromstring(markup, create_parent="div")
    return [element for element in root.iter() if element is not root]


def assert_safe(markup: str, tags: set[str]) -> None:
    for element in elements(markup):
        assert element.tag in tags, markup
        assert set(element.attrib) <= {"href"}, markup
        if element.tag == "a":
            assert re.match(r"https?://|mailto:", str(element.get("href"))), markup


@given(ANY_TEXT, st.one_of(st.just(4000), st.integers(1, 200)))
def test_any_description_is_well_formed_safe_and_short(text: str, limit: int) -> None:
    markup = description_html(text, limit)
    assert len(markup.encode()) <= limit
    assert markup == markup.strip()
    assert_safe(markup, DESCRIPTION)
    etree.fromstring(f"<div>{markup}</div>")


@given(ANY_TEXT)
def test_any_page_html_is_safe_and_legal_in_xml(text: str) -> None:
    markup = to_html(text)
    assert_safe(
        markup,
        PAGE,
    )
    assert legal(markup) == markup
    assert "]]>" not in markup
    assert "<!--" not in markup


@given(ANY_TEXT, st.integers(1, 300))
def test_any_plain_text_is_one_short_paragraph(text: str, limit: int) -> None:
    cut = plain(text, limit)
    assert len(cut.encode()) <= limit
    assert "\n" not in cut
    assert cut == cut.strip()


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("A *word*, **strong**, `code`.", "<p>A word, strong, code.</p>"),
        ("# Title\n\nText", "<p>Title</p>\n<p>Text</p>"),
        ("> said\n\n---\n\n    code", "<p>said</p>\n<p>code</p>"),
        ("[a](https://example.org/?x=1&y=2)", '<p><a href="https://example.org/?x=1&amp;y=2">a</a></p>'),
        ("[a](/b) ![pic *one*](https://example.org/p.png)", "<p>a pic one</p>"),
        ("<b>bold</b>", "<p>&lt;b&gt;bold&lt;/b&gt;</p>"),
        ("a&nbsp;b", "<p>a\u00a0b</p>"),
        ("", ""),
    ],
)
def test_description_keeps_what_every_directory_shows(markdown: str, expected: str) -> None:
    assert description_html(markdown).replace("\n\n", "\n") == expected


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        (200, "<p>One is here. Two (really!) too.</p>\n<ul>\n<li>first</li>\n<li>second</li>\n</ul>"),
        (72, "<p>One is here. Two (really!) too.</p>\n<ul>\n<li>first</li></ul>"),
        (41, "<p>One is here. Two (really!) too.</p>"),
        (37, "<p>One is here.</p>"),
        (18, "<p>One is…</p>"),
        (14, "<p>One…</p>"),
        (11, "<p>O…</p>"),
        (7, ""),
    ],
)
def test_description_is_cut_at_a_sentence_then_a_word(limit: int, expected: str) -> None:
    assert description_html("One is here. Two (really!) too.\n\n- first\n- second", limit) == expected


def test_a_cut_never_splits_an_entity_or_a_character() -> None:
    assert description_html("&&&&&&&&", 18) == "<p>&amp;…</p>"
    assert plain("🩺🩺🩺", 8) == "🩺…"
    assert plain("見る。聞く。話す。", 20) == "見る。聞く。"


def test_what_goes_on_in_lower_case_was_no_end() -> None:
    assert plain("He saw it. Pumps, e.g. this one, spread it (really!) and more. Then the end.", 60) == "He saw it."


@pytest.mark.parametrize("text", ["." * 100_000 + "x", ". " * 50_000, "a" * 100_000, "&" * 20_000, "。" * 50_000])
def test_odd_text_is_cut_without_going_over_it_again_and_again(text: str) -> None:
    assert 0 < len(description_html(text).encode()) <= 4000


def test_a_cut_inside_a_link_closes_it() -> None:
    markup = description_html("Read [the chart. It is long](https://example.org/) and more text", 62)
    assert markup == '<p>Read <a href="https://example.org/">the chart.</a></p>'


def test_headings_begin_below_the_title() -> None:
    assert to_html("# A\n\n###### F") == "<h2>A</h2>\n<h6>F</h6>"


def test_plain_text_joins_paragraphs() -> None:
    assert plain("# One\n\ntwo\nthree\\\nfour & <five>\n\n- six", 100) == "One two three four & <five> six"


@pytest.mark.parametrize(
    ("starts", "ends", "zone", "expected"),
    [
        (
            "2024-02-20T17:00:00Z",
            "2024-02-20T18:00:00Z",
            "America/Toronto",
            "Tuesday 20 February 2024, 12:00–13:00 EST",
        ),
        ("2024-07-01T22:00:00Z", None, "Europe/London", "Monday 1 July 2024, 23:00 BST"),
        (
            "2024-12-31T22:30:00Z",
            "2024-12-31T23:30:00Z",
            "Europe/Berlin",
            "Tuesday 31 December 2024, 23:30 – Wednesday 1 January 2025, 00:30 CET",
        ),
        ("2024-02-20T17:00:00Z", None, "America/Sao_Paulo", "Tuesday 20 February 2024, 14:00 UTC-03:00"),
    ],
)
def test_session_time_is_said_in_the_shows_zone(starts: str, ends: str | None, zone: str, expected: str) -> None:
    last = datetime.fromisoformat(ends) if ends else None
    assert session_time(datetime.fromisoformat(starts).astimezone(UTC), last, zone) == expected
