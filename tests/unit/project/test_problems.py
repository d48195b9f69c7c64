from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sessioncast import project
from sessioncast.errors import ContentError

SAMPLES = Path(__file__).parents[2] / "samples"
BROKEN = sorted(SAMPLES.glob("broken-*"))


def show_of(sample: Path, tmp_path: Path) -> Path:
    """Copy the small good show and lay the broken files over it."""
    folder = tmp_path / "show"
    shutil.copytree(SAMPLES / "minimal", folder)
    (folder / "feed/cover.png").write_bytes(b"stands for a picture")
    shutil.copytree(sample, folder, dirs_exist_ok=True)
    return folder


def told(folder: Path) -> str:
    show, problems = project.inspect(folder)
    lines = []
    for problem in problems:
        lines.append(str(problem))
        lines += [f"    mend: {problem.mend}"] if problem.mend else []
    usable = " ".join(s.slug for s in show.sessions) or "no session" if show else "nothing"
    return "\n".join([*lines, f"usable: {usable}", ""])


def test_there_are_samples_to_look_at() -> None:
    assert len(BROKEN) >= 40


@pytest.mark.parametrize("sample", BROKEN, ids=lambda p: p.name)
def test_a_broken_show_is_told_file_key_found_expected_and_mend(sample: Path, tmp_path: Path) -> None:
    assert told(show_of(sample, tmp_path)) == (sample / "expected.txt").read_text("utf-8")


@pytest.mark.parametrize("sample", BROKEN, ids=lambda p: p.name)
def test_a_broken_show_does_not_load_and_says_the_same(sample: Path, tmp_path: Path) -> None:
    folder = show_of(sample, tmp_path)
    _, problems = project.inspect(folder)
    with pytest.raises(ContentError) as caught:
        project.load(folder)
    assert caught.value.problems == problems
    assert caught.value.exit_code == 3
    assert all(str(problem) in str(caught.value) for problem in problems)


@pytest.mark.parametrize("sample", BROKEN, ids=lambda p: p.name)
def test_no_word_of_the_validator_reaches_a_person(sample: Path) -> None:
    text = (sample / "expected.txt").read_text("utf-8").lower()
    for word in ("input should", "pydantic", "validation", "extra inputs", "json", "string_", "value error", "none]"):
        assert word not in text


def test_a_broken_session_does_not_stop_the_good_ones(tmp_path: Path) -> None:
    folder = show_of(SAMPLES / "minimal", tmp_path)
    broken = folder / "episodes/2024-04-01-john-snow"
    broken.mkdir()
    (broken / "session.toml").write_text("title = \n")
    show, problems = project.inspect(folder)
    assert show is not None
    assert [s.slug for s in show.sessions] == ["2024-03-06-florence-nightingale"]
    assert [p.file for p in problems] == ["episodes/2024-04-01-john-snow/session.toml"]


def test_outside_a_show_folder_the_way_in_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContentError) as caught:
        project.load(tmp_path)
    assert caught.value.hint == "sessioncast init"


def test_a_file_where_a_folder_is_expected_is_told(tmp_path: Path) -> None:
    folder = show_of(SAMPLES / "minimal", tmp_path)
    people = folder / "feed/people.toml"
    people.unlink()
    people.mkdir()
    show, problems = project.inspect(folder)
    assert show is not None
    assert show.people == {}
    assert [(p.file, p.expected) for p in problems] == [("feed/people.toml", "a readable file")]


def test_a_table_that_stands_in_the_file_twice_is_pointed_out(tmp_path: Path) -> None:
    path = show_of(SAMPLES / "minimal", tmp_path) / "feed/show.toml"
    path.write_text(path.read_text("utf-8") + "\n[store]\n[store]\n", "utf-8")
    _, (problem,) = project.inspect(path.parents[1])
    assert (problem.file, problem.expected) == (
        "feed/show.toml",
        "each [table] once; it stands further up already: write its keys there",
    )
    assert "[store]" in problem.found
