"""Transcripts and chapters through a publish: the audience nobody by name, redactions gone, late words, one list everywhere."""

from __future__ import annotations

import io
import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import av
import numpy as np
import podcastparser
import pytest

from sessioncast import layout, site
from sessioncast.commit import read_catalog
from sessioncast.errors import ContentError
from sessioncast.model import PublishedEpisode
from sessioncast.plan.decide import Fate, Remake
from sessioncast.plan.judge import Request
from sessioncast.store.port import Roots
from shows import NOW, assert_whole, change_session, contents, publish, publisher, slug_of, write_tone

SLUG = slug_of(2)  # John Snow's
LATER = NOW + timedelta(days=1)
ZOOM = """WEBVTT

1
00:00:00.500 --> 00:00:02.000
SNOW, John: Welcome. The map shows it.

2
00:00:02.000 --> 00:00:04.000
Joseph Lister: Thank you, write to joseph.lister@example.org or call +44 20 7946 0018.

3
00:00:04.000 --> 00:00:06.000
SNOW, John: Thank you, Joseph. Mr Lister asked about carbolic acid.

4
00:00:06.000 --> 00:00:08.000
iPhone: I was born on 12/05/1820, my record number is NHS 943 476 5919.

5
00:00:08.000 --> 00:00:09.500
Joseph Lister: Goodbye.
"""
CHAPTERS = "0:00 Welcome\n0:04 Questions – 井戸 https://example.org/q\n0:07 The end\n"


def folder_of(show: Path) -> Path:
    return show / "episodes" / SLUG


@pytest.fixture
def talk(show: Path) -> Path:
    """A talk of ten seconds with a Zoom transcript."""
    write_tone(folder_of(show) / "recording.wav", seconds=10)
    (folder_of(show) / "transcript.vtt").write_text(ZOOM, "utf-8")
    return show


def episode(roots: Roots) -> PublishedEpisode:
    catalog = read_catalog(roots.private).catalog
    assert catalog is not None
    found = catalog.by_slug(SLUG)
    assert found is not None
    return found


def everything(roots: Roots) -> bytes:
    return b"\n".join(key.encode() + b"\n" + body for key, body in contents(roots.public).items())


def transcript(roots: Roots, ending: str = "vtt") -> str:
    key = next(t.key for t in episode(roots).transcripts if t.key.endswith(ending))
    return roots.public.read(key).body.decode()


def test_every_format_is_public_and_named_vtt_first(talk: Path, roots: Roots) -> None:
    publish(talk, roots)
    assert_whole(roots)
    body = roots.public.read(layout.FEED).body.decode()
    item = body[body.index("<item>") :]
    found = re.findall(r'<podcast:transcript url="[^"]*\.(\w+)" type="([^"]+)" language="([^"]+)"', body)
    assert found == [
        ("vtt", "text/vtt", "en"),
        ("srt", "application/x-subrip", "en"),
        ("json", "application/json", "en"),
        ("html", "text/html", "en"),
        ("txt", "text/plain", "en"),
    ]
    assert item
    assert "<v John Snow>Welcome." in transcript(roots)


def test_nobody_in_the_audience_is_named_anywhere(talk: Path, roots: Roots) -> None:
    change_session(talk, SLUG, "\n[[credits]]", '\n[transcript.names]\niPhone = "mary-seacole"\n\n[[credits]]')
    publish(talk, roots)
    public = everything(roots)
    assert b"iPhone" not in b"".join(
        body for key, body in contents(roots.public).items() if not key.startswith("assets/")
    )
    for secret in (b"Joseph", b"Lister", b"example.org or", b"joseph.lister", b"7946"):
        assert secret not in public, secret
    said = transcript(roots)
    assert "<v Audience member 1>" in said
    assert "Thank you, Audience member 1" in said
    assert said.count("Audience member 1>") == 2
    assert "John Snow" in said


def test_review_lists_what_changed_and_what_to_look_at(talk: Path) -> None:
    from sessioncast import project as project_
    from sessioncast.texts import Sound, said

    project = project_.load(talk)
    session = project.session(SLUG)
    assert session is not None
    heard = said(project, session, "transcript.vtt", Sound.of([(0, 10_000, 0)], 10), "en")
    whats = [r.what for r in heard.remarks]
    assert "Joseph Lister became Audience member 1" in whats
    assert "iPhone became Audience member 2" in whats
    assert {r.what for r in heard.review} == {"looks like a date of birth"}  # the number went with the phone numbers


def test_names_are_kept_where_somebody_said_so(talk: Path, roots: Roots) -> None:
    change_session(talk, SLUG, "\n[[credits]]", "\n[transcript]\naudience_names = true\n\n[[credits]]")
    publish(talk, roots)
    assert "<v Joseph Lister>" in transcript(roots)


