"""Two passes at once do the work once; killed before or after any write, the next pass brings what an undisturbed one does."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import commands
from fakes import Killed, Plan, memory_roots, watched
from gates import Held, killed_from
from passes import EAGER, ShelfCloud, auto_toml, captions, did, programme, run
from sessioncast import layout, queue
from sessioncast.automate import Run
from sessioncast.commit import read_catalog
from sessioncast.model import StoreSettings
from sessioncast.plan.decide import Remake
from sessioncast.plan.judge import Request
from sessioncast.store.opening import open_roots
from sessioncast.store.port import Artifact, Roots
from sessioncast.withdraw import Keeper
from shows import (
    NOW,
    SHOW_ID,
    assert_whole,
    contents,
    publish,
    publisher,
    slug_of,
    write_session,
    write_show,
    write_tone,
)


@pytest.fixture(scope="module")
def ready(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three sessions with recordings, one with its words, and everything made already."""
    folder = tmp_path_factory.mktemp("ready") / "show"
    write_show(folder)
    for number in range(3):
        write_session(folder, number)
    (folder / "episodes" / slug_of(1) / "transcript.vtt").write_bytes(captions())
    publish(folder, memory_roots())
    auto_toml(folder, EAGER)
    return folder


@pytest.fixture
def folder(ready: Path, tmp_path: Path) -> Callable[[str], Path]:
    return lambda name: Path(shutil.copytree(ready, tmp_path / name, symlinks=True))


def first(show: Path, roots: Roots) -> Run:
    """A pass on an empty store, with a webhook's note in the queue."""
    return run(show, roots, clouds=(ShelfCloud().as_cloud,))


def late(show: Path, roots: Roots) -> Run:
    """A pass that finds a transcript for what is public."""
    (show / "episodes" / slug_of(0) / "transcript.vtt").write_bytes(captions())
    return first(show, roots)


JOBS = {"first": first, "late": late}


def prepared(show: Path, job: str) -> Roots:
    roots = memory_roots()
    if job == "late":
        assert first(show, roots).exit_code == 0
    queue.enqueue(roots.private, "zoom", "20240301T093000000Z-0", {"starts": NOW.isoformat()})
    return roots


@pytest.mark.prove
@pytest.mark.parametrize("job", JOBS)
def test_killed_at_every_write(folder: Callable[[str], Path], job: str) -> None:
    plan = Plan()
    whole = folder("undisturbed")
    roots = prepared(whole, job)
    assert JOBS[job](whole, watched(roots, plan)).exit_code == 0
    expected, writes = contents(roots.public), [call for call in plan.calls if call.write]
    assert len(writes) >= 10
    assert {"queue/20240301T093000000Z-0.json", layout.VERIFIED} <= {call.key for call in writes}
    base = folder("base")
    stores = prepared(base, job)
    kept = contents(stores.public), contents(stores.private)
    # before each write, and after the last: after a write is before the next one, as far as the store can tell
    for number in (*(call.number for call in writes), writes[-1].number + 1):
        roots = memory_roots()
        for store, objects in zip((roots.public, roots.private), kept, strict=True):
            for key, body in objects.items():
                store.put(Artifact(key, body))
        with pytest.raises(Killed):
            JOBS[job](base, watched(roots, killed_from(number)))
            raise Killed  # after the very last call
        assert_whole(roots)
        story = JOBS[job](base, roots)
        assert story.exit_code == 0, story
        assert contents(roots.public) == expected, f"killed at call {number}"
        assert queue.pending(roots.private) == ()
        assert list(roots.private.scan("claims/")) == []
        assert did(JOBS[job](base, roots)) == []


def test_two_in_one_folder_one_works_and_the_other_ends_well(folder: Callable[[str], Path]) -> None:
    show, roots = folder("show"), memory_roots()
    held = Held(lambda plan: run(show, watched(roots, plan)), 5)
    held.until_held()
    second = run(show, roots)
    assert (second.elsewhere, second.exit_code, second.steps) == (True, 0, ())
    held.to_the_end()
    assert held.error is None
    assert len(read_catalog(roots.private).catalog.episodes) == 3  # type: ignore[union-attr]


def test_what_another_machine_has_claimed_is_left_to_it(folder: Callable[[str], Path], tmp_path: Path) -> None:
    roots = memory_roots()
    one, other = folder("one"), folder("other")
    public = f"media/{slug_of(0)}"
    seen: list[Run] = []

    def meanwhile(call: object) -> None:
        if getattr(call, "key", "").startswith(public):
            seen.append(run(other, roots))

    story = run(one, watched(roots, Plan().on(meanwhile, verb="put", times=-1)))
    assert seen
    assert did(seen[0]) == []
    assert seen[0].exit_code == 0
    assert [slug for step, slug in did(story) if step == "publish"] == [slug_of(n) for n in range(3)]
    catalog = read_catalog(roots.private).catalog
    assert catalog is not None
    assert catalog.revision == 1
    assert not (tmp_path / "nothing").exists()


