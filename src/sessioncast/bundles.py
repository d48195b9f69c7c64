"""Which bundle of search each season has: named by what goes in, so that only a season that changed is indexed again. Pure.

A season's key is made of the revisions of its episodes, so no key is ever used twice: one whose talk was taken down can
be deleted however late.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sessioncast import layout
from sessioncast.catalog import Catalog, Debt, sort_episodes

if TYPE_CHECKING:
    from sessioncast.model import PublishedEpisode

FORMAT = "pagefind 1.5.2, records 1"
"""What the bytes of a bundle depend on besides the episodes. Bundles of two versions can't be searched together: a new one here indexes every season again."""


def season_of(episode: PublishedEpisode, zone: str) -> str:
    """Return the season's number, or the year in the show's zone where the episode has none."""
    if episode.season is not None:
        return str(episode.season)
    return str((episode.starts or episode.published).astimezone(ZoneInfo(zone)).year)


def seasons(catalog: Catalog) -> dict[str, tuple[PublishedEpisode, ...]]:
    """Return what is searched, by season: the episodes that pages list, newest first."""
    found: dict[str, tuple[PublishedEpisode, ...]] = {}
    for episode in sort_episodes(catalog.episodes):
        if not episode.hidden:
            season = season_of(episode, catalog.show.timezone)
            found[season] = (*found.get(season, ()), episode)
    return found


def keys(catalog: Catalog) -> dict[str, str]:
    """Return the bundle that each season should have."""
    return {season: _key(catalog, season, episodes) for season, episodes in seasons(catalog).items()}


def _key(catalog: Catalog, season: str, episodes: tuple[PublishedEpisode, ...]) -> str:
    show = catalog.show
    facts = [FORMAT, show.language, show.timezone, show.revision]
    talks = sorted(
        [e.guid, e.slug, e.revision, e.fingerprints[-1], e.enclosure.sha256, *(t.key for t in e.transcripts)]
        for e in episodes
    )
    return layout.search_bundle(season, layout.sha256(json.dumps([facts, talks]).encode()))


def tracked(before: Catalog | None, after: Catalog) -> Catalog:
    """Return the catalog about to be committed with its bundles, and the deletion owed of those it leaves behind.

    A bundle that only lacks a new episode stays until the next one: readers have pages open that name it. Where anything
    was changed or taken away, every earlier bundle of that season goes, and so do the ones before of all others.
    """
    if before is not None and before.revision == after.revision:
        return after
    now = keys(after)
    was, former = (before.search, before.searched) if before else ({}, {})
    left = {season: bundle for season, bundle in was.items() if now.get(season) != bundle}
    if after.floor == after.revision:
        gone, kept = {*left.values(), *former.values()}, {}
    else:
        gone, kept = {former[season] for season in left if season in former}, {**former, **left}
    owed = (*after.owed, *(Debt(delete=bundle, revision=after.revision) for bundle in sorted(gone)))
    return after.model_copy(update={"search": now, "searched": kept, "owed": owed})
