"""Other people's opinions of every kind of page: axe-core on accessibility, html-validate on the HTML, Lighthouse on both and more."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from chromium import NEEDED, find
from demo import TALK, publish_demo, write_demo
from judges import MODULES, judge_with_lighthouse, scores
from sites import served

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
KINDS = {
    "home": "index.html",
    "episode": f"episodes/{TALK}/index.html",
    "announced": "episodes/2026-03-11-florence-nightingale/index.html",
    "embed": f"embed/{TALK}/index.html",
    "speakers": "speakers/index.html",
    "speaker": "speakers/john-snow/index.html",
    "topics": "topics/index.html",
    "topic": "topics/water/index.html",
    "archive": "archive/index.html",
    "season": "archive/2020/index.html",
    "upcoming": "upcoming/index.html",
    "search": "search/index.html?q=water",
    "about": "about/index.html",
    "404": "404.html",
}


def needed(thing: str, there: bool) -> None:
    """Skip, by name, where a judge is not installed; fail where CI says it must be."""
    if there:
        return
    (pytest.fail if NEEDED else pytest.skip)(f"{thing} is not installed: make judges")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """Publish the demonstration show and yield its address and public root."""
    folder = tmp_path_factory.mktemp("judged") / "show"
    write_demo(folder)
    with served(folder / "public") as base:
        publish_demo(folder, base, NOW)
        yield base, folder / "public"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_no_barrier(browser: Browser, demo: tuple[str, Path], kind: str, theme: str) -> None:
    needed("axe-core", (MODULES / "axe-core").is_dir())
    base, _ = demo
    context = browser.new_context(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")
    page = context.new_page()
    answer = page.goto(f"{base}/{KINDS[kind]}")
    assert answer is not None
    assert answer.ok
    if kind == "search":
        expect(page.locator(".hits h2").first).to_be_visible()
    if kind in ("episode", "embed"):
        expect(page.locator(".controls")).to_be_visible()
        page.get_by_role("button", name="Play", exact=True).click()
        expect(page.locator(".player.playing")).to_have_count(1)
    # The page's own policy lets no foreign script in, as a tag or as text; the browser's own console may.
    page.evaluate((MODULES / "axe-core" / "axe.min.js").read_text("utf-8"))
    found: dict[str, Any] = page.evaluate(
        "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })"
    )
    told = [f"{v['id']}: {v['help']}: {[n['html'][:120] for n in v['nodes']]}" for v in found["violations"]]
    context.close()
    assert told == []


def test_html_validate_finds_no_error(demo: tuple[str, Path]) -> None:
    command = MODULES / ".bin" / "html-validate"
    needed("html-validate", command.exists())
    _, public = demo
    pages = sorted(str(path) for path in public.rglob("*.html") if not path.name.startswith("transcript-"))
    assert len(pages) >= 30
    config = Path(__file__).with_name("htmlvalidate.json")
    done = subprocess.run(
        [str(command), "--config", str(config), "--formatter", "json", *pages],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.startswith("["), done.stderr
    told = {f"{m['ruleId']}: {m['message']}" for file in json.loads(done.stdout) for m in file["messages"]}
    assert told == set()


@pytest.mark.prove
@pytest.mark.parametrize("kind", ["home", "episode", "search"])
def test_lighthouse_gives_full_marks(demo: tuple[str, Path], tmp_path: Path, kind: str) -> None:
    needed("lighthouse", (MODULES / ".bin" / "lighthouse").exists() and bool(find()) and bool(shutil.which("node")))
    base, _ = demo
    asked = ("accessibility", "best-practices", "seo", "performance")
    report = judge_with_lighthouse(f"{base}/{KINDS[kind]}", tmp_path, asked)
    # how fast it is depends on the machine (tests/bench); that nothing jumps while it loads does not
    assert report["audits"]["cumulative-layout-shift"]["numericValue"] < 0.05
    report["categories"].pop("performance")
    failed = [a["title"] for a in report["audits"].values() if a["score"] == 0 and a["scoreDisplayMode"] == "binary"]
    assert scores(report) == {"accessibility": 100, "best-practices": 100, "seo": 100}, failed
