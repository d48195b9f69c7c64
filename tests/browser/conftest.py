"""Debian's Chromium, driven by Playwright: no console error and no request outside the site, whatever a test does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from browsing import Watch
from chromium import FLAGS, NEEDED, find
from sites import publish_lives, served, write_lives

CHROMIUM = find()


@pytest.hookimpl(tryfirst=True)  # before xdist looks for groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep all of these in one process: one browser, one show."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Chromium once a file: while Playwright runs, nothing else in this process can run an event loop of its own."""
    if CHROMIUM is None:
        if NEEDED:
            pytest.fail("chromium is not installed, and SESSIONCAST_NEEDS_CHROMIUM says it must be")
        pytest.skip("chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS), headless=True)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def show_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where the show lies."""
    return tmp_path_factory.mktemp("browser") / "show"


@pytest.fixture(scope="session")
def site(show_folder: Path) -> Iterator[str]:
    """Publish a show once and yield its address."""
    write_lives(show_folder)
    with served(show_folder / "public") as base:
        publish_lives(show_folder, base)
        yield base


@pytest.fixture
def context(browser: Browser, site: str) -> Iterator[BrowserContext]:
    """Yield a fresh visitor with a watch over them."""
    made = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB", timezone_id="Europe/London")
    made.grant_permissions(["clipboard-read", "clipboard-write"])
    made.set_default_timeout(20_000)
    watch = Watch(made, site)
    yield made
    made.close()
    assert watch.wrong == []


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """Return a page of theirs."""
    return context.new_page()
