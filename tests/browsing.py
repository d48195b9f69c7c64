"""Visits to a site, and a watch over the browser: what its pages complain of, and what they ask for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

from sessioncast.catalog import Catalog
from sites import put_catalog, served


class Watch:
    """What went wrong on the pages of a context."""

    def __init__(self, context: BrowserContext, base: str) -> None:
        self.base = base
        self.wrong: list[str] = []
        self.requests: list[str] = []
        context.on("request", self._asked)
        context.on("console", self._said)
        context.on("weberror", lambda e: self.wrong.append(f"error: {e.error}"))
        context.on("dialog", lambda d: self.wrong.append(f"dialog: {d.message}"))

    def _asked(self, request: Request) -> None:
        self.requests.append(request.url)
        if not request.url.startswith((self.base, "data:", "blob:")):
            self.wrong.append(f"request outside the site: {request.url}")

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.wrong.append(f"console {message.type}: {message.text}")


@contextmanager
def visiting(
    browser: Browser, folder: Path, public: Catalog, timezone_id: str | None = None
) -> Iterator[tuple[Page, str]]:
    """Serve a catalog's site and visit it."""
    folder.mkdir(parents=True, exist_ok=True)
    with served(folder / "public") as base:
        put_catalog(folder, public.model_copy(update={"show": public.show.model_copy(update={"public_url": base})}))
        made = browser.new_context(timezone_id=timezone_id)
        watch = Watch(made, base)
        yield made.new_page(), base
        made.close()
        assert watch.wrong == []
