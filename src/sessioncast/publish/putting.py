"""The hands that put objects into the public root and look at them as a listener would."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sessioncast import layout
from sessioncast.errors import ObjectMissing, SessioncastError, StoreError, VerifyError
from sessioncast.events import Advanced, Finished, Report, Started
from sessioncast.plan.afterwards import PRUNE_AFTER
from sessioncast.store.port import Artifact

if TYPE_CHECKING:
    from pathlib import Path

    from sessioncast.catalog import Catalog
    from sessioncast.pictures import Drawn
    from sessioncast.produce import Produced
    from sessioncast.publish.result import Clock
    from sessioncast.store.port import Roots
    from sessioncast.verify import Listener


@dataclass(frozen=True, slots=True)
class Hands:
    """The two roots, a listener's eyes, the clock, and whom to tell."""

    roots: Roots
    listener: Listener
    clock: Clock
    report: Report

    def put(self, artifact: Artifact, catalog: Catalog | None) -> None:
        """Put an immutable object unless it is there; one that nothing names and is old is put again."""
        try:
            found = self.roots.public.head(artifact.key)
            named = catalog is not None and artifact.key in catalog.object_keys()
            fresh = self.clock() - found.modified < PRUNE_AFTER / 2
            if found.size == artifact.size and (named or fresh):
                return  # content-addressed: the same key is the same bytes
            # An old object that nothing names may be pruned by another machine at any moment: put again, it is young.
        except ObjectMissing:
            pass
        work = ("upload", artifact.key)
        self.report(Started(*work, artifact.size, "bytes"))
        self.roots.public.put(artifact, on_bytes=lambda n: self.report(Advanced(*work, n)))
        self.report(Finished(*work))

    def put_and_verify(self, produced: Produced, catalog: Catalog | None, failures: list[SessioncastError]) -> bool:
        """Put audio and fetch it as an app would; what a listener can't have never enters the catalog."""
        try:
            for artifact in produced.objects:
                self.put(artifact, catalog)
                self.listener.check(artifact.key, artifact.size)
        except StoreError:
            raise
        except SessioncastError as e:
            failures.append(e)
            return False
        return True

    def mend(self, catalog: Catalog, made: Mapping[str, Path]) -> None:
        """Put again what the catalog names, where the public root was emptied: before a feed names it once more.

        ``made`` are the files of this machine by the eight digits of their hash. Raises VerifyError when something is
        neither there nor among them.
        """
        for key in sorted(catalog.object_keys()):
            try:
                self.roots.public.head(key)
            except ObjectMissing:
                if layout.hash_of(key) not in made:
                    raise VerifyError(
                        f"{self.roots.public.where}/{key}: found nothing, expected what the catalog names",
                        hint="put the public folder back from a copy, or publish from the machine that made it",
                    ) from None
                self.put(Artifact(key, made[layout.hash_of(key)]), catalog)

    def emptied(self) -> bool:
        """Whether the public root has no feed, though a catalog says that it should."""
        try:
            self.roots.public.head(layout.FEED)
        except ObjectMissing:
            return True
        return False

    def clear_away(self, produced: list[Produced], drawn: Mapping[str, Drawn], catalog: Catalog) -> None:
        """Delete what was put for a talk that somebody took down meanwhile."""
        named = catalog.object_keys()
        sounds = {one.wanted.session.guid: [a.key for a in one.objects] for one in produced}
        for guid, beside in drawn.items():
            tombstone = catalog.tombstone(guid)
            if tombstone and not tombstone.lifted:
                for key in sorted({*sounds.get(guid, ()), *beside.keys} - named):
                    self.roots.public.delete(key)
