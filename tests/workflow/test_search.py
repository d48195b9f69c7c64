"""Search bundles: only the season that changed is indexed again, and no byte of a talk that was taken down is in any object."""

from __future__ import annotations

import gzip
import posixpath
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fakes import Plan, memory_roots, watched
from many import catalog_of, episode
from sessioncast import bundles, layout
from sessioncast.catalog import Catalog, encode, sort_episodes
from sessioncast.commit import read_catalog
from sessioncast.events import Event, Noted
from sessioncast.plan import afterwards
from sessioncast.renew import renew, shelf_of
from sessioncast.search import Indexer, bundle
from sessioncast.site import records
from sessioncast.store.port import Artifact, Roots
from sessioncast.withdraw import Keeper
from shows import NOW, SHOW_ID, change_session, contents, publish, publisher, slug_of, write_session

WORD = "hapaxlegomenon"


def say(show: Path, slug: str, *words: str) -> None:
    """Give a talk a transcript, half a second a sentence."""
    cues = [f"00:00.{n}00 --> 00:00.{n}90\nFlorence Nightingale: {w} is said here.\n" for n, w in enumerate(words)]
    (show / "episodes" / slug / "transcript.vtt").write_text("WEBVTT\n\n" + "\n".join(cues), "utf-8")


def searched(roots: Roots) -> set[str]:
    """Return the bundles that lie in the store."""
    keys = (found.key for found in roots.public.scan("search/"))
    return {f"{'/'.join(key.split('/')[:2])}/" for key in keys if key != layout.SEARCH}


def objects_with(roots: Roots, word: str) -> list[str]:
    """Return the keys of all public objects in which the word stands, also compressed."""
    found = []
    for key, body in contents(roots.public).items():
        plain = gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body
        if word.encode() in plain:
            found.append(key)
    return found


def catalog(roots: Roots) -> Catalog:
    found = read_catalog(roots.private).catalog
    assert found is not None
    return found


def test_the_same_records_give_the_same_bytes() -> None:
    public = catalog_of(12)
    season = next(iter(bundles.seasons(public)))
    once, again = (bundle(records(public, season), "en") for _ in range(2))
    assert once == again
    assert {name.partition("/")[0] for name in once} >= {"pagefind-entry.json", "pagefind.js", "fragment", "index"}
    assert not [name for name in once if "ui" in name]


def test_one_more_episode_indexes_its_own_season_alone(show: Path) -> None:
    roots = memory_roots()
    public = bundles.tracked(None, catalog_of(300))
    for item in public.episodes:
        roots.public.put(Artifact(item.enclosure.key, b"."))
    roots.public.put(Artifact(public.show.artwork, b"."))
    roots.private.put(Artifact(layout.CATALOG, encode(public)))
    renew(roots, 1)
    assert searched(roots) == set(public.search.values())
    plan = Plan()
    publish(show, watched(roots, plan), slug_of(0), now=NOW)
    after = catalog(roots)
    assert {s for s in after.search if after.search[s] != public.search.get(s)} == {"2020"}
    put = {call.key for call in plan.calls if call.verb == "put" and call.key.startswith("search/")}
    assert {key for key in put if not key.startswith(after.search["2020"])} == {layout.SEARCH}
    page = roots.public.read(layout.SEARCH).body.decode()
    assert all(posixpath.relpath(name, "search") + "/" in page for name in after.search.values())
    assert searched(roots) == {*after.search.values(), public.search["2020"]}


def test_the_bundle_before_stays_for_pages_that_are_open_and_the_one_before_that_goes(show: Path) -> None:
    roots = memory_roots()
    publish(show, roots)
    first = catalog(roots).search["2020"]
    write_session(show, 11)
    publish(show, roots)
    second = catalog(roots).search["2020"]
    assert searched(roots) == {first, second}
    write_session(show, 12)
    publish(show, roots)
    assert searched(roots) == {second, catalog(roots).search["2020"]}
    assert catalog(roots).owed == ()


def test_a_take_down_leaves_no_byte_of_the_talk(show: Path) -> None:
    roots = memory_roots()
    say(show, slug_of(0), WORD, "Something else")
    publish(show, roots)
    write_session(show, 11)
    publish(show, roots)
    holding = {key.split("/")[1] for key in objects_with(roots, WORD) if key.startswith("search/")}
    assert len(holding) == 2
    Keeper(roots, SHOW_ID).unpublish(slug_of(0))
    assert objects_with(roots, WORD) == []
    assert searched(roots) == set(catalog(roots).search.values())


