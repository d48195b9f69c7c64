"""The website as a pure function of the catalog, and of what it names by hash: no clock, no network, one script of our own."""

from __future__ import annotations

from sessioncast.site.overrides import encode
from sessioncast.site.pages import assets, dressed, faults, gone, is_page, keys, needs, page, pages
from sessioncast.site.records import records
from sessioncast.site.shelf import EMPTY, Shelf

__all__ = [
    "EMPTY",
    "Shelf",
    "assets",
    "dressed",
    "encode",
    "faults",
    "gone",
    "is_page",
    "keys",
    "needs",
    "page",
    "pages",
    "records",
]
