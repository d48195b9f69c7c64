from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sessioncast import project
from sessioncast.model import Credit

SAMPLES = Path(__file__).parents[2] / "samples"
REPOSITORY = Path(__file__).parents[3]
SLUG = "2024-03-06-florence-nightingale"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(SAMPLES / "minimal", tmp_path / "show")
    (tmp_path / "show/feed/cover.png").write_bytes(b"stands for a picture")
    return tmp_path / "show"


def test_a_show_is_read_whole(folder: Path) -> None:
    show = project.load(folder)
    assert show.show.title == "Evenings on Public Health"
    assert show.show.categories == ("Education",)
    assert show.store.url == "public"
    assert show.audio.loudness == -16
    assert set(show.people) == {"florence-nightingale", "john-snow"}
    (session,) = show.sessions
    assert session.slug == SLUG
    assert session.notes == "What a ward needs first: air, light and soap."
    assert session.credits == (Credit(person="florence-nightingale", role="guest"),)
    assert session.starts == datetime(2024, 3, 6, 17, tzinfo=UTC)


def test_it_knows_where_its_files_lie(folder: Path) -> None:
    show = project.load(folder)
    assert show.show_toml == folder / "feed/show.toml"
    assert show.cover == folder / "feed/cover.png"
    assert show.scratch == folder / ".sessioncast"
    assert show.session_folder(SLUG) == folder / "episodes" / SLUG
    assert show.session(SLUG) == show.sessions[0]
    assert show.session("nobody") is None


@pytest.mark.parametrize("address", ["https://example.org/a.m4a", "s3://bucket/a.m4a"])
def test_recordings_are_paths_addresses_or_nothing(folder: Path, address: str) -> None:
    show = project.load(folder)
    assert show.recordings(show.sessions[0]) == (folder / "episodes" / SLUG / "recording.m4a",)
    assert show.recordings(project.edit_session(folder, SLUG, {"recording": address})) == (address,)
    assert show.recordings(project.edit_session(folder, SLUG, {"recording": None})) == ()


def test_a_missing_recording_is_no_problem(folder: Path) -> None:
    assert not (folder / "episodes" / SLUG / "recording.m4a").exists()
    assert project.inspect(folder)[1] == ()


def test_the_show_is_found_from_a_folder_inside_it(folder: Path) -> None:
    inside = folder / "episodes" / SLUG
    assert project.find(inside) == folder
    assert project.load(inside).folder == folder


def test_files_from_windows_are_read(folder: Path) -> None:
    for name in ("feed/show.toml", "feed/people.toml", f"episodes/{SLUG}/session.toml", f"episodes/{SLUG}/notes.md"):
        path = folder / name
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert project.load(folder).sessions[0].notes == "What a ward needs first: air, light and soap."


def test_hidden_folders_and_single_files_are_no_sessions(folder: Path) -> None:
    (folder / "episodes/.trash").mkdir()
    (folder / "episodes/README.md").write_text("How we name sessions")
    assert len(project.load(folder).sessions) == 1


def test_a_show_without_people_and_episodes_is_a_show(folder: Path) -> None:
    shutil.rmtree(folder / "episodes")
    (folder / "feed/people.toml").unlink()
    assert project.load(folder).sessions == ()


def test_sessions_are_sorted_by_slug(folder: Path) -> None:
    first = project.load(folder).sessions[0]
    for slug in ("b", "a", "c"):
        project.write_session(folder, first.model_copy(update={"slug": slug, "guid": slug}))
    assert [s.slug for s in project.load(folder).sessions] == [SLUG, "a", "b", "c"]


def test_this_repositorys_own_show_loads() -> None:
    show, problems = project.inspect(REPOSITORY)
    assert problems == ()
    assert show is not None
    session = show.session("2024-02-20-paul-batalden")
    assert session is not None
    assert session.source == "000_1403118cbe0bb802.txt"
    assert session.title == "Co-production: An improvement teacher’s journey between theory and practice"
    assert session.starts is not None
    assert session.starts.isoformat() == "2024-02-20T12:00:00-05:00"
    assert session.ends == session.starts + timedelta(hours=1)
    assert session.ai_content
    assert "stand-in" in session.notes
    assert [show.people[c.person].name for c in session.credits] == ["Paul Batalden"]
