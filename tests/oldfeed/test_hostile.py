"""Feeds that want to do harm, or are none: one clear error, nothing that runs, nothing that takes long."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oldfeeds import feed_of
from sessioncast.errors import ContentError
from sessioncast.notes import to_html
from sessioncast.oldfeed import OldFeed, read_old_feed, words
from sessioncast.oldfeed.markup import line_of, markdown_of, words_of

BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %s "%s">' % (bytes([98 + n]), (b"&%c;" % (97 + n)) * 10) for n in range(12))
    + b']><rss version="2.0"><channel><title>&m;</title></channel></rss>'
)
OUTSIDE = (
    b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    b'<rss version="2.0"><channel><title>&x;</title></channel></rss>'
)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (BOMB, "expected an RSS feed"),
        (OUTSIDE, "expected an RSS feed"),
        (b"<rss version='2.0'><channel><title>" + b"x" * 100_000_000, "20,000,000 bytes"),
        (b"<rss version='2.0'>" + b"<channel>" * 5000, "expected an RSS feed"),
        (b"<rss version='2.0'><channel><title>A&nbsp;B</title></channel></rss>", "nbsp"),
        (b"<html><body>Not found</body></html>", "<html>"),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'><entry/></feed>", "an Atom feed"),
        (b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/>", "RSS 1.0"),
        (b"", "expected an RSS feed"),
        (b"\x00\x01\x02\x03", "expected an RSS feed"),
    ],
    ids=["bomb", "outside-entity", "100-mb", "deep", "nbsp", "html", "atom", "rdf", "empty", "binary"],
)
def test_what_is_no_feed_gives_one_clear_error(body: bytes, said: str) -> None:
    with pytest.raises(ContentError) as error:
        read_old_feed(body, "feed.xml")
    assert said in str(error.value)
    assert str(error.value).startswith("feed.xml: found ")
    assert error.value.hint
    assert "root:" not in str(error.value)


def item(inside: str, channel: str = "") -> OldFeed:
    """Return a feed of one item, with more in it."""
    body = (
        f"<rss version='2.0' xmlns:i='http://www.itunes.com/dtds/podcast-1.0.dtd' xmlns:p='https://podcastindex.org/namespace/1.0'>"
        f"<channel><title>T</title>{channel}<item><title>t</title><guid>g</guid>"
        f"<enclosure url='https://media.example.org/a.mp3' length='5000' type='audio/mpeg'/>{inside}</item></channel></rss>"
    )
    return read_old_feed(body.encode(), "hostile")


@pytest.mark.parametrize(
    "inside",
    [
        f"<author>{'@' * 300_000}</author>",
        f"<pubDate>{'Mon, ' * 60_000}</pubDate>",
        f"<i:duration>{'1h' * 150_000}</i:duration>",
        f"<i:duration>{'9' * 300_000}</i:duration>",
        f"<i:episode>{'9' * 300_000}</i:episode>",
        f"<description>{'&lt;b&gt;' * 60_000}x</description>",
        f"<description>{'&lt;blockquote&gt;' * 20_000}x</description>",
        f"<description>{'[' * 100_000}{'*_`' * 30_000}</description>",
        f"<description>{'&lt;img ' * 40_000}</description>",
        f"<i:keywords>{', ' * 100_000}</i:keywords>",
        "<p:person href='https://h:port/x y' img='https://h:port/'>Mary Seacole</p:person>",
        "<link>https://example.org:port/</link>",
        "<p:transcript url='https://h:port/t.vtt' type='text/vtt'/>",
        "<p:chapters url='https://h:port/c.json' type='application/json+chapters'/>",
    ],
    ids=lambda text: text[:24],
)
def test_what_would_take_for_ever_or_break_a_session_does_neither(inside: str) -> None:
    (found,) = item(inside).items
    assert found.guid == "g"
    assert all(not person.link and not person.image for person in found.people)
    assert found.link == ""
    assert found.transcripts == ()
    assert found.chapters == ""


@pytest.mark.parametrize(
    "url", ["https://h:port/a.mp3", "https:///a.mp3", "ftp://example.org/a.mp3", "/a.mp3", "javascript:1"]
)
def test_an_enclosure_nobody_can_reach_is_none(url: str) -> None:
    feed = read_old_feed(
        f"<rss version='2.0'><channel><item><guid>g</guid><enclosure url='{url}'/></item></channel></rss>".encode(), "x"
    )
    assert feed.items == ()
    assert any(url in str(loss) for loss in feed.losses)


def test_nothing_of_a_description_runs() -> None:
    feed = read_old_feed(feed_of("unkind-markup"), "unkind")
    (item,) = feed.items
    markup = to_html(item.notes)
    assert not re.search(r"<(?:script|iframe|img|svg|style)|javascript:|data:|onerror|alert\(", markup, re.IGNORECASE)
    assert "&lt;script&gt;shown" in markup
    assert "**not bold**" in markup
    assert "<li>" not in markup
    assert item.link == ""
    assert any("javascript:alert(1)" in str(loss) for loss in feed.losses)


_WORDS = st.text(alphabet=st.sampled_from("ab z*_`[]()<>&#+-=1.!\\\n~|:/é"), max_size=12)


def _tagged(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    tags = st.sampled_from(
        ["p", "b", "em", "ul", "ol", "li", "blockquote", "h2", "div", "span", "a", "pre", "td", "script"]
    )
    return st.builds(lambda tag, inside: f"<{tag}>{''.join(inside)}</{tag}>", tags, st.lists(inner, max_size=3))


_ESCAPED = _WORDS.map(lambda text: text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.recursive(_ESCAPED, _tagged, max_leaves=8), max_size=4).map("".join))
def test_a_description_keeps_its_words_and_nothing_else(markup: str) -> None:
    from nh3 import clean

    whole = f"<p>start</p>{markup}"
    written = to_html(markdown_of(whole))
    assert words_of(written) == words_of(clean(whole))
    assert "<script" not in written


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_odd_words_never_raise(text: str) -> None:
    words.date(text)
    words.seconds(text)
    words.language(text)
    words.flag(text)
    words.holder(text)
    markdown_of(text)
    assert "\n" not in line_of(text)


@settings(max_examples=200, deadline=None)
@given(st.datetimes(min_value=datetime(1995, 1, 1), max_value=datetime(2040, 1, 1)))  # noqa: DTZ001 - made UTC below
def test_the_date_that_rss_asks_for_is_read_to_the_second(moment: datetime) -> None:
    exact = moment.replace(microsecond=0, tzinfo=UTC)
    assert words.date(format_datetime(exact)) == (exact, "")
    assert words.date(exact.isoformat()) == (exact, "")


@pytest.mark.parametrize(
    ("said", "expected", "remark"),
    [
        ("Tue, 20 Feb 2024 12:00:00 -0500", "2024-02-20T17:00:00+00:00", ""),
        ("20 Feb 2024 12:00 EST", "2024-02-20T17:00:00+00:00", ""),
        ("Tue, 20 Feb 2024 12:00:00 +01:00", "2024-02-20T11:00:00+00:00", ""),
        ("Tue, 20 Feb 24 12:00:00 GMT (Greenwich)", "2024-02-20T12:00:00+00:00", ""),
        ("2024-02-20T12:00:00.123Z", "2024-02-20T12:00:00+00:00", ""),
        ("Tue, 20 Feb 2024 12:00:00 IST", "2024-02-20T12:00:00+00:00", "IST can mean several"),
        ("Tue, 20 Feb 2024 12:00:00", "2024-02-20T12:00:00+00:00", "no zone"),
        ("Wed, 20 Feb 2024 12:00:00 GMT", "2024-02-20T12:00:00+00:00", "weekday"),
        ("20 Feb 2024", "2024-02-20T00:00:00+00:00", "midnight"),
    ],
)
def test_dates_as_hosts_write_them(said: str, expected: str, remark: str) -> None:
    moment, why = words.date(said)
    assert moment is not None
    assert moment.isoformat() == expected
    assert (remark in why) if remark else why == ""


@pytest.mark.parametrize(
    "said",
    [
        "",
        "tomorrow",
        "32 Feb 2024 12:00:00 GMT",
        "20 Foo 2024 12:00 GMT",
        "20 Feb 2024 25:00 GMT",
        "1708430400",
        "20 Feb 2024 12:00 +9900",
    ],
)
def test_dates_that_are_none(said: str) -> None:
    assert words.date(said)[0] is None
