"""Hostile text in every field: nothing runs, nothing leads elsewhere, and no element is added to a page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from icalendar import Calendar
from lxml import etree, html

from catalogs import FIRST, catalog, episode, show
from sessioncast import layout, site
from sessioncast.catalog import Catalog
from sessioncast.extras import Attached, Chapter, Discussion, Funding, License, Link, Location, TextFile
from sessioncast.model import Announced, Owner, PublicCredit

HOSTILE = {
    "script": "</script><script>alert(1)</script>",
    "title": "</title><img src=x onerror=alert(1)>",
    "attribute": "\" onmouseover='alert(1)' autofocus onfocus=alert(1) x=\"",
    "comment": "--><svg/onload=alert(1)><!--",
    "markdown": "[x](javascript:alert(1)) ![x](https://evil.example/x.png) <style>*{display:none}</style>",
    "template": "{{ 7 * 7 }}{% if %}${alert(1)}",
    "turned": "annex\u202etxt.exe \u2066 \u2067",
    "long": "W" * 250,
    "entities": "&lt;script&gt;&#60;script&#62; &amp;amp; \u2028\u2029",
    "ics": "x\\nBEGIN:VEVENT\\nEND:VCALENDAR;,:",
    "marks": "Z" + "\u0335\u0321" * 60,
}


def everywhere(text: str) -> Catalog:
    """Return a catalog whose every free text is this one."""
    link = "https://example.org/?q=%22%3E%3Cscript%3E"
    who = PublicCredit(
        person="somebody", name=text[:120], role="guest", group="cast", affiliation=text, bio=text, link=link
    )
    pdf = "episodes/a/slides-00000000.pdf"
    said = TextFile(key="episodes/a/transcript-00000000.json", media_type="application/json", language="en")
    talk = episode(
        "a",
        title=text,
        summary=text,
        notes=text,
        credits=(who,),
        tags=(text,),
        season=1,
        number=1,
        number_label=text[:32],
        links=(Link(title=text, url=link),),
        attachments=(Attached(title=text, key=pdf, length=1, media_type="application/pdf"),),
        slides=pdf,
        chapters=(Chapter(start=0, title=text, link=link),),
        license=License(name=text[:120], url=link),
        location=Location(name=text[:120]),
        funding=(Funding(url=link, text=text[:120]),),
        discussions=(Discussion(protocol="disabled"),),
        transcripts=(said,),
    )
    coming = Announced(
        slug="b",
        guid="b",
        title=text,
        summary=text,
        notes=text,
        starts=FIRST + timedelta(days=900),
        credits=(who,),
        tags=(text,),
        location=Location(name=text[:120]),
        link=link,
        since=FIRST,
        fingerprints=("a" * 64,),
        revision=1,
    )
    public = show(
        title=text,
        summary=text,
        author=text,
        owner=Owner(name=text, email="a@example.org"),
        copyright=text,
        rhythm=text[:120],
        season_names={"1": text[:120]},
        funding=(Funding(url=link, text=text[:120]),),
        license=License(name=text[:120], url=link),
        credits=(who,),
    )
    return catalog(public, talk, announced=(coming,))


def shelf(text: str) -> site.Shelf:
    segments = [{"speaker": text, "startTime": 0, "endTime": 1, "body": text}]
    body = json.dumps({"version": "1.0.0", "segments": segments}).encode()
    return site.Shelf(lambda _key: body)


def pages(text: str) -> dict[str, bytes]:
    return site.pages(everywhere(text), 0, shelf(text))


def elements(body: bytes) -> Iterator[str]:
    """Yield the kinds of elements in order, but for what notes may be made of."""
    for element in html.document_fromstring(body.decode()).iter():
        if not any("notes" in (above.get("class") or "") for above in element.iterancestors()):
            yield str(element.tag)


@pytest.mark.parametrize("kind", HOSTILE)
def test_text_stays_text_on_every_page(kind: str) -> None:
    plain, hostile = pages("Peaceful words"), pages(HOSTILE[kind])
    same = {key for key in plain if not key.startswith("topics/p")}
    assert same <= hostile.keys()
    for key in (key for key in same if key.endswith(".html")):
        body = hostile[key]
        assert list(elements(body)) == list(elements(plain[key])), key
        root = html.document_fromstring(body.decode())
        for element in root.iter():
            assert element.tag not in ("style", "iframe", "object", "embed", "svg", "form")
            for name, value in element.attrib.items():
                assert not str(name).startswith("on")
                assert name != "style"
                assert not (name in ("href", "src") and str(value).lower().lstrip().startswith(("javascript", "data")))
        for block in root.xpath("//script[@type='application/ld+json']"):
            assert json.loads(block.text)["@context"] == "https://schema.org"
        assert not [c for c in body.decode() if "\u202a" <= c <= "\u202e" or "\u2066" <= c <= "\u2069"]
        assert b"evil.example" not in b"".join(html.tostring(e) for e in root.iter("img", "source", "audio"))


@pytest.mark.parametrize("kind", HOSTILE)
def test_calendars_and_embeds_say_the_text_and_nothing_more(kind: str) -> None:
    made = pages(HOSTILE[kind])
    for key in (layout.CALENDAR, layout.invitation("b")):
        events = Calendar.from_ical(made[key]).walk("VEVENT")
        assert [e["UID"] for e in events] == ["b"], key
    frame = json.loads(made[layout.oembed("a")])["html"]
    element = html.fragment_fromstring(frame)
    assert element.tag == "iframe"
    assert set(element.attrib) == {"src", "width", "height", "title", "loading", "allow", "style"}


@pytest.mark.parametrize("kind", HOSTILE)
def test_the_sitemap_is_well_formed(kind: str) -> None:
    tree = etree.fromstring(pages(HOSTILE[kind])[layout.SITEMAP])
    assert etree.QName(tree).localname == "urlset"
