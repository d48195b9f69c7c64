"""The feed's bytes from a catalog: RSS 2.0 in the safe profile that every directory accepts (rules, section 0.1).

Pure: no clock, no network, no environment. The catalog's revision stands in the bytes, before ``<channel>``,
because a store's version is a hash of bytes and a take-down brings old bytes back (the publish argument).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING, Any

from sessioncast import __version__, layout
from sessioncast.catalog import Catalog
from sessioncast.feed import elements
from sessioncast.feed.identity import is_public_https, podcast_guid
from sessioncast.feed.outlet import Outlet, main_feed
from sessioncast.model import PublicShow, PublishedEpisode, utc_second
from sessioncast.notes import bare_text, description_html, encoded_html, legal

if TYPE_CHECKING:
    from lxml import etree

__all__ = ["is_public_https", "podcast_guid", "render", "render_outlet", "revision_of"]

_REVISION = re.compile(rb"<!-- sessioncast revision (\d{1,12}) -->")
_ATOM = "http://www.w3.org/2005/Atom"
_HISTORY = "http://purl.org/syndication/history/1.0"
_HEAD = 4096  # bytes; the comment stands before anything a person wrote
_NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)  # taken out again: a show without episodes has no date to tell


def render(catalog: Catalog) -> bytes:
    """Return ``feed.xml``: items newest first, whatever their order in the catalog; the same catalog, the same bytes."""
    return render_outlet(main_feed(catalog))


def render_outlet(outlet: Outlet) -> bytes:
    """Return the bytes of one feed."""
    from feedgen.feed import FeedGenerator

    show = outlet.show
    feed = FeedGenerator()
    feed.register_extension("sessioncast", lambda: _ChannelExtension(outlet), atom=False)
    feed.title(legal(outlet.title))
    feed.link(href=outlet.address, rel="self", type="application/rss+xml")
    feed.link(href=layout.ascii_address(show.link), rel="alternate")
    feed.description(description_html(outlet.summary) or f"<p>{escape(legal(outlet.title))}</p>")
    feed.language(show.language)
    feed.copyright(None if show.copyright is None else legal(show.copyright))
    feed.generator(f"sessioncast {__version__}")
    feed.docs("")
    feed.lastBuildDate(utc_second(outlet.episodes[0].published) if outlet.episodes else _NO_DATE)
    for episode in outlet.episodes:
        feed.add_entry(_entry(show, episode), order="append")
    return bytes(feed.rss_str(pretty=True))


def revision_of(body: bytes) -> int | None:
    """Return the catalog revision a feed or page was rendered from; None for bytes that are not ours."""
    found = _REVISION.search(body[:_HEAD])
    return int(found.group(1)) if found else None


def _entry(show: PublicShow, episode: PublishedEpisode) -> Any:
    from feedgen.entry import FeedEntry

    entry = FeedEntry()
    entry.register_extension("sessioncast", lambda: _ItemExtension(show, episode), atom=False)
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

    def __init__(self, outlet: Outlet) -> None:
        self._outlet = outlet

    def extend_ns(self) -> dict[str, str]:
        return elements.NAMESPACES | ({"fh": _HISTORY} if self._outlet.is_archive else {})

    def extend_rss(self, root: etree._Element) -> None:
        from lxml import etree

        channel = root[0]
        root.insert(0, etree.Comment(f" sessioncast revision {self._outlet.revision} "))
        _wrap_description(channel)
        for date in () if self._outlet.episodes else channel.findall("lastBuildDate"):
            # feedgen always writes one, of the clock where it is not told a date (CH-DATES).
            channel.remove(date)
        for name, attributes in (*self._hubs(), *self._paging()):
            channel.append(channel.makeelement(name, attributes))
        elements.write_channel(channel, self._outlet)

    def _hubs(self) -> Iterator[tuple[str, dict[str, str]]]:
        """Yield the hubs that tell subscribers of changes of the main feed; they hear of no other (WebSub, section 4)."""
        if self._outlet.key == layout.FEED:
            for hub in self._outlet.show.hubs:
                yield f"{{{_ATOM}}}link", {"rel": "hub", "href": layout.ascii_address(hub)}

    def _paging(self) -> Iterator[tuple[str, dict[str, str]]]:
        """Yield what links the pages of a long feed (RFC 5005, section 4).

        No page names the one after it: it would change when that is cut.
        """
        outlet, link = self._outlet, f"{{{_ATOM}}}link"
        if outlet.is_archive:
            yield f"{{{_HISTORY}}}archive", {}
            yield link, {"rel": "current", "href": layout.address(outlet.show.public_url, layout.FEED)}
        if outlet.older:
            yield link, {"rel": "prev-archive", "href": layout.address(outlet.show.public_url, outlet.older)}


class _ItemExtension:
    """What feedgen calls when ``<item>`` has its plain RSS elements."""

    def __init__(self, show: PublicShow, episode: PublishedEpisode) -> None:
        self._show = show
        self._episode = episode

    def extend_ns(self) -> dict[str, str]:
        return elements.NAMESPACES

    def extend_rss(self, item: etree._Element) -> None:
        _wrap_description(item)
        elements.write_item(item, self._show, self._episode)


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
