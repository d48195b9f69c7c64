"""Pages hold the whole transcript, though the catalog names it by key alone: read once, kept, and never in a take-down's way."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from fakes import Plan, memory_roots, watched
from sessioncast import layout
from sessioncast.commit import read_catalog
from sessioncast.events import Event, Noted
from sessioncast.model import PublishedEpisode
from sessioncast.renew import renew
from sessioncast.store.port import Roots
from sessioncast.withdraw import Keeper
from shows import SHOW_ID, contents, publish, slug_of

SAID = "WEBVTT\n\n00:00.100 --> 00:00.900\n<v Ignaz Semmelweis>The map shows it.\n"


@pytest.fixture
def roots(show: Path) -> Roots:
    """A store in which the second and the third of four talks, neighbours, have transcripts."""
    for number in (1, 2):
        (show / "episodes" / slug_of(number) / "transcript.vtt").write_text(SAID, "utf-8")
    roots = memory_roots()
    publish(show, roots)
    return roots


def talk(roots: Roots, number: int) -> PublishedEpisode:
    catalog = read_catalog(roots.private).catalog
    assert catalog is not None
    episode = catalog.by_slug(slug_of(number))
    assert episode is not None
    return episode


def json_key(roots: Roots, number: int) -> str:
    return next(t.key for t in talk(roots, number).transcripts if t.media_type == "application/json")


def reads(show: Path, roots: Roots, key: str) -> int:
    """Return how often publishing one more session reads an object."""
    plan = Plan()
    publish(show, watched(roots, plan), slug_of(3))
    return sum(call.key == key and call.verb == "read" for call in plan.calls)


def test_the_page_holds_what_was_said(roots: Roots) -> None:
    body = contents(roots.public)[layout.episode_page(slug_of(1))].decode()
    assert '<p dir="auto" data-t="0.1" data-end="0.9" id="t0"><cite>Ignaz Semmelweis</cite>' in body
    assert "The map shows it." in body


def test_what_this_machine_made_or_read_before_is_not_fetched(show: Path) -> None:
    (show / "episodes" / slug_of(2) / "transcript.vtt").write_text(SAID, "utf-8")
    roots = memory_roots()
    publish(show, roots, *(slug_of(n) for n in range(3)))
    key = json_key(roots, 2)
    assert reads(show, roots, key) == 0


def test_another_machine_fetches_a_neighbour_s_transcript_once(show: Path) -> None:
    (show / "episodes" / slug_of(2) / "transcript.vtt").write_text(SAID, "utf-8")
    roots = memory_roots()
    publish(show, roots, *(slug_of(n) for n in range(3)))
    key = json_key(roots, 2)
    kept = show / ".sessioncast" / "beside"
    shutil.rmtree(kept)
    assert reads(show, roots, key) == 1
    assert (kept / f"{layout.hash_of(key)}.json").is_file()
    (kept / f"{layout.hash_of(key)}.json").write_text("spoilt", "utf-8")  # never taken for what it is not
    Keeper(roots, SHOW_ID, shelf=kept).unpublish(slug_of(0))
    assert b"The map shows it." in contents(roots.public)[layout.episode_page(slug_of(2))]


def test_a_transcript_that_was_lost_stops_no_take_down(roots: Roots) -> None:
    roots.public.delete(json_key(roots, 1))
    told: list[Event] = []
    Keeper(roots, SHOW_ID, told.append).unpublish(slug_of(2))
    public = contents(roots.public)
    assert b"withdrawn" in public[layout.episode_page(slug_of(2))]
    assert b"The map shows it." not in public[layout.episode_page(slug_of(1))]
    assert [e.text for e in told if isinstance(e, Noted)] == [
        f"{json_key(roots, 1)} is not in the store, so its page goes without"
    ]


def test_the_same_catalog_gives_the_same_pages_with_and_without_what_is_kept(roots: Roots, tmp_path: Path) -> None:
    before = contents(roots.public)
    for kept in (None, tmp_path / "kept", tmp_path / "kept"):
        roots.public.delete(layout.FEED)  # an emptied root: every page is looked at
        renew(roots, 1, kept=kept)
        assert contents(roots.public) == before


def test_an_organiser_s_own_robots_txt_is_left(show: Path) -> None:
    from sessioncast.store.port import Artifact

    roots = memory_roots()
    roots.public.put(Artifact(layout.ROBOTS, b"User-agent: *\nDisallow: /private\n"))
    publish(show, roots)
    publish(show, roots, settings=True)
    assert contents(roots.public)[layout.ROBOTS] == b"User-agent: *\nDisallow: /private\n"
