"""What somebody else did while this run was at work: nobody's later text or audio is overwritten unseen. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sessioncast.errors import ConflictError

if TYPE_CHECKING:
    from sessioncast.catalog import Catalog
    from sessioncast.plan.judge import Judged


@dataclass(frozen=True, slots=True)
class Base:
    """What this run saw at its first look."""

    catalog: Catalog | None
    judged: Judged

    def overtaken(self, now: Judged, catalog: Catalog | None) -> dict[str, ConflictError]:
        """Return, by guid, an error for every edit whose public text or audio somebody else changed or only just made public."""
        errors = {}
        for wanted in now.edits:
            before = self.catalog.by_guid(wanted.session.guid) if self.catalog else None
            after = catalog.by_guid(wanted.session.guid) if catalog else None
            if (
                before is None
                or after is None
                or (before.fingerprints, before.enclosure) != (after.fingerprints, after.enclosure)
            ):
                slug = wanted.session.slug
                errors[wanted.session.guid] = ConflictError(
                    f"episodes/{slug}: somebody else changed it while this ran",
                    hint=f"get their text first (git pull), then sessioncast publish {slug}",
                )
        return errors

    def show_overtaken(self, catalog: Catalog | None) -> bool:
        """Whether somebody else changed the channel meanwhile."""
        if self.catalog is None or catalog is None:
            return self.catalog is not None or catalog is not None
        return self.catalog.show.fingerprints != catalog.show.fingerprints
