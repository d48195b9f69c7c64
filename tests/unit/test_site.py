from __future__ import annotations

import gzip
import json
import posixpath
from collections import Counter
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from lxml.html import HtmlElement

from catalogs import BASE, CATALOGS, SPEAKERS, catalog, episode, everything, minimal, show
from sessioncast import layout, site
from sessioncast.catalog import Catalog, Tombstone
from sessioncast.extras import TextFile
from sessioncast.feed import revision_of


def parse(body: bytes) -> HtmlElement:
    return html.document_fromstring(body.decode())


def page(public: Catalog, key: str) -> HtmlElement:
    return parse(site.pages(public)[key])


def html_pages(public: Catalog) -> dict[str, bytes]:
    return {key: body for key, body in site.pages(public).items() if key.endswith(".html")}


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
    for key, body in html_pages(public).items():
        for element, attribute, link, _ in parse(body).iterlinks():
            if element.get("rel") in ("canonical", "alternate") or attribute in ("href", "src", "srcset"):
                target = urljoin(f"{BASE}/{key}", link)
                if target.startswith(BASE):
                    assert unquote(urlsplit(target).path).removeprefix(urlsplit(BASE).path + "/") in keys, (key, link)


@pytest.mark.parametrize("name", CATALOGS)
def test_no_page_runs_anything_but_its_own_script(name: str) -> None:
    """Data blocks are no scripts; the policy forbids the rest, whatever a text holds."""
    for body in html_pages(CATALOGS[name]()).values():
        root = parse(body)
        for element in root.iter():
            assert element.tag not in ("iframe", "style", "object", "embed")
            assert not [a for a in element.attrib if str(a).startswith("on") or a == "style"]
        kinds = [(e.get("type"), bool(e.get("src"))) for e in root.iter("script")]
        assert kinds.count(("module", True)) == 1
        assert {kind for kind, _ in kinds} <= {"module", "application/json", "application/ld+json"}
        (policy,) = root.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
        assert policy.startswith("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'")
        assert "unsafe-inline" not in policy


def test_pages_work_below_any_path() -> None:
    for key, body in html_pages(minimal()).items():
        if key == layout.NOT_FOUND:
            continue
        tags = ("img", "audio", "script", "source")
        links = {link for element, _, link, _ in parse(body).iterlinks() if element.tag in tags}
        assert links
        assert not [link for link in links if link.startswith(("/", "http"))], key
    (audio,) = page(minimal(), layout.episode_page("hand-washing")).xpath("//audio/@src")
    assert posixpath.normpath(f"episodes/hand-washing/{audio}") == "media/hand-washing-00000000.mp3"


