"""Which pages there are, what each shows, and the revision it carries.

A page's revision is the last one that could have changed it: of the show, of everything the page shows, and of the
catalog's floor. So pages that a new episode does not touch keep their bytes. Pages that lose something when a session is
published (home, upcoming, the calendar) count every talk there is, so that their revision only ever grows.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from sessioncast import layout
from sessioncast.catalog import Catalog, sort_episodes
from sessioncast.errors import Problem
from sessioncast.model import Announced, PublishedEpisode
from sessioncast.site import groups, overrides
from sessioncast.site.beside import oembed
from sessioncast.site.calendars import calendar
from sessioncast.site.render import Pen
from sessioncast.site.said import source
from sessioncast.site.shelf import EMPTY, Shelf
from sessioncast.site.words import Words

LATEST = 20
"""Episodes on the home page; all of them are on archive pages."""

_NEXT = 8
"""Sessions to come on the home page; of these it shows the first two that are not over by the reader's clock."""

_TOPICS = 18
_ALONE = frozenset({layout.HOME, layout.NOT_FOUND, layout.CALENDAR, layout.SITEMAP, layout.ROBOTS})
_OTHERS = re.compile(r"upcoming/[^/]+\.ics|embed/[^/]+/oembed\.json")


def pages(catalog: Catalog, since: int = 0, shelf: Shelf = EMPTY) -> dict[str, bytes]:
    """Return the pages by key, and what stands beside them: calendars, sitemap, how to embed.

    Only those that a revision after ``since`` could have changed are rendered and returned. ``shelf`` gives the
    transcripts and templates that the catalog names.
    """
    pen = Pen(catalog.show, shelf)
    return {page.key: page.write(pen) for page in _planned(catalog) if page.revision > since}


def page(catalog: Catalog, key: str, shelf: Shelf = EMPTY) -> bytes:
    """Return one page, whatever its revision."""
    (found,) = (page for page in _planned(catalog) if page.key == key)
    return found.write(Pen(catalog.show, shelf))


def keys(catalog: Catalog) -> frozenset[str]:
    """Return the keys of all pages, rendering none."""
    return frozenset(page.key for page in _planned(catalog))


def needs(catalog: Catalog, since: int = 0) -> frozenset[str]:
    """Return the keys that ``pages`` of the same catalog will read from its shelf."""
    shown = (page.context.get("episode") for page in _planned(catalog) if page.revision > since)
    files = (source(catalog.show, e) for e in shown if isinstance(e, PublishedEpisode))
    return frozenset({*filter(None, (catalog.show.overrides,)), *(f.key for f in files if f)})


def gone(catalog: Catalog, key: str, shelf: Shelf = EMPTY) -> bytes:
    """Return what stands at an address whose page is no more; it names nothing of the talk, and fits any address.

    Only where an episode was taken down does it say so: a topic that is spelt otherwise now was withdrawn by nobody, and
    of a talk that was only announced nobody is told why it is announced no more.
    """
    floor = _floor(catalog)
    if key.endswith(".ics"):
        return calendar(catalog.show, floor, ())
    if key.endswith(".json"):
        return f'{{"revision": {floor}}}\n'.encode()
    kind, _, slug = key.removesuffix("/index.html").partition("/")
    taken_down = {t.slug for t in catalog.tombstones}
    withdrawn = kind in ("episodes", "embed") and _current(catalog, slug) in taken_down
    return Pen(catalog.show, shelf).write("withdrawn.html" if withdrawn else "not_found.html", None, floor, {})


def is_page(key: str) -> bool:
    """Tell whether a key of the public root is one of the site's pages, now or of an earlier catalog.

    An organiser's own files in the public root, such as a directory's proof of ownership, are none of our business.
    """
    return key in _ALONE or (
        key.partition("/")[0] in layout.PAGE_FOLDERS and (key.endswith("/index.html") or bool(_OTHERS.fullmatch(key)))
    )


def assets(catalog: Catalog, shelf: Shelf = EMPTY) -> dict[str, bytes]:
    """Return what all pages share, by immutable key: style sheet, script, QR code."""
    return Pen(catalog.show, shelf).assets()


