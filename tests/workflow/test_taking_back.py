"""Take-downs, moves and earlier catalogs: what comes back, what stays away, and what others may be doing meanwhile."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from fakes import Killed, Plan, memory_roots, watched
from gates import Held, killed_from
from sessioncast import layout
from sessioncast.commit import read_catalog
from sessioncast.errors import CatalogBroken, ConflictError, VerifyError
from sessioncast.plan.judge import Request
from sessioncast.settle import settle
from sessioncast.store.local import LocalStore
from sessioncast.store.port import Artifact, Roots
from sessioncast.withdraw import Keeper
from shows import (
    NOW,
    SHOW_ID,
    assert_whole,
    change_session,
    contents,
    publish,
    publisher,
    slug_of,
)


def test_an_emptied_public_folder_is_filled_again(show: Path) -> None:
    roots = Roots(LocalStore(show / "public"), LocalStore(show / ".sessioncast" / "state"))
    publish(show, roots)
    before = contents(roots.public)
    shutil.rmtree(show / "public")
    publish(show, roots)
    assert contents(roots.public) == before


def test_an_emptied_public_folder_on_a_machine_without_the_masters_names_nothing(show: Path) -> None:
    roots = memory_roots()
    publish(show, roots)
    shutil.rmtree(show / ".sessioncast")
    emptied = Roots(memory_roots().public, roots.private)
    with pytest.raises(VerifyError, match="found nothing"):
        publish(show, emptied)
    assert not contents(emptied.public)


def test_a_debt_waits_until_the_live_feed_stopped_naming_the_audio(show: Path, roots: Roots) -> None:
    publish(show, roots)
    plan = Plan()
    Keeper(watched(memory_copy(roots), plan), SHOW_ID).unpublish(slug_of(0))
    commit = next(c.number for c in plan.calls if (c.verb, c.key) == ("put", layout.CATALOG))
    with pytest.raises(Killed):
        Keeper(watched(roots, killed_from(commit + 1)), SHOW_ID).unpublish(slug_of(0))
    assert settle(roots, live=1) == ()
    assert_whole(roots)
    publish(show, roots)
    assert not [key for key in contents(roots.public) if key.startswith("media/") and slug_of(0) in key]


def memory_copy(roots: Roots) -> Roots:
    """Return a store in memory with the same objects."""
    copy = memory_roots()
    for there, here in ((roots.public, copy.public), (roots.private, copy.private)):
        for key, body in contents(there).items():
            here.put(Artifact(key, body))
    return copy


def test_audio_of_an_earlier_life_is_not_named(show: Path, roots: Roots) -> None:
    publish(show, roots, slug_of(0))
    plan = Plan()
    publish(show, watched(memory_copy(roots), plan), slug_of(1))
    commit = next(c.number for c in plan.calls if (c.verb, c.key) == ("put", layout.kept_catalog(1)))
    results = []
    slow = Held(lambda plan: results.append(publish(show, watched(roots, plan), slug_of(1))), commit)
    slow.until_held()
    publish(show, roots, slug_of(1))
    Keeper(roots, SHOW_ID).unpublish(slug_of(1))
    Keeper(roots, SHOW_ID).lift(slug_of(1))
    slow.to_the_end()
    assert slow.error is None
    assert results[0].exit_code == ConflictError.exit_code
    assert_whole(roots)
    assert publish(show, roots, slug_of(1)).exit_code == 0
    assert_whole(roots)


def test_of_two_edits_the_later_is_told(show: Path, roots: Roots, tmp_path: Path) -> None:
    publish(show, roots)
    mine, theirs = show, shutil.copytree(show, tmp_path / "theirs")
    change_session(mine, slug_of(1), '"Talk 1"', '"Mine"')
    change_session(theirs, slug_of(1), '"Talk 1"', '"Theirs"')
    plan = Plan()
    publish(mine, watched(memory_copy(roots), plan), slug_of(1))
    commit = next(c.number for c in plan.calls if (c.verb, c.key) == ("put", layout.kept_catalog(1)))
    results = []
    slow = Held(lambda plan: results.append(publish(mine, watched(roots, plan), slug_of(1))), commit)
    slow.until_held()
    publish(theirs, roots, slug_of(1))
    slow.to_the_end()
    assert results[0].exit_code == ConflictError.exit_code
    assert "somebody else changed it" in str(results[0].failures[0])
    catalog = read_catalog(roots.private).catalog
    assert catalog is not None
    episode = catalog.by_slug(slug_of(1))
    assert episode is not None
    assert episode.title == "Theirs"


def test_an_earlier_catalog_keeps_dates_and_podcast_guid(show: Path, roots: Roots) -> None:
    publish(show, roots, slug_of(0))
    request = Request(slugs=frozenset({slug_of(1)}), settings=True, as_new=True)
    later = publisher(show, roots, request=request, public_url="https://talks.example.org/a").publish().catalog
    assert later is not None
    date = next(e.published for e in later.episodes if e.slug == slug_of(1))
    back = Keeper(roots, SHOW_ID).put_back(1)
    assert back.by_slug(slug_of(1)) is None
    assert back.show.podcast_guid == later.show.podcast_guid
    again = publish(show, roots, slug_of(1), now=NOW + timedelta(days=9)).catalog
    assert again is not None
    episode = again.by_slug(slug_of(1))
    assert episode is not None
    assert episode.published == date


def test_a_broken_catalog_is_replaced_by_a_kept_one(show: Path, roots: Roots) -> None:
    publish(show, roots, slug_of(0))
    publish(show, roots, slug_of(1))
    roots.private.put(Artifact(layout.CATALOG, b"{ spoilt"))
    with pytest.raises(CatalogBroken) as broken:
        publish(show, roots)
    assert "sessioncast restore" in broken.value.hint
    catalog = Keeper(roots, SHOW_ID).put_back(1)
    assert [e.slug for e in catalog.episodes] == [slug_of(0)]
    assert publish(show, roots).exit_code == 0
    assert_whole(roots)


def test_a_moved_page_of_a_talk_that_came_back_points_on(show: Path, roots: Roots) -> None:
    publish(show, roots)
    keeper = Keeper(roots, SHOW_ID)
    keeper.unpublish(slug_of(0))
    keeper.lift(slug_of(0))
    publish(show, roots, slug_of(0))
    keeper.rename(slug_of(0), "first-of-all")
    page = roots.public.read(layout.episode_page(slug_of(0))).body
    assert b"first-of-all" in page
    keeper.rename("first-of-all", slug_of(0))
    assert b"Talk 0" in roots.public.read(layout.episode_page(slug_of(0))).body


def test_prune_spares_what_a_kept_catalog_names_and_what_is_young(show: Path, roots: Roots) -> None:
    publish(show, roots, slug_of(0))
    publish(show, roots, slug_of(1))
    orphan = layout.media("orphan", "0" * 64)
    roots.public.put(Artifact(orphan, b"."))
    keeper = Keeper(roots, SHOW_ID)
    keeper.put_back(1)
    found = roots.public.head(orphan).modified
    assert keeper.prune(found + timedelta(days=1)) == ()
    assert keeper.prune(found + timedelta(days=15)) == (orphan,)
    assert Keeper(roots, SHOW_ID).put_back(2).by_slug(slug_of(1)) is not None


def test_a_public_talk_is_not_changed_against_what_people_say(show: Path, roots: Roots) -> None:
    publish(show, roots)
    change_session(show, slug_of(0), '"Talk 0"', '"Changed"\nhold = true')
    result = publish(show, roots, slug_of(0))
    assert not result.committed
    assert "held" in result.judged.decisions[0].why
