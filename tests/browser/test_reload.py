"""The preview's pages load anew when a file of the show changes; what is published knows nothing of that."""

from __future__ import annotations

import threading
from pathlib import Path

import uvicorn
from playwright.sync_api import Browser, expect

from browsing import Watch
from sessioncast import layout
from sessioncast.preview.app import make_app
from sessioncast.preview.server import address_of, listen
from sites import publish_lives, roots_of, write_lives


def test_a_changed_style_shows_at_once(browser: Browser, tmp_path: Path) -> None:
    folder = tmp_path / "show"
    write_lives(folder, seconds=2)
    with listen("127.0.0.1", 0) as listener:
        base = address_of(listener)
        publish_lives(folder, base)
        app = make_app(roots_of(folder), base, folder)
        server = uvicorn.Server(
            uvicorn.Config(app, log_level="error", http="h11", ws="none", loop="asyncio", timeout_graceful_shutdown=1)
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            context = browser.new_context()
            watch = Watch(context, base)
            page = context.new_page()
            with page.expect_response("**/-/changes"):
                page.goto(f"{base}/index.html")
            expect(page.locator("h1")).not_to_have_css("color", "rgb(1, 2, 3)")
            own = folder / "feed" / "templates"
            own.mkdir()
            (own / "style.css").write_text("h1 { color: rgb(1, 2, 3) }", "utf-8")
            expect(page.locator("h1")).to_have_css("color", "rgb(1, 2, 3)")
            context.close()
            assert watch.wrong == []
        finally:
            server.should_exit = True
            thread.join(30)
    assert b"/-/" not in roots_of(folder).public.read(layout.HOME).body
