"""A pass, and the next one: what is done once stays done, what can't be done now waits with a reason."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from commands import move_store
from fakes import Plan, memory_roots, watched
from passes import EAGER, ShelfCloud, auto_toml, captions, did, left, programme, run, starts, why
from sessioncast import layout, queue
from sessioncast import project as project_
from sessioncast.automate import Run, reports
from sessioncast.catalog import decode
from sessioncast.commit import read_catalog
from sessioncast.model import PublishedEpisode, StoreSettings
from sessioncast.store.opening import open_roots
from sessioncast.store.port import Artifact, Roots
from sessioncast.store.s3 import S3Store, make_client
from shows import NOW, assert_whole, change_session, contents, slug_of, write_session, write_show

MEETINGS = ("812 3456 7890", "812 3456 7891", "812 3456 7892")


def episodes(roots: Roots) -> tuple[PublishedEpisode, ...]:
    catalog = read_catalog(roots.private).catalog
    return catalog.episodes if catalog else ()


def test_a_recording_in_the_folder_goes_out_and_the_next_pass_is_silent(show: Path, roots: Roots) -> None:
    write_show(show)
    slug = write_session(show, 0)
    auto_toml(show, EAGER)
    first = run(show, roots)
    assert first.failures == ()
    assert did(first) == [("publish", slug), ("verify", "http://127.0.0.1:8000")]
    assert_whole(roots)
    before, private = contents(roots.public), contents(roots.private)
    again = run(show, roots)
    assert (did(again), again.waits, again.failures, again.exit_code) == ([], (), (), 0)
    assert (contents(roots.public), contents(roots.private)) == (before, private)  # not even a report
    assert [key for key in private if key.startswith("claims/")] == []


def test_from_a_programme_to_an_episode_with_nobody_there(show: Path, tmp_path: Path, roots: Roots, talk: Path) -> None:
    write_show(show)
    (show / "programme").mkdir()
    (show / "programme" / "snow.txt").write_text(
        "The Broad Street pump\n\nDate: Saturday, 11 January 2020\nTime: 12:00 - 12:02 GMT\n\nSpeaker: John Snow\n\n"
        "How a map of deaths pointed to a pump.\n",
        "utf-8",
    )
    auto_toml(show, '[auto]\nsources = ["programme"]\nwait = 0\n\n[inbox]\nfolder = "../in"\n')
    (tmp_path / "in").mkdir()
    story = run(show, roots)
    assert [step for step, _ in did(story)] == ["import"], story
    slug = story.steps[0].subject
    session = project_.load(show).session(slug)
    assert session is not None
    if session.draft:  # a page need not say everything
        project_.edit_session(show, slug, {"draft": False, "missing": ()})
    project_.edit_session(show, slug, {"meeting": "812 3456 7890"})
    folder = tmp_path / "in" / "2020-01-11 12.00.10 The Broad Street pump 81234567890"
    folder.mkdir()
    shutil.copy(talk, folder / "audio_only.wav")
    (folder / "recording.transcript.vtt").write_bytes(captions())
    story = run(show, roots)
    assert did(story)[:2] == [("match", slug), ("publish", slug)], story
    assert episodes(roots)[0].transcripts
    assert did(run(show, roots)) == []


def test_a_source_says_otherwise_and_is_only_told(show: Path, roots: Roots) -> None:
    write_show(show)
    page = "A talk\n\nDate: Saturday, 11 January 2020\nTime: 12:00 - 12:02 GMT\n\nSpeaker: John Snow\n\nWords.\n"
    (show / "page.txt").write_text(page, "utf-8")
    auto_toml(
        show, '[auto]\nsources = ["page.txt", "none.txt", "https://u:hunter22@example.org/a.ics?key=marked-secret"]\n'
    )
    story = run(show, roots)
    assert [step for step, _ in did(story)] == ["import"]
    assert len(story.failures) == 2
    told = str([f.message for f in story.failures])
    assert "none.txt" in told
    assert "hunter22" not in told
    assert "marked-secret" not in told
    (show / "page.txt").write_text(page.replace("12:02", "12:30"), "utf-8")
    again = run(show, roots)
    assert did(again) == []
    assert "says otherwise: ends" in str(why(again)), again


def test_clouds_recordings_are_matched_before_they_are_fetched(show: Path, roots: Roots, talk: Path) -> None:
    cloud = ShelfCloud()
    slugs = programme(show, *MEETINGS[:2])
    mine = cloud.record(0, "81234567890", talk)
    cloud.record(5, "99999999999", talk)  # another group's meeting on the same account
    cloud.transcribe(mine)
    story = run(show, roots, clouds=(cloud.as_cloud,))
    assert did(story) == [
        ("match", slugs[0]),
        ("transcript", slugs[0]),
        ("publish", slugs[0]),
        ("verify", "http://127.0.0.1:8000"),
    ], story
    assert cloud.fetched == [f"{mine} sound", f"{mine} words"]
    assert did(run(show, roots, clouds=(cloud.as_cloud,))) == []
    assert len(cloud.fetched) == 2
    assert not list((show / ".sessioncast" / "inbox").rglob("*.wav"))


def test_a_late_transcript_changes_nothing_but_the_transcript(show: Path, roots: Roots, talk: Path) -> None:
    cloud = ShelfCloud()
    (slug,) = programme(show, MEETINGS[0])
    id_ = cloud.record(0, "81234567890", talk)
    end = starts(0) + timedelta(minutes=2.25)
    early = run(show, roots, now=end + timedelta(hours=1), clouds=(cloud.as_cloud,))
    assert did(early) == [("match", slug)]
    assert "waits for its transcript, until" in why(early)[slug]
    assert early.due == end + timedelta(hours=24)
    out = run(show, roots, now=end + timedelta(hours=24), clouds=(cloud.as_cloud,))
    assert ("publish", slug) in did(out)
    before, was = episodes(roots)[0], contents(roots.public)
    cloud.transcribe(id_)
    late = run(show, roots, now=end + timedelta(hours=30), clouds=(cloud.as_cloud,))
    assert did(late)[:2] == [("transcript", slug), ("transcript", slug)]
    after, now = episodes(roots)[0], contents(roots.public)
    assert after.transcripts
    kept = {"transcripts", "fingerprints", "revision"}
    assert {n for n in PublishedEpisode.model_fields if getattr(before, n) != getattr(after, n)} == kept
    fresh = sorted(key for key in now.keys() - was.keys() if not key.startswith("search/"))  # its words can be found
    assert fresh
    assert all(key.startswith(f"episodes/{slug}/transcript-") for key in fresh)
    frozen = {k: v for k, v in was.items() if layout.is_immutable(k) and not k.startswith("search/")}
    assert frozen.items() <= now.items()
    assert did(run(show, roots, now=end + timedelta(hours=31), clouds=(cloud.as_cloud,))) == []


def test_a_late_transcript_lets_no_edit_slip_out(show: Path, roots: Roots) -> None:
    write_show(show)
    slug = write_session(show, 0)
    auto_toml(show, EAGER)
    run(show, roots)
    change_session(show, slug, '"Talk 0"', '"Talk nought"')
    (show / "episodes" / slug / "transcript.vtt").write_bytes(captions())
    before = contents(roots.public)
    story = run(show, roots)
    assert did(story) == []
    assert "title changed since it went out" in why(story)[slug]
    assert contents(roots.public) == before
    change_session(show, slug, '"Talk nought"', '"Talk 0"')
    assert ("transcript", slug) in did(run(show, roots))


def test_a_restarted_meeting_is_one_episode_with_one_transcript(show: Path, tmp_path: Path, roots: Roots) -> None:
    cloud = ShelfCloud()
    (slug,) = programme(show, MEETINGS[0], minutes=4.25)
    first = cloud.record(0, "81234567890", left(tmp_path / "a.wav", 121), seconds=121)
    second = cloud.record(0, "81234567890", left(tmp_path / "b.wav", 122), seconds=122, late=timedelta(seconds=130))
    for id_, words in ((first, "The first part."), (second, "The second part.")):
        cloud.transcribe(id_, captions(words))
    story = run(show, roots, clouds=(cloud.as_cloud,))
    assert ("publish", slug) in did(story), story
    episode = episodes(roots)[0]
    assert round(episode.enclosure.duration) == 243
    vtt = roots.public.read(episode.transcripts[0].key).body.decode()
    assert "00:00:00.100" in vtt
    assert "00:02:01.100" in vtt


@pytest.mark.parametrize("body", [b"<!DOCTYPE html><html>sign in</html>", b"RIFF"])
def test_a_page_in_the_recordings_place_is_no_recording(show: Path, roots: Roots, talk: Path, body: bytes) -> None:
    cloud = ShelfCloud()
    (slug,) = programme(show, MEETINGS[0], auto='[auto]\nwait = 0\ntranscript = "no"\n')
    id_ = cloud.record(0, "81234567890", talk)
    good = cloud.bodies[f"{id_}sound"]
    cloud.bodies[f"{id_}sound"] = body
    story = run(show, roots, clouds=(cloud.as_cloud,))
    assert story.exit_code == 8
    assert episodes(roots) == ()
    cloud.bodies[f"{id_}sound"] = good
    assert ("publish", slug) in did(run(show, roots, clouds=(cloud.as_cloud,)))


def test_a_cloud_that_fails_stops_nothing_else_and_its_queue_stays(show: Path, roots: Roots, talk: Path) -> None:
    cloud = ShelfCloud(broken="Zoom: no answer")
    (slug,) = programme(show, MEETINGS[0], auto='[auto]\nwait = 0\ntranscript = "no"\n')
    long_ago = starts(0) - timedelta(days=400)
    queue.enqueue(roots.private, "zoom", queue.sortable(NOW, "one"), {"starts": long_ago.isoformat()})
    other = write_session(show, 2)
    change_session(show, other, "ends = 2020-01-12T13:00:00+00:00", "ends = 2020-01-12T12:00:02+00:00")
    queue.enqueue(roots.private, "somebody-else-s", "z", {})
    roots.private.put(Artifact("queue/00-broken.json", b"{"))
    story = run(show, roots, clouds=(cloud.as_cloud,))
    assert ("publish", other) in did(story)
    assert story.exit_code == 8
    assert [item.kind for item in queue.pending(roots.private)] == ["zoom", "somebody-else-s"]
    cloud.broken = ""
    cloud.record(0, "81234567890", talk)
    story = run(show, roots, clouds=(cloud.as_cloud,))
    assert ("publish", slug) in did(story)
    assert cloud.asked[-1][0] <= long_ago
    assert [item.kind for item in queue.pending(roots.private)] == ["somebody-else-s"]


def test_one_broken_session_keeps_no_other_in(show: Path, roots: Roots) -> None:
    write_show(show)
    good, bad = write_session(show, 0), write_session(show, 1)
    auto_toml(show, EAGER)
    change_session(show, bad, 'title = "Talk 1"', "title = 1")
    story = run(show, roots)
    assert ("publish", good) in did(story)
    assert story.exit_code == 3
    run(show, roots)
    assert len(reports.listed(roots.private)) == 1  # the same trouble again is told once


def test_reports_tell_the_story_and_are_bounded(show: Path, roots: Roots) -> None:
    write_show(show)
    auto_toml(show, EAGER)
    slug = write_session(show, 0)
    for nth in range(reports.KEPT + 3):
        at = NOW - timedelta(days=1, minutes=nth)
        reports.keep(roots.private, Run(reports.new_run(at), at, at))
    story = run(show, roots)
    kept = reports.listed(roots.private)
    assert len(kept) == reports.KEPT
    newest = reports.read(roots.private, kept[0])
    assert newest["steps"][0] == {"step": "publish", "subject": slug, "what": "0:01, no transcript"}
    assert (newest["run"], newest["exit_code"], newest["revision"]) == (story.id, 0, 1)


def test_a_withdrawn_talk_is_not_taken_in_again(show: Path, roots: Roots, talk: Path) -> None:
    from sessioncast.withdraw import Keeper
    from shows import SHOW_ID

    cloud = ShelfCloud()
    (slug,) = programme(show, MEETINGS[0], auto='[auto]\nwait = 0\ntranscript = "no"\n')
    cloud.record(0, "81234567890", talk)
    run(show, roots, clouds=(cloud.as_cloud,))
    Keeper(roots, SHOW_ID).unpublish(slug)
    (show / "episodes" / slug / "session.toml").write_text(
        (show / "episodes" / slug / "session.toml").read_text("utf-8").replace("recording = ", "# recording = "),
        "utf-8",
    )
    story = run(show, roots, clouds=(cloud.as_cloud,))
    assert [step for step, _ in did(story)] == ["verify"]
    assert len(cloud.fetched) == 1
    assert decode(roots.private.read(layout.CATALOG).body, "catalog").episodes == ()


def test_a_copy_of_the_folder_without_the_captions_is_no_trouble(show: Path, roots: Roots) -> None:
    write_show(show)
    slug = write_session(show, 0)
    auto_toml(show, EAGER)
    run(show, roots)
    (show / "episodes" / slug / "transcript.vtt").write_bytes(captions())
    assert ("transcript", slug) in did(run(show, roots))
    (show / "episodes" / slug / "transcript.vtt").unlink()
    story = run(show, roots)
    assert (did(story), story.waits, story.exit_code) == ([], (), 0)
    assert slug_of(0) == slug


def test_a_pass_with_nothing_to_do_asks_little_and_writes_nothing(show: Path) -> None:
    write_show(show)
    write_session(show, 0)
    auto_toml(show, EAGER)
    roots, plan = memory_roots(), Plan()
    run(show, roots)
    assert did(run(show, watched(roots, plan))) == []
    assert plan.writes == 0
    assert plan.count() <= 7, [(call.verb, call.key) for call in plan.calls]


def test_an_inbox_in_a_bucket(show: Path, talk: Path, s3_settings: StoreSettings) -> None:
    (slug,) = programme(show, "812 3456 7890", auto="")
    move_store(show, s3_settings)
    text = (show / "feed" / "show.toml").read_text("utf-8")
    bucket = s3_settings.url.split("/")[2]
    tables = f'\n[auto]\nwait = 0\n\n[inbox]\nfolder = "s3://{bucket}/in"\n'
    (show / "feed" / "show.toml").write_text(text + tables, "utf-8")
    roots = open_roots(s3_settings, show)
    left_there = S3Store(bucket, "in", make_client(s3_settings, 3))
    folder = "2020-01-10 12.00.10 Talk 0 81234567890"
    left_there.put(Artifact(f"{folder}/audio_only.wav", talk))
    left_there.put(Artifact(f"{folder}/recording.transcript.vtt", captions()))
    left_there.put(Artifact(f"{folder}/chat.txt", b"private"))
    story = run(show, roots, now=starts(0) + timedelta(hours=1), here=lambda: datetime.now(UTC))
    assert did(story)[:2] == [("match", slug), ("publish", slug)], story
    assert episodes(roots)[0].transcripts
    assert not list((show / ".sessioncast" / "inbox").rglob("chat.txt"))
    assert did(run(show, roots, now=starts(0) + timedelta(hours=2))) == []
