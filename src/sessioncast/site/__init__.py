"""The website as a pure function of the catalog, and of what it names by hash: no clock, no network, no script in any page."""

from __future__ import annotations

from sessioncast.site.pages import assets, faults, gone, is_page, keys, needs, pages
from sessioncast.site.shelf import EMPTY, Shelf

__all__ = ["EMPTY", "Shelf", "assets", "faults", "gone", "is_page", "keys", "needs", "pages"]
