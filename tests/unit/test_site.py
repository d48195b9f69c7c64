from __future__ import annotations

import posixpath
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from lxml.html import HtmlElement

from catalogs import BASE, CATALOGS, catalog, episode, everything, minimal, show
from sessioncast import layout, site
from sessioncast.catalog import Catalog, Tombstone
from sessioncast.feed import revision_of


def parse(body: bytes) -> HtmlElement:
    return html.document_fromstring(body.decode())


def page(public: Catalog, key: str) -> HtmlElement:
    return parse(site.pages(public)[key])


def known_keys(public: Catalog) -> set[str]:
    return {layout.FEED, *site.pages(public), *site.assets(public), *public.object_keys()}


@pytest.mark.parametrize("name", CATALOGS)
def test_the_same_catalog_gives_the_same_pages_in_any_order(name: str) -> None:
    public = CATALOGS[name]()
    shuffled = public.model_copy(update={"episodes": tuple(reversed(public.episodes))})
    assert site.pages(public) == site.pages(shuffled)


@pytest.mark.parametrize("name", CATALOGS)
def test_every_link_within_the_site_leads_to_something_that_exists(name: str) -> None:
    public = CATALOGS[name]()
    keys = known_keys(public)
    for key, body in site.pages(public).items():
        for element, attribute, link, _ in parse(body).iterlinks():
            if element.get("rel") in ("canonical", "alternate") or attribute in ("href", "src"):
                target = urljoin(f"{BASE}/{key}", link)
                if target.startswith(BASE):
                    assert unquote(urlsplit(target).path).removeprefix(urlsplit(BASE).path + "/") in keys, (key, link)


@pytest.mark.parametrize("name", CATALOGS)
def test_no_page_runs_anything(name: str) -> None:
    for body in site.pages(CATALOGS[name]()).values():
        for element in parse(body).iter():
            assert element.tag not in ("script", "iframe", "style", "object", "embed")
            assert not [a for a in element.attrib if str(a).startswith("on") or a == "style"]


def test_pages_work_below_any_path() -> None:
    for key, body in site.pages(minimal()).items():
        if key == layout.NOT_FOUND:
            continue
        links = {link for element, attribute, link, _ in parse(body).iterlinks() if element.tag in ("img", "audio")}
        assert links
        assert not [link for link in links if link.startswith(("/", "http"))], key
    moved = parse(site.pages(minimal())[layout.episode_page("hand-washing")])
    assert (
        posixpath.normpath("episodes/hand-washing/" + moved.xpath("//audio/@src")[0])
        == "media/hand-washing-00000000.mp3"
    )


def test_an_episode_page_says_what_there_is_to_say() -> None:
    root = page(everything(), layout.episode_page("counting-what-matters"))
    text = " ".join(root.text_content().split())
    for part in (
        "Counting what matters: charts & <mortality> at Scutari",
        "Tuesday 27 February 2024, 12:00–13:00 EST",
        "Season 2",
        "Episode 7",
        "58 min",
        "14 MB",
        "Florence Nightingale",
        "Nightingale Training School, London",
        "contains a synthetic voice",
    ):
        assert part in text
    (audio,) = root.xpath("//audio")
    assert audio.get("preload") == "none"
    assert root.xpath("//link[@rel='canonical']/@href") == [f"{BASE}/episodes/counting-what-matters/index.html"]
    assert root.xpath("//link[@type='application/rss+xml']/@href") == [f"{BASE}/feed.xml"]
    assert root.xpath("//a[@rel='prev']/@href") == ["../pump-handle/index.html"]
    assert root.xpath("//a[@rel='next']/@href") == ["../season-two/index.html"]


def test_the_home_page_lists_the_newest_first() -> None:
    root = page(everything(), layout.HOME)
    assert root.xpath("//ol/li/h3/a/@href") == [layout.episode_page(e.slug) for e in everything().episodes]


def test_an_empty_show_has_a_home_page() -> None:
    assert "There is no episode yet." in page(catalog(show()), layout.HOME).text_content()


