"""A stranger's feed → values: parsed as safely as the rules parse one, namespaces under whatever prefix and spelling."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sessioncast.errors import ContentError
from sessioncast.oldfeed.channel import read_channel
from sessioncast.oldfeed.items import read_item, season_name
from sessioncast.oldfeed.ledger import Ledger
from sessioncast.oldfeed.markup import line_of
from sessioncast.oldfeed.numbers import settled
from sessioncast.oldfeed.value import OldFeed, OldItem
from sessioncast.rules import FeedDocument
from sessioncast.rules.document import NAMESPACES, PODCAST_ALIAS, attribute, tags, text

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_SPELLINGS = {uri.rstrip("/").casefold(): uri for uri in (*NAMESPACES.values(), PODCAST_ALIAS)} | {
    "http://podcastindex.org/namespace/1.0": NAMESPACES["podcast"],
    "https://www.itunes.com/dtds/podcast-1.0.dtd": NAMESPACES["itunes"],
    "http://www.rssboard.org/media-rss": NAMESPACES["media"],
}
"""Namespaces as hosts misspell them: another case, a slash at the end, another scheme."""


_RSS = (
    "http://backend.userland.com/rss2",
    "http://blogs.law.harvard.edu/tech/rss",
    "http://cyber.law.harvard.edu/rss/rss.html",
)
"""Namespaces that early feeds put RSS 2.0 itself into; it has none."""


def read_old_feed(body: bytes, name: str) -> OldFeed:
    """Return what an RSS 2.0 feed says, and what of it can't be kept; ``name`` is what messages call it.

    Raises ContentError for bytes that are no such feed: too many, no XML, entities, Atom.
    """
    document = FeedDocument(body.removeprefix(b"\xef\xbb\xbf").lstrip())
    if document.root is None:
        raise ContentError(
            f"{name}: found {document.broken}, expected an RSS feed that an XML reader can read",
            hint="open the feed's address in a browser: does it show XML? The old host can mend it",
        )
    _respell(document.root)
    if document.channel is None:
        tag = str(document.root.tag).rpartition("}")[2]
        what = "an Atom feed" if tag == "feed" else "RSS 1.0" if tag == "RDF" else f"<{tag}>"
        raise ContentError(f"{name}: found {what}, expected RSS 2.0 with a channel", hint="give the podcast's RSS feed")
    ledger = Ledger()
    show = read_channel(document.channel, ledger)
    items: list[OldItem] = []
    seasons: dict[str, str] = {}
    for number, found in enumerate(document.items, 1):
        ledger.item = line_of(text(found.element, "title"))[:60] or f"number {number}"
        item = read_item(found.element, show, ledger)
        number_, called = season_name(found.element)
        if called and seasons.setdefault(number_, called) != called:
            ledger.lost("podcast:season name", called, f"is not kept: season {number_} is called {seasons[number_]!r}")
        if item is not None:
            items.append(item)
    ledger.item = ""
    played = {item.audio.url for item in items}
    for trailer in tags(document.channel, "podcast:trailer"):
        if attribute(trailer, "url") not in played:
            ledger.lost("podcast:trailer", attribute(trailer, "url"), "is not kept: no item plays it")
    return OldFeed(replace(show, season_names=seasons), settled(items, show, ledger), tuple(ledger.losses))


def _respell(root: Element) -> None:
    """Name every element by the namespace its host meant."""
    for element in root.iter("*"):
        tag = str(element.tag)
        if tag.startswith("{"):
            uri, _, local = tag[1:].partition("}")
            if uri in _RSS:
                element.tag = local
                continue
            meant = _SPELLINGS.get(uri.rstrip("/").casefold(), uri)
            if meant != uri:
                element.tag = f"{{{meant}}}{local}"
