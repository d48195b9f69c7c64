"""Every dialect of other hosts' feeds gives what is expected of it, and somebody else's parser agrees."""

from __future__ import annotations

import json
from calendar import timegm
from datetime import UTC, datetime
from typing import Any

import feedparser
import pytest

from oldfeeds import DIALECTS, FOLDER, feed_of, told
from sessioncast import vocabulary
from sessioncast.oldfeed import OldFeed, read_old_feed


def read(dialect: str) -> OldFeed:
    return read_old_feed(feed_of(dialect), dialect)


def test_there_are_enough() -> None:
    assert len(DIALECTS) >= 15


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_dialect_is_read_as_expected(dialect: str) -> None:
    expected = json.loads((FOLDER / dialect / "expected.json").read_text("utf-8"))
    assert told(read(dialect)) == expected


@pytest.mark.parametrize("dialect", DIALECTS)
def test_another_parser_sees_the_same_guids_dates_and_sounds(dialect: str) -> None:
    ours = {item.said_guid or item.guid: item for item in read(dialect).items}
    seen = 0
    for entry in feedparser.parse(feed_of(dialect)).entries:
        sounds: list[str] = [link.href for link in entry.get("links", []) if link.get("rel") == "enclosure"]
        guid: str = entry.get("id") or next(iter(sounds), "").replace(" ", "%20")
        if guid not in ours:
            assert not [s for s in sounds if s.startswith("http")], f"{guid} is lost"
            continue
        seen += 1
        item = ours[guid]
        parsed: Any = entry.get("published_parsed")
        if parsed and dialect != "university-cms":  # feedparser reads no zone but RFC 822's: BST is an hour off
            assert item.published == datetime.fromtimestamp(timegm(parsed), UTC)
        if sounds and dialect not in ("feedburner", "twins"):  # FeedBurner's own addresses answer no more
            assert item.audio.url == sounds[0].replace(" ", "%20")
    assert seen >= len(ours)


def test_every_retired_category_has_one_of_today() -> None:
    for outer, inside in vocabulary.retired_categories().items():
        for inner in ("", *inside):
            today = vocabulary.todays_category(outer, inner)
            assert today, (outer, inner)
            assert vocabulary.is_category(today), today
    for today in vocabulary.moved_categories().values():
        assert vocabulary.is_category(today), today
    for outer, inside in vocabulary.categories().items():
        assert all(
            vocabulary.todays_category(outer.upper(), i) == (f"{outer} > {i}" if i else outer) for i in ("", *inside)
        )


def test_a_word_that_was_never_a_category() -> None:
    assert vocabulary.todays_category("Basket Weaving", "Reeds") is None
    assert vocabulary.todays_category("Arts", "Basket Weaving") == "Arts"


def test_the_first_of_two_keeps_the_guid_and_neither_is_lost() -> None:
    feed = read("twins")
    assert [(item.title, item.guid) for item in feed.items] == [
        ("The first life", "copy-1"),
        ("The second life", ""),
        ("Another case", "COPY-1"),
    ]
    assert any("this one gets a guid of its own" in str(loss) for loss in feed.losses)
    assert any("the same item twice" in str(loss) for loss in feed.losses)


def test_rss_in_a_namespace_of_its_own_is_rss() -> None:
    assert b'xmlns="http://backend.userland.com/rss2"' in feed_of("early-days")
    assert read("early-days").show.title == "Café Charité"


def test_a_thousand_items() -> None:
    items = "".join(
        f"<item><title>Talk {n}</title><guid isPermaLink='false'>guid-{n}</guid>"
        f"<pubDate>{datetime(2010 + n // 100, 1 + n % 12, 1 + n % 28, n % 24, tzinfo=UTC):%a, %d %b %Y %H:%M:%S +0000}</pubDate>"
        f"<description>&lt;p&gt;Text {n}&lt;/p&gt;</description>"
        f"<enclosure url='https://media.example.org/{n}.mp3' length='{1000 + n}' type='audio/mpeg'/></item>"
        for n in range(1000)
    )
    feed = read_old_feed(f"<rss version='2.0'><channel><title>Many</title>{items}</channel></rss>".encode(), "many")
    assert [item.guid for item in feed.items] == [f"guid-{n}" for n in range(1000)]
    assert [item.audio.length for item in feed.items] == [1000 + n for n in range(1000)]
    assert not [loss for loss in feed.losses if loss.element != "pubDate"]
