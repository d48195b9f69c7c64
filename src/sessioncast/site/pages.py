"""Which pages there are, what each shows, and the revision it carries.

A page's revision is the last one that could have changed it: of the show, of everything the page shows, and of the
catalog's floor. So pages that a new episode does not touch keep their bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from sessioncast import layout
from sessioncast.catalog import Catalog, sort_episodes
from sessioncast.model import PublishedEpisode
from sessioncast.site.render import render


def pages(catalog: Catalog, since: int = 0) -> dict[str, bytes]:
    """Return the pages by key: home, episodes, 'withdrawn' and 'moved' in their old places, and 404.html.

    Only those that a revision after ``since`` could have changed are rendered and returned.
    """
    return {page.key: _rendered(catalog, page) for page in _planned(catalog) if page.revision > since}


def keys(catalog: Catalog) -> frozenset[str]:
    """Return the keys of all pages, rendering none."""
    return frozenset(page.key for page in _planned(catalog))


def gone(catalog: Catalog) -> bytes:
    """Return what stands at an address whose page is no more; it names nothing of the talk, and fits any address."""
    return _rendered(catalog, _Page("", "withdrawn.html", _floor(catalog), {}))


def is_page(key: str) -> bool:
    """Tell whether a key of the public root is one of the site's pages, now or of an earlier catalog.

    An organiser's own files in the public root, such as a directory's proof of ownership, are none of our business.
    """
    return key in (layout.HOME, layout.NOT_FOUND) or (
        key.endswith("/index.html") and key.partition("/")[0] in layout.PAGE_FOLDERS
    )


def assets() -> dict[str, bytes]:
    """Return what all pages share, by immutable key: the style sheet."""
    return {_stylesheet(): _style()}


@dataclass(frozen=True, slots=True)
class _Page:
    key: str
    template: str
    revision: int
    context: Mapping[str, object]


def _planned(catalog: Catalog) -> Iterator[_Page]:
    episodes = sort_episodes(catalog.episodes)
    floor = _floor(catalog)
    yield _Page(layout.HOME, "home.html", _newest(floor, *episodes), {"episodes": episodes})
    yield _Page(layout.NOT_FOUND, "not_found.html", floor, {})
    public = {episode.guid for episode in episodes}
    withdrawn = {t.slug: t.revision for t in catalog.tombstones if t.guid not in public}
    yield from _moved(catalog, withdrawn)
    for place, episode in enumerate(episodes):
        newer = episodes[place - 1] if place else None
        older = episodes[place + 1] if place + 1 < len(episodes) else None
        revision = _newest(floor, newer, episode, older)
        context = {"episode": episode, "newer": newer, "older": older}
        yield _Page(layout.episode_page(episode.slug), "episode.html", revision, context)
    for slug, revision in withdrawn.items():
        yield _Page(layout.episode_page(slug), "withdrawn.html", max(floor, revision), {})


def _moved(catalog: Catalog, withdrawn: Mapping[str, int]) -> Iterator[_Page]:
    for old in catalog.renamed:
        slug, key = _current(catalog, old), layout.episode_page(old)
        if slug in withdrawn:
            yield _Page(key, "withdrawn.html", max(_floor(catalog), withdrawn[slug]), {})
        elif slug != old and (episode := catalog.by_slug(slug)):
            yield _Page(key, "moved.html", _newest(_floor(catalog), episode), {"episode": episode})


def _current(catalog: Catalog, slug: str) -> str:
    """Follow renames to the slug in use now; a circle, left by renaming back, ends where an episode is."""
    seen = set[str]()
    while slug in catalog.renamed and slug not in seen and catalog.by_slug(slug) is None:
        seen.add(slug)
        slug = catalog.renamed[slug]
    return slug


def _floor(catalog: Catalog) -> int:
    return max(catalog.floor, catalog.show.revision)


def _newest(floor: int, *shown: PublishedEpisode | None) -> int:
    return max([floor, *(episode.revision for episode in shown if episode)])


def _rendered(catalog: Catalog, page: _Page) -> bytes:
    # These two are served at many addresses, so their links can't be relative to one.
    key = None if page.template in ("not_found.html", "withdrawn.html") else page.key
    return render(page.template, catalog.show, key, _stylesheet(), page.revision, page.context)


def _stylesheet() -> str:
    return layout.asset("style", hashlib.sha256(_style()).hexdigest(), "css")


@cache
def _style() -> bytes:
    return (files("sessioncast.site") / "style.css").read_bytes()
