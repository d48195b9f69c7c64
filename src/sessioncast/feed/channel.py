"""The channel's values: from show and outlet to nodes."""

from __future__ import annotations

from collections.abc import Iterator
from email.utils import format_datetime

from sessioncast import layout
from sessioncast.extras import RemoteFeed
from sessioncast.feed.node import Node, flag, given
from sessioncast.feed.outlet import Outlet
from sessioncast.feed.shared import NAME_MAX
from sessioncast.model import utc_second


def owner(feed: Outlet) -> Iterator[Node]:
    """Yield ``itunes:owner``."""
    if found := feed.show.owner:
        yield Node(children=(("itunes:name", Node(found.name)), ("itunes:email", Node(found.email))))


def categories(feed: Outlet) -> Iterator[Node]:
    """Yield one or two ``itunes:category`` (CH-CATEGORY-MAX)."""
    for category in feed.show.categories[:2]:
        outer, _, inner = category.partition(" > ")
        nested = (("itunes:category", Node(attributes={"text": inner})),) if inner else ()
        yield Node(attributes={"text": outer}, children=nested)


def explicit(feed: Outlet) -> Node:
    """Return ``true`` for a show with one explicit episode: it is marked as a whole (CH-EXPLICIT-EFFECT)."""
    return flag(feed.show.explicit or any(episode.explicit for episode in feed.episodes))


def new_address(feed: Outlet) -> Iterator[Node]:
    """Yield the feed's own address after a move (CH-NEWFEED)."""
    if (feed.show.former_urls or feed.show.former_feeds) and not feed.is_archive:
        yield Node(feed.address)


def locked(feed: Outlet) -> Node:
    """Return ``yes`` or ``no``, with whom to ask (NS-LOCKED)."""
    found = feed.show.owner
    return Node("yes" if feed.show.locked else "no", {"owner": found.email} if found else {})


def rhythm(feed: Outlet) -> Iterator[Node]:
    """Yield ``podcast:updateFrequency`` (NS-UPDATEFREQ)."""
    show = feed.show
    if show.rhythm or show.rrule or show.complete:
        text = show.rhythm or ("complete" if show.complete else show.rrule)
        yield Node(text, given(rrule=show.rrule, complete="true" if show.complete else None))


def trailers(feed: Outlet) -> Iterator[Node]:
    """Yield a ``podcast:trailer`` for every trailer among the episodes (NS-TRAILER), but for audio elsewhere without https (URL-HTTPS-NS)."""
    for e in feed.episodes:
        if e.kind == "trailer" and not (e.enclosure.elsewhere and e.enclosure.key.startswith("http:")):
            attributes = given(
                pubdate=format_datetime(utc_second(e.published)),
                url=layout.address(feed.show.public_url, e.enclosure.key),
                length=e.enclosure.length,
                type=e.enclosure.media_type,
                season=e.season,
            )
            yield Node(e.title[:NAME_MAX].strip(), attributes)


def podroll(feed: Outlet) -> Iterator[Node]:
    """Yield ``podcast:podroll`` (NS-PODROLL)."""
    if found := feed.show.recommends:
        yield Node(children=tuple(("podcast:remoteItem", _remote(other)) for other in found))


def publisher(feed: Outlet) -> Iterator[Node]:
    """Yield ``podcast:publisher`` (NS-PUBLISHER)."""
    if found := feed.show.publisher:
        yield Node(children=(("podcast:remoteItem", _remote(found, medium="publisher")),))


def blocks(feed: Outlet) -> Iterator[Node]:
    """Yield ``podcast:block``, of all services or of single ones (NS-BLOCK)."""
    if not feed.listed:
        yield Node("yes")
    for service in feed.show.hidden_from:
        yield Node("yes", {"id": service})


def _remote(other: RemoteFeed, medium: str | None = None) -> Node:
    return Node(attributes=given(medium=medium, feedGuid=other.guid, feedUrl=other.url, title=other.title))
