"""The fields beyond the plain ones: offered by init, written and read again, and refused with a clear word."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from uuid import UUID

import pytest

from sessioncast import project
from sessioncast.bring_in import bring_in
from sessioncast.errors import ContentError
from sessioncast.extras import Funding, License, Link, Location, Soundbite
from sessioncast.ingest.draft import Draft
from sessioncast.model import Person, Session
from sessioncast.project import InitAnswers

ANSWERS = InitAnswers(
    id=UUID("6f1c2d5e-8a34-4b0c-9d1e-2f3a4b5c6d7e"),
    title="Lives in Medicine",
    summary="Talks.",
    language="en",
    timezone="America/Toronto",
    link="https://example.org/",
    author="Us",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    project.init(tmp_path, ANSWERS, b"")
    return tmp_path


def edit_show(folder: Path, key: str, line: str = "") -> None:
    """Take the hash away before a key that init offers, or write another line."""
    path = folder / "feed" / "show.toml"
    text = path.read_text("utf-8")
    changed = re.sub(rf"^# ({key} = .*)$", line or r"\1", text, count=1, flags=re.MULTILINE)
    assert changed != text
    path.write_text(changed, "utf-8")


def test_every_example_that_init_offers_can_be_used_as_it_stands(folder: Path) -> None:
    project.add_person(folder, "florence-nightingale", Person(name="Florence Nightingale"))
    path = folder / "feed" / "show.toml"
    offered = re.findall(r"^# ([a-z_]+ = .+)$", path.read_text("utf-8"), flags=re.MULTILINE)
    assert len(offered) > 25
    path.write_text(re.sub(r"^# ([a-z_]+ = )", r"\1", path.read_text("utf-8"), flags=re.MULTILINE), "utf-8")
    for name in ("intro.wav", "outro.wav"):
        (folder / "feed" / name).touch()
    show = project.load(folder)
    assert show.show.license == License(name="CC-BY-4.0")
    assert show.show.season_names == {"2024": "The year of water"}
    assert show.feeds.by == ("season", "speaker")


def test_a_session_with_everything_is_written_and_read_again(folder: Path) -> None:
    session = Session(
        slug="talk",
        guid="g",
        title="Talk",
        license=License(name="House rules", url="https://example.org/l"),
        location=Location(name="Scutari", geo="geo:41.0,29.0"),
        funding=(Funding(url="https://example.org/f", text="Give"),),
        links=(Link(title='The "report"', url="https://example.org/r"), Link(title="B", url="https://example.org/b")),
        soundbites=(Soundbite(start=1.5, seconds=20),),
        slides="https://example.org/s.pdf",
    )
    project.write_session(folder, session)
    assert project.load(folder).session("talk") == session
    changed = project.edit_session(folder, "talk", {"links": (Link(title="C", url="https://example.org/c"),)})
    assert [link.title for link in changed.links] == ["C"]


@pytest.mark.parametrize(
    ("key", "line", "expected"),
    [
        ("license", 'license = { name = "Mine" }', "NS-LICENSE"),
        ("funding", 'funding = [{ url = "http://example.org/", text = "x" }]', "URL-HTTPS-NS"),
        ("rrule", 'rrule = "FREQ=WEEKLY;COUNT=3"', "recurrence rule"),
        ("credits", 'credits = [{ person = "nobody", role = "host" }]', "a key of feed/people.toml"),
        ("discussions", 'discussions = [{ protocol = "matrix" }]', "NS-SOCIAL"),
        ("season_names", 'season_names = { first = "x" }', "show.season_names"),
        ("by", 'by = ["year"]', "feeds.by[1]"),
        ("rhythm", f'rhythm = "{"x" * 129}"', "at most 128 characters"),
    ],
)
def test_what_no_app_would_take_is_refused(folder: Path, key: str, line: str, expected: str) -> None:
    edit_show(folder, key, line)
    with pytest.raises(ContentError) as caught:
        project.load(folder)
    assert expected in str(caught.value)


def draft(day: str) -> Draft:
    starts = datetime.fromisoformat(f"{day}T12:00:00-05:00")
    return Draft(source=f"page-{day}.html", title=f"Talk of {day}", starts=starts, ends=starts.replace(hour=13))


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("academic", [(2023, 1), (2023, 2), (2024, 1), (2024, 2)]),
        ("calendar", [(2024, 1), (2024, 2), (2024, 3), (2025, 1)]),
    ],
)
def test_import_writes_season_and_number_down(folder: Path, rule: str, expected: list[tuple[int, int]]) -> None:
    edit_show(folder, "seasons", f'seasons = "{rule}"')
    edit_show(folder, "type", 'type = "serial"')
    bring_in(folder, [draft(day) for day in ("2024-02-20", "2024-08-31", "2024-09-01", "2025-01-05")])
    assert [(s.season, s.number) for s in project.load(folder).sessions] == expected


def test_a_show_that_numbers_nothing_gets_seasons_alone(folder: Path) -> None:
    edit_show(folder, "seasons", 'seasons = "calendar"')
    bring_in(folder, [draft("2024-02-20")])
    (session,) = project.load(folder).sessions
    assert (session.season, session.number) == (2024, None)