def test_a_recording_is_fetched_by_one_machine_alone(show: Path, tmp_path: Path, talk: Path) -> None:
    cloud = ShelfCloud()
    programme(show, "812 3456 7890", auto='[auto]\nwait = 0\ntranscript = "no"\n')
    other = tmp_path / "other"
    shutil.copytree(show, other)
    cloud.record(0, "81234567890", talk)
    roots = memory_roots()
    seen: list[Run] = []
    shelf = ShelfCloud(shelf=cloud.shelf, bodies=cloud.bodies)
    download = shelf.download

    def interrupted(*args: object) -> None:
        seen.append(run(other, roots, clouds=(cloud.as_cloud,)))
        download(*args)  # type: ignore[arg-type]

    shelf.download = interrupted  # type: ignore[method-assign,assignment]
    story = run(show, roots, clouds=(shelf.as_cloud,))
    assert [step for step, _ in did(story)] == ["match", "publish", "verify"]
    assert did(seen[0]) == []
    assert cloud.fetched == []
    assert did(run(other, roots, clouds=(cloud.as_cloud,))) == []  # it is public: nobody fetches it again
    assert cloud.fetched == []


def test_nothing_public_changes_however_two_passes_interleave(folder: Callable[[str], Path]) -> None:
    """One machine has words and edits the other lacks: whatever comes first stays, and both end well."""
    one, other = folder("one"), folder("other")
    (other / "episodes" / slug_of(0) / "transcript.vtt").write_bytes(captions())
    path = other / "episodes" / slug_of(2) / "session.toml"
    path.write_text(path.read_text("utf-8").replace('"Talk 2"', '"Talk two"'), "utf-8")
    plan = Plan()
    run(folder("count"), watched(memory_roots(), plan))
    for number in range(1, len(plan.calls) + 1, 20):
        roots = memory_roots()
        a = Path(shutil.copytree(one, one.parent / f"a{number}"))
        b = Path(shutil.copytree(other, other.parent / f"b{number}"))
        held = Held(lambda plan, a=a, roots=roots: run(a, watched(roots, plan)), number)  # type: ignore[misc]
        held.until_held()
        second = run(b, roots)
        assert second.exit_code in (0, 6), second
        held.to_the_end()
        assert held.error is None
        for show in (a, b, a, b):
            last = run(show, roots)
        assert last.exit_code == 0, last
        assert did(run(b, roots)) == did(run(a, roots)) == []
        catalog = read_catalog(roots.private).catalog
        assert catalog is not None
        assert sorted(e.slug for e in catalog.episodes) == [slug_of(n) for n in range(3)]
        titles = {e.slug: e.title for e in catalog.episodes}
        first_texts = next(e for e in catalog.episodes if e.slug == slug_of(2)).fingerprints
        assert len(first_texts) == 1, titles  # nobody's edit went out
        assert_whole(roots)
        shutil.rmtree(a)
        shutil.rmtree(b)


@pytest.mark.xdist_group("together")
def test_two_processes_on_two_machines_and_one_bucket(
    folder: Callable[[str], Path], s3_settings: StoreSettings
) -> None:
    shows = [folder("one"), folder("other")]
    for show in shows:
        commands.move_store(show, s3_settings)
        auto_toml(show, EAGER)
    assert commands.run(shows[0], "store", "setup").returncode == 0
    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(lambda show: commands.run(show, "--json", "auto"), shows))
    assert [d.returncode for d in done] == [0, 0], [d.stderr for d in done]
    published = [d.stdout.count('"step": "publish"') for d in done]
    assert sum(published) == 3
    roots = open_roots(s3_settings, shows[0])
    catalog = read_catalog(roots.private).catalog
    assert catalog is not None
    assert len(catalog.episodes) == 3
    assert_whole(roots, catalog.show.public_url)
    assert list(roots.private.scan("claims/")) == []
    silent = commands.run(shows[1], "auto")
    assert (silent.returncode, silent.stdout, silent.stderr) == (0, "", "")


def test_a_talk_taken_down_while_its_transcript_comes_leaves_no_word(folder: Callable[[str], Path]) -> None:
    show, roots = folder("show"), memory_roots()
    first(show, roots)
    (show / "episodes" / slug_of(0) / "transcript.vtt").write_bytes(captions("Never to be read."))
    done: list[str] = []

    def take_down(call: object) -> None:
        if "transcript-" in getattr(call, "key", "") and not done:
            done.append(slug_of(0))
            Keeper(roots, SHOW_ID).unpublish(slug_of(0))

    story = run(show, watched(roots, Plan().on(take_down, when="after", verb="put", times=-1)))
    assert done
    assert story.exit_code == 0, story
    assert [key for key, body in contents(roots.public).items() if b"Never to be read" in body] == []
    assert did(run(show, roots)) == []


def test_a_transcript_made_for_audio_that_was_replaced_meanwhile_is_not_taken(
    folder: Callable[[str], Path],
) -> None:
    show, roots = folder("show"), memory_roots()
    first(show, roots)
    (show / "episodes" / slug_of(0) / "transcript.vtt").write_bytes(captions())
    other = folder("other")
    write_tone(other / "episodes" / slug_of(0) / "recording.wav", seconds=1.5)
    done: list[str] = []

    def replace_audio(call: object) -> None:
        if "transcript-" in getattr(call, "key", "") and not done:
            done.append(slug_of(0))
            publisher(other, roots, request=Request(frozenset([slug_of(0)]), remake=Remake.REPLACE)).publish()

    run(show, watched(roots, Plan().on(replace_audio, when="after", verb="put", times=-1)))
    catalog = read_catalog(roots.private).catalog
    assert done
    assert catalog is not None
    episode = catalog.by_slug(slug_of(0))
    assert episode is not None
    assert round(episode.enclosure.duration, 1) == 1.5
    assert episode.transcripts == ()
    assert ("transcript", slug_of(0)) in did(run(show, roots))  # with the new audio's times
    assert_whole(roots)