def test_a_correction_of_a_transcript_leaves_nothing_of_the_old_words(show: Path) -> None:
    roots = memory_roots()
    say(show, slug_of(0), WORD)
    publish(show, roots)
    say(show, slug_of(0), "What was meant")
    publish(show, roots, slug_of(0))
    assert objects_with(roots, WORD) == []
    assert objects_with(roots, "What was meant")


def test_hidden_talks_are_not_searched(show: Path) -> None:
    roots = memory_roots()
    write_session(show, 11, hidden="true", title=f'"{WORD}"')
    publish(show, roots)
    assert not [key for key in objects_with(roots, WORD) if key.startswith("search/")]


def test_without_pagefind_publishing_goes_on_and_says_so_once(show: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    roots = memory_roots()
    write_session(show, 400)  # another season
    with monkeypatch.context() as elsewhere:
        elsewhere.setitem(sys.modules, "pagefind_bin", None)
        said: list[Event] = []
        result = replace(publisher(show, roots), report=said.append).publish()
        assert result.committed
        warnings = [e for e in said if isinstance(e, Noted) and "pagefind" in e.text]
        assert len(warnings) == 1
        assert searched(roots) == set()
        assert 'data-bundles=""' in roots.public.read(layout.SEARCH).body.decode()
    write_session(show, 11)
    publish(show, roots)  # on a machine that has it: everything is searched again
    assert searched(roots) == set(catalog(roots).search.values())


def test_search_is_found_as_soon_as_a_machine_could_make_it(show: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An announcement lists nothing new on the search page, and yet it brings what the publish before could not."""
    roots = memory_roots()
    with monkeypatch.context() as elsewhere:
        elsewhere.setitem(sys.modules, "pagefind_bin", None)
        publish(show, roots)
    assert 'data-bundles=""' in roots.public.read(layout.SEARCH).body.decode()
    announced = catalog(roots).model_copy(update={"revision": catalog(roots).revision + 1})
    roots.private.put(Artifact(layout.CATALOG, encode(announced)))
    renew(roots, announced.revision)
    page = roots.public.read(layout.SEARCH).body.decode()
    assert all(bundle.removeprefix("search/") in page for bundle in announced.search.values())


def test_what_a_slow_publisher_put_after_a_take_down_is_deleted_by_itself(show: Path) -> None:
    roots = memory_roots()
    say(show, slug_of(0), WORD)
    publish(show, roots)
    before = catalog(roots)
    slow = Indexer(memory_roots().public, shelf_of(roots.public))
    ready = slow.ready(before, ())
    slow.public = roots.public
    Keeper(roots, SHOW_ID).unpublish(slug_of(0))
    slow.put(ready)
    assert objects_with(roots, WORD)
    assert searched(roots) - set(catalog(roots).search.values()) == set(ready)
    slow.sweep(catalog(roots))
    assert objects_with(roots, WORD) == []
    assert searched(roots) == set(catalog(roots).search.values())


def test_an_earlier_catalog_put_back_has_bundles_of_its_own(show: Path) -> None:
    roots = memory_roots()
    publish(show, roots)
    first = catalog(roots).search["2020"]
    change_session(show, slug_of(0), "Talk 0", "Talk nought")
    publish(show, roots, slug_of(0))
    Keeper(roots, SHOW_ID).put_back(1)
    assert catalog(roots).search["2020"] != first
    assert searched(roots) == set(catalog(roots).search.values())


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from("aew"), st.integers(0, 5)), max_size=12))
def test_every_bundle_that_ever_was_is_named_kept_for_open_pages_or_owed(steps: list[tuple[str, int]]) -> None:
    """Whatever is added (a), edited (e) or withdrawn (w): nothing is forgotten, and no key is used twice."""
    now = bundles.tracked(None, catalog_of(1))
    dead: set[str] = set()
    for what, number in steps:
        before = now
        revision = before.revision + 1
        slug = f"talk-{number:04d}"
        new = episode(number * 200).model_copy(update={"slug": slug, "guid": slug, "revision": revision})
        others = tuple(e for e in before.episodes if e.slug != slug)
        if what == "w":
            after = afterwards.withdraw(before, [slug])
        elif (what == "a") == (len(others) < len(before.episodes)):
            continue
        else:
            floor = revision if what == "e" else before.floor
            update = {"revision": revision, "floor": floor, "episodes": sort_episodes((*others, new))}
            after = before.model_copy(update=update)
        now = bundles.tracked(before, after)
        was = {*before.search.values(), *before.searched.values()}
        lives = {*now.search.values(), *now.searched.values()}
        owed = {debt.delete for debt in now.owed}
        assert was <= lives | owed
        assert not owed & lives
        assert not dead & lives
        if now.floor == now.revision:
            assert now.searched == {}
        dead |= owed
