"""Public audio: frozen, but for --replace-audio and --retag, which a person names; before that a title re-tags for free."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import av
import pytest

from fakes import memory_roots
from sessioncast.commit import read_catalog
from sessioncast.errors import MediaError
from sessioncast.events import Event, Started
from sessioncast.model import PublishedEpisode
from sessioncast.plan.decide import Fate, Remake
from sessioncast.plan.judge import Request
from sessioncast.store.port import Roots
from shows import NOW, assert_whole, change_session, contents, publish, publisher, slug_of, write_session, write_tone

SLUG = slug_of(0)
LATER = NOW + timedelta(days=1)


def remake(show: Path, roots: Roots, how: Remake, *, even_if_older: bool = False) -> None:
    request = Request(frozenset([SLUG]), remake=how, even_if_older=even_if_older)
    result = publisher(show, roots, now=LATER, request=request).publish()
    assert not result.failures
    assert_whole(roots)


def episode(roots: Roots, slug: str = SLUG) -> PublishedEpisode:
    catalog = read_catalog(roots.private).catalog
    assert catalog is not None
    found = catalog.by_slug(slug)
    assert found is not None
    return found


def packets(body: bytes, path: Path) -> list[bytes]:
    """Return the audio packets of a file as FFmpeg's demuxer cuts them."""
    path.write_bytes(body)
    with av.open(str(path)) as container:
        return [bytes(packet) for packet in container.demux(audio=0) if packet.size]


def encodings(events: list[Event]) -> list[str]:
    return [e.subject for e in events if isinstance(e, Started) and e.work in ("encode", "decode")]


def test_before_publication_a_new_title_tags_anew_without_an_encoder(show: Path, tmp_path: Path) -> None:
    first, second = memory_roots(), memory_roots()
    publish(show, first)
    change_session(show, SLUG, "Talk 0", "Notes on Nursing")
    events: list[Event] = []
    told = publisher(show, second)
    type(told)(told.project, told.roots, told.listener, told.public_url, told.clock, report=events.append).publish()
    assert not encodings(events)
    old, new = (r.public.read(episode(r).enclosure.key).body for r in (first, second))
    assert old != new
    assert packets(old, tmp_path / "old.mp3") == packets(new, tmp_path / "new.mp3")


def test_an_edit_never_changes_the_enclosure(show: Path, roots: Roots) -> None:
    publish(show, roots)
    before = episode(roots)
    change_session(show, SLUG, "Talk 0", "Notes on Nursing")
    write_tone(show / "episodes" / SLUG / "recording.wav", hertz=880)
    publish(show, roots, SLUG, now=LATER)
    after = episode(roots)
    assert after.title == "Notes on Nursing"
    assert (after.enclosure, after.guid, after.published) == (before.enclosure, before.guid, before.published)


def test_retag_keeps_the_packets_and_needs_no_recording(show: Path, roots: Roots, tmp_path: Path) -> None:
    publish(show, roots)
    before = episode(roots)
    old = roots.public.read(before.enclosure.key).body
    change_session(show, SLUG, "Talk 0", "Notes on Nursing")
    (show / "episodes" / SLUG / "recording.wav").unlink()
    shutil.rmtree(show / ".sessioncast")
    remake(show, roots, Remake.RETAG)
    after = episode(roots)
    new = roots.public.read(after.enclosure.key).body
    assert after.enclosure.key != before.enclosure.key
    assert (after.guid, after.published, after.enclosure.duration) == (
        before.guid,
        before.published,
        before.enclosure.duration,
    )
    assert "Notes on Nursing".encode("utf-16-le") in new
    assert packets(old, tmp_path / "old.mp3") == packets(new, tmp_path / "new.mp3")
    assert roots.public.read(before.enclosure.key).body == old  # apps with yesterday's feed may still fetch it
    publish(show, roots, now=LATER)
    assert episode(roots) == after


def test_retag_twice_with_the_same_text_changes_nothing(show: Path, roots: Roots) -> None:
    publish(show, roots)
    before = episode(roots)
    remake(show, roots, Remake.RETAG)
    assert episode(roots).enclosure == before.enclosure


def test_replace_audio_deletes_the_old_and_keeps_identity(show: Path, roots: Roots) -> None:
    publish(show, roots)
    before = episode(roots)
    write_tone(show / "episodes" / SLUG / "recording.wav", seconds=2, hertz=880)
    remake(show, roots, Remake.REPLACE)
    after = episode(roots)
    assert (after.guid, after.published) == (before.guid, before.published)
    assert round(after.enclosure.duration) == 2
    assert before.enclosure.key not in contents(roots.public)
    assert before.enclosure.key.encode() not in b"".join(contents(roots.public).values())