def faults(catalog: Catalog, templates: Mapping[str, str]) -> tuple[Problem, ...]:
    """Return what is wrong with a show's own templates, tried on every page of a catalog."""
    found: list[Problem] = []
    trial, shelf = dressed(catalog, Shelf(told=found.append), overrides.encode(templates))
    pages(trial, 0, shelf)
    return tuple(dict.fromkeys(found))


def dressed(catalog: Catalog, shelf: Shelf, body: bytes) -> tuple[Catalog, Shelf]:
    """Return catalog and shelf as they would be with these templates of the show's own (``overrides.encode``)."""
    key = layout.asset("overrides", layout.sha256(body), "json")
    show = catalog.show.model_copy(update={"overrides": key})
    shown = replace(shelf, read=lambda wanted: body if wanted == key else shelf.read(wanted))
    return catalog.model_copy(update={"show": show}), shown


@dataclass(frozen=True, slots=True)
class _Page:
    key: str
    template: str
    revision: int
    context: Mapping[str, object] = field(default_factory=dict)
    make: Callable[[Pen], bytes] | None = None

    def write(self, pen: Pen) -> bytes:
        if self.make is not None:
            return self.make(pen)
        # These two are served at many addresses, so their links can't be relative to one.
        key = None if self.template in ("not_found.html", "withdrawn.html") else self.key
        return pen.write(self.template, key, self.revision, self.context)


def _planned(catalog: Catalog) -> Iterator[_Page]:
    floor = _floor(catalog)
    listed, announced = groups.listed(catalog), groups.announced(catalog)
    whole = groups.newest(floor, *catalog.episodes, *catalog.announced)
    words = Words(catalog.show.language, catalog.show.timezone)
    seasons, topics = groups.seasons(catalog, words), groups.topics(catalog)
    to_come = tuple(a for a in announced if not a.over)
    first = sorted(sorted(topics, key=lambda g: -g.count)[:_TOPICS], key=topics.index)
    home = {"episodes": listed[:LATEST], "announced": to_come[:_NEXT], "seasons": seasons, "topics": first}
    yield _Page(layout.HOME, "home.html", whole, home)
    yield _Page(layout.NOT_FOUND, "not_found.html", floor)
    yield _Page(layout.ABOUT, "about.html", floor)
    latest = {"bundles": [catalog.search[season] for season in sorted(catalog.search, key=int, reverse=True)]}
    yield _Page(layout.SEARCH, "search.html", groups.newest(floor, *listed), latest)
    yield from _upcoming(catalog, announced, listed, whole)
    yield from _episodes(catalog, listed)
    yield from _old_addresses(catalog)
    yield _Page(layout.ARCHIVE, "seasons.html", whole, {"seasons": seasons})
    for group in seasons:
        yield _Page(layout.archive_page(group.name), "archive.html", max(floor, group.revision), {"group": group})
    yield from _indexed(
        layout.SPEAKERS, "speakers.html", "speaker.html", layout.speaker_page, groups.speakers(catalog), floor
    )
    yield from _indexed(layout.TOPICS, "topics.html", "topic.html", layout.topic_page, topics, floor)
    yield from _for_crawlers(catalog, whole, seasons, topics)


def _upcoming(
    catalog: Catalog, announced: tuple[Announced, ...], listed: tuple[PublishedEpisode, ...], whole: int
) -> Iterator[_Page]:
    show, floor = catalog.show, _floor(catalog)
    yield _Page(layout.UPCOMING, "upcoming.html", whole, {"announced": announced})
    yield _Page(layout.CALENDAR, "", whole, make=lambda _pen: calendar(show, whole, announced, listed[:LATEST]))
    for session in catalog.announced:
        revision = max(floor, session.revision)
        yield _Page(layout.episode_page(session.slug), "announced.html", revision, {"session": session})
        yield _Page(
            layout.invitation(session.slug),
            "",
            revision,
            make=lambda _pen, session=session, revision=revision: calendar(show, revision, (session,)),  # type: ignore[misc]
        )


