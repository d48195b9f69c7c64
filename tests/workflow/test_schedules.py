"""The protocol model's schedules for the real code: one job held at each of its calls while others run to the end."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from fakes import Killed, Plan, copied, memory_roots, watched
from gates import Held, killed_from
from sessioncast import layout, renew, site
from sessioncast.commit import read_catalog
from sessioncast.errors import ContentError
from sessioncast.feed import rss
from sessioncast.store.port import Roots
from sessioncast.withdraw import Keeper
from shows import SHOW_ID, assert_whole, contents, publish, slug_of, write_session

Job = Callable[[Roots], object]


@pytest.fixture(autouse=True)
def one_call_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Number calls the same in every run."""
    monkeypatch.setattr(renew, "THREADS", 1)


@pytest.fixture
def two_machines(show: Path, copy: Callable[[Path, str], Path]) -> tuple[Path, Path]:
    """Two checkouts of the show: each has one new session of its own beside the common ones."""
    other = copy(show, "other")
    recording = show / "episodes" / slug_of(0) / "recording.wav"
    write_session(show, 50, recording=recording)
    write_session(other, 51, recording=recording)
    return show, other


def jobs(two_machines: tuple[Path, Path]) -> dict[str, Job]:
    mine, other = two_machines

    def take_down(roots: Roots) -> object:
        try:
            return Keeper(roots, SHOW_ID).unpublish(slug_of(50))
        except ContentError:
            return None  # not public yet, or nothing is: a take-down begins once the talk is public

    return {
        "publish a": lambda roots: publish(mine, roots, slug_of(50)),
        "publish b": lambda roots: publish(other, roots, slug_of(51)),
        "take a down": take_down,
    }


def start(two_machines: tuple[Path, Path]) -> Roots:
    roots = memory_roots()
    publish(two_machines[0], roots, *(slug_of(n) for n in range(2)))
    return roots


def assert_agrees(roots: Roots) -> None:
    """Feed and pages are what the catalog says, and nothing more of a withdrawn talk is there."""
    catalog = read_catalog(roots.private).catalog
    assert catalog is not None
    public = contents(roots.public)
    assert public[layout.FEED] == rss.render(catalog)
    for key, body in site.pages(catalog).items():
        assert public[key] == body, key
    for tombstone in catalog.tombstones:
        assert not [k for k in public if k.startswith("media/") and tombstone.slug in k]
    assert_whole(roots)


SCHEDULES = [
    ("publish a", ("publish b",)),
    ("publish a", ("publish b", "take a down")),
    ("take a down", ("publish b",)),
    ("publish b", ("publish a", "take a down")),
]


@pytest.mark.parametrize("every", [pytest.param(9, id="some"), pytest.param(1, marks=pytest.mark.prove, id="all")])
@pytest.mark.parametrize(("held", "others"), SCHEDULES)
@pytest.mark.parametrize("killed", [False, True])
def test_held_at_every_call(
    two_machines: tuple[Path, Path], held: str, others: tuple[str, ...], every: int, *, killed: bool
) -> None:
    """At every ninth call in the daily run, at every one in the long proof."""
    all_jobs = jobs(two_machines)

    def prepared() -> Roots:
        roots = start(two_machines)
        if held == "take a down":
            all_jobs["publish a"](roots)
        return roots

    undisturbed = Plan()
    all_jobs[held](watched(prepared(), undisturbed))
    assert len(undisturbed.calls) > 8
    begun = prepared()
    for number in range(1, len(undisturbed.calls) + 1, every):
        roots = copied(begun)
        if killed:
            with contextlib.suppress(Killed):
                all_jobs[held](watched(roots, killed_from(number)))
            for other in others:
                all_jobs[other](roots)
        else:
            slow = Held(partial(_under, all_jobs[held], roots), number)
            slow.until_held()
            for other in others:
                all_jobs[other](roots)
            assert_whole(roots)
            slow.to_the_end()
            assert slow.error is None, f"held at {undisturbed.calls[number - 1]}: {slow.error!r}"
        publish(two_machines[0], roots, slug_of(0))
        assert_agrees(roots)


def _under(job: Job, roots: Roots, plan: Plan) -> object:
    return job(watched(roots, plan))
