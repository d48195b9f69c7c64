"""The website as a pure function of the catalog: no clock, no network, and no script in any page."""

from __future__ import annotations

from sessioncast.site.pages import assets, gone, is_page, keys, pages

__all__ = ["assets", "gone", "is_page", "keys", "pages"]