def test_a_return_to_the_old_recording_gets_a_key_of_its_own(show: Path, roots: Roots) -> None:
    recording = show / "episodes" / SLUG / "recording.wav"
    first = recording.read_bytes()
    publish(show, roots)
    keys = [episode(roots).enclosure.key]
    for content in (880.0, None):
        if content:
            write_tone(recording, hertz=content)
        else:
            recording.write_bytes(first)
        remake(show, roots, Remake.REPLACE)
        keys.append(episode(roots).enclosure.key)
    assert len(set(keys)) == 3
    assert [key for key in keys if key in contents(roots.public)] == keys[-1:]


def test_the_same_recording_replaced_changes_nothing(show: Path, roots: Roots) -> None:
    publish(show, roots)
    before = episode(roots)
    remake(show, roots, Remake.REPLACE)
    assert episode(roots).enclosure == before.enclosure
    assert before.enclosure.key in contents(roots.public)


def test_audio_that_cannot_be_made_leaves_the_episode_as_it_is(show: Path, roots: Roots) -> None:
    publish(show, roots)
    before = contents(roots.public)
    (show / "episodes" / SLUG / "recording.wav").write_bytes(b"no sound")
    change_session(show, SLUG, "Talk 0", "Notes on Nursing")
    result = publisher(show, roots, request=Request(frozenset([SLUG]), remake=Remake.REPLACE)).publish()
    assert [type(f) for f in result.failures] == [MediaError]
    assert contents(roots.public) == before


def test_the_plan_shows_every_write_and_deletion(show: Path, roots: Roots) -> None:
    publish(show, roots)
    old = episode(roots).enclosure.key
    before = contents(roots.public)
    write_tone(show / "episodes" / SLUG / "recording.wav", hertz=880)
    request = Request(frozenset([SLUG]), remake=Remake.REPLACE)
    _, writes = publisher(show, roots, now=LATER, request=request).plan()
    assert contents(roots.public) == before
    publisher(show, roots, now=LATER, request=request).publish()
    new = episode(roots).enclosure.key
    assert ("put", new) in [(w.action, w.key) for w in writes]
    assert ("delete", old) in [(w.action, w.key) for w in writes]


def test_a_changed_trim_is_told_and_only_replaces_when_named(show: Path, roots: Roots) -> None:
    publish(show, roots)
    before = episode(roots)
    change_session(show, SLUG, "recording =", "trim = { start = 0.4 }\nrecording =")
    result = publish(show, roots, now=LATER)
    decision = next(d for d in result.judged.decisions if d.slug == SLUG)
    assert decision.fate is Fate.DIFFERS
    assert "--replace-audio" in decision.why
    assert episode(roots) == before
    remake(show, roots, Remake.REPLACE)
    assert episode(roots).enclosure.duration == pytest.approx(0.6, abs=0.01)


def test_an_earlier_catalog_does_not_bring_replaced_audio_back(show: Path, roots: Roots) -> None:
    from sessioncast.plan.afterwards import put_back

    publish(show, roots)
    kept = read_catalog(roots.private).catalog
    write_tone(show / "episodes" / SLUG / "recording.wav", hertz=880)
    remake(show, roots, Remake.REPLACE)
    current = read_catalog(roots.private).catalog
    assert kept is not None
    assert current is not None
    restored = put_back(current, kept).by_slug(SLUG)
    assert restored is not None
    assert restored.enclosure == episode(roots).enclosure


def test_a_raised_recipe_leaves_public_episodes_alone(
    show: Path, roots: Roots, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(show, roots)
    before = (contents(roots.public), contents(roots.private))
    monkeypatch.setattr("sessioncast.produce.sources.RECIPE", 99)
    result = publish(show, roots, now=LATER)
    assert {d.fate for d in result.judged.decisions} == {Fate.UNCHANGED}
    assert (contents(roots.public), contents(roots.private)) == before


def test_several_at_once_give_the_same_bytes_as_one_by_one(show: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at_once, alone = memory_roots(), memory_roots()
    shutil.rmtree(show / ".sessioncast")
    publish(show, at_once)
    shutil.rmtree(show / ".sessioncast")
    monkeypatch.setattr("sessioncast.publish.making._AT_ONCE", 1)
    publish(show, alone)
    assert contents(at_once.public) == contents(alone.public)


def test_two_sessions_of_one_recording(show: Path, roots: Roots) -> None:
    shutil.rmtree(show / ".sessioncast")
    slug = write_session(show, 7, recording=show / "episodes" / SLUG / "recording.wav")
    publish(show, roots)
    assert episode(roots, slug).enclosure.duration == episode(roots).enclosure.duration
