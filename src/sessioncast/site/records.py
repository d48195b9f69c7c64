"""What search reads of a season: one record a talk, of its title, speakers, notes and every sentence at its second."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sessioncast import layout
from sessioncast.bundles import seasons
from sessioncast.site.render import Pen
from sessioncast.site.shelf import EMPTY, Shelf

if TYPE_CHECKING:
    from sessioncast.catalog import Catalog


def records(catalog: Catalog, season: str, shelf: Shelf = EMPTY) -> dict[str, bytes]:
    """Return the season's records by the key of the page they lead to; the same catalog gives the same bytes."""
    pen = Pen(catalog.show.model_copy(update={"overrides": None}), shelf)
    return {
        layout.episode_page(e.slug): pen.write("record.html", layout.episode_page(e.slug), 0, {"episode": e})
        for e in seasons(catalog)[season]
    }
