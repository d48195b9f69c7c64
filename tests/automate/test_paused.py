"""Recordings that are shorter than their cloud says: paused, or not whole. A person decides, and nothing is fetched twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from passes import EAGER, ShelfCloud, did, left, programme, run, starts, why
from sessioncast import project as project_
from sessioncast.automate import Waiting, reports
from sessioncast.automate.clouds import Cloud
from sessioncast.store.port import Roots

MEETING = "812 3456 7890"


@pytest.fixture
def cloud(tmp_path: Path) -> ShelfCloud:
    """A recording of a minute of which the cloud says that it lasts two."""
    made = ShelfCloud()
    made.record(0, "81234567890", left(tmp_path / "talk.wav", 60))
    return made


@pytest.fixture
def slug(show: Path) -> str:
    (only,) = programme(show, MEETING, auto=EAGER)
    return only


def test_it_waits_for_a_person_and_is_fetched_once(show: Path, roots: Roots, cloud: ShelfCloud, slug: str) -> None:
    for _ in range(3):
        story = run(show, roots, clouds=(cloud.as_cloud,))
        assert (did(story), story.failures, len(cloud.fetched)) == ([], (), 1)
        assert len(reports.listed(roots.private)) == 1, "what waits is told once"
        waiting = next(w for w in story.waits if "lasts 60 s of the 126 s that Zoom says" in w.why)
    (take,) = [word for word in waiting.why.split() if word.endswith(".wav")]
    assert waiting == Waiting(
        slug,
        f"{take} lasts 60 s of the 126 s that Zoom says",
        f'if it is whole, since it was paused: pin = "{take}" in episodes/{slug}/session.toml',
    )
    project_.edit_session(show, slug, {"pin": take})
    story = run(show, roots, clouds=(cloud.as_cloud,))
    assert did(story)[:2] == [("match", slug), ("publish", slug)], story
    assert len(cloud.fetched) == 1, "what had arrived was kept"


def test_a_pin_that_comes_late_is_looked_for_as_far_back(
    show: Path, roots: Roots, cloud: ShelfCloud, slug: str
) -> None:
    run(show, roots, clouds=(cloud.as_cloud,))
    project_.edit_session(show, slug, {"pin": next(iter(cloud.shelf.values())).files[0].name})
    story = run(show, roots, now=starts(0) + timedelta(days=60), clouds=(Cloud(cloud),))
    assert ("publish", slug) in did(story), story


def test_what_arrived_may_be_gone_when_the_pin_comes(show: Path, roots: Roots, cloud: ShelfCloud, slug: str) -> None:
    run(show, roots, clouds=(cloud.as_cloud,))
    (arrived,) = (show / ".sessioncast" / "inbox").rglob("*.wav")
    arrived.unlink()
    assert "lasts 60 s" in why(run(show, roots, clouds=(cloud.as_cloud,)))[slug]
    assert len(cloud.fetched) == 1, "what it was is remembered"
    project_.edit_session(show, slug, {"pin": arrived.name})
    assert ("publish", slug) in did(run(show, roots, clouds=(cloud.as_cloud,)))


def test_the_whole_that_comes_later_is_taken(
    show: Path, roots: Roots, cloud: ShelfCloud, slug: str, tmp_path: Path
) -> None:
    run(show, roots, clouds=(cloud.as_cloud,))
    whole = left(tmp_path / "whole.wav", 126)
    ((id_, recording),) = cloud.shelf.items()
    files = tuple(replace(file, size=whole.stat().st_size) for file in recording.files)
    cloud.shelf[id_] = replace(recording, files=files)
    cloud.bodies[f"{id_}sound"] = whole
    assert ("publish", slug) in did(run(show, roots, clouds=(cloud.as_cloud,)))
