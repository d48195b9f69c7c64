"""Which bundle of search each season has: named by what goes in, so that only a season that changed is indexed again. Pure.

No key is ever used twice, so that one whose talk was taken down can be deleted however late.
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


def tracked(before: Catalog | None, after: Catalog) -> Catalog:
    """Return the catalog about to be committed with its bundles, and the deletion owed of those it leaves behind.

    A season that this commit changes gets a key of its own, with the revision in it: even where a take-down brings back
    what was there before, no key is used twice. A bundle that only lacks a new episode stays until the next one: readers
    have pages open that name it. Where anything was changed or taken away, every earlier bundle goes.
    """
    if before is not None and before.revision == after.revision:
        return after
    contents = _contents(after)
    known = _contents(before) if before and before.search_format == FORMAT else {}
    was, former = (before.search, before.searched) if before else ({}, {})
    now = {
        season: was[season] if season in was and known.get(season) == inside else _key(season, inside, after.revision)
        for season, inside in contents.items()
    }
    left = {season: bundle for season, bundle in was.items() if now.get(season) != bundle}
    if after.floor == after.revision:
        gone, kept = {*left.values(), *former.values()}, {}
    else:
        gone, kept = {former[season] for season in left if season in former}, {**former, **left}
    owed = (*after.owed, *(Debt(delete=bundle, revision=after.revision) for bundle in sorted(gone)))
    return after.model_copy(update={"search": now, "searched": kept, "search_format": FORMAT, "owed": owed})


def _contents(catalog: Catalog) -> dict[str, str]:
    """Return, by season, what its records are made of; an episode's revision stands for its text."""
    show = [catalog.show.language, catalog.show.timezone]
    return {
        season: json.dumps([show, sorted([e.guid, e.slug, e.revision, *(t.key for t in e.transcripts)] for e in found)])
        for season, found in seasons(catalog).items()
    }


def _key(season: str, inside: str, revision: int) -> str:
    return layout.search_bundle(season, layout.sha256(f"{FORMAT}\n{revision}\n{inside}".encode()))
