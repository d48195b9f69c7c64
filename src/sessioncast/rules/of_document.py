"""Judges of the document: XML, namespaces, names of tags, texts and addresses wherever they stand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sessioncast.rules.document import (
    NAMESPACES,
    PODCAST_ALIAS,
    FeedDocument,
    Item,
    attribute,
    name_of,
    tags,
    value,
)
from sessioncast.rules.facts import Facts
from sessioncast.rules.judging import Wrong, judges
from sessioncast.rules.values import is_ascii_url, is_web

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_TWICE = re.compile(r"&(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-fA-F]+);")
_PLAIN = (
    "title",
    "link",
    "description",
    "language",
    "copyright",
    "pubDate",
    "lastBuildDate",
    "item",
    "enclosure",
    "guid",
)
_ITUNES = (
    "author", "owner", "name", "email", "category", "explicit", "type", "image", "duration", "episodeType", "season",
    "episode", "title", "block", "complete", "new-feed-url", "summary", "subtitle", "keywords",
)  # fmt: skip
_KNOWN = {name.lower(): name for name in (*_PLAIN, *(f"itunes:{n}" for n in _ITUNES))}
_SHORT = (
    "title",
    "copyright",
    "generator",
    *(f"itunes:{n}" for n in ("title", "author", "name", "subtitle", "keywords")),
)
_ADDRESSES = ("url", "href", "uri")
_ONCE_NOT = ("itunes:category",)


@judges("XML-WELLFORMED")
def _well_formed(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    if feed.broken:
        yield Wrong("document", feed.broken, "XML without a DTD that a parser can read")
        return
    for item, place in feed.places():
        for tag in tags(place, "title"):
            if _TWICE.search(value(tag)):
                yield Wrong("title", repr(value(tag)), "text escaped once", item)


@judges("XML-UTF8")
def _utf8(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    try:
        feed.body.decode("utf-8")
    except UnicodeDecodeError as e:
        yield Wrong(f"byte {e.start}", f"0x{e.object[e.start]:02x}", "text in UTF-8")
    if feed.encoding != "utf-8":
        yield Wrong("XML declaration", feed.encoding or "no encoding", 'encoding="UTF-8"')


@judges("RSS-VERSION")
def _rss(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    if feed.root is None:
        return
    if feed.root.tag != "rss":
        yield Wrong("root", f"<{name_of(feed.root)}>", '<rss version="2.0">')
    elif attribute(feed.root, "version") != "2.0":
        yield Wrong("rss@version", repr(attribute(feed.root, "version")), "2.0")
    channels = len(feed.root.findall("channel"))
    if channels != 1:
        yield Wrong("channel", f"{channels} channels", "exactly one")


def _namespace(feed: FeedDocument, prefix: str, *, also: str = "") -> Iterator[Wrong]:
    found = feed.names.get(prefix)
    if found != NAMESPACES[prefix] and not (also and found == also):
        yield Wrong(f"xmlns:{prefix}", repr(found) if found else "nothing", NAMESPACES[prefix])


@judges("NS-ITUNES")
def _ns_itunes(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    yield from _namespace(feed, "itunes")


@judges("NS-PODCAST")
def _ns_podcast(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    yield from _namespace(feed, "podcast", also=PODCAST_ALIAS)


@judges("NS-ATOM")
def _ns_atom(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    yield from _namespace(feed, "atom")


@judges("NS-CONTENT")
def _ns_content(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    if "content" in feed.names:
        yield from _namespace(feed, "content")


def _elements(feed: FeedDocument) -> Iterator[tuple[Item | None, Element]]:
    """Every element below the channel, with the item it stands in."""
    if feed.channel is None:
        return
    items = {id(item.element): item for item in feed.items}
    for child in feed.channel.iterchildren("*"):
        item = items.get(id(child))
        yield item, child
        for inner in child.iterdescendants("*"):
            yield item, inner


@judges("TAG-CASE")
def _case(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for item, element in _elements(feed):
        name = name_of(element)
        if name.startswith("{"):
            continue
        known = _KNOWN.get(name.lower(), name)
        if known != name:
            yield Wrong(name, f"<{name}>", f"<{known}>", item)


@judges("TEXT-TRIM")
def _trim(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for item, element in _elements(feed):
        if len(element) == 0 and element.text and element.text != element.text.strip():
            yield Wrong(name_of(element), repr(element.text[:40]), "no white space around it", item)


@judges("TEXT-255")
def _length(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for item, element in _elements(feed):
        if name_of(element) in _SHORT and len(value(element)) > 255:
            yield Wrong(name_of(element), f"{len(value(element))} characters", "at most 255", item)


def _addresses(feed: FeedDocument) -> Iterator[tuple[Item | None, Element, str, str]]:
    """Every address: item, element, key, address."""
    for item, element in _elements(feed):
        for name in _ADDRESSES:
            if element.get(name) is not None:
                yield item, element, f"{name_of(element)}@{name}", attribute(element, name)
        if name_of(element) in ("link", "url", "itunes:new-feed-url") and element.text:
            yield item, element, name_of(element), element.text.strip()


@judges("URL-ASCII")
def _ascii(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for item, _element, key, address in _addresses(feed):
        if not is_ascii_url(address):
            yield Wrong(key, repr(address), "ASCII, everything else percent-encoded", item)


@judges("URL-HTTPS-NS")
def _https(feed: FeedDocument, facts: Facts) -> Iterator[Wrong]:
    for item, element, key, address in _addresses(feed):
        if not name_of(element).startswith("podcast:") or not is_web(address) or address.startswith("https://"):
            continue
        if facts.public or urlsplit(address).netloc != urlsplit(facts.feed_url).netloc:
            yield Wrong(key, address, "https", item)


@judges("ITUNES-ONCE")
def _once(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for item, place in feed.places():
        names = Counter(name_of(child) for child in place.iterchildren("*"))
        for name, count in names.items():
            if name.startswith("itunes:") and name not in _ONCE_NOT and count > 1:
                yield Wrong(name, f"{count} of them", "one", item)


@judges("CHANNEL-ORDER")
def _order(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    if feed.channel is None or not feed.items:
        return
    for late in feed.items[0].element.itersiblings("*"):
        if late.tag != "item" and name_of(late) != "podcast:liveItem":
            yield Wrong(name_of(late), "it after an item", "it before the first item")


@judges("NO-TAIL-COMMENT")
def _tail(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    if b"<!--" in feed.body.rpartition(b"</rss>")[2] and b"</rss>" in feed.body:
        yield Wrong("document", "a comment after </rss>", "nothing")


@judges("DL-HTTPS")
def _secure(feed: FeedDocument, facts: Facts) -> Iterator[Wrong]:
    if not facts.public:
        return
    if facts.feed_url.startswith("http://"):
        yield Wrong("address", facts.feed_url, "https")
    for item, element, key, address in _addresses(feed):
        if name_of(element) in ("enclosure", "itunes:image") and address.startswith("http://"):
            yield Wrong(key, address, "https", item)


@judges("DL-SIZE-W3C")
def _size(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    if len(feed.body) > 5_000_000:
        yield Wrong("document", f"{len(feed.body):,} bytes", "at most 5,000,000")


@judges("IT-URL-STABLE")
def _stable(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for item, element, key, address in _addresses(feed):
        if name_of(element) in ("link", "itunes:new-feed-url", "podcast:person", "podcast:funding"):
            continue
        if re.search(r"[?&](X-Amz-|X-Goog-|Expires=|Signature=|token=|sig=)", address, re.IGNORECASE):
            yield Wrong(key, address, "an address that lasts", item)


@judges("DL-PAGING")
def _paging(feed: FeedDocument, facts: Facts) -> Iterator[Wrong]:
    if feed.channel is None:
        return
    own = {attribute(link, "href") for link in tags(feed.channel, "atom:link") if attribute(link, "rel") == "self"}
    own |= {facts.feed_url} if facts.feed_url else set()
    pages = {"first", "last", "next", "previous", "prev-archive", "next-archive", "current"}
    for link in tags(feed.channel, "atom:link"):
        rel, href = attribute(link, "rel"), attribute(link, "href")
        if rel not in pages:
            continue
        if not is_web(href):
            yield Wrong(f"atom:link rel={rel}", repr(href), "an absolute address")
        elif rel in ("next", "previous", "prev-archive", "next-archive") and href in own:
            yield Wrong(f"atom:link rel={rel}", "the feed's own address", "another page")
        if tags(feed.channel, "fh:complete"):
            yield Wrong(f"atom:link rel={rel}", "it beside fh:complete", "one of the two")
