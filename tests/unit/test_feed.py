from __future__ import annotations

import time
from datetime import timedelta
from uuid import UUID

import pytest
from lxml import etree

from catalogs import BASE, CATALOGS, FIRST, catalog, episode, everything, minimal, show
from sessioncast import layout
from sessioncast.catalog import decode, encode
from sessioncast.feed import is_public_https, podcast_guid, render, revision_of
from sessioncast.model import PublicCredit

NS = {
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "podcast": "https://podcastindex.org/namespace/1.0",
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
}


def channel(body: bytes) -> etree._Element:
    found = etree.fromstring(body).find("channel")
    assert found is not None
    return found


def texts(element: etree._Element, path: str) -> list[str | None]:
    return [found.text for found in element.findall(path, NS)]


# --- the same catalog, the same bytes ---


@pytest.mark.parametrize("name", CATALOGS)
def test_rendering_twice_gives_the_same_bytes(name: str) -> None:
    assert render(CATALOGS[name]()) == render(decode(encode(CATALOGS[name]()), "test"))


def test_the_order_of_the_catalog_is_irrelevant() -> None:
    ordered = everything()
    shuffled = ordered.model_copy(update={"episodes": tuple(reversed(ordered.episodes))})
    assert render(shuffled) == render(ordered)


def test_the_clock_zone_does_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    before = render(everything())
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        assert render(everything()) == before
    finally:
        monkeypatch.undo()
        time.tzset()


# --- the safe profile ---


def test_namespaces_are_those_of_the_rules() -> None:
    root = etree.fromstring(render(everything()))
    assert root.tag == "rss"
    assert root.get("version") == "2.0"
    assert root.nsmap == NS
    assert render(minimal()).startswith(b"<?xml version='1.0' encoding='UTF-8'?>\n<rss ")


@pytest.mark.parametrize("name", CATALOGS)
def test_order_and_uniqueness(name: str) -> None:
    top = channel(render(CATALOGS[name]()))
    tags = [child.tag for child in top]
    assert tags[tags.index("item") :] == ["item"] * tags.count("item"), "channel metadata stands before the items"
    for parent in (top, *top.findall("item")):
        names = [c.tag for c in parent if NS["itunes"] in str(c.tag) and not str(c.tag).endswith("}category")]
        assert len(names) == len(set(names))
    for item in top.findall("item"):
        names = [child.tag for child in item]
        if (encoded := f"{{{NS['content']}}}encoded") in names:
            assert names.index("description") < names.index(encoded)
        for required in ("title", "link", "description", "guid", "pubDate", "enclosure"):
            assert names.count(required) == 1
    for element in top.iter("*"):
        if len(element) == 0 and element.text:
            assert element.text == element.text.strip()


def test_channel_of_everything() -> None:
    top = channel(render(everything()))
    assert texts(top, "itunes:explicit") == ["true"], "one explicit episode marks the show"
    assert texts(top, "itunes:type") == ["serial"]
    assert texts(top, "itunes:owner/itunes:email") == ["podcast@example.org"]
    assert texts(top, "podcast:medium") == ["podcast"]
    assert texts(top, "podcast:locked") == ["no"]
    assert top.find("podcast:locked", NS).get("owner") == "podcast@example.org"  # type: ignore[union-attr]
    assert texts(top, "podcast:guid") == [str(podcast_guid(f"{BASE}/feed.xml"))]
    categories = [[c.get("text"), *(i.get("text") for i in c)] for c in top.findall("itunes:category", NS)]
    assert categories == [["Health & Fitness", "Medicine"], ["Education"]]
    (own,) = top.findall("atom:link", NS)
    assert dict(own.attrib) == {"href": f"{BASE}/feed.xml", "rel": "self", "type": "application/rss+xml"}
    assert texts(top, "lastBuildDate") == ["Tue, 12 Mar 2024 17:00:00 +0000"]
    assert texts(top, "copyright") == ["Quality Office"]