def test_an_episode_page_says_what_there_is_to_say() -> None:
    root = page(everything(), layout.episode_page("counting-what-matters"))
    text = " ".join(root.text_content().split(" "))
    for part in (
        "Counting what matters: charts & <mortality> at Scutari",
        "Tuesday, February 27, 2024, 12:00\u202fp.m. – 1:00\u202fp.m. EST",
        "Measuring",
        "Ch. 7",
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
    assert root.xpath("//ol/li//h3/a/@href") == [layout.episode_page(e.slug) for e in everything().episodes]


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
    for key in (layout.episode_page("secret-talk"), layout.embed_page("secret-talk")):
        assert site.gone(everything(), key) == pages[layout.episode_page("secret-talk")]
    assert not [key for key, body in pages.items() if b"secret-talk" in body]


def test_a_renamed_talk_is_found_at_its_old_address() -> None:
    root = page(everything(), layout.episode_page("counting"))
    target = f"{BASE}/episodes/counting-what-matters/index.html"
    assert root.xpath("//link[@rel='canonical']/@href") == [target]
    assert root.xpath("//meta[@http-equiv='refresh']/@content") == ["0; url=../counting-what-matters/index.html"]
    assert root.xpath("//a[@data-moved]/@href") == ["../counting-what-matters/index.html"]
    embedded = page(everything(), layout.embed_page("counting"))
    assert embedded.xpath("//a[@data-moved]/@href") == ["../counting-what-matters/index.html"]
    pages = site.pages(everything())
    old, new = (json.loads(pages[layout.oembed(slug)]) for slug in ("counting", "counting-what-matters"))
    assert old["html"] == new["html"]


@pytest.mark.parametrize(
    "key", [layout.topic_page("spelt-otherwise"), layout.speaker_page("merged"), "upcoming/x.html"]
)
def test_nobody_is_said_to_have_withdrawn_what_is_only_somewhere_else(key: str) -> None:
    said = parse(site.gone(everything(), key)).text_content()
    assert "withdrawn" not in said
    assert "There is no page at this address" in said


def test_sound_that_lies_elsewhere_may_be_sent_on_to_another_host() -> None:
    def media(address: str) -> str:
        enclosure = episode("a").enclosure.model_copy(update={"key": address})
        root = page(catalog(show(), episode("a", enclosure=enclosure)), layout.episode_page("a"))
        (policy,) = root.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
        return next(part for part in str(policy).split("; ") if part.startswith("media-src"))

    assert media("media/a-00000000.mp3") == "media-src 'self'"
    assert media("https://old.example.org/a.mp3") == "media-src 'self' https:"
    assert media("http://old.example.org/a.mp3") == "media-src 'self' https: http:"


def test_renames_are_followed_to_the_end_and_never_in_circles() -> None:
    public = catalog(show(), episode("c"), renamed={"a": "b", "b": "c", "x": "y", "y": "x", "c": "a"})
    pages = site.pages(public)
    assert b"../c/index.html" in pages[layout.episode_page("a")]
    assert b"<audio" in pages[layout.episode_page("c")]
    assert layout.episode_page("x") not in pages


def revisions(public: Catalog) -> dict[str, int | None]:
    return {key: revision_of(body) for key, body in html_pages(public).items()}


def test_a_page_carries_the_last_revision_that_could_have_changed_it() -> None:
    first = catalog(show(), episode("a", 1), episode("b", 2), episode("c", 3), revision=4)
    found = revisions(first)
    assert {key: found[key] for key in found if key.startswith("episodes/")} == {
        "episodes/a/index.html": 3,
        "episodes/b/index.html": 4,
        "episodes/c/index.html": 4,
    }
    assert found["embed/a/index.html"] == 2
    assert (found["index.html"], found["404.html"], found["about/index.html"]) == (4, 1, 1)
    raised = first.model_copy(update={"floor": 7})
    assert set(revisions(raised).values()) == {7}
    assert revision_of(site.gone(raised, layout.episode_page("d"))) == 7


def test_one_more_episode_of_three_hundred_changes_these_pages_alone() -> None:
    old = [
        episode(f"talk-{n}", n, season=n // 30 + 1, tags=(f"Topic {n % 7}",), credits=(SPEAKERS[n % 3],))
        for n in range(300)
    ]
    new = episode("talk-300", 300, season=10, tags=("Topic 1",), credits=(SPEAKERS[0],))
    before = site.pages(catalog(show(), *old))
    now = catalog(show(), *old, new)
    changed = {key: body for key, body in site.pages(now).items() if before.get(key) != body}
    assert set(changed) == {
        "index.html",
        "episodes/talk-300/index.html",
        "embed/talk-300/index.html",
        "embed/talk-300/oembed.json",
        "episodes/talk-299/index.html",  # it links to the next
        "archive/index.html",
        "archive/10/index.html",
        "speakers/index.html",
        "speakers/florence-nightingale/index.html",
        "topics/index.html",
        "topics/topic-1/index.html",
        "upcoming/index.html",
        "calendar.ics",
        "sitemap.xml",
        "search/index.html",  # it names the season's new bundle
    }
    assert site.pages(now, since=300) == changed


def test_taking_down_changes_bytes_back_but_never_to_old_bytes() -> None:
    before = catalog(show(), episode("a", 0), revision=1)
    between = catalog(show(), episode("a", 0), episode("b", 1), revision=2)
    after = before.model_copy(
        update={"revision": 3, "floor": 3, "tombstones": (Tombstone(guid="b", slug="b", revision=3),)}
    )
    for key, body in site.pages(after).items():
        assert body not in (site.pages(before).get(key), site.pages(between).get(key))


def test_what_pages_share_is_immutable_and_light() -> None:
    shared = site.assets(minimal())
    assert sorted(layout.media_type(key).partition(";")[0] for key in shared) == [
        "image/svg+xml",
        "text/css",
        "text/javascript",
    ]
    assert all(layout.is_immutable(key) for key in shared)
    style, script = (next(key for key in shared if key.endswith(end)) for end in (".css", ".js"))
    for body in html_pages(minimal()).values():
        assert style.encode() in body
        assert script.encode() in body
    assert len(gzip.compress(shared[style])) <= 12_000
    assert len(gzip.compress(shared[style] + shared[script])) <= 30_000


def test_a_whole_transcript_stands_on_the_page_and_the_page_stays_light() -> None:
    sentences = 900  # an hour and a half
    said = [
        {
            "speaker": f"Speaker {n // 40 % 3}",
            "startTime": n * 6.25,
            "endTime": n * 6.25 + 6,
            "body": f"Sentence {n}, {n * 7919}.",
        }
        for n in range(sentences)
    ]
    body = json.dumps({"version": "1.0.0", "segments": said}).encode()
    key = layout.episode_file("a", "transcript", layout.sha256(body), "json")
    file = TextFile(key=key, media_type="application/json", language="en")
    public = catalog(show(), episode("a", transcripts=(file,)))
    read = {key: body}.get
    made = site.pages(public, 0, site.Shelf(read))[layout.episode_page("a")]
    root = parse(made)
    paragraphs = root.xpath("//*[@id='transcript']/p")
    assert len(paragraphs) >= sentences / 6
    assert paragraphs[0].get("data-t") == "0"
    assert paragraphs[0].xpath("./span/@data-t")[:3] == ["0", "6.25", "12.5"]
    assert "Sentence 899" in paragraphs[-1].text_content()
    assert len(set(root.xpath("//*[@id='transcript']/p/@id"))) == len(paragraphs)
    shared = site.assets(public)
    weight = sum(len(gzip.compress(part)) for part in (made, *shared.values()))
    assert weight <= 100_000
    without = site.pages(public)[layout.episode_page("a")]
    assert b"Sentence 899" not in without
    assert key.rpartition("/")[2].encode() in without  # its file is still linked


def test_a_transcript_that_is_none_stops_no_page() -> None:
    key = "episodes/a/transcript-00000000.json"
    file = TextFile(key=key, media_type="application/json", language="en")
    public = catalog(show(), episode("a", transcripts=(file,)))
    for bad in (b"", b"{}", b"[1]", b'{"segments": [{"body": 1}]}', b"\xff"):
        assert layout.episode_page("a") in site.pages(public, 0, site.Shelf({key: bad}.get))


@settings(max_examples=30)
@given(
    st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"), min_size=1).filter(
        str.strip
    )
)
def test_any_text_stays_text(text: str) -> None:
    line = text.strip()[:255].strip()
    public = catalog(show(title=line, author=line), episode("a", title=line, notes=text))
    before = {key: shape(body) for key, body in html_pages(catalog(show(), episode("a", notes="x"))).items()}
    for key, body in html_pages(public).items():
        assert "\u0000" not in body.decode()
        assert not {"script", "iframe", "img", "object"} & (shape(body) - before[key]).keys()


def shape(body: bytes) -> Counter[str]:
    """Return how often each kind of element stands on a page."""
    return Counter(str(element.tag) for element in parse(body).iter())


def test_pages_are_told_from_other_objects() -> None:
    assert all(site.is_page(key) for key in site.pages(everything()))
    assert not site.is_page("media/a-00000000.mp3")
    assert not site.is_page("feed.xml")