def test_a_redaction_leaves_no_trace(talk: Path, roots: Roots, tmp_path: Path) -> None:
    (folder_of(talk) / "chapters.txt").write_text("0:00 Welcome\n0:06.5 Born in 1820\n0:08 The end\n", "utf-8")
    publish(talk, roots)
    before = episode(roots)
    assert b"1820" in everything(roots)
    change_session(talk, SLUG, "recording =", "redact = [{ start = 6, end = 8 }]\nrecording =")
    listed = publish(talk, roots, now=LATER)
    decision = next(d for d in listed.judged.decisions if d.slug == SLUG)
    assert decision.fate is Fate.DIFFERS
    assert "--replace-audio" in decision.why
    request = Request(frozenset([SLUG]), remake=Remake.REPLACE)
    result = publisher(talk, roots, now=LATER, request=request).publish()
    assert not result.failures
    assert_whole(roots)
    after = episode(roots)
    assert (after.guid, after.published) == (before.guid, before.published)
    assert b"1820" not in everything(roots)
    assert not (before.sound_keys() | before.text_keys()) & set(contents(roots.public)) - after.object_keys()
    path = tmp_path / "after.mp3"
    path.write_bytes(roots.public.read(after.enclosure.key).body)
    with av.open(str(path)) as container:
        sound = np.concatenate([frame.to_ndarray()[0] for frame in container.decode(audio=0)])
    inside = np.abs(sound[round(6.05 * 44_100) : round(7.95 * 44_100)]).max()
    outside = np.abs(sound[(4 * 44_100) : (5 * 44_100)]).max()
    print(f"highest sample in the redacted stretch {inside:.6f}, beside it {outside:.3f}")
    assert inside < 0.001 < outside


def test_a_late_transcript_changes_only_what_it_must(talk: Path, roots: Roots) -> None:
    (folder_of(talk) / "transcript.vtt").unlink()
    publish(talk, roots)
    before, held = episode(roots), contents(roots.public)
    (folder_of(talk) / "transcript.vtt").write_text(ZOOM, "utf-8")
    (folder_of(talk) / "recording.wav").unlink()  # another machine, a day later
    assert next(d for d in publish(talk, roots, now=LATER).judged.decisions if d.slug == SLUG).fate is Fate.DIFFERS
    publish(talk, roots, SLUG, now=LATER)
    after, now = episode(roots), contents(roots.public)
    assert (after.enclosure, after.guid, after.published) == (before.enclosure, before.guid, before.published)
    assert now[after.enclosure.key] == held[after.enclosure.key]
    new = {key for key in set(now) - set(held) if not key.startswith("search/")}  # its words can be found
    assert sorted(key.rpartition(".")[2] for key in new) == ["html", "json", "srt", "txt", "vtt"]
    changed = {key for key in held if now.get(key) != held[key] and not key.startswith("search/")}
    assert all(key == layout.FEED or site.is_page(key) for key in changed)
    assert not {key for key in set(held) - set(now) if not key.startswith("search/")}


def test_a_corrected_transcript_deletes_the_earlier_one(talk: Path, roots: Roots) -> None:
    publish(talk, roots)
    old = episode(roots).text_keys()
    (folder_of(talk) / "transcript.vtt").write_text(ZOOM.replace("The map shows it", "The map showed it"), "utf-8")
    publish(talk, roots, SLUG, now=LATER)
    assert not old & set(contents(roots.public))
    assert_whole(roots)


def test_times_follow_trim_and_intro(talk: Path, roots: Roots) -> None:
    write_tone(talk / "feed" / "intro.wav", seconds=3, hertz=300)
    show_toml = talk / "feed" / "show.toml"
    show_toml.write_text(show_toml.read_text("utf-8") + '\n[audio]\nintro = "intro.wav"\ncrossfade = 0.5\n', "utf-8")
    change_session(talk, SLUG, "recording =", "trim = { start = 2, end = 9 }\nrecording =")
    (folder_of(talk) / "chapters.txt").write_text(CHAPTERS, "utf-8")
    publish(talk, roots)
    here = episode(roots)
    assert here.enclosure.duration == pytest.approx(9.5, abs=0.01)
    assert "00:00:02.500 --> 00:00:04.500\n<v Audience member 1>" in transcript(roots)
    assert [(c.start, c.title) for c in here.chapters] == [
        (0.0, "Welcome"),
        (4.5, "Questions – 井戸"),
        (7.5, "The end"),
    ]


def test_chapters_are_the_same_everywhere(talk: Path, roots: Roots, tmp_path: Path) -> None:
    show_toml = talk / "feed" / "show.toml"
    show_toml.write_text(show_toml.read_text("utf-8") + '\n[audio]\nalso = ["m4a", "opus"]\n', "utf-8")
    (folder_of(talk) / "chapters.txt").write_text(CHAPTERS.replace("0:04", "0:04.250"), "utf-8")
    publish(talk, roots)
    here = episode(roots)
    wanted = [(0, "Welcome"), (4250, "Questions – 井戸"), (7000, "The end")]
    for key in (here.enclosure.key, *(a.key for a in here.alternates)):
        path = tmp_path / f"talk.{key.rpartition('.')[2]}"
        path.write_bytes(roots.public.read(key).body)
        with av.open(str(path)) as container:
            found = [
                (round(float(c["start"] * c["time_base"]) * 1000), c["metadata"]["title"]) for c in container.chapters()
            ]
        assert found == wanted, key
    assert here.chapters_key is not None
    plain: dict[str, Any] = json.loads(roots.public.read(here.chapters_key).body)
    assert plain["version"] == "1.2.0"
    assert [(round(c["startTime"] * 1000), c["title"]) for c in plain["chapters"]] == wanted
    assert plain["chapters"][1]["url"] == "https://example.org/q"
    body = roots.public.read(layout.FEED).body
    assert f'<podcast:chapters url="http://127.0.0.1:8000/{here.chapters_key}"'.encode() in body
    parsed = podcastparser.parse("http://127.0.0.1:8000/feed.xml", io.BytesIO(body))
    item = next(e for e in parsed["episodes"] if e["guid"] == here.guid)
    html = str(item["description_html"])
    assert re.findall(r"(\d\d:\d\d) (Welcome|Questions – 井戸|The end)", html) == [
        ("00:00", "Welcome"),
        ("00:04", "Questions – 井戸"),
        ("00:07", "The end"),
    ]


