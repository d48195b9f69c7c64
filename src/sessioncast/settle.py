"""Step 7 of the protocol: do what the commit owed, then clear it. Safe to do twice, by two machines at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sessioncast.catalog import Catalog
from sessioncast.commit import commit, read_catalog
from sessioncast.events import Finished, Report, silent
from sessioncast.search import delete_below

if TYPE_CHECKING:
    from sessioncast.store.port import Roots


def settle(roots: Roots, live: int, report: Report = silent) -> tuple[str, ...]:
    """Delete the public keys owed, and all below those that end in a slash, up to the live feed's revision and return them.

    A debt of a later commit waits for its own publisher, or the next: the live feed still names its key. A key the
    catalog names again is kept: the debt is void. Clearing a debt changes nothing public, so the revision stays.
    """
    catalog = read_catalog(roots.private).catalog
    done = tuple(debt for debt in catalog.owed if debt.revision <= live) if catalog else ()
    if catalog is None or not done:
        return ()
    named = catalog.object_keys() | set(catalog.search.values())
    deleted = tuple(debt.delete for debt in done if debt.delete not in named)
    for key in deleted:
        if key.endswith("/"):
            delete_below(roots.public, key)
        else:
            roots.public.delete(key)

    def cleared(now: Catalog | None) -> Catalog | None:
        if now is None or not any(debt in done for debt in now.owed):
            return None
        return now.model_copy(update={"owed": tuple(debt for debt in now.owed if debt not in done)})

    commit(roots, cleared)
    report(Finished("deleted", roots.public.where, ", ".join(deleted)))
    return deleted
