"""Which pages there are, what each shows, and the revision it carries.

A page's revision is the last one that could have changed it: of the show, of everything the page shows, and of the
catalog's floor. So pages that a new episode does not touch keep their bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from importlib.resources import files

from sessioncast import layout
from sessioncast.catalog import Catalog, sort_episodes
from sessioncast.model import PublishedEpisode
from sessioncast.site.render import render


def pages(catalog: Catalog) -> dict[str, bytes]:
    """Return every page by key: home, episodes, 'withdrawn' and 'moved' in their old places, and 404.html."""
    episodes = sort_episodes(catalog.episodes)
    made = {layout.HOME: _page(catalog, layout.HOME, "home.html", episodes, episodes=episodes)}
    made[layout.NOT_FOUND] = _page(catalog, None, "not_found.html")
    slugs = {episode.slug for episode in episodes}
    withdrawn = {tombstone.slug: tombstone.revision for tombstone in catalog.tombstones}
    for old in catalog.renamed:
        slug = _current(catalog, old)
        if slug in withdrawn:
            withdrawn[old] = withdrawn[slug]
        elif (target := catalog.by_slug(slug)) and old not in slugs:
            key = layout.episode_page(old)
            made[key] = _page(catalog, key, "moved.html", (target,), episode=target)
    for place, episode in enumerate(episodes):
        newer = episodes[place - 1] if place else None
        older = episodes[place + 1] if place + 1 < len(episodes) else None
        key = layout.episode_page(episode.slug)
        shown = (shown for shown in (newer, episode, older) if shown)
        made[key] = _page(catalog, key, "episode.html", shown, episode=episode, newer=newer, older=older)
    for slug, revision in withdrawn.items():
        made[layout.episode_page(slug)] = _gone(catalog, revision)
    return made


def gone(catalog: Catalog) -> bytes:
    """Return what stands at an address whose page is no more; it names nothing of the talk, and fits any address."""
    return _gone(catalog, 0)


def is_page(key: str) -> bool:
    """Tell whether a key of the public root is one of the site's pages."""
    return key.endswith(".html")


def assets() -> dict[str, bytes]:
    """Return what all pages share, by immutable key: the style sheet."""
    return {stylesheet(): _style()}


def stylesheet() -> str:
    """Return the style sheet's key, its hash in it."""
    return layout.asset("style", hashlib.sha256(_style()).hexdigest(), "css")


def _style() -> bytes:
    return (files("sessioncast.site") / "style.css").read_bytes()


def _gone(catalog: Catalog, revision: int) -> bytes:
    return render("withdrawn.html", catalog.show, None, stylesheet(), max(_floor(catalog), revision), {})


def _page(
    catalog: Catalog, key: str | None, template: str, shown: Iterable[PublishedEpisode] = (), **context: object
) -> bytes:
    revision = max(_floor(catalog), *(episode.revision for episode in shown), 0)
    return render(template, catalog.show, key, stylesheet(), revision, context)


def _floor(catalog: Catalog) -> int:
    return max(catalog.floor, catalog.show.revision)


def _current(catalog: Catalog, slug: str) -> str:
    """Follow renames to the slug in use now; a circle, left by renaming back, ends where an episode is."""
    seen = set[str]()
    while slug in catalog.renamed and slug not in seen and catalog.by_slug(slug) is None:
        seen.add(slug)
        slug = catalog.renamed[slug]
    return slug
