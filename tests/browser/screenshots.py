"""``python tests/browser/screenshots.py [FOLDER]``: publish a sample show and take pictures of its pages, for people to look at."""

from __future__ import annotations

import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

from playwright.sync_api import Browser, Page, expect, sync_playwright  # noqa: E402

from chromium import FLAGS, find  # noqa: E402 - after the path is set
from demo import TALK, publish_demo, write_demo  # noqa: E402
from sites import served  # noqa: E402

PAGES = {
    "home": "index.html",
    "episode": f"episodes/{TALK}/index.html?t=95",
    "speaker": "speakers/john-snow/index.html",
    "search": "search/index.html?q=water",
    "upcoming": "upcoming/index.html",
    "embed": f"embed/{TALK}/index.html",
}
WIDTHS = (390, 1440)
THEMES = ("light", "dark")
README = ("episode", 1440, "light")
"""The one picture that is kept, for the README."""


def shoot(browser: Browser, base: str, out: Path) -> None:
    """Take every page at every width in both themes."""
    for width in WIDTHS:
        for theme in THEMES:
            context = browser.new_context(
                viewport={"width": width, "height": 900},
                color_scheme="light" if theme == "light" else "dark",
                timezone_id="America/Toronto",
                locale="en-GB",
            )
            for name, key in PAGES.items():
                page = context.new_page()
                page.goto(f"{base}/{key}")
                _settled(page, name)
                page.screenshot(path=out / f"{name}-{width}-{theme}.png", full_page=True)
                if (name, width, theme) == README:
                    page.screenshot(path=out.parent / "episode.png")
                page.close()
            context.close()


def _settled(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    if name == "search":
        expect(page.locator(".hits h2").first).to_be_visible()
    if name == "episode":
        page.locator("#transcript span[data-t]").nth(3).evaluate("e => e.setAttribute('aria-current', 'true')")


def main(arguments: list[str]) -> int:
    """Return 0, or 1 where there is no Chromium."""
    out = Path(arguments[0] if arguments else "docs/screenshots")
    out.mkdir(parents=True, exist_ok=True)
    chromium = find()
    if chromium is None:
        print("chromium is not installed: apt-get install chromium", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name) / "show"
        write_demo(folder)
        with served(folder / "public") as base:
            publish_demo(folder, base, datetime.now(UTC))
            browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
            shoot(browser, base, out)
            browser.close()
    print(f"{len(list(out.glob('*.png')))} pictures in {out}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
