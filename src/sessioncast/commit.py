"""Reading the catalog and changing it by compare-and-swap: the one place where publishers meet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tenacity import RetryError, Retrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from sessioncast import layout
from sessioncast.bundles import tracked
from sessioncast.catalog import Catalog, decode, encode
from sessioncast.errors import ConflictError, ObjectMissing, PreconditionFailed
from sessioncast.store.port import ABSENT, Artifact, Expected, Roots, Store

if TYPE_CHECKING:
    from collections.abc import Callable

ATTEMPTS = 60


@dataclass(frozen=True, slots=True)
class Present:
    """The catalog as it stands: the value, its bytes, and what a put must expect."""

    catalog: Catalog | None
    body: bytes
    version: Expected


def read_catalog(private: Store) -> Present:
    """Return what is public now; a store that holds nothing yet has no catalog.

    Raises ConflictError for a newer schema, StoreError for one that can't be read.
    """
    try:
        blob = private.read(layout.CATALOG)
    except ObjectMissing:
        return Present(None, b"", ABSENT)
    return Present(decode(blob.body, f"{private.where}/{layout.CATALOG}"), blob.body, blob.version)


def raced() -> Retrying:
    """Return the retry policy of everybody who lost a race: jitter, so that many publishers spread out."""
    return Retrying(
        retry=retry_if_exception_type(PreconditionFailed),
        wait=wait_random_exponential(multiplier=0.05, max=2),
        stop=stop_after_attempt(ATTEMPTS),
    )


def commit(roots: Roots, change: Callable[[Catalog | None], Catalog | None]) -> Catalog | None:
    """Replace the catalog by ``change`` of it, again on every lost race, and return the one now standing.

    ``change`` decides on the catalog it is given and returns None when nothing is left to do. The catalog it replaces is
    kept as ``catalog/<revision>.json``: the bytes every racer would write there are the same.
    Raises ConflictError after losing 60 times, and whatever ``change`` and the store raise.
    """
    try:
        for attempt in raced():
            with attempt:
                return _once(roots.private, change)
    except RetryError:
        pass
    raise ConflictError(
        f"{roots.private.where}: lost {ATTEMPTS} races for the catalog", hint="run the same command again"
    ) from None


def _once(private: Store, change: Callable[[Catalog | None], Catalog | None]) -> Catalog | None:
    present = read_catalog(private)
    after = change(present.catalog)
    if after is None:
        return present.catalog
    before = present.catalog
    after = tracked(before, after)
    if before is not None and after.revision != before.revision:
        private.put(Artifact(layout.kept_catalog(before.revision), present.body))
    body = encode(after)
    decode(body, layout.CATALOG)  # what can't be read back must not be what everybody reads
    private.put(Artifact(layout.CATALOG, body), expect=present.version)
    if before is not None and after.revision > layout.KEPT_CATALOGS + 1:
        private.delete(layout.kept_catalog(after.revision - layout.KEPT_CATALOGS - 1))
    return after
