"""What publish changes and what it leaves alone; identity and dates."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import podcastparser
import pytest

from fakes import memory_roots
from sessioncast import catalog as catalog_
from sessioncast import layout
from sessioncast.commit import read_catalog
from sessioncast.errors import ConflictError, ContentError, MediaError, VerifyError
from sessioncast.plan.decide import Fate
from sessioncast.plan.judge import Request
from sessioncast.store.port import Artifact, Roots
from shows import NOW, change_session, contents, publish, publisher, slug_of, write_session, write_show

Copy = Callable[[Path, str], Path]


def live(roots: Roots) -> list[dict[str, object]]:
    """Return the episodes as another program reads them from the feed."""
    import io

    parsed = podcastparser.parse("http://127.0.0.1:8000/feed.xml", io.BytesIO(roots.public.read(layout.FEED).body))
    episodes: list[dict[str, object]] = parsed["episodes"]
    return episodes


def test_everything_new_goes_out_once(show: Path, roots: Roots) -> None:
    result = publish(show, roots)
    assert result.exit_code == 0
    assert {d.fate for d in result.judged.decisions} == {Fate.ADD}
    assert len(live(roots)) == 4
    assert result.catalog is not None
    assert result.catalog.revision == 1
    for episode in result.catalog.episodes:
        assert roots.public.head(episode.enclosure.key).size == episode.enclosure.length


def test_again_changes_nothing(show: Path, roots: Roots) -> None:
    publish(show, roots)
    before = (contents(roots.public), contents(roots.private))
    result = publish(show, roots, now=NOW + timedelta(days=3))
    assert not result.committed
    assert (contents(roots.public), contents(roots.private)) == before


def test_the_same_show_from_scratch_gives_the_same_bytes(show: Path, roots: Roots) -> None:
    publish(show, roots)
    shutil.rmtree(show / ".sessioncast")
    again = memory_roots()
    publish(show, again)
    assert contents(again.public) == contents(roots.public)


def test_a_change_is_listed_and_goes_out_only_when_named(show: Path, roots: Roots) -> None:
    publish(show, roots)
    before = contents(roots.public)
    change_session(show, slug_of(1), '"Talk 1"', '"Talk one"')
    listed = publish(show, roots)
    assert [d.fate for d in listed.judged.decisions].count(Fate.DIFFERS) == 1
    assert "title" in next(d.why for d in listed.judged.decisions if d.fate is Fate.DIFFERS)
    assert contents(roots.public) == before

    named = publish(show, roots, slug_of(1))
    assert named.committed
    assert named.catalog is not None
    old = {e["guid"]: e for e in live(roots)}
    episode = named.catalog.by_slug(slug_of(1))
    assert episode is not None
    assert old[episode.guid]["title"] == "Talk one"
    after = contents(roots.public)
    assert {k: v for k, v in after.items() if k.startswith("media/")} == {
        k: v for k, v in before.items() if k.startswith("media/")
    }


def test_nothing_an_edit_can_do_moves_identity(show: Path, roots: Roots) -> None:
    first = publish(show, roots).catalog
    assert first is not None
    change_session(show, slug_of(2), '"Talk 2"', '"Another name"')
    change_session(show, slug_of(2), "starts = 2020", "starts = 2019")
    second = publish(show, roots, slug_of(2), now=NOW + timedelta(days=400)).catalog
    assert second is not None
    for before in first.episodes:
        after = second.by_guid(before.guid)
        assert after is not None
        assert (after.published, after.enclosure, after.slug) == (before.published, before.enclosure, before.slug)


def test_an_old_checkout_is_a_conflict_and_the_rest_goes_out(show: Path, roots: Roots, copy: Copy) -> None:
    publish(show, roots)
    old = copy(show, "old")
    change_session(show, slug_of(0), '"Talk 0"', '"Newer"')
    publish(show, roots, slug_of(0))
    new = write_session(old, 7)
    result = publish(old, roots)
    assert result.exit_code == ConflictError.exit_code
    assert "your copy is old" in str(result.failures[0])
    assert result.catalog is not None
    assert result.catalog.by_slug(new) is not None
    assert next(e for e in result.catalog.episodes if e.slug == slug_of(0)).title == "Newer"

    back = publisher(old, roots, request=Request(frozenset({slug_of(0)}), even_if_older=True)).publish()
    assert back.exit_code == 0
    assert next(e for e in live(roots) if e["title"] == "Talk 0")


def test_a_copied_folder_with_its_guid_is_refused(show: Path, roots: Roots, copy: Copy) -> None:
    publish(show, roots)
    other = copy(show, "other")
    (other / "episodes" / slug_of(0)).rename(other / "episodes" / "a-copy")
    result = publish(other, roots)
    assert result.exit_code == ConflictError.exit_code
    assert f"sessioncast rename {slug_of(0)} a-copy" in result.failures[0].hint


def test_a_known_name_with_another_guid_is_refused(show: Path, roots: Roots) -> None:
    publish(show, roots)
    text = (show / "episodes" / slug_of(0) / "session.toml").read_text("utf-8")
    (show / "episodes" / slug_of(0) / "session.toml").write_text(
        "\n".join(f'guid = "{uuid4()}"' if line.startswith("guid") else line for line in text.splitlines()), "utf-8"
    )
    result = publish(show, roots)
    assert result.exit_code == ConflictError.exit_code
    assert "another guid" in str(result.failures[0])


def test_two_shows_on_one_store(show: Path, roots: Roots, tmp_path: Path) -> None:
    publish(show, roots)
    before = contents(roots.public)
    write_show(tmp_path / "second", show_id=uuid4())
    write_session(tmp_path / "second", 3)
    with pytest.raises(ConflictError, match="another show"):
        publish(tmp_path / "second", roots)
    assert contents(roots.public) == before


def test_a_newer_catalog_is_not_touched(show: Path, roots: Roots) -> None:
    publish(show, roots)
    body = roots.private.read(layout.CATALOG).body.replace(b'"schema_version": 3', b'"schema_version": 99')
    roots.private.put(Artifact(layout.CATALOG, body))
    write_session(show, 9)
    with pytest.raises(ConflictError, match="newer sessioncast"):
        publish(show, roots)
    assert roots.private.read(layout.CATALOG).body == body


def test_a_machine_without_the_old_recordings(show: Path, roots: Roots) -> None:
    publish(show, roots)
    for wav in show.glob("episodes/*/recording.wav"):
        wav.unlink()
    shutil.rmtree(show / ".sessioncast")
    new = write_session(show, 5)
    result = publish(show, roots)
    assert result.exit_code == 0
    assert result.catalog is not None
    assert result.catalog.by_slug(new) is not None
    assert len(result.catalog.episodes) == 5


def test_one_bad_recording_does_not_stop_the_good_ones(show: Path, roots: Roots) -> None:
    bad = write_session(show, 5)
    (show / "episodes" / bad / "recording.wav").write_text("<!doctype html><title>Sign in</title>", "utf-8")
    result = publish(show, roots)
    assert result.exit_code == MediaError.exit_code
    assert bad in str(result.failures[0])
    assert len(live(roots)) == 4
    assert not [key for key in contents(roots.public) if bad in key]


def test_what_a_listener_cannot_have_never_enters_the_catalog(show: Path, roots: Roots) -> None:
    class Deaf:
        def check(self, key: str, size: int) -> None:
            if slug_of(1) in key:
                raise VerifyError(f"{key}: found {size - 1} bytes")

    result = publisher(show, roots, listener=Deaf()).publish()
    assert result.exit_code == VerifyError.exit_code
    assert len(live(roots)) == 3
    mended = publish(show, roots)
    assert mended.exit_code == 0
    assert len(live(roots)) == 4


def test_drafts_held_and_future_sessions_wait(show: Path, roots: Roots) -> None:
    write_session(show, 10, draft="true")
    write_session(show, 11, hold="true")
    write_session(show, 12, consent='"refused"')
    write_session(show, 13, publish_at="2030-01-01T00:00:00Z")
    result = publish(show, roots)
    waiting = {d.slug: d.why for d in result.judged.decisions if d.fate is Fate.WAITS}
    assert set(waiting) == {slug_of(n) for n in (10, 11, 12, 13)}
    assert len(live(roots)) == 4


def test_a_name_that_is_no_session(show: Path, roots: Roots) -> None:
    with pytest.raises(ContentError, match="no such session"):
        publish(show, roots, "nobody")


def test_a_talk_published_late_is_dated_after_newer_ones(show: Path, roots: Roots) -> None:
    publish(show, roots)
    recent, now = NOW - timedelta(days=3), NOW
    late = write_session(show, 20, starts=(recent - timedelta(hours=1)).isoformat(), ends=recent.isoformat())
    newer = write_session(
        show, 21, starts=(NOW - timedelta(hours=2)).isoformat(), ends=(NOW - timedelta(hours=1)).isoformat()
    )
    publish(show, roots, newer, now=now)
    result = publish(show, roots, late, now=now + timedelta(hours=5))
    assert result.catalog is not None
    assert [e.slug for e in result.catalog.episodes[:2]] == [late, newer]
    assert result.catalog.episodes[0].published == now + timedelta(hours=5)


def test_back_catalogue_is_dated_when_it_took_place_unless_as_new(show: Path, roots: Roots) -> None:
    result = publish(show, roots)
    assert result.catalog is not None
    assert all(e.published == e.ends for e in result.catalog.episodes)
    write_session(show, 30)
    fresh = publisher(show, roots, request=Request(as_new=True)).publish()
    assert fresh.catalog is not None
    assert fresh.catalog.episodes[0].published == NOW


def test_several_in_one_commit_get_distinct_dates_in_their_order(show: Path, roots: Roots) -> None:
    result = publisher(show, roots, request=Request(as_new=True)).publish()
    assert result.catalog is not None
    dates = [e.published for e in result.catalog.episodes]
    assert dates == [NOW - timedelta(seconds=n) for n in range(4)]
    assert [e.slug for e in result.catalog.episodes] == [slug_of(n) for n in (3, 2, 1, 0)]


def test_publish_at_becomes_the_date(show: Path, roots: Roots) -> None:
    slug = write_session(show, 31, publish_at="2024-02-29T08:00:00Z")
    result = publish(show, roots)
    assert result.catalog is not None
    episode = result.catalog.by_slug(slug)
    assert episode is not None
    assert episode.published == datetime(2024, 2, 29, 8, tzinfo=UTC)


def test_a_number_twice_is_a_conflict(show: Path, roots: Roots, copy: Copy) -> None:
    other = copy(show, "other")
    write_session(show, 40, number="7")
    publish(show, roots)
    clash = write_session(other, 41, number="7")
    result = publish(other, roots)
    assert result.exit_code == ConflictError.exit_code
    assert "7" in str(result.failures[0])
    assert result.catalog is not None
    assert result.catalog.by_slug(clash) is None


def test_settings_change_only_when_named(show: Path, roots: Roots) -> None:
    publish(show, roots)
    toml = show / "feed" / "show.toml"
    toml.write_text(toml.read_text("utf-8").replace("who changed care", "who changed medicine"), "utf-8")
    listed = publish(show, roots)
    assert listed.judged.settings is Fate.DIFFERS
    assert not listed.committed
    named = publish(show, roots, settings=True)
    assert named.catalog is not None
    assert "medicine" in named.catalog.show.summary
    assert len(named.catalog.episodes) == 4


def test_podcast_guid_comes_with_the_first_public_https_address_and_stays(show: Path, roots: Roots) -> None:
    assert publish(show, roots).catalog is not None
    at_home = read_catalog(roots.private).catalog
    assert at_home is not None
    assert at_home.show.podcast_guid is None
    request = Request(settings=True)
    there = publisher(show, roots, request=request, public_url="https://talks.example.org/a").publish().catalog
    assert there is not None
    assert there.show.podcast_guid is not None
    moved = publisher(show, roots, request=request, public_url="https://talks.example.org/b").publish().catalog
    assert moved is not None
    assert moved.show.podcast_guid == there.show.podcast_guid


def test_a_dry_run_lists_every_write_and_does_none(show: Path, roots: Roots) -> None:
    result, writes = publisher(show, roots).plan()
    assert not contents(roots.public)
    assert not contents(roots.private)
    publish(show, roots)
    bundle = re.compile(r"(search/\d+-[0-9a-f]{8}/).*")  # stands for what is in it
    assert {w.key for w in writes if w.action == "put"} == {bundle.sub(r"\1", key) for key in contents(roots.public)}
    assert writes[-1].key == layout.FEED
    assert len(result.judged.additions) == 4
    assert publisher(show, roots).plan()[1] == ()


def test_the_last_twenty_catalogs_are_kept(show: Path, roots: Roots) -> None:
    publish(show, roots)
    for round_ in range(25):
        toml = show / "feed" / "show.toml"
        text = toml.read_text("utf-8").splitlines()
        text[3] = f'summary = "Round {round_}."'
        toml.write_text("\n".join(text), "utf-8")
        publish(show, roots, settings=True)
    kept = [found.key for found in roots.private.scan("catalog/")]
    assert kept == [layout.kept_catalog(number) for number in range(6, 26)]
    body = roots.private.read(kept[-1]).body
    assert catalog_.decode(body, "").revision == 25


def test_the_clock_is_read_at_the_commit(show: Path, roots: Roots) -> None:
    later = replace(publisher(show, roots, request=Request(as_new=True)), clock=iter_clock())
    result = later.publish()
    assert result.catalog is not None
    assert result.catalog.episodes[0].published > NOW


def iter_clock() -> Callable[[], datetime]:
    """Return a clock that moves a minute at every look."""
    looks = iter(range(1000))
    return lambda: NOW + timedelta(minutes=next(looks))


def test_what_killed_runs_left_behind_is_removed_after_a_day(tmp_path: Path, roots: Roots) -> None:
    write_show(tmp_path)
    write_session(tmp_path, 0)
    work = tmp_path / ".sessioncast" / "work"
    for name, hours in (("sound-old", 25), ("sound-young", 1)):
        (work / name).mkdir(parents=True)
        (work / name / "decoded").write_bytes(b"\0")
        ago = time.time() - hours * 3600
        os.utime(work / name, (ago, ago))
    publish(tmp_path, roots)
    assert [path.name for path in work.iterdir()] == ["sound-young"]