def test_a_list_in_the_notes_is_the_chapters_and_stands_once(talk: Path, roots: Roots) -> None:
    notes = folder_of(talk) / "notes.md"
    notes.write_text("What it was about.\n\n- 0:00 Welcome\n- 0:04 Questions\n- 0:08 The end\n\nAnd more.\n", "utf-8")
    change_session(talk, SLUG, "recording =", "trim = { start = 2 }\nrecording =")
    publish(talk, roots)
    here = episode(roots)
    assert [(c.start, c.title) for c in here.chapters] == [(0.0, "Welcome"), (2.0, "Questions"), (6.0, "The end")]
    assert "0:04" not in here.notes
    assert here.notes == "What it was about.\n\nAnd more."


def test_new_chapters_reach_json_and_feed_at_once_and_the_file_only_with_retag(talk: Path, roots: Roots) -> None:
    publish(talk, roots)
    before = episode(roots)
    (folder_of(talk) / "chapters.txt").write_text(CHAPTERS, "utf-8")
    publish(talk, roots, SLUG, now=LATER)
    after = episode(roots)
    assert after.enclosure == before.enclosure
    assert len(after.chapters) == 3
    publisher(talk, roots, now=LATER, request=Request(frozenset([SLUG]), remake=Remake.RETAG)).publish()
    retagged = episode(roots)
    assert retagged.enclosure.key != before.enclosure.key
    assert "Questions".encode("utf-16-le") in roots.public.read(retagged.enclosure.key).body


@pytest.mark.parametrize(
    ("name", "body", "line"),
    [
        ("transcript.vtt", "WEBVTT\n\n00:00:xx --> 00:01\nOne.\n", "line 3"),
        ("transcript.txt", "12:00:01\tA B:\thello\n", "a chat"),
    ],
)
def test_a_broken_transcript_is_one_error_and_the_others_go_out(
    talk: Path, roots: Roots, name: str, body: str, line: str
) -> None:
    (folder_of(talk) / "transcript.vtt").unlink()
    (folder_of(talk) / name).write_text(body, "utf-8")
    result = publish(talk, roots)
    assert [type(f) for f in result.failures] == [ContentError]
    assert line in str(result.failures[0])
    assert f"episodes/{SLUG}/{name}" in str(result.failures[0])
    assert result.catalog is not None
    assert len(result.catalog.episodes) == 3


def test_after_a_take_down_no_word_is_left(talk: Path, roots: Roots) -> None:
    from sessioncast.withdraw import Keeper
    from shows import SHOW_ID

    (folder_of(talk) / "chapters.txt").write_text(CHAPTERS, "utf-8")
    publish(talk, roots)
    Keeper(roots, SHOW_ID).unpublish(SLUG)
    public = everything(roots)
    for word in (b"Welcome", b"carbolic", b"Audience member"):
        assert word not in public


def test_an_emptied_public_root_is_filled_again_words_and_all(talk: Path, roots: Roots) -> None:
    publish(talk, roots)
    before = contents(roots.public)
    for key in before:
        roots.public.delete(key)
    publish(talk, roots, now=LATER)
    assert contents(roots.public) == before


def test_what_a_machine_wrote_is_marked(talk: Path, roots: Roots) -> None:
    change_session(talk, SLUG, "\n[[credits]]", "\n[transcript]\nmachine = true\n\n[[credits]]")
    publish(talk, roots)
    for ending in ("vtt", "html", "txt"):
        assert "Made by a machine" in transcript(roots, ending)


def test_a_second_language_has_its_own_files(talk: Path, roots: Roots) -> None:
    (folder_of(talk) / "fr.vtt").write_text("WEBVTT\n\n00:01.000 --> 00:03.000\nJohn Snow: Bienvenue.\n", "utf-8")
    change_session(
        talk, SLUG, "\n[[credits]]", '\n[transcript]\nothers = [{ file = "fr.vtt", language = "fr" }]\n\n[[credits]]'
    )
    publish(talk, roots)
    files = episode(roots).transcripts
    assert [(f.media_type, f.language) for f in files[:2]] == [("text/vtt", "en"), ("text/vtt", "fr")]
    assert len(files) == 10
    assert_whole(roots)