def test_a_withdrawn_talk_leaves_a_page_that_names_nothing_of_it() -> None:
    pages = site.pages(everything())
    for slug in ("secret-talk", "whisper"):
        body = pages[layout.episode_page(slug)].decode()
        assert "This episode was withdrawn by the organisers" in body
        assert 'content="noindex"' in body
        assert "secret" not in body
        assert "whisper" not in body
    assert site.gone(everything()) == pages[layout.episode_page("secret-talk")]
    assert not [key for key, body in pages.items() if b"secret-talk" in body]


def test_a_renamed_talk_is_found_at_its_old_address() -> None:
    root = page(everything(), layout.episode_page("counting"))
    target = f"{BASE}/episodes/counting-what-matters/index.html"
    assert root.xpath("//link[@rel='canonical']/@href") == [target]
    assert root.xpath("//meta[@http-equiv='refresh']/@content") == ["0; url=../counting-what-matters/index.html"]


def test_renames_are_followed_to_the_end_and_never_in_circles() -> None:
    public = catalog(show(), episode("c"), renamed={"a": "b", "b": "c", "x": "y", "y": "x", "c": "a"})
    pages = site.pages(public)
    assert b"../c/index.html" in pages[layout.episode_page("a")]
    assert b"<audio" in pages[layout.episode_page("c")]
    assert layout.episode_page("x") not in pages


def test_a_page_carries_the_last_revision_that_could_have_changed_it() -> None:
    first = catalog(show(), episode("a", 1), episode("b", 2), episode("c", 3), revision=4)
    assert {key: revision_of(body) for key, body in site.pages(first).items()} == {
        "index.html": 4,
        "404.html": 1,
        "episodes/a/index.html": 3,
        "episodes/b/index.html": 4,
        "episodes/c/index.html": 4,
    }
    raised = first.model_copy(update={"floor": 7})
    assert {revision_of(body) for body in site.pages(raised).values()} == {7}
    assert revision_of(site.gone(raised)) == 7


def test_one_more_episode_changes_its_own_page_its_neighbour_and_the_home_page_alone() -> None:
    old = [episode(f"talk-{n}", n) for n in range(5)]
    before = site.pages(catalog(show(), *old))
    now = catalog(show(), *old, episode("talk-5", 5))
    changed = {key: body for key, body in site.pages(now).items() if before.get(key) != body}
    assert set(changed) == {"index.html", "episodes/talk-5/index.html", "episodes/talk-4/index.html"}
    assert site.pages(now, since=5) == changed


def test_taking_down_changes_bytes_back_but_never_to_old_bytes() -> None:
    before = catalog(show(), episode("a", 0), revision=1)
    between = catalog(show(), episode("a", 0), episode("b", 1), revision=2)
    after = before.model_copy(
        update={"revision": 3, "floor": 3, "tombstones": (Tombstone(guid="b", slug="b", revision=3),)}
    )
    for key, body in site.pages(after).items():
        assert body not in (site.pages(before).get(key), site.pages(between).get(key))


def test_the_style_sheet_is_immutable_and_known_to_every_page() -> None:
    ((key, body),) = site.assets().items()
    assert layout.is_immutable(key)
    assert b"prefers-color-scheme" in body
    assert all(key.encode() in page for page in site.pages(minimal()).values())


@given(
    st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"), min_size=1).filter(
        str.strip
    )
)
def test_any_text_stays_text(text: str) -> None:
    line = text.strip()[:255].strip()
    public = catalog(show(title=line, author=line), episode("a", title=line, notes=text))
    for body in site.pages(public).values():
        assert not [e for e in parse(body).iter() if e.tag in ("script", "iframe", "img") and e.get("class") != "cover"]
        assert "\u0000" not in body.decode()


def test_pages_are_told_from_other_objects() -> None:
    assert all(site.is_page(key) for key in site.pages(everything()))
    assert not site.is_page("media/a-00000000.mp3")
    assert not site.is_page("feed.xml")
