from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path, PurePath

import pytest

from sessioncast.errors import ContentError
from sessioncast.inbox.apply import Applied, apply
from sessioncast.inbox.cases import Cut
from sessioncast.inbox.match import Match, Matching, match
from sessioncast.inbox.said import lines, records, table
from sessioncast.inbox.value import Began, File, Take
from sessioncast.project import load
from sessioncast.project.value import InboxSettings
from shows import NOON, slug_of, write_session, write_show

SLUG = slug_of(0)


@pytest.fixture
def show(tmp_path: Path) -> Path:
    folder = tmp_path / "show"
    folder.mkdir()
    write_show(folder)
    for nth in (0, 1):
        slug = write_session(folder, nth)
        file = folder / "episodes" / slug / "session.toml"
        file.write_text(file.read_text("utf-8").replace('recording = "recording.wav"\n', ""), "utf-8")
    return folder


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox" / "812"
    folder.mkdir(parents=True)
    (folder / "a.m4a").write_bytes(b"sound")
    (folder / "b.m4a").write_bytes(b"more sound")
    (folder / "a.transcript.vtt").write_text("WEBVTT\n\n00:00.000 --> 00:01.000\nGood morning\n", "utf-8")
    (folder / "chat.txt").write_text("12:00:00 From a guest", "utf-8")
    return folder.parent


def _matched(*files: str, slug: str = SLUG, transcript: str = "", cut: Cut | None = None) -> Matching:
    paths = tuple(PurePath(f"812/{name}") for name in files)
    made = Match(slug, files, paths, 20.0, (), cut=cut, transcript=PurePath(transcript) if transcript else None)
    return Matching((made,), (), ())


def test_a_recording_and_its_transcript_come_into_the_sessions_folder_and_the_chat_stays(
    show: Path, inbox: Path
) -> None:
    found = apply(show, inbox, _matched("a.m4a", transcript="812/a.transcript.vtt"))
    assert found == (Applied(SLUG, ("a.m4a",), "transcript.vtt"),)
    home = show / "episodes" / SLUG
    assert (home / "a.m4a").read_bytes() == b"sound"
    assert (home / "transcript.vtt").is_file()
    assert not list(home.glob("chat*"))
    session = load(show).session(SLUG)
    assert session
    assert session.recordings == ("a.m4a",)
    assert (inbox / "812/a.m4a").exists()


def test_again_changes_nothing_and_a_crash_before_session_toml_is_mended(show: Path, inbox: Path) -> None:
    home = show / "episodes" / SLUG
    (home / "a.m4a").write_bytes(b"sound")  # a first run got as far as this
    apply(show, inbox, _matched("a.m4a"))
    before = {path.name: path.read_bytes() for path in home.iterdir()}
    assert apply(show, inbox, _matched("a.m4a")) == (Applied(SLUG, why="has its recording already"),)
    assert {path.name: path.read_bytes() for path in home.iterdir()} == before
    assert "a-2.m4a" not in before


def test_nothing_is_overwritten(show: Path, inbox: Path) -> None:
    home = show / "episodes" / SLUG
    (home / "a.m4a").write_bytes(b"something else")
    (home / "transcript.srt").write_text("1\n00:00:00,000 --> 00:00:01,000\nmine\n", "utf-8")
    found = apply(show, inbox, _matched("a.m4a", transcript="812/a.transcript.vtt"))
    assert found == (Applied(SLUG, ("a-2.m4a",)),)
    assert (home / "a.m4a").read_bytes() == b"something else"
    assert not (home / "transcript.vtt").exists()


def test_moving_takes_out_of_the_inbox_what_every_session_has(show: Path, inbox: Path) -> None:
    one, two = (
        _matched("b.m4a", slug=slug_of(nth), cut=Cut(slug_of(nth), nth * 3_600.0, (nth + 1) * 3_600.0)).matches[0]
        for nth in (0, 1)
    )
    apply(show, inbox, Matching((one, two), (), ()), move=True, trim=True)
    assert not (inbox / "812/b.m4a").exists()
    project = load(show)
    for nth in (0, 1):
        session = project.session(slug_of(nth))
        assert session
        assert (show / "episodes" / session.slug / "b.m4a").read_bytes() == b"more sound"
        assert session.trim
        assert session.trim != "auto"
        assert (session.trim.start, session.trim.end) == (nth * 3_600, (nth + 1) * 3_600)


