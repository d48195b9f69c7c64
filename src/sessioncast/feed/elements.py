"""Everything in the itunes and podcast namespaces, one row an element: its name, and where its value comes from.

Both namespaces are written from here alone, because feedgen's own extension refuses true and false (CH-EXPLICIT).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sessioncast import layout, vocabulary
from sessioncast.catalog import Catalog
from sessioncast.model import PublicCredit, PublishedEpisode
from sessioncast.notes import legal

if TYPE_CHECKING:
    from lxml import etree

NAMESPACES = {
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
}
NAME_MAX = 128  # characters of a podcast:person (NS-PERSON)


@dataclass(frozen=True, slots=True)
class Node:
    """One element to write: text, attributes, and children as (name, node)."""

    text: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    children: tuple[tuple[str, Node], ...] = ()


def _flag(value: bool) -> Node:
    return Node("true" if value else "false")


def _number(value: int | None) -> Iterator[Node]:
    if value is not None:
        yield Node(str(value))


def _owner(catalog: Catalog) -> Iterator[Node]:
    if owner := catalog.show.owner:
        yield Node(children=(("itunes:name", Node(owner.name)), ("itunes:email", Node(owner.email))))


def _categories(catalog: Catalog) -> Iterator[Node]:
    for category in catalog.show.categories[:2]:  # CH-CATEGORY-MAX
        outer, _, inner = category.partition(" > ")
        nested = (("itunes:category", Node(attributes={"text": inner})),) if inner else ()
        yield Node(attributes={"text": outer}, children=nested)


def _channel_explicit(catalog: Catalog) -> Node:
    # A show with one explicit episode is marked as a whole (CH-EXPLICIT-EFFECT).
    return _flag(catalog.show.explicit or any(episode.explicit for episode in catalog.episodes))


def _guid(catalog: Catalog) -> Iterator[Node]:
    if catalog.show.podcast_guid:
        yield Node(str(catalog.show.podcast_guid))


def _locked(catalog: Catalog) -> Node:
    owner = catalog.show.owner
    return Node("yes" if catalog.show.locked else "no", {"owner": owner.email} if owner else {})


def _person(credit: PublicCredit) -> Node:
    group, role = vocabulary.find_role(credit.group, credit.role) or (credit.group, credit.role)
    attributes = {"group": group.lower(), "role": role.lower()}
    if credit.link and credit.link.startswith("https://"):  # URL-HTTPS-NS
        attributes["href"] = credit.link
    return Node(credit.name[:NAME_MAX].strip(), attributes)


def _ai_content(episode: PublishedEpisode) -> Iterator[Node]:
    if episode.ai_content:
        yield Node("true", {"purpose": "ai-content"})  # NS-AI


CHANNEL: tuple[tuple[str, Callable[[Catalog], Node | Iterable[Node]]], ...] = (
    ("itunes:author", lambda c: Node(c.show.author)),
    ("itunes:owner", _owner),
    ("itunes:category", _categories),
    ("itunes:explicit", _channel_explicit),
    ("itunes:type", lambda c: Node(c.show.type)),
    ("itunes:image", lambda c: Node(attributes={"href": layout.address(c.show.public_url, c.show.artwork)})),
    ("podcast:guid", _guid),
    ("podcast:locked", _locked),
    ("podcast:medium", lambda _: Node("podcast")),
)

ITEM: tuple[tuple[str, Callable[[PublishedEpisode], Node | Iterable[Node]]], ...] = (
    ("itunes:duration", lambda e: Node(str(max(1, round(e.enclosure.duration))))),
    ("itunes:explicit", lambda e: _flag(e.explicit)),
    ("itunes:episodeType", lambda e: Node(e.kind)),
    ("itunes:season", lambda e: _number(e.season)),
    ("itunes:episode", lambda e: _number(e.number)),
    ("podcast:season", lambda e: _number(e.season)),
    ("podcast:episode", lambda e: _number(e.number)),
    ("podcast:person", lambda e: (_person(credit) for credit in e.credits)),
    ("podcast:txt", _ai_content),
)


def write_channel(parent: etree._Element, catalog: Catalog) -> None:
    """Append the show's elements to ``<channel>``, in the order of the table."""
    for name, values in CHANNEL:
        _append_all(parent, name, values(catalog))


def write_item(parent: etree._Element, episode: PublishedEpisode) -> None:
    """Append the episode's elements to ``<item>``, in the order of the table."""
    for name, values in ITEM:
        _append_all(parent, name, values(episode))


def _append_all(parent: etree._Element, name: str, values: Node | Iterable[Node]) -> None:
    for node in (values,) if isinstance(values, Node) else values:
        _append(parent, name, node)


def _append(parent: etree._Element, name: str, node: Node) -> None:
    prefix, _, local = name.partition(":")
    attributes = {key: legal(value) for key, value in node.attributes.items()}
    element = parent.makeelement(f"{{{NAMESPACES[prefix]}}}{local}", attributes)
    element.text = None if node.text is None else legal(node.text)
    parent.append(element)
    for child, inner in node.children:
        _append(element, child, inner)
