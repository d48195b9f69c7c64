"""Judges of descriptions: how long, which markup, which links."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from sessioncast.rules.document import FeedDocument, Item, name_of, tags, text
from sessioncast.rules.facts import Facts
from sessioncast.rules.judging import Wrong, judges

_APPLE = frozenset(["p", "ol", "ul", "li", "a"])
_PSP = _APPLE | frozenset(["b", "i", "strong", "em"])
_SPOTIFY = frozenset(["p", "br", "a", "h1", "h2", "ul", "ol", "li"])
_UNSAFE = frozenset(["script", "style", "iframe", "object", "embed", "form"])
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)


class _Markup(HTMLParser):
    """What a description's HTML uses: tags, links, event attributes, and the text that is left without them."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.used: dict[str, None] = {}
        self.links: list[str] = []
        self.events: list[str] = []
        self.left: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.used.setdefault(tag)
        for name, value in attrs:
            if name in ("href", "src") and value:
                self.links.append(value)
            elif name.startswith("on"):
                self.events.append(name)

    def handle_data(self, data: str) -> None:
        self.left.append(data)


def _descriptions(feed: FeedDocument) -> Iterator[tuple[Item, _Markup]]:
    for item in feed.items:
        if html := text(item.element, "description"):
            yield item, _Markup(html)


def _only(feed: FeedDocument, allowed: frozenset[str]) -> Iterator[Wrong]:
    for item, markup in _descriptions(feed):
        others = [f"<{tag}>" for tag in markup.used if tag not in allowed]
        if others:
            yield Wrong("description", " ".join(others), "only " + " ".join(sorted(allowed)), item)


@judges("IT-DESC")
def _present(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for item in feed.items:
        size = len(text(item.element, "description").encode())
        if not size:
            yield Wrong("description", "nothing", "what the episode is about", item)
        elif size > 4000:
            yield Wrong("description", f"{size} bytes", "at most 4000", item)


@judges("IT-DESC-HTML-APPLE")
def _apple(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    yield from _only(feed, _APPLE)


@judges("IT-DESC-HTML-PSP")
def _psp(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    yield from _only(feed, _PSP)


@judges("IT-DESC-HTML-SPOTIFY")
def _spotify(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    yield from _only(feed, _SPOTIFY)
    for item, markup in _descriptions(feed):
        for link in markup.links:
            if link.startswith("http:"):
                yield Wrong("description", link, "a link to https", item)


@judges("IT-DESC-YT")
def _youtube(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for item, markup in _descriptions(feed):
        left = "".join(markup.left)
        if len(left) > 5000:
            yield Wrong("description", f"{len(left)} characters", "at most 5000", item)
        if "<" in left or ">" in left:
            yield Wrong("description", "< or > in its text", "words instead", item)


@judges("IT-DESC-SAFE")
def _safe(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for item, place in feed.places():
        for name in ("description", "content:encoded"):
            if not (html := text(place, name)):
                continue
            markup = _Markup(html)
            for tag in markup.used:
                if tag in _UNSAFE:
                    yield Wrong(name, f"<{tag}>", "no script, style or frame", item)
            for event in markup.events:
                yield Wrong(name, f"the attribute {event}", "no event attributes", item)
            for link in markup.links:
                if not _SCHEME.match(link):
                    yield Wrong(name, f"the link {link!r}", "links in full", item)


@judges("IT-DESC-ORDER")
def _order(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for item in feed.items:
        names = [name_of(child) for child in item.element.iterchildren("*")]
        if "content:encoded" not in names:
            continue
        if "description" not in names:
            yield Wrong("content:encoded", "it without a description", "description before it", item)
        elif names.index("description") > names.index("content:encoded"):
            yield Wrong("content:encoded", "it before description", "description before it", item)


@judges("IT-SUMMARY")
def _summary(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for item, place in feed.places():
        for tag in tags(place, "itunes:summary"):
            summary = "".join(str(part) for part in tag.itertext())
            if len(summary) > 4000:
                yield Wrong("itunes:summary", f"{len(summary)} characters", "at most 4000", item)
            elif _Markup(summary).used:
                yield Wrong("itunes:summary", "HTML", "plain text", item)
