"""Step 6 of the protocol: pages and side feeds first, the feed last, each put only over the version it was decided against.

The order of the reads is the argument (``tests/protocol_model.py`` explores it): the feed's version and revision,
the catalog, the pages' versions, the catalog again. Had anybody written a page or the feed in between, the put fails
and everything is read again; had anybody finished with a newer catalog, there is nothing left to do.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from tenacity import RetryError

from sessioncast import __version__, feed, layout, site
from sessioncast.commit import ATTEMPTS, raced, read_catalog
from sessioncast.errors import ConflictError, ObjectMissing, PreconditionFailed, Problem
from sessioncast.events import Finished, Noted, Report, Started, silent
from sessioncast.feed import rss
from sessioncast.scratch import write_whole
from sessioncast.search import Indexer
from sessioncast.site import EMPTY, Shelf
from sessioncast.store.port import ABSENT, Artifact, Expected, Roots, Store

if TYPE_CHECKING:
    from pathlib import Path

    from sessioncast.catalog import Catalog

THREADS = 8
LARGE_FEED = 5_000_000
"""Bytes beyond which the W3C validator warns (FEED_MAX_W3C)."""


@dataclass(frozen=True, slots=True)
class PageIndex:
    """``site.json``: what the last finished pass left, so that the next one knows which pages changed without asking for each.

    It may lag behind the pages after a crash, never mislead: a page's bytes carry the revision that changed it, so bytes
    named here are in the store or are about to differ from what is rendered.
    """

    revision: int = 0
    floor: int = 0
    renderer: str = ""
    pages: Mapping[str, str] = field(default_factory=dict)
    assets: tuple[str, ...] = ()
    version: Expected = ABSENT
    bundles: tuple[str, ...] = ()

    def encode(self) -> bytes:
        """Return sorted, newline-terminated JSON."""
        plain = {
            "revision": self.revision,
            "floor": self.floor,
            "renderer": self.renderer,
            "pages": dict(self.pages),
            "assets": list(self.assets),
            "bundles": list(self.bundles),
        }
        return (json.dumps(plain, indent=1, sort_keys=True) + "\n").encode()

    @property
    def since(self) -> int:
        """The revision up to which pages are known to be as this sessioncast would render them; 0 after an upgrade."""
        return self.revision if self.renderer == __version__ else 0


def read_index(private: Store) -> PageIndex:
    """Return the page index; none, or one that can't be read, means every page is looked at."""
    try:
        blob = private.read(layout.SITE)
    except ObjectMissing:
        return PageIndex()
    try:
        plain: Any = json.loads(blob.body)
        return PageIndex(
            int(plain["revision"]),
            int(plain["floor"]),
            str(plain["renderer"]),
            dict(plain["pages"]),
            tuple(plain["assets"]),
            blob.version,
            tuple(plain.get("bundles", ())),
        )
    except (ValueError, KeyError, TypeError):
        return PageIndex(version=blob.version)


def read_feed(public: Store) -> tuple[int, Expected]:
    """Return the live feed's revision (0 where there is none, or not ours) and its version."""
    try:
        blob = public.read(layout.FEED)
    except ObjectMissing:
        return 0, ABSENT
    return rss.revision_of(blob.body) or 0, blob.version


def changed_pages(rendered: dict[str, bytes], index: PageIndex) -> dict[str, bytes]:
    """Return the rendered pages that differ from what the index says lies in the store."""
    return {key: body for key, body in sorted(rendered.items()) if index.pages.get(key) != _hash(body)}


