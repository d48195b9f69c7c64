"""Taking back what is public: unpublish a talk, lift that again, move a page, put an earlier catalog back, prune.

Each is a commit and then the same steps as a publish: pages, feed, debts. Running it again after a kill goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sessioncast import layout
from sessioncast.catalog import Catalog, decode, encode
from sessioncast.commit import commit, read_catalog
from sessioncast.errors import CatalogBroken, ConflictError, ContentError, ObjectMissing
from sessioncast.events import Noted, Report, silent
from sessioncast.plan import afterwards, notices
from sessioncast.plan.decide import same_show
from sessioncast.renew import read_feed, renew
from sessioncast.settle import settle
from sessioncast.store.port import Artifact

if TYPE_CHECKING:
    from pathlib import Path
    from uuid import UUID

    from sessioncast.store.port import Found, Roots

_KEPT_PREFIXES = ("media/", "artwork/", "episodes/", "assets/", "search/")


@dataclass(frozen=True, slots=True)
class Keeper:
    """The hands of a withdrawal: the two roots, the show they must belong to, whom to tell, where objects lie on this machine.

    ``announce`` is called with the catalog once all is public as it should be, and tells the world; it never raises.
    """

    roots: Roots
    show_id: UUID
    report: Report = silent
    shelf: Path | None = None
    announce: Callable[[Catalog], object] | None = None

    def unpublish(self, slug: str) -> Catalog:
        """Bury the talk, put pages and feed without it, delete its objects; return the catalog. One that is only announced is called off.

        Raises ContentError where no such talk is public. One that is buried already is finished off.
        """

        def change(catalog: Catalog | None) -> Catalog | None:
            standing = self._mine(catalog)
            if standing.by_slug(slug) is not None:
                return afterwards.withdraw(standing, [slug])
            if any(a.slug == slug for a in standing.announced):
                return notices.call_off(standing, slug)
            if any(c.slug == slug for c in standing.called_off):
                return None
            if any(t.slug == slug and not t.lifted for t in standing.tombstones):
                return None
            raise ContentError(f"{slug}: found no public talk of that name", hint="sessioncast status")

        return self._carry_out(change)

    def lift(self, slug: str) -> Catalog:
        """Let a talk that was taken down go out again at the next publish, with its guid and a new media key."""

        def change(catalog: Catalog | None) -> Catalog | None:
            standing = self._mine(catalog)
            buried = next((t for t in standing.tombstones if t.slug == slug), None)
            if buried is None:
                raise ContentError(f"{slug}: found no talk of that name that was taken down", hint="sessioncast status")
            return None if buried.lifted else afterwards.lift(standing, slug)

        return self._carry_out(change)

    def rename(self, old: str, new: str) -> Catalog | None:
        """Move a public talk's page to ``new``; guid, date and audio stay, the old address points on.

        Returns None where ``old`` was never public: then only the folder has to move.
        """
        if read_catalog(self.roots.private).catalog is None:
            return None

        def change(catalog: Catalog | None) -> Catalog | None:
            standing = self._mine(catalog)
            if standing.by_slug(old) is None:
                return None
            own = standing.by_slug(old)
            guid = own.guid if own else ""
            free = standing.by_slug(new) is None and all(t.slug != new or t.guid == guid for t in standing.tombstones)
            if not free or standing.renamed.get(new) not in (None, old):
                raise ConflictError(f"{new}: this name belongs to another talk", hint="choose another name")
            return afterwards.rename(standing, old, new)

        return self._carry_out(change)

    def kept(self) -> tuple[tuple[int, datetime], ...]:
        """Return the earlier catalogs that can be put back: revision and when it was replaced, newest first."""
        return tuple(
            sorted(((int(f.key[8:-5]), f.modified) for f in self.roots.private.scan("catalog/")), reverse=True)
        )

    def read_kept(self, revision: int) -> Catalog:
        """Return the kept catalog of that revision; ContentError where it is not kept."""
        key = layout.kept_catalog(revision)
        try:
            return decode(self.roots.private.read(key).body, f"{self.roots.private.where}/{key}")
        except ObjectMissing:
            kept = ", ".join(str(number) for number, _ in self.kept()) or "none"
            raise ContentError(
                f"revision {revision} is not kept; kept are {kept}", hint="sessioncast restore"
            ) from None

    def put_back(self, revision: int) -> Catalog:
        """Make an earlier catalog the next one; talks taken down since stay down, and every object it names must exist."""
        earlier = self.read_kept(revision)
        self._replace_broken()

        def change(catalog: Catalog | None) -> Catalog | None:
            after = afterwards.put_back(self._mine(catalog), earlier)
            for key in sorted(after.object_keys()):
                try:
                    self.roots.public.head(key)
                except ObjectMissing:
                    raise ConflictError(
                        f"revision {revision} names {key}, which is not in the store any more",
                        hint="sessioncast restore",
                    ) from None
            return after

        return self._carry_out(change)

    def _replace_broken(self) -> None:
        """Where the catalog can't be read, put the newest kept one in its place, past every revision it may have had.

        What the unreadable one alone knew, such as a take-down in its last revision, is lost and said.
        """
        try:
            read_catalog(self.roots.private)
        except CatalogBroken:
            newest, _ = self.kept()[0]
            live, _ = read_feed(self.roots.public)
            catalog = self.read_kept(newest).model_copy(update={"revision": max(newest + 2, live)})
            version = self.roots.private.head(layout.CATALOG).version
            self.roots.private.put(Artifact(layout.CATALOG, encode(catalog)), expect=version)
            self.report(
                Noted(
                    "warning",
                    f"the catalog could not be read: revision {newest} stands in its place; a take-down after it must be repeated",
                    hint="sessioncast status",
                )
            )

    def unnamed(self, now: datetime) -> tuple[Found, ...]:
        """Return the objects that nothing names and that are older than 14 days by the store's clock."""
        named = set(self._mine(read_catalog(self.roots.private).catalog).object_keys())
        bundles = self._bundles()
        for revision, _ in self.kept():  # so that each of them can be put back
            named |= self.read_kept(revision).object_keys()
        return tuple(
            found
            for prefix in _KEPT_PREFIXES
            for found in self.roots.public.scan(prefix)
            if layout.is_immutable(found.key)
            and not found.key.startswith(("assets/style-", "assets/site-", "assets/qr-"))
            and found.key not in named
            and not found.key.startswith(bundles)
            and now - found.modified > afterwards.PRUNE_AFTER
        )

    def prune(self, now: datetime) -> tuple[str, ...]:
        """Delete what ``unnamed`` lists and return the keys."""
        listed = self.unnamed(now)
        named = self._mine(read_catalog(self.roots.private).catalog).object_keys()
        deleted = []
        for found in listed:
            # Somebody may have put it again or published it since it was listed.
            if found.key not in named and self.roots.public.head(found.key).modified == found.modified:
                self.roots.public.delete(found.key)
                deleted.append(found.key)
        return tuple(deleted)

    def _bundles(self) -> tuple[str, ...]:
        """Return the bundles of search that are named; a catalog that is put back has new ones."""
        catalog = self._mine(read_catalog(self.roots.private).catalog)
        return (*catalog.search.values(), *catalog.searched.values())

    # --- shared ------------------------------------------------------------------------------------------------------

    def _mine(self, catalog: Catalog | None) -> Catalog:
        if catalog is None:
            raise ContentError(f"{self.roots.public.where}: nothing is published there yet", hint="sessioncast publish")
        same_show(catalog, self.show_id, self.roots.public.where)
        return catalog

    def _carry_out(self, change: Callable[[Catalog | None], Catalog | None]) -> Catalog:
        catalog = self._mine(commit(self.roots, change))
        settle(self.roots, renew(self.roots, catalog.revision, self.report, self.shelf), self.report)
        catalog = self._mine(read_catalog(self.roots.private).catalog)
        if self.announce is not None:
            self.announce(catalog)
        return catalog
