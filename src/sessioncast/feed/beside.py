"""Feeds beside the main one: by season, tag and speaker, archive pages, and a list of them all. Pure.

Their bytes carry a revision as pages do: the newest of what they show, and never less than the catalog's floor, so
that a new episode rewrites only the feeds it belongs to.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sessioncast import layout
from sessioncast.catalog import sort_episodes
from sessioncast.feed.identity import is_public_https, podcast_guid
from sessioncast.feed.outlet import Outlet, archive_pages
from sessioncast.feed.rss import render_outlet
from sessioncast.ingest.slugs import person_key
from sessioncast.notes import legal

if TYPE_CHECKING:
    from uuid import UUID

    from sessioncast.catalog import Catalog
    from sessioncast.model import PublishedEpisode

Episodes = tuple["PublishedEpisode", ...]


def side_feeds(catalog: Catalog) -> dict[str, bytes]:
    """Return every feed beside the main one by key, archive pages, and ``feeds.opml`` where there is anything to list."""
    outlets = list(_by_rule(catalog))
    feeds = {outlet.key: render_outlet(outlet) for outlet in (*outlets, *_archive(catalog))}
    return feeds | ({layout.FEEDS: _opml(catalog, outlets)} if outlets else {})


def empty_feed(catalog: Catalog, key: str) -> bytes:
    """Return what stands where a side feed was: a valid feed, or list, that holds and names nothing (the publish argument)."""
    if key == layout.FEEDS:
        return _opml(catalog, [])
    title = catalog.show.title
    return render_outlet(Outlet(catalog.show, key, title, title, None, _floor(catalog), (), listed=False))


def _by_rule(catalog: Catalog) -> Iterator[Outlet]:
    show, episodes = catalog.show, sort_episodes(catalog.episodes)
    groups: dict[str, tuple[str, list[PublishedEpisode]]] = {}
    for episode in reversed(episodes):  # the oldest says what its group is called, so that the name stays
        for name, title in _places(catalog, episode):
            groups.setdefault(name, (title, []))[1].append(episode)
    for name, (title, members) in sorted(groups.items()):
        key = layout.side_feed(name)
        yield Outlet(
            show=show,
            key=key,
            title=f"{show.title}: {title}",
            summary=show.summary,
            guid=_guid(catalog, key),
            revision=max(_floor(catalog), *(e.revision for e in members)),
            episodes=tuple(reversed(members)),
            listed=show.feeds.listed and not show.hidden,
        )


def _places(catalog: Catalog, episode: PublishedEpisode) -> Iterator[tuple[str, str]]:
    """Yield name and title of each side feed an episode belongs to."""
    rules = catalog.show.feeds.by
    if "season" in rules and episode.season is not None:
        named = catalog.show.season_name(episode.season) or f"Season {episode.season}"
        yield f"season-{episode.season}", named
    if "tag" in rules:
        # Two spellings of one tag are one feed, in which an episode stands once.
        yield from {f"topic-{person_key(tag)}": tag for tag in reversed(episode.tags)}.items()
    if "speaker" in rules:
        yield from {f"speaker-{c.person}": c.name for c in episode.credits if c.group.lower() == "cast"}.items()


def _archive(catalog: Catalog) -> Iterator[Outlet]:
    show, pages = catalog.show, archive_pages(catalog)
    for number, members in enumerate(pages, 1):
        yield Outlet(
            show=show,
            key=layout.archive_feed(number),
            title=show.title,
            summary=show.summary,
            guid=show.podcast_guid,
            revision=max(_floor(catalog), *(e.revision for e in members)),
            episodes=members,
            listed=False,
            is_archive=True,
            older=layout.archive_feed(number - 1) if number > 1 else None,
        )


def _guid(catalog: Catalog, key: str) -> UUID | None:
    """Return the feed's podcast:guid: of the address it was first public at, whatever moves came since (NS-GUID-FOREVER)."""
    show = catalog.show
    if show.podcast_guid is None:
        return None
    first = next((url for url in show.former_urls if is_public_https(url)), show.public_url)
    return podcast_guid(layout.address(first, key))


def _opml(catalog: Catalog, outlets: list[Outlet]) -> bytes:
    from lxml import etree

    show = catalog.show
    # As old as the youngest feed in it: what is added to a feed leaves the list as it is.
    revision = max([_floor(catalog), *(min(e.revision for e in outlet.episodes) for outlet in outlets)])
    root = etree.Element("opml", version="2.0")
    root.append(etree.Comment(f" sessioncast revision {revision} "))
    etree.SubElement(etree.SubElement(root, "head"), "title").text = legal(show.title)
    body = etree.SubElement(root, "body")
    everything = (legal(show.title), layout.address(show.public_url, layout.FEED))
    for title, address in (everything, *((legal(outlet.title), outlet.address) for outlet in outlets)):
        etree.SubElement(
            body,
            "outline",
            type="rss",
            text=title,
            title=title,
            xmlUrl=address,
            htmlUrl=layout.ascii_address(show.link),
        )
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _floor(catalog: Catalog) -> int:
    return max(catalog.floor, catalog.show.revision)