def _episodes(catalog: Catalog, listed: tuple[PublishedEpisode, ...]) -> Iterator[_Page]:
    floor = _floor(catalog)
    hidden = ((None, e, None) for e in sort_episodes(catalog.episodes) if e.hidden)
    for newer, episode, older in (*groups.neighbours(listed), *hidden):
        context = {"episode": episode, "newer": newer, "older": older}
        revision = groups.newest(floor, newer, episode, older)
        yield _Page(layout.episode_page(episode.slug), "episode.html", revision, context)
        own = groups.newest(floor, episode)
        yield _Page(layout.embed_page(episode.slug), "embed.html", own, {"episode": episode})
        yield _oembed(catalog, episode, layout.oembed(episode.slug), own)


def _oembed(catalog: Catalog, episode: PublishedEpisode, key: str, revision: int) -> _Page:
    return _Page(key, "", revision, make=lambda _pen: oembed(catalog.show, episode, revision))


def _indexed(
    index: str, all_: str, one: str, key: Callable[[str], str], found: tuple[groups.Group, ...], floor: int
) -> Iterator[_Page]:
    """Yield an index of speakers or topics, and a page for each."""
    yield _Page(index, all_, max([floor, *(g.revision for g in found)]), {"groups": found})
    for group in found:
        yield _Page(key(group.name), one, max(floor, group.revision), {"group": group})


def _for_crawlers(
    catalog: Catalog, whole: int, seasons: tuple[groups.Group, ...], topics: tuple[groups.Group, ...]
) -> Iterator[_Page]:
    found = [layout.HOME, layout.ABOUT, layout.UPCOMING, layout.SPEAKERS, layout.ARCHIVE]
    found += [layout.episode_page(e.slug) for e in groups.listed(catalog)]
    found += [layout.episode_page(a.slug) for a in groups.announced(catalog)]
    found += [layout.archive_page(g.name) for g in seasons]
    found += [layout.speaker_page(g.name) for g in groups.speakers(catalog)]
    found += [layout.TOPICS, *(layout.topic_page(g.name) for g in topics)] if topics else []
    yield _Page(layout.SITEMAP, "sitemap.xml", whole, {"found": [] if catalog.show.hidden else found})
    yield _Page(layout.ROBOTS, "robots.txt", _floor(catalog))


def _old_addresses(catalog: Catalog) -> Iterator[_Page]:
    """Yield what stands where a talk was: 'withdrawn', or the way to where it is now."""
    floor = _floor(catalog)
    public = {episode.guid for episode in catalog.episodes}
    withdrawn = {t.slug: t.revision for t in catalog.tombstones if t.guid not in public}
    taken = {a.slug for a in catalog.announced}
    for old in catalog.renamed:
        slug, key = _current(catalog, old), layout.episode_page(old)
        if slug in withdrawn:
            yield _Page(key, "withdrawn.html", max(floor, withdrawn[slug]))
        elif slug != old and (talk := _talk(catalog, slug)):
            revision, moved = groups.newest(floor, talk), {"episode": talk, "target": layout.episode_page(slug)}
            yield _Page(key, "moved.html", revision, moved)
            if isinstance(talk, PublishedEpisode):  # it may stand in other people's pages
                yield _Page(
                    layout.embed_page(old), "moved.html", revision, {**moved, "target": layout.embed_page(slug)}
                )
                yield _oembed(catalog, talk, layout.oembed(old), revision)
    for slug, revision in withdrawn.items():
        if slug not in taken:
            yield _Page(layout.episode_page(slug), "withdrawn.html", max(floor, revision))


def _talk(catalog: Catalog, slug: str) -> PublishedEpisode | Announced | None:
    return catalog.by_slug(slug) or next((a for a in catalog.announced if a.slug == slug), None)


def _current(catalog: Catalog, slug: str) -> str:
    """Follow renames to the slug in use now; a circle, left by renaming back, ends where a talk is."""
    seen = set[str]()
    while slug in catalog.renamed and slug not in seen and _talk(catalog, slug) is None:
        seen.add(slug)
        slug = catalog.renamed[slug]
    return slug


def _floor(catalog: Catalog) -> int:
    return max(catalog.floor, catalog.show.revision)
