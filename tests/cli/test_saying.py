"""``transcript``, ``chapters`` and ``transcribe`` as an organiser runs them, before anything is published."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from commands import run
from shows import write_session, write_show

VTT = """WEBVTT

00:00:01.000 --> 00:00:03.000
John Snow: The map shows it.

00:00:04.000 --> 00:00:06.000
John Snow: Write to me at snow@example.org.

00:00:07.000 --> 00:00:09.000
Joseph Lister: I was born on 05/04/1827.
"""


@pytest.fixture
def show(tmp_path: Path) -> tuple[Path, str]:
    folder = tmp_path / "show"
    write_show(folder)
    slug = write_session(folder, 2)
    (folder / "episodes" / slug / "transcript.vtt").write_text(VTT, "utf-8")
    return folder, slug


def test_the_transcript_is_shown_as_it_is_published(show: tuple[Path, str]) -> None:
    folder, slug = show
    answer = run(folder, "transcript", slug)
    assert answer.returncode == 0, answer.stderr
    assert "John Snow: The map shows it. Write to me" in answer.stdout
    assert "Audience member 1: I was born" in answer.stdout
    assert "Lister" not in answer.stdout


def test_the_review_names_everything_to_look_at(show: tuple[Path, str]) -> None:
    folder, slug = show
    lines = [json.loads(line) for line in run(folder, "--json", "transcript", slug, "--review").stdout.splitlines()]
    assert [(r["at"], r["what"]) for r in lines] == [
        (4.0, "looks like an e-mail address"),
        (7.0, "Joseph Lister became Audience member 1"),
        (7.0, "looks like a date of birth"),
    ]
    shown = run(folder, "transcript", slug, "--review")
    assert "snow@example.org" in shown.stdout
    assert "redact in episodes/" in shown.stdout


def test_chapters_are_shown_with_their_source(show: tuple[Path, str]) -> None:
    folder, slug = show
    assert "no chapters: write" in run(folder, "chapters", slug).stdout
    (folder / "episodes" / slug / "chapters.txt").write_text("0:00 Welcome\n0:05 The map\n", "utf-8")
    answer = run(folder, "chapters", slug)
    assert "0:00:05" in answer.stdout
    assert "chapters.txt" in answer.stdout


def test_a_broken_chapters_txt_is_named_by_line(show: tuple[Path, str]) -> None:
    folder, slug = show
    (folder / "episodes" / slug / "chapters.txt").write_text("0:00 Welcome\nThe map\n", "utf-8")
    for command in (["chapters", slug], ["publish"], ["check"]):
        answer = run(folder, *command)
        assert answer.returncode == 3
        assert "line 2" in answer.stderr + answer.stdout


def test_proposed_chapters_are_written_only_once_and_only_when_asked(show: tuple[Path, str]) -> None:
    folder, slug = show
    topics = ("The pump stood at the corner and all drew water.", "Wash hands with chlorinated lime before the ward.")
    blocks = [f"{_clock(n * 6)} --> {_clock(n * 6 + 5)}\nJohn Snow: {topics[n // 60]}\n" for n in range(120)]
    (folder / "episodes" / slug / "transcript.vtt").write_text("WEBVTT\n\n" + "\n".join(blocks), "utf-8")
    shown = run(folder, "chapters", slug, "--propose")
    assert shown.returncode == 0, shown.stderr
    assert "proposed only" in shown.stdout
    assert not (folder / "episodes" / slug / "chapters.txt").exists()
    assert run(folder, "chapters", slug, "--propose", "--write").returncode == 0
    assert (folder / "episodes" / slug / "chapters.txt").read_text("utf-8").count("\n") == 2
    again = run(folder, "chapters", slug, "--propose", "--write")
    assert again.returncode == 3
    assert "found chapters already" in again.stderr


def _clock(seconds: int) -> str:
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.000"


def test_without_a_model_transcribe_says_how_to_get_one(show: tuple[Path, str]) -> None:
    folder, slug = show
    (folder / "episodes" / slug / "transcript.vtt").unlink()
    answer = run(folder, "transcribe", slug, "--model", "no-such-model")
    assert answer.returncode == 3
    assert "--download" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_transcript_is_never_written_over_unasked(show: tuple[Path, str]) -> None:
    folder, slug = show
    answer = run(folder, "transcribe", slug)
    assert answer.returncode == 3
    assert "found a transcript already" in answer.stderr


def test_a_named_transcript_that_is_not_there_is_one_problem(show: tuple[Path, str]) -> None:
    folder, slug = show
    toml = folder / "episodes" / slug / "session.toml"
    toml.write_text(
        toml.read_text("utf-8").replace("\n[[credits]]", '\n[transcript]\nfile = "zoom.vtt"\n\n[[credits]]')
    )
    answer = run(folder, "publish")
    assert answer.returncode == 3
    assert "zoom.vtt" in answer.stderr
    assert "copy it there" in answer.stderr
