"""The story of a move: everything public is copied to a new store, the old one is closed, the new one opens, apps are sent on.

The order is the argument. Objects are copied first, so that the new store never names what it doesn't hold. Then the
old catalog is closed by compare-and-swap (``moved_to``): from there nobody can publish into the old store, so nothing
is lost between the two. What came in between is copied, the new catalog committed, its pages and feed put. Only then
the old address serves the new feed, and last of all show.toml names the new store. Each step looks first whether it
is done, so the same command goes on after a kill at any of them.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from sessioncast import layout, site
from sessioncast.commit import commit, read_catalog
from sessioncast.errors import ConflictError, ContentError, ObjectMissing
from sessioncast.events import Advanced, Finished, Report, Started, silent
from sessioncast.feed import is_public_https, podcast_guid
from sessioncast.pictures import folder_of
from sessioncast.plan.judge import wanted_show_of
from sessioncast.produce import KEPT_BESIDE
from sessioncast.project import change_store
from sessioncast.renew import read_feed, renew
from sessioncast.settle import settle
from sessioncast.store.capability import ensure_conditional
from sessioncast.store.port import ABSENT, Artifact, Expected, Roots, Store

if TYPE_CHECKING:
    from uuid import UUID

    from sessioncast.catalog import Catalog
    from sessioncast.model import StoreSettings
    from sessioncast.project import Project
    from sessioncast.verify import Listener

THREADS = 4


@dataclass(frozen=True, slots=True)
class Mover:
    """The hands of a move: the show folder, both stores, who listens at the new address, and whom to tell."""

    project: Project
    old: Roots
    new: Roots
    settings: StoreSettings
    public_url: str
    listener: Listener
    report: Report = silent

    def move(self) -> Catalog:
        """Move the show and return the new store's catalog; guids, dates, numbers and podcast:guid stay as they are.

        Raises ContentError where nothing is published, ConflictError where either store holds another show or the old
        one moved elsewhere, VerifyError where listeners can't have a copy.
        """
        self._copy(self._standing())
        ensure_conditional(self.new.private, single_writer=self.settings.single_writer)
        closed = self._close()
        self._copy(closed)
        for episode in closed.episodes:
            self.listener.check(episode.enclosure.key, episode.enclosure.length)
        opened = self._open(closed)
        renew(self.new, opened.revision, self.report, self.project.scratch / KEPT_BESIDE)
        self._send_on()
        settle(self.old, read_feed(self.old.public)[0], self.report)
        change_store(self.project.folder, self.settings.model_copy(update={"home": self.settings.url}))
        return opened

    # --- the steps ---------------------------------------------------------------------------------------------------

    def _standing(self) -> Catalog:
        """Return what is public in the old store, both stores looked over before anything is written."""
        catalog = read_catalog(self.old.private).catalog
        if catalog is None:
            raise ContentError(
                f"{self.old.public.where}: nothing is published there yet, so there is nothing to move",
                hint="name the new store in feed/show.toml, then: sessioncast publish",
            )
        for found, where in ((catalog, self.old), (read_catalog(self.new.private).catalog, self.new)):
            if found is not None and found.show_id != self.project.show.id:
                raise ConflictError(
                    f"{where.public.where} holds another show ({found.show.title})", hint="choose another place"
                )
        return catalog

    def _close(self) -> Catalog:
        """Close the old store, once: its catalog says where the show went."""

        def change(catalog: Catalog | None) -> Catalog | None:
            if catalog is None:
                raise ConflictError(f"{self.old.public.where}: the store was emptied meanwhile")
            if catalog.moved_to == self.public_url:
                return None
            if catalog.moved_to is not None:
                raise ConflictError(
                    f"{self.old.public.where}: found a move to {catalog.moved_to}, expected one to {self.public_url}",
                    hint="git pull, or finish that move first",
                )
            return catalog.model_copy(update={"revision": catalog.revision + 1, "moved_to": self.public_url})

        closed = commit(self.old, change)
        assert closed is not None
        return closed

    def _open(self, closed: Catalog) -> Catalog:
        """Commit the show to the new store, unless that happened before: others may have published there since."""
        wanted = self._moved(closed)

        def change(catalog: Catalog | None) -> Catalog | None:
            return None if catalog and catalog.moved_to is None and catalog.revision >= wanted.revision else wanted

        opened = commit(self.new, change)
        assert opened is not None
        return opened

    def _moved(self, closed: Catalog) -> Catalog:
        """Return the closed catalog at its new address; what was owed is owed by the old store."""
        revision, show = closed.revision + 1, closed.show
        # Settings that were public stay so: the address is part of their fingerprint.
        before = wanted_show_of(folder_of(self.project, show.public_url)).fingerprint
        after = wanted_show_of(folder_of(self.project, self.public_url)).fingerprint
        fingerprints = (*show.fingerprints, after) if show.fingerprints[-1] == before else show.fingerprints
        former = tuple(url for url in (*show.former_urls, show.public_url) if url != self.public_url)
        return closed.model_copy(
            update={
                "revision": revision,
                "floor": revision,
                "moved_to": None,
                "owed": (),
                "show": show.model_copy(
                    update={
                        "public_url": self.public_url,
                        "former_urls": tuple(dict.fromkeys(former)),
                        "fingerprints": fingerprints,
                        "podcast_guid": show.podcast_guid or self._guid(),
                        "revision": revision,
                    }
                ),
            }
        )

    def _guid(self) -> UUID | None:
        """Return the podcast:guid of a show that becomes public by this move (NS-GUID-ALGO)."""
        feed = layout.address(self.public_url, layout.FEED)
        return podcast_guid(feed) if is_public_https(feed) else None

    def _send_on(self) -> None:
        """Let the old addresses of the feeds serve the new ones, which say where they live (itunes:new-feed-url)."""
        side = {found.key for found in self.old.public.scan("feeds/") if layout.is_side_feed(found.key)}
        for key in (*sorted(side), layout.FEEDS, layout.FEED):
            body, _ = _read(self.new.public, key)
            standing, version = _read(self.old.public, key)
            if body is not None and standing is not None and body != standing:
                self.old.public.put(Artifact(key, body), expect=version)

    # --- copying -----------------------------------------------------------------------------------------------------

    def _copy(self, catalog: Catalog) -> None:
        """Copy what the catalog names, and the organisers' own files; what lies there already with its size is left."""
        own = {found.key for found in self.old.public.scan() if _is_own(found.key)}
        keys = sorted(catalog.object_keys() | own)
        work = ("copy", self.new.public.where)
        self.report(Started(*work, len(keys)))
        with TemporaryDirectory(prefix="sessioncast-move-") as folder, ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(self._copy_one, keys, (Path(folder) / str(number) for number in range(len(keys)))))
        self.report(Finished(*work, f"{len(keys)} objects"))

    def _copy_one(self, key: str, body: Path) -> None:
        size = self.old.public.head(key).size
        if _size(self.new.public, key) != size:
            self.old.public.read(key, into=body)
            self.new.public.put(Artifact(key, body))
            body.unlink()
        self.report(Advanced("copy", self.new.public.where, 1))