def test_the_parts_of_a_restarted_recording_stay_in_order(show: Path, inbox: Path) -> None:
    apply(show, inbox, _matched("b.m4a", "a.m4a"))
    session = load(show).session(SLUG)
    assert session
    assert session.recordings == ("b.m4a", "a.m4a")


def test_a_disk_without_links_gets_copies(show: Path, inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError("no links here")

    monkeypatch.setattr("os.link", refuse)
    apply(show, inbox, _matched("a.m4a"))
    home = show / "episodes" / SLUG
    assert (home / "a.m4a").read_bytes() == b"sound"
    assert not [path for path in home.iterdir() if path.name.endswith(".part")]


@pytest.mark.parametrize("name", ["gone.m4a", "../../secret"])
def test_a_file_that_is_gone_or_elsewhere_is_named_and_session_toml_stays(show: Path, inbox: Path, name: str) -> None:
    before = (show / "episodes" / SLUG / "session.toml").read_bytes()
    (one,) = apply(show, inbox, _matched(name))
    assert isinstance(one.error, ContentError)
    assert name.rpartition("/")[2] in one.error.message
    assert (one.session, one.recordings) == (SLUG, ())
    assert (show / "episodes" / SLUG / "session.toml").read_bytes() == before


def test_one_file_that_cannot_be_put_keeps_no_other_out(show: Path, inbox: Path) -> None:
    both = (*_matched("gone.m4a").matches, *_matched("b.m4a", slug=slug_of(1)).matches)
    bad, good = apply(show, inbox, Matching(both, (), ()), move=True)
    assert bad.error
    assert good == Applied(slug_of(1), ("b.m4a",))
    assert not (inbox / "812/b.m4a").exists()


def test_a_transcript_that_cannot_be_put_keeps_its_recording_not_out(show: Path, inbox: Path) -> None:
    (one,) = apply(show, inbox, _matched("a.m4a", transcript="812/gone.transcript.vtt"), move=True)
    assert one.recordings == ("a.m4a",)
    assert one.error
    assert "gone.transcript.vtt" in one.error.message
    session = load(show).session(SLUG)
    assert session
    assert session.recordings == ("a.m4a",)


def test_a_matching_is_said_in_lines_and_records(show: Path) -> None:
    project = load(show)
    sound, captions = (
        File(PurePath("812/a.m4a"), "audio", 9, 3_660),
        File(PurePath("812/a.transcript.vtt"), "transcript", 9),
    )
    good = Take("812/a.m4a", (sound, captions), Began(NOON, "its name (Zoom, UTC)"), 3_660)
    short = Take("x.m4a", (replace(sound, path=PurePath("x.m4a")),), Began(NOON + timedelta(days=1), "its name"), 20)
    found = match(
        [good, short], project.sessions, project.people, InboxSettings(), "Europe/London", now=NOON + timedelta(days=9)
    )
    assert table(found) == (
        ("812/a.m4a", SLUG, "16", "match: began at the start, covers all of it, time from its name (Zoom, UTC)"),
        ("x.m4a", "", "", "too short: began at the start, lasts only 20 seconds"),
    )
    assert lines(found) == (
        f"{SLUG}: 812/a.m4a (score 16: began at the start, covers all of it, time from its name (Zoom, UTC))",
        f"missing: {slug_of(1)} is over and nothing recorded it; only x.m4a came near it",
        f'  ask who recorded it; then put the file into the inbox, or set recording = "…" in episodes/{slug_of(1)}/session.toml',
        f"too short: x.m4a lasts 20 seconds, too short to be {slug_of(1)}",
        f'  delete it, or set pin = "x.m4a" in episodes/{slug_of(1)}/session.toml',
    )
    assert [(record["record"], record.get("case")) for record in records(found)] == [
        ("take", None),
        ("take", None),
        ("match", None),
        ("case", "missing"),
        ("case", "too short"),
    ]
    assert records(found)[2] == {
        "record": "match",
        "session": SLUG,
        "takes": ["812/a.m4a"],
        "files": ["812/a.m4a"],
        "score": 16.0,
        "reasons": ["began at the start", "covers all of it", "time from its name (Zoom, UTC)"],
        "by_hand": False,
        "transcript": "812/a.transcript.vtt",
    }