def _hash(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def shelf_of(public: Store, kept: Path | None = None, report: Report = silent) -> Shelf:
    """Return what reads the immutable objects that pages are made of: from ``kept``, where this machine has them, or the store.

    What is read from the store is kept there: a transcript is fetched once, whatever happens to its page.
    """
    said = set[str]()

    def say(what: str, hint: str) -> None:
        if what not in said:
            said.add(what)
            report(Noted("warning", what, hint))

    def read(key: str) -> bytes | None:
        local = kept / f"{layout.hash_of(key)}.{key.rpartition('.')[2]}" if kept else None
        if local is not None and local.is_file() and _hash(body := local.read_bytes()).startswith(layout.hash_of(key)):
            return body
        try:
            body = public.read(key).body
        except ObjectMissing:
            # Taken down meanwhile, and then this pass writes nothing: or lost, and a page must not stop a take-down.
            say(f"{key} is not in the store, so its page goes without", "sessioncast verify")
            return None
        if local is not None:
            write_whole(local, body)
        return body

    def told(p: Problem) -> None:
        what = f"{p.file}: {p.key}: {p.found}; the page was made with sessioncast's own template"
        say(what, "mend it, then: sessioncast publish --settings")

    return Shelf(read, told)


def renew(roots: Roots, mine: int, report: Report = silent, kept: Path | None = None) -> int:
    """Bring pages and feed to revision ``mine`` or a newer one and return it; ``kept`` is where this machine keeps objects.

    One read and no write when the live feed is there already. Raises ConflictError after losing 60 races.
    """
    shelf = shelf_of(roots.public, kept, report)
    indexer = Indexer(roots.public, shelf, report)
    try:
        for attempt in raced():
            with attempt:
                live = _once(roots, mine, indexer, shelf, report, kept)
                _sweep(roots, indexer)
                return live
    except RetryError:
        _sweep(roots, indexer)
    raise ConflictError(
        f"{roots.public.where}: lost {ATTEMPTS} races for the feed", hint="run the same command again"
    ) from None


def _sweep(roots: Roots, indexer: Indexer) -> None:
    if indexer.has_put:
        indexer.sweep(read_catalog(roots.private).catalog)


def _once(roots: Roots, mine: int, indexer: Indexer, shelf: Shelf, report: Report, kept: Path | None) -> int:
    live, feed_version = read_feed(roots.public)
    if live >= mine:
        return live  # somebody newer has done my work
    index = read_index(roots.private)
    if feed_version is ABSENT:
        index = PageIndex(version=index.version)  # the public root was emptied: what the index remembers is gone too
    catalog = read_catalog(roots.private).catalog
    if catalog is None:
        raise PreconditionFailed("the catalog is gone")
    if kept is not None:  # fetched many at once, and kept; without a place for them each page reads its own
        with ThreadPoolExecutor(THREADS) as pool:
            for _ in pool.map(shelf.read, sorted(site.needs(catalog, index.since))):
                pass  # not held: a thousand transcripts are many megabytes
    shelf = replace(shelf, bundles=indexer.ready(catalog, index.bundles))
    changed = changed_pages(_pages(roots, catalog, index, shelf), index)
    with ThreadPoolExecutor(THREADS) as pool:
        standing = dict(zip(changed, pool.map(lambda key: _standing(roots.public, key), changed), strict=True))
        again = read_catalog(roots.private).catalog
        if again is None or again.revision != catalog.revision:
            raise PreconditionFailed("the catalog moved on")
        report(Started("pages", roots.public.where, len(changed)))
        assets = site.assets(catalog, shelf)
        for key, body in assets.items():
            if key not in index.assets:
                roots.public.put(Artifact(key, body))
        indexer.put(shelf.searchable(catalog.search.values()))
        list(pool.map(lambda key: _put(roots.public, Artifact(key, changed[key]), standing[key]), changed))
    after = PageIndex(
        catalog.revision,
        catalog.floor,
        __version__,
        {**index.pages, **{key: _hash(body) for key, body in changed.items()}},
        tuple(sorted({*index.assets, *assets})),
        bundles=tuple(sorted(shelf.searchable(catalog.search.values()))),
    )
    roots.private.put(Artifact(layout.SITE, after.encode()), expect=index.version)
    body = rss.render(catalog)
    roots.public.put(Artifact(layout.FEED, body), expect=feed_version)
    if len(body) > LARGE_FEED:
        report(
            Noted(
                "warning",
                f"{layout.FEED} has {len(body):,} bytes, more than directories like to read ({LARGE_FEED:,})",
                "write max_items = 300 under [feeds] in feed/show.toml, then: sessioncast publish --settings",
            )
        )
    report(Finished("pages", roots.public.where, f"{len(changed)} pages and the feed, revision {catalog.revision}"))
    return catalog.revision


def _pages(roots: Roots, catalog: Catalog, index: PageIndex, shelf: Shelf) -> dict[str, bytes]:
    """Return the pages and side feeds that may have changed since the index, and 'withdrawn' where there is none any more.

    Such a page is replaced, never deleted: a slow publisher that found no page there would put the old one back.
    """
    pages = {**site.pages(catalog, index.since, shelf), **feed.side_feeds(catalog)}
    if sorted(shelf.searchable(catalog.search.values())) != sorted(index.bundles):
        # what could not be indexed by whoever published it, and can be here
        pages[layout.SEARCH] = site.page(catalog, layout.SEARCH, shelf)
    if index.floor < catalog.floor:
        # Something was taken away since the index was written, and a publisher killed half-way may have left pages that
        # the index never heard of.
        folders = sorted({*layout.PAGE_FOLDERS, "feeds"})
        present = (found.key for folder in folders for found in roots.public.scan(f"{folder}/"))
        former = {*index.pages, *(key for key in present if site.is_page(key) or layout.is_side_feed(key))}
        made = {*site.keys(catalog), *pages}
        pages |= {key: _gone(catalog, key, shelf) for key in sorted(former - made)}
    return pages


def _gone(catalog: Catalog, key: str, shelf: Shelf) -> bytes:
    return feed.empty_feed(catalog, key) if layout.is_side_feed(key) else site.gone(catalog, key, shelf)


def _standing(public: Store, key: str) -> tuple[bytes, Expected]:
    try:
        blob = public.read(key)
    except ObjectMissing:
        return b"", ABSENT
    return blob.body, blob.version


def _put(public: Store, page: Artifact, standing: tuple[bytes, Expected]) -> None:
    was, version = standing
    if page.key == layout.ROBOTS and was and rss.revision_of(was) is None:
        return  # the organisers' own
    if was != page.body:
        public.put(page, expect=version)


def planned(catalog: Catalog, index: PageIndex, shelf: Shelf = EMPTY) -> tuple[str, ...]:
    """Return the keys a publish of this catalog would write, in order, the feed last; a bundle of search stands for its objects (for ``--dry-run``)."""
    known = set(index.assets)
    assets = [key for key in site.assets(catalog, shelf) if key not in known]
    made = {**site.pages(catalog, index.since, shelf), **feed.side_feeds(catalog)}
    bundles = [b for b in sorted(catalog.search.values()) if b not in index.bundles]
    return (*assets, *bundles, *changed_pages(made, index), layout.FEED)
