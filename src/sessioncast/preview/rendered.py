"""The feed and the pages as the preview shows them: rendered again whenever the catalog in the store changes."""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING

from sessioncast import layout, site
from sessioncast.catalog import Catalog, decode
from sessioncast.errors import ContentError, ObjectMissing
from sessioncast.feed import render, side_feeds
from sessioncast.preview.watching import with_script

if TYPE_CHECKING:
    from datetime import datetime

    from sessioncast.site import Shelf
    from sessioncast.store.port import Store


@dataclass(frozen=True)
class Text:
    """One rendered body with what a response needs to know of it."""

    body: bytes
    modified: datetime

    @cached_property
    def etag(self) -> str:
        """A strong entity tag, quoted: of the bytes."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:32]}"'

    @cached_property
    def gzipped(self) -> bytes:
        """The body compressed, the same bytes every time."""
        return gzip.compress(self.body, mtime=0)


class Rendered:
    """What is rendered from the catalog in ``private``, at the address ``base_url``; safe to use from several threads."""

    def __init__(
        self,
        private: Store,
        base_url: str,
        shelf: Shelf = site.EMPTY,
        standing: Callable[[Catalog], tuple[str, ...]] = lambda _catalog: (),
        templates: Callable[[], Mapping[str, str]] | None = None,
    ) -> None:
        self._templates = templates
        self._private = private
        self._standing = standing
        self._shelf = shelf
        self._base_url = base_url.rstrip("/")
        self._lock = Lock()
        self._version: tuple[str, bytes] = ("", b"")
        self._shown: tuple[Catalog, tuple[str, ...]] | None = None
        self._texts: dict[str, Text] = {}

    def find(self, key: str) -> Text | None:
        """Return the feed or page under this key, as the catalog stands now.

        Raises ContentError while nothing is published, and what reading the store and decoding the catalog raise.
        """
        with self._lock:
            self._refresh()
            return self._texts.get(key)

    def _refresh(self) -> None:
        where = f"{self._private.where}/{layout.CATALOG}"
        try:
            found = self._private.head(layout.CATALOG)
            own = site.encode(self._templates()) if self._templates else b""
            if (found.version, own) == self._version and not self._search_grew():
                return
            blob = self._private.read(layout.CATALOG)
        except ObjectMissing:
            raise ContentError(
                f"{where}: found no catalog, expected a published show", hint="sessioncast publish"
            ) from None
        catalog = self._here(decode(blob.body, where))
        self._shown = catalog, self._standing(catalog)
        shelf = replace(self._shelf, bundles=self._shown[1])
        feeds = {layout.FEED: render(catalog), **side_feeds(catalog)}
        if self._templates:
            catalog, shelf = site.dressed(catalog, shelf, own)
        pages = site.pages(catalog, 0, shelf)
        if self._templates:
            pages = {key: with_script(body) if key.endswith(".html") else body for key, body in pages.items()}
        bodies = {**feeds, **pages, **site.assets(catalog, shelf)}
        self._texts = {key: Text(body, found.modified) for key, body in bodies.items()}
        self._version = (blob.version, own)

    def _search_grew(self) -> bool:
        """Whether bundles of search stand by now that a page of this catalog could not name yet: they are put after the commit."""
        if self._shown is None:
            return False
        catalog, stood = self._shown
        return set(stood) < set(catalog.search.values()) and self._standing(catalog) != stood

    def _here(self, catalog: Catalog) -> Catalog:
        show = catalog.show.model_copy(update={"public_url": self._base_url})
        return catalog.model_copy(update={"show": show})
