"""A watch over a browser: what its pages complain of, and what they ask for."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, ConsoleMessage, Request


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
