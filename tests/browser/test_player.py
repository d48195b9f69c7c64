"""What a listener does on an episode's page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from browsing import visiting
from catalogs import catalog, episode, show
from sessioncast.model import Enclosure
from sites import TALK

EPISODE = f"episodes/{TALK}/index.html"


def visit(page: Page, site: str, rest: str = "") -> None:
    page.goto(f"{site}/{EPISODE}{rest}")
    expect(page.locator(".controls")).to_be_visible()


def at(page: Page) -> float:
    return float(page.evaluate("document.querySelector('audio').currentTime"))


def playing(page: Page) -> None:
    """Wait until sound is heard."""
    expect(page.locator(".player.playing")).to_have_count(1)
    expect(page.locator("audio")).to_have_js_property("readyState", 4)


def reached(page: Page, second: int) -> None:
    """Wait until the position is within three seconds after this one."""
    shown = "|".join(f"{s // 60}:{s % 60:02d}" for s in range(second, second + 4))
    expect(page.locator(".position")).to_have_text(re.compile(rf"^({shown}) / 1:30$"))


def test_play_and_pause(page: Page, site: str) -> None:
    visit(page, site)
    expect(page.locator("audio")).not_to_be_visible()
    page.get_by_role("button", name="Play", exact=True).click()
    playing(page)
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    expect(page.locator(".position")).to_contain_text("/ 1:30")


def test_nothing_of_the_audio_is_fetched_before_somebody_plays(page: Page, site: str) -> None:
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url))
    visit(page, site)
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if url.endswith(".mp3")] == []
    assert len(asked) <= 10


def test_back_forward_and_the_seek_bar(page: Page, site: str) -> None:
    visit(page, site)
    page.get_by_role("button", name="Play", exact=True).click()
    playing(page)
    page.get_by_role("button", name="Forward 30 seconds").click()
    reached(page, 30)
    page.get_by_role("button", name="Back 15 seconds").click()
    reached(page, 15)
    page.get_by_role("slider", name="Position").fill("60")
    reached(page, 60)
    expect(page.get_by_role("slider", name="Position")).to_have_attribute("aria-valuetext", "1:00 / 1:30")


def test_a_chapter_seeks_and_is_marked(page: Page, site: str) -> None:
    visit(page, site)
    expect(page.locator(".track .mark")).to_have_count(2)
    page.get_by_role("link", name="0:28 The pump").click()
    reached(page, 28)
    playing(page)
    expect(page.locator("#chapters [aria-current]")).to_have_text("0:28 The pump")
    assert page.url.endswith(EPISODE)


def test_a_line_of_the_transcript_seeks_and_is_marked_as_it_is_said(page: Page, site: str) -> None:
    visit(page, site)
    page.get_by_text("Statistics persuade where pity fails.").click()
    reached(page, 35)
    expect(page.locator("#transcript [aria-current]")).to_have_text("Statistics persuade where pity fails.")
    page.locator("#transcript a.time", has_text="0:21").click()
    reached(page, 21)
    expect(page.locator("#transcript [aria-current]")).to_have_text("Then the handle was taken off.")


def test_the_said_line_is_kept_in_sight_until_the_reader_scrolls(page: Page, site: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 420})
    visit(page, site)
    page.get_by_text("Statistics persuade where pity fails.").click()
    playing(page)
    page.get_by_text("What we wash we may keep.").scroll_into_view_if_needed()
    page.mouse.wheel(0, -5000)
    expect(page.locator("h1")).to_be_in_viewport()
    page.evaluate("document.querySelector('audio').currentTime = 70")
    expect(page.locator("#transcript [aria-current]")).to_have_text("What we wash we may keep.")
    expect(page.locator("h1")).to_be_in_viewport()
    page.get_by_role("button", name="Follow the transcript").click()
    expect(page.locator("#transcript [aria-current]")).to_be_in_viewport()


def test_speed_is_remembered(page: Page, context: BrowserContext, site: str) -> None:
    visit(page, site)
    page.get_by_label("Speed").select_option("1.5")
    assert page.evaluate("document.querySelector('audio').playbackRate") == 1.5
    other = context.new_page()
    visit(other, site)
    expect(other.get_by_label("Speed")).to_have_value("1.5")
    other.get_by_role("button", name="Play", exact=True).click()
    playing(other)
    assert other.evaluate("document.querySelector('audio').playbackRate") == 1.5


def test_the_keyboard_alone(page: Page, site: str) -> None:
    visit(page, site)
    page.keyboard.press("k")
    playing(page)
    page.keyboard.press("l")
    reached(page, 30)
    page.keyboard.press("j")
    reached(page, 15)
    page.keyboard.press("k")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    page.keyboard.press(".")
    expect(page.get_by_label("Speed")).to_have_value("1.25")
    page.keyboard.press("m")
    expect(page.get_by_role("button", name="Mute")).to_have_attribute("aria-pressed", "true")
    # Every control is reached by Tab in the order it is read, and shows that it has the focus.
    page.get_by_role("slider", name="Position").focus()
    names = []
    for _ in range(6):
        page.keyboard.press("Tab")
        names.append(
            page.evaluate("document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent")
        )
    assert (
        names == ["Back 15 seconds", "Go on at 0:15", "Forward 30 seconds", "Mute", "Speed", "Keyboard"]
        or names[1] == "Play"
    )
    page.get_by_role("slider", name="Position").focus()
    page.keyboard.press(" ")
    playing(page)


def test_typing_and_shortcuts_of_the_browser_are_left_alone(page: Page, site: str) -> None:
    visit(page, site)
    page.keyboard.press("Control+l")
    page.keyboard.press("Shift+K")
    page.get_by_text("Keyboard", exact=True).click()
    page.get_by_label("These keys work everywhere on the page").uncheck()
    page.locator("h1").click()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("k")
    page.keyboard.press("l")
    assert page.evaluate("document.querySelector('audio').paused")
    assert at(page) == 0


def test_listening_goes_on_after_a_reload(page: Page, site: str) -> None:
    visit(page, site)
    page.get_by_role("link", name="0:56 What followed").click()
    reached(page, 56)
    page.keyboard.press("k")
    expect(page.locator(".player.playing")).to_have_count(0)
    page.reload()
    page.get_by_role("button", name=re.compile("Go on at 0:5")).click()
    playing(page)
    assert at(page) >= 56
    assert page.context.cookies() == []


def test_without_storage_everything_else_works(page: Page, site: str) -> None:
    page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('blocked') } })")
    visit(page, site, "?t=40")
    page.get_by_role("button", name="Go on at 0:40").click()
    reached(page, 40)
    page.keyboard.press("k")


def test_a_shared_link_begins_at_its_moment(page: Page, context: BrowserContext, site: str) -> None:
    visit(page, site)
    page.get_by_role("link", name="0:28 The pump").click()
    reached(page, 28)
    page.keyboard.press("k")
    page.get_by_label("Share from").check()
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_role("status")).to_have_text("Copied")
    link = page.evaluate("navigator.clipboard.readText()")
    assert link.startswith(f"{site}/{EPISODE}?t=")
    other = context.new_page()
    other.goto(link)
    other.get_by_role("button", name="Go on at").click()
    playing(other)
    assert at(other) >= 28


def test_an_address_may_name_the_moment_in_several_ways(page: Page, site: str) -> None:
    for rest in ("?t=65", "#t=65", "#t65", "?t=1:05", "?t=1m5s"):
        page.goto("about:blank")
        visit(page, site, rest)
        expect(page.locator(".position")).to_contain_text("1:05 /")
    for rest in ("?t=nonsense", "?t=-5", "?t=", "#transcript-title"):
        page.goto("about:blank")
        visit(page, site, rest)
        expect(page.locator(".position")).to_contain_text("0:00 /")


def test_a_moment_goes_along_where_the_page_has_moved(browser: Browser, tmp_path: Path) -> None:
    public = catalog(show(), episode("new"), renamed={"old": "new"})
    with visiting(browser, tmp_path, public) as (page, base):
        page.goto(f"{base}/episodes/old/index.html?t=95")
        expect(page).to_have_url(f"{base}/episodes/new/index.html?t=95")
        page.goto(f"{base}/embed/old/index.html")
        expect(page).to_have_url(f"{base}/embed/new/index.html")
        expect(page.locator(".controls")).to_be_visible()


def test_a_talk_of_unknown_length_begins_where_it_is_asked_to(browser: Browser, tmp_path: Path) -> None:
    enclosure = Enclosure(key="https://old.example.org/a.mp3", length=0, media_type="audio/mpeg", duration=0)
    with visiting(browser, tmp_path, catalog(show(), episode("new", enclosure=enclosure))) as (page, base):
        page.goto(f"{base}/episodes/new/index.html?t=95")
        expect(page.locator(".position")).to_contain_text("1:35 /")


@pytest.mark.parametrize("width", [360, 640])
def test_all_of_the_player_is_seen_in_somebody_elses_page(page: Page, site: str, width: int) -> None:
    height = page.request.get(f"{site}/embed/{TALK}/oembed.json").json()["height"]
    page.set_viewport_size({"width": width, "height": height})
    page.goto(f"{site}/embed/{TALK}/index.html")
    for control in page.locator(".controls button, .controls select").all():
        expect(control).to_be_in_viewport(ratio=1)


def test_citation_and_embed_code_are_copied(page: Page, site: str, show_folder: Path) -> None:
    visit(page, site)
    page.locator(".cite .copy").first.click()
    expect(page.get_by_role("status")).to_have_text("Copied")
    assert "Ignaz Semmelweis" in page.evaluate("navigator.clipboard.readText()")
    page.get_by_role("button", name="Copy code to embed").click()
    code = page.evaluate("navigator.clipboard.readText()")
    assert code.startswith(f'<iframe src="{site}/embed/{TALK}/index.html"')
    (show_folder / "public" / "elsewhere.html").write_text(
        f"<!doctype html><title>Elsewhere</title><link rel='icon' href='data:,'>{code}", "utf-8"
    )
    page.goto(f"{site}/elsewhere.html")
    frame = page.frame_locator("iframe")
    frame.get_by_role("button", name="Play", exact=True).click()
    expect(frame.get_by_role("button", name="Pause")).to_be_visible()


def test_the_headset_and_the_lock_screen_know_what_is_playing(page: Page, site: str) -> None:
    visit(page, site)
    page.get_by_role("button", name="Play", exact=True).click()
    playing(page)
    known = page.evaluate("(m => [m.title, m.artist, m.artwork.length])(navigator.mediaSession.metadata)")
    assert known == ["Talk 1", "Lives in Medicine", 1]


def test_out_of_sight_the_player_stays_within_reach(page: Page, site: str) -> None:
    page.set_viewport_size({"width": 390, "height": 700})
    visit(page, site)
    page.get_by_role("button", name="Play", exact=True).click()
    playing(page)
    page.locator("footer").scroll_into_view_if_needed()
    expect(page.get_by_role("button", name="Pause")).to_be_in_viewport()
    page.keyboard.press("k")
    page.locator("h1").scroll_into_view_if_needed()
    expect(page.locator(".docked")).to_have_count(0)


def test_what_has_the_focus_is_not_below_the_player(page: Page, site: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 420})
    visit(page, site)
    page.get_by_role("button", name="Play", exact=True).click()
    playing(page)
    page.emulate_media(reduced_motion="reduce")  # it scrolls at once
    page.evaluate("scrollTo(0, document.querySelector('#chapters').offsetTop)")
    expect(page.locator(".docked")).to_be_visible()
    page.keyboard.press("k")
    page.locator("#chapters a").first.focus()
    for _ in range(12):
        page.keyboard.press("Tab")
        lowest = page.evaluate(
            "(f => f.closest('.docked') ? 0 : f.getBoundingClientRect().bottom - document.querySelector('.docked').getBoundingClientRect().top)(document.activeElement)"
        )
        assert lowest <= 1


def test_a_reader_who_pages_on_with_the_space_bar_is_let_go(page: Page, site: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 420})
    page.emulate_media(reduced_motion="reduce")  # it scrolls at once
    visit(page, site)
    page.get_by_text("Statistics persuade where pity fails.").click()
    playing(page)
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Space")
    expect(page.get_by_text("The map shows where they drew their water.")).not_to_be_in_viewport()
    page.evaluate("document.querySelector('audio').currentTime = 0")
    expect(page.get_by_role("button", name="Follow the transcript")).to_be_visible()
