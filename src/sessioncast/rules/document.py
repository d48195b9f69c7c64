"""A feed as judges see it: bytes through a parser that follows nothing and is bounded, and short ways to ask for a tag."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

FEED_MOST = 20_000_000
"""Bytes of a feed that are looked at; nothing real comes near, and memory stays bounded."""

NAMESPACES = {
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "psc": "http://podlove.org/simple-chapters",
    "spotify": "http://www.spotify.com/ns/rss",
    "media": "http://search.yahoo.com/mrss/",
    "fh": "http://purl.org/syndication/history/1.0",
}
PODCAST_ALIAS = "https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md"
_PREFIXES = {uri: prefix for prefix, uri in NAMESPACES.items()} | {PODCAST_ALIAS: "podcast"}
_DECLARED = re.compile(rb"""^(?:\xef\xbb\xbf)?<\?xml[^>]*?\bencoding\s*=\s*["']([A-Za-z0-9._-]+)["'][^>]*\?>""")
_NO_NAMES: dict[str | None, str] = {}


@dataclass(frozen=True, slots=True)
class Item:
    """One item; ``name`` is how a person finds it, ``guid`` how an app does."""

    element: Element
    name: str
    guid: str

    def at(self, key: str) -> str:
        """Return a key of this item, as findings name it."""
        return f"item {self.name!r}: {key}"


class FeedDocument:
    """A feed's bytes, parsed. ``broken`` says why where they can't be; then it has neither channel nor items."""

    def __init__(self, body: bytes) -> None:
        """Parse ``body``: no DTD, no entity, no network, nothing huge."""
        self.body = body
        self.root: Element | None = None
        self.broken = ""
        if len(body) > FEED_MOST:
            self.broken = f"more than {FEED_MOST:,} bytes"
            return
        from lxml import etree

        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        try:
            root = etree.fromstring(body, parser)
        except (etree.XMLSyntaxError, ValueError) as e:
            self.broken = " ".join(str(e).split())[:200] or "nothing"
            return
        if root.getroottree().docinfo.doctype:
            self.broken = "a DOCTYPE"
            return
        self.root = root

    @property
    def encoding(self) -> str:
        """The encoding the XML declaration names, in lower case; empty where it names none."""
        found = _DECLARED.match(self.body[:400])
        return found[1].decode().lower() if found else ""

    @cached_property
    def channel(self) -> Element | None:
        """The first channel."""
        return None if self.root is None else self.root.find("channel")

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """The channel's items, in the feed's order."""
        if self.channel is None:
            return ()
        found = []
        for number, element in enumerate(self.channel.findall("item"), 1):
            found.append(Item(element, text(element, "title")[:60] or f"number {number}", text(element, "guid")))
        return tuple(found)

    @property
    def names(self) -> dict[str | None, str]:
        """Prefix → namespace, as declared anywhere in the feed; the root's own come first."""
        if self.root is None:
            return _NO_NAMES
        found = dict(self.root.nsmap)
        for element in self.root.iter("*"):
            for prefix, uri in element.nsmap.items():
                found.setdefault(prefix, uri)
        return found

    def places(self) -> list[tuple[Item | None, Element]]:
        """Return the channel and every item, with the item or None."""
        if self.channel is None:
            return []
        return [(None, self.channel), *((item, item.element) for item in self.items)]


def tags(parent: Element, name: str) -> list[Element]:
    """Return the children with this name, such as ``title`` or ``itunes:image``; the podcast alias counts."""
    prefix, _, local = name.rpartition(":")
    if not prefix:
        return list(parent.findall(local))
    found = list(parent.findall(f"{{{NAMESPACES[prefix]}}}{local}"))
    if prefix == "podcast":
        found += parent.findall(f"{{{PODCAST_ALIAS}}}{local}")
    return found


def value(element: Element) -> str:
    """Return all text in an element, as written."""
    return "".join(str(part) for part in element.itertext())


def text(parent: Element, name: str) -> str:
    """Return the first such child's text without white space around it; empty where there is none."""
    found = tags(parent, name)
    return value(found[0]).strip() if found else ""


def attribute(element: Element, name: str) -> str:
    """Return an attribute as text; empty where there is none."""
    return str(element.get(name) or "")


def name_of(element: Element) -> str:
    """Return a tag as a person writes it: ``itunes:image``; an unknown namespace in braces."""
    tag = element.tag if isinstance(element.tag, str) else ""
    if not tag.startswith("{"):
        return tag
    uri, _, local = tag[1:].partition("}")
    return f"{_PREFIXES[uri]}:{local}" if uri in _PREFIXES else tag
