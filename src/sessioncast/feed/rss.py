"""The feed's bytes from a catalog: RSS 2.0 in the safe profile that every directory accepts (rules, section 0.1).

Pure: no clock, no network, no environment. The catalog's revision stands in the bytes, before ``<channel>``,
because a store's version is a hash of bytes and a take-down brings old bytes back (the publish argument).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING, Any

from sessioncast import __version__, layout
from sessioncast.catalog import Catalog, sort_episodes
from sessioncast.feed import elements
from sessioncast.feed.identity import is_public_https, podcast_guid
from sessioncast.model import PublicShow, PublishedEpisode, utc_second
from sessioncast.notes import bare_text, description_html, encoded_html, legal

if TYPE_CHECKING:
    from lxml import etree

__all__ = ["is_public_https", "podcast_guid", "render", "revision_of"]

_REVISION = re.compile(rb"<!-- sessioncast revision (\d{1,12}) -->")
_HEAD = 4096  # bytes; the comment stands before anything a person wrote
_NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)  # taken out again: a show without episodes has no date to tell


def render(catalog: Catalog) -> bytes:
    """Return ``feed.xml``: items newest first, whatever their order in the catalog; the same catalog, the same bytes."""
    from feedgen.feed import FeedGenerator

    show, episodes = catalog.show, sort_episodes(catalog.episodes)
    feed = FeedGenerator()
    feed.register_extension("sessioncast", lambda: _ChannelExtension(catalog), atom=False)
    feed.title(legal(show.title))
    feed.link(href=layout.address(show.public_url, layout.FEED), rel="self", type="application/rss+xml")
    feed.link(href=show.link, rel="alternate")
    feed.description(description_html(show.summary) or f"<p>{escape(legal(show.title))}</p>")
    feed.language(show.language)
    feed.copyright(show.copyright)
    feed.generator(f"sessioncast {__version__}")
    feed.docs("")
    feed.lastBuildDate(utc_second(episodes[0].published) if episodes else _NO_DATE)
    for episode in episodes:
        feed.add_entry(_entry(show, episode), order="append")
    return bytes(feed.rss_str(pretty=True))


def revision_of(body: bytes) -> int | None:
    """Return the catalog revision a feed or page was rendered from; None for bytes that are not ours."""
    found = _REVISION.search(body[:_HEAD])
    return int(found.group(1)) if found else None


def _entry(show: PublicShow, episode: PublishedEpisode) -> Any:
    from feedgen.entry import FeedEntry

    entry = FeedEntry()
    entry.register_extension("sessioncast", lambda: _ItemExtension(episode), atom=False)
    entry.title(legal(episode.title))
    entry.link(href=layout.address(show.public_url, layout.episode_page(episode.slug)))
    entry.description(description_html(episode.notes or episode.summary) or f"<p>{escape(legal(episode.title))}</p>")
    if full := encoded_html(show, episode):
        entry.content(_in_cdata(full), type="CDATA")
    entry.guid(legal(episode.guid), permalink=episode.guid_is_permalink)
    entry.enclosure(
        layout.address(show.public_url, episode.enclosure.key),
        str(episode.enclosure.length),
        legal(episode.enclosure.media_type),
    )
    entry.pubDate(utc_second(episode.published))
    return entry


class _ChannelExtension:
    """What feedgen calls when ``<channel>`` has its plain RSS elements and no item yet (CHANNEL-ORDER)."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def extend_ns(self) -> dict[str, str]:
        return elements.NAMESPACES

    def extend_rss(self, root: etree._Element) -> None:
        from lxml import etree

        channel = root[0]
        root.insert(0, etree.Comment(f" sessioncast revision {self._catalog.revision} "))
        _wrap_description(channel)
        for date in () if self._catalog.episodes else channel.findall("lastBuildDate"):
            # feedgen always writes one, of the clock where it is not told a date (CH-DATES).
            channel.remove(date)
        elements.write_channel(channel, self._catalog)


class _ItemExtension:
    """What feedgen calls when ``<item>`` has its plain RSS elements."""

    def __init__(self, episode: PublishedEpisode) -> None:
        self._episode = episode

    def extend_ns(self) -> dict[str, str]:
        return elements.NAMESPACES

    def extend_rss(self, item: etree._Element) -> None:
        _wrap_description(item)
        elements.write_item(item, self._episode)


def _wrap_description(parent: etree._Element) -> None:
    """Put the HTML of ``description`` into CDATA, which feedgen does for content:encoded only (CH-DESC-HTML).

    A channel's single paragraph stands as bare text: some directories show the markup as it is (YT-TEXT).
    """
    from lxml import etree

    for description in parent.findall("description"):
        markup = description.text or ""
        bare = bare_text(markup) if parent.tag == "channel" else None
        description.text = etree.CDATA(_in_cdata(markup)) if bare is None else bare


def _in_cdata(markup: str) -> str:
    # The sanitiser escapes ">" in text; this is for the day it does not.
    return markup.replace("]]>", "]]&gt;")
