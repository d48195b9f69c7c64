"""Three programs of other people read every golden feed back and agree with the catalog."""

from __future__ import annotations

import io
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any

import feedparser
import podcastparser
import pytest
from rss_parser import RSSParser

from catalogs import BASE, CATALOGS
from sessioncast.feed import render
from sessioncast.feed.outlet import main_feed
from sessioncast.model import PublicShow, PublishedEpisode

NAMESPACE = b"https://podcastindex.org/namespace/1.0"
ALIAS = b"https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md"
"""podcastparser 0.6 knows the namespace by its accepted alias only (NS-PODCAST)."""


def persons(show: PublicShow, episode: PublishedEpisode) -> list[str]:
    """Return whom the item has to name: its own people, then the show's that are not among them."""
    own = [c.name for c in episode.credits]
    return own + [c.name for c in show.credits if own and c.name not in own]


def picture(show: PublicShow, episode: PublishedEpisode) -> str:
    return f"{BASE}/{episode.artwork or show.artwork}"


@pytest.mark.parametrize("name", CATALOGS)
def test_podcastparser(name: str) -> None:
    public = CATALOGS[name]()
    show, episodes = public.show, main_feed(public).episodes
    body = render(public).replace(NAMESPACE, ALIAS)
    parsed = podcastparser.parse(f"{BASE}/feed.xml", io.BytesIO(body))
    assert parsed["title"] == " ".join(show.title.split())
    assert parsed["link"] == show.link
    assert parsed["language"] == show.language
    assert parsed["cover_url"] == f"{BASE}/{show.artwork}"
    assert parsed["generator"].startswith("sessioncast ")
    assert parsed["type"] == show.type
    # It puts the episodes of a serial show in an order of its own.
    assert sorted(item["guid"] for item in parsed["episodes"]) == sorted(e.guid for e in episodes)
    for item in parsed["episodes"]:
        wanted = public.by_guid(item["guid"])
        assert wanted is not None
        assert item["title"] == wanted.title
        assert item["published"] == int(wanted.published.timestamp())
        assert item["total_time"] == round(wanted.enclosure.duration)
        assert item["link"] == f"{BASE}/episodes/{wanted.slug}/index.html"
        assert item["explicit"] == wanted.explicit
        assert item.get("number") == wanted.number
        assert item.get("season") == wanted.season
        assert item["type"] == wanted.kind
        assert [p["name"] for p in item.get("persons", [])] == persons(show, wanted)
        assert item.get("episode_art_url", parsed["cover_url"]) == picture(show, wanted)
        assert item.get("chapters_json_url") == (f"{BASE}/{wanted.chapters_key}" if wanted.chapters_key else None)
        (enclosure,) = item["enclosures"]
        assert enclosure["url"] == f"{BASE}/{wanted.enclosure.key}"
        assert enclosure["file_size"] == wanted.enclosure.length
        assert enclosure["mime_type"] == "audio/mpeg"


@pytest.mark.parametrize("name", CATALOGS)
def test_feedparser(name: str) -> None:
    public = CATALOGS[name]()
    show, episodes = public.show, main_feed(public).episodes
    parsed = feedparser.parse(render(public))
    assert not parsed.bozo
    assert parsed.feed.title == show.title
    assert parsed.feed.author == (show.owner.name if show.owner else show.author)
    assert parsed.feed.image.href == f"{BASE}/{show.artwork}"
    assert [entry.id for entry in parsed.entries] == [e.guid for e in episodes]
    for entry, wanted in zip(parsed.entries, episodes, strict=True):
        assert entry.title == wanted.title
        assert parsedate_to_datetime(entry.published) == wanted.published
        assert entry.itunes_duration == str(round(wanted.enclosure.duration))
        assert entry.enclosures[0].length == str(wanted.enclosure.length)
        assert entry.enclosures[0].href == f"{BASE}/{wanted.enclosure.key}"
        assert entry.get("image", parsed.feed.image).href == picture(show, wanted)


@pytest.mark.parametrize("name", CATALOGS)
def test_rss_parser(name: str) -> None:
    public = CATALOGS[name]()
    show, episodes = public.show, main_feed(public).episodes
    read: Any = RSSParser.parse(render(public).decode())
    channel = read.channel.content
    assert channel.title.content == show.title
    items = [item.content for item in channel.items]
    assert [item.guid.content for item in items] == [e.guid for e in episodes]
    for item, wanted in zip(items, episodes, strict=True):
        extra: Mapping[str, Any] = item.model_extra or {}
        assert item.title.content == wanted.title
        assert item.pub_date.content == wanted.published
        assert extra["itunes:duration"] == str(round(wanted.enclosure.duration))
        (enclosure,) = item.enclosures
        assert enclosure.attributes["length"] == str(wanted.enclosure.length)
        assert enclosure.attributes["url"] == f"{BASE}/{wanted.enclosure.key}"
        assert [p["#text"] for p in many(extra.get("podcast:person"))] == persons(show, wanted)
        assert [i["@href"] for i in many(extra.get("itunes:image"))] == (
            [picture(show, wanted)] if wanted.artwork else []
        )
        assert len(many(extra.get("podcast:transcript"))) == len(wanted.transcripts)


def many(found: Any) -> list[Any]:
    return found if isinstance(found, list) else [] if found is None else [found]
