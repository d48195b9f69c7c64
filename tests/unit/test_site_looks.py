"""Colours with contrast guaranteed, words in the show's language, and a show's own templates."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from catalogs import catalog, episode, everything, minimal, show
from sessioncast import layout, site
from sessioncast.catalog import Catalog
from sessioncast.errors import Problem
from sessioncast.site import colours, overrides
from sessioncast.site.words import Words, languages

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(COLOURS)
def test_whatever_the_cover_all_text_can_be_read(colour: str) -> None:
    for theme, scheme in colours.schemes(colour).items():
        paper = colours.paper(theme)
        assert min(colours.contrast(scheme.accent, ground) for ground in (paper, scheme.tint)) >= 4.5
        assert colours.contrast(scheme.on_accent, scheme.accent) >= 4.5
        assert colours.contrast(scheme.on_deep, scheme.deep) >= 4.5
        ink, soft, panel = grey(theme, "ink"), grey(theme, "soft"), grey(theme, "panel")
        for ground in (paper, scheme.tint, panel):
            assert colours.contrast(ink, ground) >= 7
            assert colours.contrast(soft, ground) >= 4.5
            assert colours.contrast(scheme.accent, ground) >= 4.5


def grey(theme: str, name: str) -> str:
    """Return a colour of the style sheet that no cover changes."""
    (style,) = (body.decode() for key, body in site.assets(minimal()).items() if key.endswith(".css"))
    light, dark = re.findall(rf"--{name}: (#[0-9a-f]{{3,6}});", style)[:2]
    found = light if theme == "light" else dark
    return found if len(found) == 7 else "#" + "".join(c * 2 for c in found[1:])


def test_a_cover_without_colour_gets_a_quiet_blue() -> None:
    assert colours.schemes("#777777") == colours.schemes(None)
    assert colours.schemes("#14323a") != colours.schemes(None)


def test_every_language_has_the_same_words_with_the_same_facts() -> None:
    assert languages() == ("en", "fr")
    phrases = {tag: (Words(tag, "UTC")._phrases, Words(tag, "UTC").script) for tag in languages()}
    for of_pages, of_script in phrases.values():
        for ours, theirs in ((phrases["en"][0], of_pages), (phrases["en"][1], of_script)):
            assert ours.keys() == theirs.keys()
            for name, phrase in ours.items():
                assert set(re.findall(r"{\w+}", phrase)) == set(re.findall(r"{\w+}", theirs[name])), name


def page(public: Catalog, key: str) -> html.HtmlElement:
    return html.document_fromstring(site.pages(public)[key].decode())


def test_a_french_show_speaks_french_and_dates_as_french_does() -> None:
    public = everything()
    french = public.model_copy(update={"show": public.show.model_copy(update={"language": "fr-ca"})})
    root = page(french, layout.episode_page("counting-what-matters"))
    assert root.get("lang") == "fr-CA"
    text = root.text_content()
    for part in ("Aller au contenu", "Télécharger", "mardi 27 février 2024", "Chapitres", "Citer cet exposé"):
        assert part in text
    assert Words("fr", "UTC")("talks", n=0) == "0 exposé"  # French counts none as one
    assert Words("en", "UTC")("talks", n=0) == "0 talks"


def test_another_language_keeps_its_own_dates_and_direction_under_english_words() -> None:
    public = catalog(show(language="he"), episode("a"))
    root = page(public, layout.episode_page("a"))
    assert (root.get("lang"), root.get("dir")) == ("he", "rtl")
    assert "Download" in root.text_content()
    assert re.search("[א-ת]", root.xpath("//time")[0].text_content())
    assert Words("xx", "UTC")("download") == "Download"


def own(files: dict[str, str], public: Catalog | None = None) -> tuple[Catalog, site.Shelf, list[Problem]]:
    """Return a catalog that names these templates, the shelf they lie on, and what will be told."""
    body = overrides.encode(files)
    key = layout.asset("overrides", layout.sha256(body), "json")
    base = public or minimal()
    told: list[Problem] = []
    named = base.model_copy(update={"show": base.show.model_copy(update={"overrides": key})})
    return named, site.Shelf({key: body}.get, told.append), told


def test_a_show_s_own_template_stands_before_ours_and_may_build_on_it() -> None:
    files = {
        "home.html": '{% extends "sessioncast/home.html" %}{% block title %}Mine: {{ show.title }}{% endblock %}',
        "_colophon.html": "<p>Set by hand</p>",
        "about.html": '{% extends "base.html" %}{% block content %}{% include "_colophon.html" %}{% endblock %}',
        "style.css": ".brand { font-style: italic; }",
    }
    public, shelf, told = own(files)
    pages = site.pages(public, 0, shelf)
    assert b"<title>Mine: Quality Talks</title>" in pages[layout.HOME]
    assert b"Set by hand" in pages[layout.ABOUT]
    assert not told
    (style,) = (body for key, body in site.assets(public, shelf).items() if key.endswith(".css"))
    assert style.endswith(b".brand { font-style: italic; }")
    assert site.pages(public, 0, shelf) == pages
    assert site.faults(minimal(), files) == ()


@pytest.mark.parametrize(
    ("text", "where", "reason"),
    [
        ("<p>\n{% if %}\n</p>", "line 2", "Expected an expression"),
        ("<p>\n\n{{ show.nothing }}</p>", "line 3", "nothing"),
        ("{{ ''.__class__.__mro__ }}", "line 1", "unsafe"),
        ('{% extends "nowhere.html" %}', "line 1", "nowhere.html"),
    ],
)
def test_a_template_that_fails_is_named_with_its_line_and_ours_is_used(text: str, where: str, reason: str) -> None:
    public, shelf, told = own({"home.html": text})
    pages = site.pages(public, 0, shelf)
    assert b"Latest episodes" in pages[layout.HOME]
    assert {(p.file, p.key) for p in told} == {("feed/templates/home.html", where)}
    assert reason in told[0].found
    assert set(site.faults(minimal(), {"home.html": text})) == set(told)


def test_a_template_in_the_middle_of_a_page_is_named_too() -> None:
    public, shelf, told = own({"_player.html": "\n{{ 1 // 0 }}"})
    pages = site.pages(public, 0, shelf)
    assert b"<audio" in pages[layout.episode_page("hand-washing")]
    assert {(p.file, p.key) for p in told} == {("feed/templates/_player.html", "line 2")}


def test_templates_that_are_gone_from_the_store_leave_ours() -> None:
    public, _, _ = own({"home.html": "mine"})
    assert b"Latest episodes" in site.pages(public)[layout.HOME]
