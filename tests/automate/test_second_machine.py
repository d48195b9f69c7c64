"""Machines that share the show's words through git, and each its own disk: a job in CI starts with an empty one every time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from passes import EAGER, ShelfCloud, auto_toml, did, left, programme, run, starts, why
from sessioncast import layout, queue
from sessioncast import project as project_
from sessioncast.automate.claims import Claims
from sessioncast.automate.clouds import Cloud
from sessioncast.commit import read_catalog
from sessioncast.store.port import Roots
from shows import NOW

MEETING = "812 3456 7890"


def checked_out_anew(show: Path) -> None:
    """Leave what is committed: words alone."""
    for sound in (show / "episodes").rglob("*.wav"):
        sound.unlink()


def test_a_talk_that_waited_a_pass_goes_out_from_a_fresh_checkout(show: Path, roots: Roots, talk: Path) -> None:
    cloud = ShelfCloud()
    (slug,) = programme(show, MEETING, auto="[auto]\n")
    cloud.record(0, "81234567890", talk)
    end = starts(0) + timedelta(minutes=2.25)
    first = run(show, roots, now=end + timedelta(minutes=30), clouds=(cloud.as_cloud,))
    assert did(first) == [("match", slug)]
    toml = (show / "episodes" / slug / "session.toml").read_bytes()
    checked_out_anew(show)
    story = run(show, roots, now=end + timedelta(hours=25), clouds=(cloud.as_cloud,))
    assert story.failures == ()
    assert did(story)[:2] == [("match", slug), ("publish", slug)]
    assert (show / "episodes" / slug / "session.toml").read_bytes() == toml
    checked_out_anew(show)
    again = run(show, roots, now=end + timedelta(hours=26), clouds=(cloud.as_cloud,))
    assert (did(again), again.exit_code, len(cloud.fetched)) == ([], 0, 2), "what is public is not fetched again"


def test_a_talk_held_back_for_long_is_looked_for_as_far_back(show: Path, roots: Roots, talk: Path) -> None:
    cloud = ShelfCloud()
    (slug,) = programme(show, MEETING, auto=EAGER)
    cloud.record(0, "81234567890", talk)
    project_.edit_session(show, slug, {"hold": True})
    after = starts(0) + timedelta(hours=1)
    run(show, roots, now=after, clouds=(cloud.as_cloud,))
    checked_out_anew(show)
    run(show, roots, now=after, clouds=(cloud.as_cloud,))
    assert len(cloud.fetched) == 1, "what is held back is not fetched at every pass"
    project_.edit_session(show, slug, {"hold": False})
    story = run(show, roots, now=after + timedelta(days=60), clouds=(Cloud(cloud),))
    assert ("publish", slug) in did(story), story


def test_a_mistyped_recording_is_told_and_nothing_takes_its_place(show: Path, roots: Roots, talk: Path) -> None:
    cloud = ShelfCloud()
    (slug,) = programme(show, MEETING, auto=EAGER)
    cloud.record(0, "81234567890", talk)
    project_.edit_session(show, slug, {"recording": "tlak.wav"})
    story = run(show, roots, clouds=(cloud.as_cloud,))
    assert (did(story), cloud.fetched, read_catalog(roots.private).catalog) == ([], [], None)
    (failure,) = story.failures
    assert "tlak.wav: found nothing, expected the recording named in" in failure.message
    assert "tlak.wav is named in its session.toml and not here; 81234567890/" in why(story)[slug]
    assert story.waits[0].mend == f"if that is the one, take recording out of episodes/{slug}/session.toml"


def test_a_numbered_name_comes_back_under_its_number(show: Path, roots: Roots, tmp_path: Path) -> None:
    (slug,) = programme(show, MEETING)
    auto_toml(show, EAGER + '\n[inbox]\nfolder = "../in"\n')
    left(tmp_path / "in" / "2020-01-10 12.00.10 Talk 0 81234567890" / "audio_only.wav", 126)
    project_.edit_session(show, slug, {"recording": "audio_only-2.wav"})
    story = run(show, roots)
    assert did(story)[:2] == [("match", slug), ("publish", slug)], story
    assert (show / "episodes" / slug / "audio_only-2.wav").is_file()


def test_work_left_to_a_machine_that_died_stays_in_the_queue(show: Path, roots: Roots, talk: Path) -> None:
    cloud = ShelfCloud()
    (slug,) = programme(show, MEETING, auto=EAGER)
    cloud.record(0, "81234567890", talk)
    lately = Cloud(cloud)  # the recording is older than what is looked through each time
    queue.enqueue(roots.private, "zoom", queue.sortable(NOW, "one"), {"starts": starts(0).isoformat()})
    assert Claims(roots.private, "r", "elsewhere").take(slug)
    assert did(run(show, roots, clouds=(lately,))) == []
    assert len(queue.pending(roots.private)) == 1
    roots.private.delete(layout.claim(slug))  # it ran out
    assert ("publish", slug) in did(run(show, roots, clouds=(lately,)))
    assert queue.pending(roots.private) == ()


def test_work_that_failed_stays_in_the_queue(
    show: Path, roots: Roots, talk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cloud = ShelfCloud()
    (slug,) = programme(show, MEETING, auto=EAGER)
    cloud.record(0, "81234567890", talk)
    queue.enqueue(roots.private, "zoom", queue.sortable(NOW, "one"), {"starts": starts(0).isoformat()})

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as disk:
        disk.setattr("os.link", refuse)
        disk.setattr("shutil.copy2", refuse)
        assert run(show, roots, clouds=(Cloud(cloud),)).exit_code == 3
    assert len(queue.pending(roots.private)) == 1
    assert ("publish", slug) in did(run(show, roots, clouds=(Cloud(cloud),)))
    assert queue.pending(roots.private) == ()


def test_work_whose_files_are_not_ready_stays_in_the_queue(show: Path, roots: Roots, talk: Path) -> None:
    cloud = ShelfCloud()
    (slug,) = programme(show, MEETING, auto=EAGER)
    id_ = cloud.record(0, "81234567890", talk)
    whole = cloud.shelf[id_]
    cloud.shelf[id_] = replace(whole, files=tuple(replace(file, ready=False) for file in whole.files))
    queue.enqueue(roots.private, "zoom", queue.sortable(NOW, "one"), {"starts": starts(0).isoformat()})
    assert did(run(show, roots, clouds=(Cloud(cloud),))) == []
    cloud.shelf[id_] = whole
    assert ("publish", slug) in did(run(show, roots, clouds=(Cloud(cloud),)))
    assert queue.pending(roots.private) == ()
