"""Which feed is written: the main one, one beside it, or an archive page. All are made from the same catalog."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from sessioncast import layout
from sessioncast.catalog import sort_episodes

if TYPE_CHECKING:
    from sessioncast.catalog import Catalog
    from sessioncast.model import PublicShow, PublishedEpisode


@dataclass(frozen=True, slots=True)
class Outlet:
    """One feed: where it lies, what it is called, and its episodes, newest first.

    ``revision`` stands in its bytes; ``older`` is the key of the archive page before it (RFC 5005); ``listed`` says
    whether directories may take it up (itunes:block).
    """

    show: PublicShow
    key: str
    title: str
    summary: str
    guid: UUID | None
    revision: int
    episodes: tuple[PublishedEpisode, ...]
    listed: bool = True
    is_archive: bool = False
    older: str | None = None

    @property
    def address(self) -> str:
        """The feed's own address (atom:link rel="self")."""
        return layout.address(self.show.public_url, self.key)


def main_feed(catalog: Catalog) -> Outlet:
    """Return ``feed.xml``: every episode, or the newest where a limit is set and archive pages hold the others."""
    show, episodes = catalog.show, sort_episodes(catalog.episodes)
    pages = archive_pages(catalog)
    return Outlet(
        show=show,
        key=layout.FEED,
        title=show.title,
        summary=show.summary,
        guid=show.podcast_guid,
        revision=catalog.revision,
        episodes=episodes[: len(episodes) - sum(map(len, pages))],
        listed=not show.hidden,
        older=layout.archive_feed(len(pages)) if pages else None,
    )


def archive_pages(catalog: Catalog) -> tuple[tuple[PublishedEpisode, ...], ...]:
    """Return the episodes that left the main feed, page by page, the oldest page first; within a page newest first.

    Pages of half the limit are cut from the oldest end, so that a full page never changes as episodes are added, and
    the main feed always holds more than half of what it may.
    """
    limit, episodes = catalog.show.feeds.max_items, sort_episodes(catalog.episodes)
    if limit is None or len(episodes) <= limit:
        return ()
    size = limit // 2
    count = -(-(len(episodes) - limit) // size)
    oldest = episodes[::-1]
    return tuple(oldest[size * page : size * (page + 1)][::-1] for page in range(count))
