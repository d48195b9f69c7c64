from __future__ import annotations

import io
from xml.etree.ElementTree import Element, fromstring

import feedparser
import podcastparser
import pytest

from catalogs import BASE, NIGHTINGALE, SNOW, catalog, episode, everything, long, show
from sessioncast import layout
from sessioncast.catalog import Catalog
from sessioncast.feed import empty_feed, podcast_guid, render, revision_of, side_feeds
from sessioncast.model import FeedSettings

ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
PODCAST = "{https://podcastindex.org/namespace/1.0}"
ATOM = "{http://www.w3.org/2005/Atom}"
HISTORY = "{http://purl.org/syndication/history/1.0}"


def channel(body: bytes) -> Element:
    found = fromstring(body).find("channel")
    assert found is not None
    return found


def links(body: bytes, rel: str) -> list[str | None]:
    return [link.get("href") for link in channel(body).findall(f"{ATOM}link") if link.get("rel") == rel]


def guids(body: bytes) -> list[str]:
    return [str(item.findtext("guid")) for item in channel(body).findall("item")]


def by_speaker(*revisions: int, floor: int = 0) -> Catalog:
    talks = [
        episode(f"talk-{n}", n, credits=(NIGHTINGALE if n % 2 else SNOW,), revision=revision)
        for n, revision in enumerate(revisions)
    ]
    return catalog(show(feeds=FeedSettings(by=("speaker",))), *talks, revision=max(revisions), floor=floor)


def test_one_feed_a_season_tag_and_speaker() -> None:
    made = side_feeds(everything())
    assert sorted(made) == [
        "feeds.opml",
        "feeds/season-2.xml",
        "feeds/speaker-florence-nightingale.xml",
        "feeds/speaker-ignaz-semmelweis.xml",
        "feeds/speaker-john-snow.xml",
        "feeds/topic-statistics.xml",
    ]
    season = channel(made["feeds/season-2.xml"])
    assert season.findtext("title") == "Quality & Safety Talks: Measuring"
    assert len(season.findall("item")) == 3


@pytest.mark.parametrize("key", [key for key in side_feeds(everything()) if key.endswith(".xml")])
def test_a_side_feed_says_where_it_is_and_that_it_is_not_to_be_listed(key: str) -> None:
    body = side_feeds(everything())[key]
    assert links(body, "self") == [f"{BASE}/{key}"]
    assert channel(body).findtext(f"{ITUNES}block") == "Yes"
    assert channel(body).findtext(f"{PODCAST}block") == "yes"
    parsed = podcastparser.parse(f"{BASE}/{key}", io.BytesIO(body))
    assert parsed["episodes"]
    assert not feedparser.parse(body).bozo


def test_guids_are_of_the_first_address_and_differ() -> None:
    # everything() was public at another address before: its feeds keep the guids they had there.
    feeds = {key: body for key, body in side_feeds(everything()).items() if key != layout.FEEDS}
    made = {key: channel(body).findtext(f"{PODCAST}guid") for key, body in feeds.items()}
    first = "https://old.example.org/talks/feeds/season-2.xml"
    assert made["feeds/season-2.xml"] == str(podcast_guid(first))
    assert len({*made.values(), str(everything().show.podcast_guid)}) == len(made) + 1


def test_no_rule_no_feeds() -> None:
    assert side_feeds(catalog(show(), episode("a"))) == {}


def test_listed_side_feeds_carry_no_block() -> None:
    public = everything()
    feeds = FeedSettings(by=("season",), listed=True)
    body = side_feeds(public.model_copy(update={"show": public.show.model_copy(update={"feeds": feeds})}))
    assert channel(body["feeds/season-2.xml"]).find(f"{ITUNES}block") is None


def test_a_new_episode_leaves_the_feeds_it_is_not_in_as_they_are() -> None:
    before, after = side_feeds(by_speaker(1, 2)), side_feeds(by_speaker(1, 2, 3))
    changed = {key for key in after if before[key] != after[key]}
    assert changed == {"feeds/speaker-john-snow.xml"}


def test_after_a_take_down_no_bytes_are_those_of_before() -> None:
    before, after = side_feeds(by_speaker(1, 2)), side_feeds(by_speaker(1, 2, floor=5))
    assert all(revision_of(after[key]) == 5 and before[key] != after[key] for key in before)


def test_an_emptied_feed_is_valid_and_names_nothing() -> None:
    public = by_speaker(1, 2, floor=4)
    body = empty_feed(public, "feeds/speaker-mary-seacole.xml")
    assert revision_of(body) == 4
    assert guids(body) == []
    assert channel(body).findtext("title") == public.show.title
    assert links(body, "self") == [f"{BASE}/feeds/speaker-mary-seacole.xml"]
    assert revision_of(empty_feed(public, layout.FEEDS)) == 4


def test_the_list_names_every_feed() -> None:
    body = side_feeds(everything())[layout.FEEDS]
    named = [outline.get("xmlUrl") for outline in fromstring(body).iter("outline")]
    assert named[0] == f"{BASE}/feed.xml"
    assert {str(url).removeprefix(f"{BASE}/") for url in named[1:]} == set(side_feeds(everything())) - {layout.FEEDS}


# --- archive pages (RFC 5005) ---


def chain(public: Catalog) -> list[str]:
    """Return the pages' keys as a reader finds them, from the feed to the oldest."""
    pages, found = side_feeds(public), []
    at = links(render(public), "prev-archive")
    while at:
        key = str(at[0]).removeprefix(f"{BASE}/")
        found.append(key)
        at = links(pages[key], "prev-archive")
    return found


def test_the_feed_and_its_archive_hold_every_episode_once() -> None:
    public = long()
    keys = chain(public)
    assert keys == [layout.archive_feed(n) for n in (4, 3, 2, 1)]
    pages = side_feeds(public)
    read = [guid for body in (render(public), *(pages[key] for key in keys)) for guid in guids(body)]
    assert read == [e.guid for e in public.episodes]
    for key in keys:
        assert channel(pages[key]).find(f"{HISTORY}archive") is not None
        assert links(pages[key], "current") == [f"{BASE}/feed.xml"]
        assert channel(pages[key]).findtext(f"{ITUNES}block") == "Yes"


@pytest.mark.parametrize("count", [1, 9, 10, 11, 14, 15, 16, 40])
def test_the_feed_holds_more_than_half_and_never_more_than_its_limit(count: int) -> None:
    talks = [episode(f"talk-{n}", n) for n in range(count)]
    public = catalog(show(feeds=FeedSettings(max_items=10)), *talks)
    held = len(guids(render(public)))
    assert held == count if count <= 10 else 5 < held <= 10
    assert sum(len(guids(body)) for body in side_feeds(public).values()) == count - held


def test_old_pages_never_change_as_episodes_are_added() -> None:
    talks = [episode(f"talk-{n}", n) for n in range(40)]
    settings = show(feeds=FeedSettings(max_items=10))
    known: dict[str, bytes] = {}
    for count in range(1, 41):
        pages = side_feeds(catalog(settings, *talks[:count]))
        assert {key: pages[key] for key in known} == known
        known = pages
    assert len(known) == 6
