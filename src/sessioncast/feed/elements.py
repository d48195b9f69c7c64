"""Everything in the itunes and podcast namespaces, one row an element: its name, and where its value comes from.

Both namespaces are written from here alone, because feedgen's own extension refuses true and false (CH-EXPLICIT).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from sessioncast import layout
from sessioncast.feed import channel, item, shared
from sessioncast.feed.node import Node, flag, given, only_if
from sessioncast.feed.outlet import Outlet
from sessioncast.model import PublicShow, PublishedEpisode
from sessioncast.notes import legal

if TYPE_CHECKING:
    from lxml import etree

NAMESPACES = {
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
}
ADDRESSES = frozenset({"href", "img", "url", "uri", "feedUrl"})
"""Attributes that may hold what a person wrote as an address."""

CHANNEL: tuple[tuple[str, Callable[[Outlet], Node | Iterable[Node]]], ...] = (
    ("itunes:author", lambda f: Node(f.show.author)),
    ("itunes:owner", channel.owner),
    ("itunes:category", channel.categories),
    ("itunes:explicit", channel.explicit),
    ("itunes:type", lambda f: Node(f.show.type)),
    ("itunes:image", lambda f: Node(attributes={"href": layout.address(f.show.public_url, f.show.artwork)})),
    ("itunes:new-feed-url", channel.new_address),
    ("itunes:block", lambda f: only_if(not f.listed, Node("Yes"))),
    ("itunes:complete", lambda f: only_if(f.show.complete, Node("Yes"))),
    ("podcast:guid", lambda f: only_if(f.guid, Node(str(f.guid)))),
    ("podcast:locked", channel.locked),
    ("podcast:medium", lambda f: Node(f.show.medium)),
    ("podcast:person", lambda f: shared.people(f.show, f.show.credits)),
    ("podcast:image", lambda f: shared.artwork(layout.address(f.show.public_url, f.show.artwork), f.show.title)),
    ("podcast:license", lambda f: shared.license_of(f.show.license)),
    ("podcast:funding", lambda f: shared.funding(f.show.funding)),
    ("podcast:location", lambda f: shared.location(f.show.location)),
    ("podcast:updateFrequency", channel.rhythm),
    ("podcast:trailer", channel.trailers),
    ("podcast:socialInteract", lambda f: shared.discussions(f.show.discussions)),
    ("podcast:podroll", channel.podroll),
    ("podcast:publisher", channel.publisher),
    ("podcast:txt", lambda f: (Node(t.text, given(purpose=t.purpose)) for t in f.show.txt)),
    ("podcast:block", channel.blocks),
)

ITEM: tuple[tuple[str, Callable[[PublicShow, PublishedEpisode], Node | Iterable[Node]]], ...] = (
    ("itunes:duration", item.duration),
    ("itunes:explicit", lambda _, e: flag(e.explicit)),
    ("itunes:episodeType", lambda _, e: Node(e.kind)),
    ("itunes:season", lambda _, e: only_if(e.season, Node(str(e.season)))),
    ("itunes:episode", lambda _, e: only_if(e.number, Node(str(e.number)))),
    ("itunes:image", lambda s, e: (Node(attributes={"href": a}) for a in _art(s, e))),
    ("itunes:block", lambda _, e: only_if(e.hidden, Node("Yes"))),
    ("podcast:season", item.season),
    ("podcast:episode", item.number),
    ("podcast:person", item.persons),
    ("podcast:image", lambda s, e: (node for a in _art(s, e) for node in shared.artwork(a, e.title))),
    ("podcast:transcript", item.transcripts),
    ("podcast:chapters", item.chapters),
    ("podcast:soundbite", item.soundbites),
    ("podcast:alternateEnclosure", item.alternates),
    ("podcast:license", lambda _, e: shared.license_of(e.license)),
    ("podcast:funding", lambda _, e: shared.funding(e.funding)),
    ("podcast:location", lambda _, e: shared.location(e.location)),
    ("podcast:socialInteract", lambda _, e: shared.discussions(e.discussions)),
    ("podcast:txt", item.texts),
)


def write_channel(parent: etree._Element, feed: Outlet) -> None:
    """Append the show's elements to ``<channel>``, in the order of the table."""
    for name, values in CHANNEL:
        _append_all(parent, name, values(feed))


def write_item(parent: etree._Element, show: PublicShow, episode: PublishedEpisode) -> None:
    """Append the episode's elements to ``<item>``, in the order of the table."""
    for name, values in ITEM:
        _append_all(parent, name, values(show, episode))


def _art(show: PublicShow, episode: PublishedEpisode) -> Iterable[str]:
    return (layout.address(show.public_url, episode.artwork),) if episode.artwork else ()


def _append_all(parent: etree._Element, name: str, values: Node | Iterable[Node]) -> None:
    for node in (values,) if isinstance(values, Node) else values:
        _append(parent, name, node)


def _append(parent: etree._Element, name: str, node: Node) -> None:
    prefix, _, local = name.partition(":")
    attributes = {
        key: layout.ascii_address(value)
        if key in ADDRESSES and value.lower().startswith(("http://", "https://"))
        else legal(value)
        for key, value in node.attributes.items()
    }
    element = parent.makeelement(f"{{{NAMESPACES[prefix]}}}{local}", attributes)
    element.text = None if node.text is None else legal(node.text)
    parent.append(element)
    for child, inner in node.children:
        _append(element, child, inner)