def advice(settings: StoreSettings, old_feed: str, new_feed: str) -> str:
    """Return how to answer the old address with a permanent redirect, by the kind of the old store."""
    path = "/" + old_feed.split("/", 3)[-1]
    if not settings.is_s3:
        how = (
            f"nginx:  location = {path} {{ return 301 {new_feed}; }}\n"
            f"  Caddy:  redir {path} {new_feed} 301\n"
            f"  Apache: Redirect 301 {path} {new_feed}"
        )
    elif settings.endpoint_url is None:
        how = (
            "with CloudFront in front of the bucket: a viewer-request function that answers this path with\n"
            f"  {{ statusCode: 301, headers: {{ location: {{ value: '{new_feed}' }} }} }};\n"
            "  with S3 website hosting: a routing rule for this key with HttpRedirectCode 301"
        )
    else:
        how = f"object stores answer no redirects: set a rule 301 {path} → {new_feed} at the proxy or CDN before it"
    return (
        f"{old_feed} serves the new feed now, and names its new address (itunes:new-feed-url).\n"
        f"Where you can, answer it with a permanent redirect as well:\n  {how}\n"
        "Keep the old store for four weeks at least; then delete it when its logs show that nobody asks any more."
    )


def _is_own(key: str) -> bool:
    """Tell whether a file of the public root is the organisers' own, such as a directory's proof of ownership."""
    return not (key == layout.FEED or site.is_page(key) or layout.is_side_feed(key) or layout.is_immutable(key))


def _size(store: Store, key: str) -> int | None:
    try:
        return store.head(key).size
    except ObjectMissing:
        return None


def _read(store: Store, key: str) -> tuple[bytes | None, Expected]:
    try:
        blob = store.read(key)
    except ObjectMissing:
        return None, ABSENT
    return blob.body, blob.version
