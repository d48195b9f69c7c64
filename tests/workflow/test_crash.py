"""The process ends before or after every single call: what is public is whole, and the same command again converges."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from fakes import Call, Killed, Plan, copied, memory_roots, watched
from gates import killed_from
from sessioncast import layout
from sessioncast.errors import StoreUnavailable
from sessioncast.plan.decide import Remake
from sessioncast.plan.judge import Request
from sessioncast.store.port import Roots
from sessioncast.withdraw import Keeper
from shows import NOW, SHOW_ID, assert_whole, change_session, contents, publish, publisher, slug_of, write_tone

Job = Callable[[Path, Roots], object]


def first_publish(show: Path, roots: Roots) -> object:
    return publish(show, roots)


def edit(show: Path, roots: Roots) -> object:
    change_session(show, slug_of(1), '"Talk 1"', '"Talk one"')
    try:
        return publish(show, roots, slug_of(1))
    finally:
        change_session(show, slug_of(1), '"Talk one"', '"Talk 1"')


def unpublish(_show: Path, roots: Roots) -> object:
    return Keeper(roots, SHOW_ID).unpublish(slug_of(2))


def rename(_show: Path, roots: Roots) -> object:
    return Keeper(roots, SHOW_ID).rename(slug_of(0), "first-of-all")


def replace_audio(show: Path, roots: Roots) -> object:
    recording = show / "episodes" / slug_of(3) / "recording.wav"
    kept = recording.read_bytes()
    write_tone(recording, hertz=880)
    try:
        return publisher(show, roots, request=Request(frozenset([slug_of(3)]), remake=Remake.REPLACE)).publish()
    finally:
        recording.write_bytes(kept)


JOBS = {
    "publish": first_publish,
    "edit": edit,
    "unpublish": unpublish,
    "rename": rename,
    "replace-audio": replace_audio,
}


def prepared(show: Path, job: str) -> Roots:
    """Return a store on which the job has something to do."""
    roots = memory_roots()
    if job != "publish":
        publish(show, roots)
    return roots


def undisturbed(show: Path, job: str) -> tuple[dict[str, bytes], list[Call]]:
    """Return what the job leaves when nothing happens to it, and the calls it makes."""
    roots, plan = prepared(show, job), Plan()
    JOBS[job](show, watched(roots, plan))
    return contents(roots.public), plan.calls


EVERY = [pytest.param(7, id="some"), pytest.param(1, marks=pytest.mark.prove, id="all")]
"""At every seventh call in the daily run, at every one in the long proof; the last ones, where pages and feed go out, always."""


def chosen(calls: list[Call], every: int) -> list[Call]:
    return [call for n, call in enumerate(calls) if n % every == 0 or n >= len(calls) - 3]


@pytest.mark.parametrize("every", EVERY)
@pytest.mark.parametrize("job", JOBS)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_killed_at_every_call(show: Path, job: str, moment: str, every: int) -> None:
    expected, calls = undisturbed(show, job)
    writes = [call for call in calls if call.write]
    assert len(writes) >= 5
    start = prepared(show, job)
    for call in chosen(writes, every):
        roots = copied(start)
        first = call.number if moment == "before" else call.number + 1
        with pytest.raises(Killed):
            JOBS[job](show, watched(roots, killed_from(first)))
            raise Killed  # after the very last call
        assert_whole(roots)
        JOBS[job](show, roots)
        assert contents(roots.public) == expected, f"killed {moment} {call}"


@pytest.mark.parametrize("every", EVERY)
@pytest.mark.parametrize("job", JOBS)
def test_the_store_fails_at_every_call(show: Path, job: str, every: int) -> None:
    expected, calls = undisturbed(show, job)
    start = prepared(show, job)
    for call in chosen(calls, every):
        roots = copied(start)
        with pytest.raises(StoreUnavailable):
            JOBS[job](show, watched(roots, Plan().fail(call=call.number)))
        assert_whole(roots)
        JOBS[job](show, roots)
        assert contents(roots.public) == expected, f"failed at {call}"


def test_after_a_finished_take_down_no_byte_of_the_talk_is_left(show: Path) -> None:
    roots = prepared(show, "unpublish")
    catalog = Keeper(roots, SHOW_ID).unpublish(slug_of(2))
    assert catalog.owed == ()
    public = contents(roots.public)
    assert not [key for key in public if key.startswith("media/") and slug_of(2) in key]
    guid = next(t.guid for t in catalog.tombstones)
    for key, body in public.items():
        assert b"Talk 2" not in body, key
        assert guid.encode() not in body, key
    assert b"withdrawn" in public[layout.episode_page(slug_of(2))]


def test_a_killed_take_down_is_finished_by_the_next_publish(show: Path) -> None:
    _, calls = undisturbed(show, "unpublish")
    commit = next(call.number for call in calls if (call.verb, call.key) == ("put", layout.CATALOG))
    start = prepared(show, "unpublish")
    for number in range(commit + 1, len(calls) + 1, 5):
        roots = copied(start)
        with pytest.raises(Killed):
            Keeper(watched(roots, killed_from(number)), SHOW_ID).unpublish(slug_of(2))
        publish(show, roots, now=NOW)
        left = contents(roots.public)
        assert not [key for key in left if key.startswith("media/") and slug_of(2) in key]
        assert not [key for key, body in left.items() if b"Talk 2" in body]


def test_taken_down_stays_down_until_lifted_and_comes_back_under_a_new_key(show: Path) -> None:
    roots = prepared(show, "unpublish")
    before = {found.key for found in roots.public.scan("media/")}
    keeper = Keeper(roots, SHOW_ID)
    keeper.unpublish(slug_of(2))
    assert not publish(show, roots).committed
    keeper.lift(slug_of(2))
    result = publish(show, roots, slug_of(2))
    assert result.catalog is not None
    back = result.catalog.by_slug(slug_of(2))
    assert back is not None
    assert back.enclosure.key not in before
    assert b"Talk 2" in roots.public.read(layout.episode_page(slug_of(2))).body


def test_an_earlier_catalog_is_put_back_but_not_over_a_take_down(show: Path) -> None:
    roots = prepared(show, "edit")
    edit(show, roots)
    keeper = Keeper(roots, SHOW_ID)
    keeper.unpublish(slug_of(3))
    assert [number for number, _ in keeper.kept()] == [2, 1]
    catalog = keeper.put_back(1)
    assert catalog.revision == 4
    assert {e.slug for e in catalog.episodes} == {slug_of(n) for n in (0, 1, 2)}
    assert b"<title>Talk 1</title>" in roots.public.read(layout.FEED).body
