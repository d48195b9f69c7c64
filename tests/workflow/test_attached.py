"""Slides and other files of a talk, directories, and a show's own templates: from the folder to the public root."""

from __future__ import annotations

from pathlib import Path

import pytest

from fakes import memory_roots
from sessioncast import layout, project
from sessioncast.commit import read_catalog
from sessioncast.errors import ContentError
from sessioncast.rehearse import rehearse
from sessioncast.store.port import Roots
from sessioncast.withdraw import Keeper
from shows import NOW, SHOW_ID, change_session, contents, publish, slug_of

SLIDES = b"%PDF-1.7 slides of a talk"


@pytest.fixture
def roots() -> Roots:
    return memory_roots()


def attach(show: Path) -> str:
    slug = slug_of(0)
    folder = show / "episodes" / slug
    (folder / "talk.pdf").write_bytes(SLIDES)
    (folder / "Feuille d’exercices.odt").write_bytes(b"handout")
    attachments = '[[attachments]]\nfile = "Feuille d’exercices.odt"\ntitle = "Exercises"\n\n[[credits]]'
    change_session(show, slug, 'title = "Talk 0"', 'title = "Talk 0"\nslides = "talk.pdf"')
    change_session(show, slug, "[[credits]]", attachments)
    return slug


def test_slides_and_attachments_are_put_and_linked_and_a_take_down_deletes_them(show: Path, roots: Roots) -> None:
    slug = attach(show)
    publish(show, roots)
    public = contents(roots.public)
    slides = layout.episode_file(slug, "slides", layout.sha256(SLIDES), "pdf")
    assert public[slides] == SLIDES
    assert layout.cache_control(slides) == layout.IMMUTABLE
    (handout,) = (key for key in public if "/feuille-dexercices-" in key)
    assert layout.media_type(handout) == "application/vnd.oasis.opendocument.text"
    page, feed = public[layout.episode_page(slug)].decode(), public[layout.FEED].decode()
    for key in (slides, handout):
        assert f'href="{key.rpartition("/")[2]}"' in page
        assert f"http://127.0.0.1:8000/{key}" in feed
    assert "Exercises" in page
    Keeper(roots, SHOW_ID).unpublish(slug)
    assert not {slides, handout} & contents(roots.public).keys()


def test_other_slides_are_a_difference_that_is_made_public_when_named(show: Path, roots: Roots) -> None:
    slug = attach(show)
    publish(show, roots)
    (show / "episodes" / slug / "talk.pdf").write_bytes(SLIDES + b", corrected")
    assert not publish(show, roots).committed
    assert publish(show, roots, slug).committed
    catalog = read_catalog(roots.private).catalog
    assert catalog is not None
    episode = catalog.by_slug(slug)
    assert episode is not None
    assert episode.slides is not None
    assert contents(roots.public)[episode.slides].endswith(b"corrected")


def test_an_address_of_slides_stays_a_link(show: Path, roots: Roots) -> None:
    address = "https://example.org/slides/1.pdf"
    change_session(show, slug_of(0), 'title = "Talk 0"', f'title = "Talk 0"\nslides = "{address}"')
    publish(show, roots)
    assert f'href="{address}"'.encode() in contents(roots.public)[layout.episode_page(slug_of(0))]


@pytest.mark.parametrize(
    ("name", "found"),
    [("../secret.pdf", "the name of a file"), ("talk.html", "one of pdf"), ("gone.pdf", "a file epis")],
)
def test_what_can_t_be_attached_is_named(show: Path, name: str, found: str) -> None:
    (show / "episodes" / slug_of(0) / "talk.html").write_text("<script>alert(1)</script>", "utf-8")
    change_session(show, slug_of(0), 'title = "Talk 0"', f'title = "Talk 0"\nslides = "{name}"')
    _, problems = project.inspect(show)
    ((file, key, expected),) = ((p.file, p.key, p.expected) for p in problems)
    assert (file, key) == (f"episodes/{slug_of(0)}/session.toml", "slides")
    assert expected.startswith(found)


def settings(show: Path, more: str) -> None:
    path = show / "feed" / "show.toml"
    path.write_text(path.read_text("utf-8") + more, "utf-8")


def test_directories_of_show_toml_become_buttons_when_settings_are_published(show: Path, roots: Roots) -> None:
    publish(show, roots)
    address = "https://podcasts.apple.com/podcast/id1"
    settings(show, f'\n[directories]\napple = "{address}"\n')
    assert not publish(show, roots).committed
    assert publish(show, roots, settings=True).committed
    assert f'href="{address}">Apple Podcasts'.encode() in contents(roots.public)[layout.HOME]


def test_a_show_s_own_templates_reach_the_pages_by_their_hash(show: Path, roots: Roots) -> None:
    publish(show, roots)
    folder = show / "feed" / "templates"
    folder.mkdir()
    (folder / "not_found.html").write_text(
        "{% extends 'base.html' %}{% block main %}Nobody home{% endblock %}", "utf-8"
    )
    (folder / "style.css").write_text("body { letter-spacing: 0.01em; }", "utf-8")
    assert not publish(show, roots).committed
    assert publish(show, roots, settings=True).committed
    public = contents(roots.public)
    assert b"Nobody home" in public[layout.NOT_FOUND]
    catalog = read_catalog(roots.private).catalog
    assert catalog is not None
    assert catalog.show.overrides in public
    assert not publish(show, roots, settings=True).committed
    # Somebody else takes a talk down, on a machine without the folder: the pages stay the show's own.
    Keeper(roots, SHOW_ID).unpublish(slug_of(1))
    assert b"Nobody home" in contents(roots.public)[layout.NOT_FOUND]


def test_a_template_that_fails_stops_the_settings_before_anything_is_written(show: Path, roots: Roots) -> None:
    publish(show, roots)
    before = contents(roots.public)
    folder = show / "feed" / "templates"
    folder.mkdir()
    (folder / "episode.html").write_text("fine\n{{ episode.titel }}\n", "utf-8")
    with pytest.raises(ContentError, match=r"feed/templates/episode\.html: line 2: found .*titel"):
        publish(show, roots, settings=True)
    assert contents(roots.public) == before
    assert [p.key for p in rehearse(project.load(show), "http://127.0.0.1:8000", NOW).templates] == ["line 2"]
    (folder / "page.js").write_text("alert(1)", "utf-8")
    _, problems = project.inspect(show)
    assert [p.file for p in problems] == ["feed/templates/page.js"]


def test_pages_show_pictures_no_larger_than_they_need(show: Path, roots: Roots) -> None:
    publish(show, roots)
    public = contents(roots.public)
    catalog = read_catalog(roots.private).catalog
    assert catalog is not None
    assert catalog.show.colour == "#145078"
    home = public[layout.HOME].decode()
    for sized in (*catalog.show.sized, *catalog.show.icons):
        assert sized.key in public
        if sized.media_type == "image/webp":
            assert f"{sized.key} {sized.width}w" in home
    assert f'src="{catalog.show.artwork}"' not in home  # 3000 px are for directories
    episode = catalog.episodes[0]
    assert {s.of for s in episode.sized} == {episode.artwork}
    Keeper(roots, SHOW_ID).unpublish(episode.slug)
    assert not {s.key for s in episode.sized} & contents(roots.public).keys()
