"""What a visitor does on the rest of the site: search, times, other languages, no script, three hundred episodes, bad texts."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from browsing import visiting
from catalogs import catalog as catalog_of
from catalogs import episode, show
from sessioncast import layout
from sessioncast.catalog import Catalog
from sessioncast.model import Announced, PublicCredit
from sites import TALK, three_hundred

EPISODE = f"episodes/{TALK}/index.html"
HELD, COMING = "2001-01-01T12:00:00Z", "2101-01-01T12:00:00Z"


# --- search ---


def test_search_lands_at_the_moment(page: Page, site: str) -> None:
    page.goto(f"{site}/search/index.html")
    page.get_by_label("Search words").fill("brewery well")
    hit = page.locator(".hits > li").first
    expect(hit.locator("h2")).to_have_text("Talk 1")
    expect(hit).to_contain_text("Ignaz Semmelweis")
    moment = hit.locator(".moments a", has_text="0:28")
    expect(hit.locator(".moments li").first).to_contain_text("The brewery had its own well.")
    moment.click()
    expect(page).to_have_url(f"{site}/{EPISODE}?t=28")
    expect(page.locator(".position")).to_contain_text("0:28 /")


def test_search_finds_titles_speakers_and_notes(page: Page, site: str) -> None:
    for words in ("Talk 2", "John Snow", "talk 2 was about"):
        page.goto(f"{site}/search/index.html?q={words.replace(' ', '+')}")
        expect(page.locator(".hits h2", has_text="Talk 2")).to_have_count(1)


def test_search_that_finds_nothing_says_so(page: Page, site: str) -> None:
    page.goto(f"{site}/search/index.html")
    page.get_by_label("Search words").fill("xylophone")
    expect(page.get_by_role("status").first).to_have_text("Nothing was found for “xylophone”.")
    page.get_by_label("Search words").fill("<qqq xyzzy=1>")
    expect(page.get_by_role("status").first).to_contain_text("<qqq")
    page.get_by_label("Search words").fill("")
    expect(page.locator(".hits li")).to_have_count(0)


def test_nothing_of_search_is_loaded_before_somebody_searches(page: Page, site: str) -> None:
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url))
    page.goto(f"{site}/search/index.html")
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if "/search/2" in url] == []
    page.get_by_label("Search words").fill("water")
    expect(page.locator(".hits h2").first).to_be_visible()
    assert [url for url in asked if "pagefind.js" in url]


# --- without script, small, large ---


def test_without_javascript_the_page_plays_and_reads(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/{EPISODE}")
    expect(page.locator("audio[controls]")).to_be_visible()
    expect(page.locator("audio track[kind=captions]")).to_have_attribute("src", re.compile(r"transcript-.*\.vtt$"))
    expect(page.get_by_text("The committee asked for one more month.")).to_be_visible()
    expect(page.locator(".controls")).to_have_count(0)
    page.get_by_role("link", name="0:28 The pump").click()
    expect(page).to_have_url(f"{site}/{EPISODE}?t=28")
    page.goto(f"{site}/search/index.html")
    expect(page.get_by_role("main").get_by_role("link", name="All episodes")).to_be_visible()
    context.close()


@pytest.mark.parametrize("width", [320, 390, 1440])
def test_no_page_is_wider_than_the_screen(page: Page, site: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})  # 320 is 1280 at 400 %
    for key in (layout.HOME, EPISODE, layout.SEARCH, layout.UPCOMING, layout.SPEAKERS, layout.ARCHIVE, layout.ABOUT):
        page.goto(f"{site}/{key}")
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), key


def test_three_hundred_episodes_are_all_found(browser: Browser, tmp_path: Path) -> None:
    with visiting(browser, tmp_path, three_hundred("http://127.0.0.1")) as (page, base):
        page.goto(f"{base}/index.html")
        expect(page.locator("ol.talks > li").first).to_be_visible()
        page.goto(f"{base}/search/index.html?q=talk+number+287")
        expect(page.locator(".hits h2").first).to_have_text("Talk number 287")
        page.goto(f"{base}/search/index.html?q=talk+number")
        expect(page.get_by_role("status").first).to_have_text("300 results")
        page.get_by_role("button", name="More results").click()
        expect(page.locator(".hits > li")).to_have_count(20)
        page.goto(f"{base}/archive/index.html")
        page.get_by_role("main").get_by_role("link", name="2019").first.click()
        page.get_by_role("link", name="Talk number 287").click()
        expect(page.locator("h1")).to_have_text("Talk number 287")


# --- times ---


def announced(slug: str, starts: str, ends: str | None, *, over: bool = False) -> Announced:
    return Announced.model_validate(
        {
            "slug": slug,
            "guid": slug,
            "title": slug.replace("-", " ").title(),
            "starts": starts,
            "ends": ends,
            "over": over,
            "since": HELD,
            "fingerprints": ("0" * 64,),
            "revision": 1,
        }
    )


def with_sessions() -> Catalog:
    sessions = (announced("the-night-watch", HELD, HELD), announced("the-day-watch", COMING, COMING))
    return catalog_of(show(timezone="America/Toronto"), episode("hand-washing"), announced=sessions)


def test_past_or_upcoming_is_decided_where_the_reader_is(browser: Browser, tmp_path: Path) -> None:
    with visiting(browser, tmp_path, with_sessions(), timezone_id="Asia/Tokyo") as (page, base):
        page.goto(f"{base}/upcoming/index.html")
        expect(page.locator("li", has_text="The Night Watch")).to_contain_text("over")
        expect(
            page.locator("li", has_text="The Night Watch").get_by_role("link", name="Add to calendar")
        ).to_be_hidden()
        expect(page.locator("li", has_text="The Day Watch")).to_contain_text("9:00 PM where you are")
        expect(page.locator("li", has_text="The Day Watch").get_by_role("link", name="Add to calendar")).to_be_visible()
        page.goto(f"{base}/index.html")
        expect(page.get_by_role("link", name="The Night Watch")).to_be_hidden()
        expect(page.get_by_role("link", name="The Day Watch")).to_be_visible()


def test_home_shows_the_next_two_that_are_not_over_here(browser: Browser, tmp_path: Path) -> None:
    past = [announced(f"past-{n}", HELD, HELD) for n in "ab"]
    begun = (datetime.now(UTC) - timedelta(minutes=5)).isoformat()  # nobody said how long it lasts
    coming = [announced("going-on", begun, None), *(announced(f"coming-{n}", COMING, COMING) for n in "cd")]
    public = catalog_of(show(), episode("hand-washing"), announced=tuple(past + coming))
    with visiting(browser, tmp_path, public) as (page, base):
        page.goto(f"{base}/index.html")
        expect(page.locator(".next h3:visible")).to_have_text(["Going On", "Coming C"])
        page.goto(f"{base}/upcoming/index.html")
        expect(page.locator("li", has_text="Going On").get_by_role("link", name="Add to calendar")).to_be_visible()


def test_no_heading_stands_over_sessions_that_are_all_over(browser: Browser, tmp_path: Path) -> None:
    sessions = (announced("long-ago", HELD, HELD, over=True), announced("just-now", HELD, HELD))
    with visiting(browser, tmp_path, catalog_of(show(), announced=sessions)) as (page, base):
        page.goto(f"{base}/upcoming/index.html")
        expect(page.locator("#held h3")).to_have_count(2)
        expect(page.locator("#coming")).to_be_hidden()


def test_where_the_reader_has_the_shows_time_it_is_said_once(browser: Browser, tmp_path: Path) -> None:
    with visiting(browser, tmp_path, with_sessions(), timezone_id="America/New_York") as (page, base):
        page.goto(f"{base}/upcoming/index.html")
        expect(page.locator("li", has_text="The Day Watch")).to_be_visible()
        expect(page.locator(".yours")).to_have_count(0)


# --- other languages, bad texts ---


def test_a_show_written_from_right_to_left(browser: Browser, tmp_path: Path) -> None:
    public = catalog_of(show(language="ar", title="محاضرات في الطب"), episode("hand-washing", title="غسل اليدين"))
    with visiting(browser, tmp_path, public) as (page, base):
        page.goto(f"{base}/episodes/hand-washing/index.html")
        expect(page.locator("html")).to_have_attribute("dir", "rtl")
        heading = page.locator("h1").bounding_box()
        width = page.viewport_size["width"] if page.viewport_size else 0
        assert heading is not None
        assert heading["x"] + heading["width"] > width / 2
        expect(page.locator(".controls")).to_be_visible()
        # Time runs from left to right on a waveform, in every language.
        assert page.locator(".track").evaluate("e => getComputedStyle(e).direction") == "ltr"
        page.goto(f"{base}/search/index.html?q=غسل")
        expect(page.locator(".hits h2")).to_have_text("غسل اليدين")


BAD = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'><svg onload=alert(3)> \u202e{{7*7}} javascript:alert(4)"


def test_nothing_in_any_text_runs_or_breaks_the_layout(browser: Browser, tmp_path: Path) -> None:
    person = PublicCredit(person="john-snow", name=BAD, role="guest", group="cast", bio=BAD, affiliation=BAD)
    bad = episode(
        "hand-washing", title=BAD, summary=BAD, notes=f"{BAD}\n\n[x](javascript:alert(5)) <style>*{{display:none}}</style>",
        credits=(person,), tags=(BAD,),
    )  # fmt: skip
    public = catalog_of(show(title=BAD, summary=BAD, author=BAD), bad)
    with visiting(browser, tmp_path, public) as (page, base):
        for key in ("index.html", "episodes/hand-washing/index.html", "embed/hand-washing/index.html",
                    "speakers/john-snow/index.html", "search/index.html?q=alert", "archive/index.html"):  # fmt: skip
            page.goto(f"{base}/{key}")
            expect(page.locator("h1")).to_be_visible()
            assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), key
        page.goto(f"{base}/search/index.html?q=alert")
        expect(page.locator(".hits h2").first).to_contain_text("<script>")


def test_links_lead_on_and_the_feed_is_found(page: Page, context: BrowserContext, site: str) -> None:
    page.goto(f"{site}/index.html")
    page.get_by_role("link", name="Talk 1").click()
    page.get_by_role("main").get_by_role("link", name="Ignaz Semmelweis").first.click()
    expect(page.locator("h1")).to_have_text("Ignaz Semmelweis")
    feed = page.locator("link[type='application/rss+xml']").get_attribute("href")
    assert feed == f"{site}/feed.xml"
    assert context.request.get(feed).ok