def test_item_of_everything() -> None:
    items = channel(render(everything())).findall("item")
    item = next(i for i in items if "Scutari" in str(i.findtext("title")))
    assert texts(item, "itunes:season") == texts(item, "podcast:season") == ["2"]
    assert texts(item, "itunes:episode") == texts(item, "podcast:episode") == ["7"]
    assert texts(item, "itunes:explicit") == ["false"]
    assert texts(item, "itunes:duration") == ["3500"]
    persons = [(p.text, dict(p.attrib)) for p in item.findall("podcast:person", NS)]
    assert persons == [
        (
            "Florence Nightingale",
            {
                "group": "cast",
                "role": "guest",
                "img": f"{BASE}/episodes/counting-what-matters/nightingale-1a2b3c4d.jpg",
                "href": "https://people.example.org/nightingale",
            },
        ),
        ("John Snow", {"group": "cast", "role": "host"}),  # his page is not https (URL-HTTPS-NS)
    ]
    (txt,) = item.findall("podcast:txt", NS)
    assert (txt.get("purpose"), txt.text) == ("ai-content", "true")
    encoded = str(item.findtext("content:encoded", namespaces=NS))
    for part in (
        "Figures <em>persuade</em>",
        "Tuesday 27 February 2024, 12:00–13:00 EST",
        "Nightingale Training School, London",
        "Drew the <em>rose</em> diagram &amp; counted &lt;everything&gt;.",
        '<a href="https://example.org/sessions/7?x=1&amp;y=2">Session page</a>',
        '<a href="https://example.org/contact?from=feed&amp;to=us">Contact the organisers</a>',
    ):
        assert part in encoded
    imported = items[-1].find("guid")
    assert imported is not None
    assert (imported.get("isPermaLink"), imported.text) == ("true", "https://old.example.org/?p=1")


def test_an_empty_show_has_no_date_of_the_clock() -> None:
    top = channel(render(catalog(show(summary=""))))
    assert texts(top, "lastBuildDate") == []
    assert texts(top, "description") == ["Quality Talks"]


def test_a_fraction_of_a_second_and_another_offset_leave_the_date() -> None:
    moment = (FIRST + timedelta(microseconds=900)).astimezone(None)
    body = render(catalog(show(), episode("a", published=moment)))
    assert texts(channel(body), "item/pubDate") == ["Tue, 20 Feb 2024 17:00:00 +0000"]


def test_a_very_short_recording_still_has_a_duration() -> None:
    enclosure = episode("a").enclosure.model_copy(update={"duration": 0.2})
    body = render(catalog(show(), episode("a", enclosure=enclosure)))
    assert texts(channel(body), "item/itunes:duration") == ["1"]


def test_long_notes_are_cut_in_the_description_and_whole_in_the_notes() -> None:
    notes = "A sentence about hygiene. " * 400
    item = channel(render(catalog(show(), episode("a", notes=notes.strip())))).find("item")
    assert item is not None
    description = str(item.findtext("description"))
    assert 3900 < len(description.encode()) <= 4000
    assert description.endswith("hygiene.</p>")
    assert str(item.findtext("content:encoded", namespaces=NS)).count("hygiene") == 400


def test_a_long_name_fits_the_namespace() -> None:
    credit = PublicCredit(person="a", name="N" * 200, role="Guest", group="CAST")
    (person,) = channel(render(catalog(show(), episode("a", credits=(credit,))))).findall("item/podcast:person", NS)
    assert (len(str(person.text)), person.get("group"), person.get("role")) == (128, "cast", "guest")


# --- the revision in the bytes ---


def test_the_revision_stands_before_the_channel_and_people_cannot_forge_it() -> None:
    body = render(everything())
    assert revision_of(body) == 9
    assert body.index(b"<!-- sessioncast revision 9 -->") < body.index(b"<channel>")
    assert body.count(b"<!-- sessioncast revision") == 1


@pytest.mark.parametrize(
    "body", [b"", b"<rss/>", b"<!-- sessioncast revision x -->", b" " * 5000 + b"<!-- sessioncast revision 3 -->"]
)
def test_bytes_that_are_not_ours_have_no_revision(body: bytes) -> None:
    assert revision_of(body) is None


# --- identity ---


@pytest.mark.parametrize(
    ("url", "guid"),
    [
        ("https://podnews.net/rss", "9b024349-ccf0-5f69-a609-6b82873eab3c"),
        ("podnews.net/rss", "9b024349-ccf0-5f69-a609-6b82873eab3c"),
        ("http://mp3s.nashownotes.com/pc20rss.xml//", "917393e3-1b1e-5cef-ace4-edaa54e1f810"),
    ],
)
def test_podcast_guid_follows_the_namespaces_vectors(url: str, guid: str) -> None:
    assert podcast_guid(url) == UUID(guid)


@pytest.mark.parametrize(
    ("url", "public"),
    [
        ("https://talks.example.org/feed.xml", True),
        ("https://203.0.114.7/x", True),
        ("http://talks.example.org", False),
        ("https://localhost/feed.xml", False),
        ("https://LOCALHOST.", False),
        ("https://127.0.0.1:8443", False),
        ("https://[::1]/", False),
        ("https://192.168.1.4", False),
        ("https://nas.local/feed.xml", False),
        ("https://intranet/feed.xml", False),
        ("https://[broken", False),
        ("", False),
    ],
)
def test_only_an_https_host_others_can_reach_is_public(url: str, public: bool) -> None:
    assert is_public_https(url) is public


def test_addresses_are_ascii() -> None:
    for element in channel(render(everything())).iter("enclosure"):
        assert element.attrib["url"].isascii()
        assert element.attrib["type"] == layout.media_type(element.attrib["url"])
