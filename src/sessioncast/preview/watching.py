"""Live reload: the preview's pages load anew when a file of the show changes, or when something was published.

Only the preview has this: it adds one script to the pages it serves; those in the store know nothing of it.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from sessioncast import layout

if TYPE_CHECKING:
    from watchfiles import Change

SCRIPT = "-/reload.js"
CHANGES = "-/changes"
_SOURCE = b"""// The preview's own: published pages have none of this.
new EventSource(new URL("changes", import.meta.url)).addEventListener("message", () => location.reload());
"""
_WATCHED = ("feed", "episodes", ".sessioncast/state")
"""Not the whole folder: .venv and the public root have thousands of folders, and none of them is the show's text."""

_HEARTBEAT = 20.0
"""Seconds after which a silent browser is spoken to, so that one that left is noticed."""


class Watching:
    """Watches a show folder and tells every browser that asked."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._changed = asyncio.Condition()
        self._count = 0

    @property
    def routes(self) -> list[Route]:
        """The two addresses that the preview answers for this."""
        return [
            Route(f"/{SCRIPT}", lambda _: Response(_SOURCE, media_type=layout.media_type(SCRIPT))),
            Route(f"/{CHANGES}", self._tell),
        ]

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Watch while the server runs."""
        task = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def _watch(self) -> None:
        from watchfiles import awatch

        there = [path for path in (self._folder / name for name in _WATCHED) if path.is_dir()]
        # A system that watches no more folders than it does leaves a preview that is loaded anew by hand.
        with contextlib.suppress(OSError):
            async for _ in awatch(*there, watch_filter=self._matters, step=50, debounce=200):
                async with self._changed:
                    self._count += 1
                    self._changed.notify_all()

    def _matters(self, _change: Change, path: str) -> bool:
        """Whether a change is the show's: its files, or a new catalog, which is the last word of a publish's commit."""
        parts = Path(path).relative_to(self._folder).parts
        if not parts or parts[-1].startswith(".") or parts[-1].endswith(("~", ".part", ".lock")):
            return False
        return parts[0] in ("feed", "episodes") or parts[-1] in (layout.CATALOG, layout.SITE)

    async def _tell(self, _request: Request) -> Response:
        async def events() -> AsyncIterator[bytes]:
            yield b": watching\n\n"
            seen = self._count
            while True:
                async with self._changed:
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(self._changed.wait_for(lambda: self._count != seen), _HEARTBEAT)  # noqa: B023 - awaited at once
                yield b"data: changed\n\n" if self._count != seen else b": still here\n\n"
                seen = self._count

        return StreamingResponse(events(), media_type="text/event-stream", headers={"Cache-Control": "no-store"})


def with_script(page: bytes) -> bytes:
    """Return a page that loads anew when told."""
    tag = f'<script type="module" src="/{SCRIPT}"></script>\n</body>'
    return page.replace(b"</body>", tag.encode(), 1)
