"""``sessioncast import`` as an organiser runs it: from a programme to sessions, and again when the programme changes."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import programmes
import programmes_pages
import programmes_tables
from commands import environment, run
from seasons import Season, season
from sessioncast import project as project_
from sessioncast.bring_in import Unchanged, Written, bring_in, gather
from sessioncast.ingest.draft import Draft
from shows import write_show
from webs import on_the_web

CSV = """Title,Speaker,Date,Time,Room
Clean hands,Ignaz Semmelweis,14/05/2024,14:00-15:00,Hall A
The pump,John Snow,15/05/2024,9:00-10:00,Hall B
"""


@pytest.fixture
def show(tmp_path: Path) -> Path:
    folder = tmp_path / "show"
    write_show(folder)
    return folder


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "programme.csv"
    path.write_text(CSV, "utf-8")
    return path


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# --- a year's programme, told in four ways --------------------------------------------------------------------------


def facts(draft: Draft) -> dict[str, Any]:
    """Return what each of the sources can say of a session."""
    people = tuple(sorted(person.name for person in draft.people))
    return {"title": draft.title, "starts": draft.starts, "ends": draft.ends, "people": people, "room": draft.room}


def told(folder: Path, made: Season, tmp_path: Path) -> dict[str, tuple[Draft, ...]]:
    """Write the season's programme in every way and return the drafts that import reads from each."""
    where = tmp_path / "programme"
    (where / "pages").mkdir(parents=True)
    for session in made.sessions:
        (where / "pages" / f"{session.slug}.html").write_bytes(programmes_pages.page(made, session))
    (where / "talks.ics").write_bytes(programmes.as_ics(made.sessions, made.people, made.zone))
    (where / "schedule.json").write_bytes(programmes.as_schedule_json(made.sessions, made.people, made.zone))
    (where / "talks.csv").write_bytes(programmes_tables.as_csv(made))
    toml = folder / "feed" / "show.toml"
    text = toml.read_text("utf-8").replace("Europe/London", made.zone)
    toml.write_text(f"{text}\n[import]\nsummary_pattern = '{programmes.PATTERN}'\n", "utf-8")
    project = project_.load(folder)
    drafts = {}
    for name in ("talks.ics", "schedule.json", "talks.csv", "pages"):
        gathered = gather(project, [str(where / name)], now=made.now, piped=io.BytesIO())
        assert gathered.wrong == ()
        drafts[name] = gathered.drafts
    return drafts


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_year_s_programme_gives_the_same_drafts_from_every_source(show: Path, tmp_path: Path, seed: int) -> None:
    made = season(seed)
    drafts = told(show, made, tmp_path)
    assert {name: len(some) for name, some in drafts.items()} == dict.fromkeys(drafts, 36)
    expected = [
        {
            "title": session.title,
            "starts": session.starts,
            "ends": session.ends,
            "people": tuple(sorted(made.people[credit.person].name for credit in session.credits)),
            "room": session.room or "",
        }
        for session in made.sessions
    ]
    by_time = sorted(expected, key=lambda fact: (fact["starts"], fact["title"]))
    for name, some in drafts.items():
        assert sorted(map(facts, some), key=lambda fact: (fact["starts"], fact["title"])) == by_time, name
    off = {s.title for s in made.sessions if any(item.startswith("cancelled") for item in s.missing)}
    for name in ("talks.ics", "talks.csv"):
        assert {draft.title for draft in drafts[name] if draft.cancelled} == off
    for name in ("talks.ics", "schedule.json", "talks.csv"):  # they say what tells a session apart
        assert {draft.source for draft in drafts[name]} == {session.guid for session in made.sessions}


def test_a_programme_read_once_is_the_same_from_the_next_source(show: Path, tmp_path: Path) -> None:
    made = season(1)
    drafts = told(show, made, tmp_path)
    stays = [draft for draft in drafts["talks.csv"] if not draft.cancelled]
    assert {type(outcome) for outcome in bring_in(show, stays)} == {Written}
    again = [replace(d, meeting="", notes="", links=()) for d in drafts["talks.ics"] if not d.cancelled]
    assert {type(outcome) for outcome in bring_in(show, again)} == {Unchanged}


# --- the command -----------------------------------------------------------------------------------------------------


def test_what_would_be_written_is_shown_and_nothing_written(show: Path, table: Path) -> None:
    before = tree(show)
    shown = run(show, "import", str(table), "--dry-run")
    assert shown.returncode == 0, shown.stderr
    assert "2024-05-14-ignaz-semmelweis: would be written" in shown.stdout
    assert "starts: 2024-05-14T14:00:00+01:00" in shown.stdout
    assert "nothing was written" in shown.stdout
    assert tree(show) == before


def test_a_changed_programme_is_shown_field_by_field_and_applied_when_asked(show: Path, table: Path) -> None:
    written = run(show, "--json", "import", str(table))
    assert written.returncode == 0, written.stderr
    first = json.loads(written.stdout.splitlines()[0])
    assert {t["field"]: t["where"] for t in first["told"]}["starts"] == "line 2, column 'Date' and 'Time'"
    hand = show / "episodes" / "2024-05-15-john-snow" / "session.toml"
    hand.write_text(hand.read_text("utf-8").replace("Hall B", "The cellar"), "utf-8")
    moved = CSV.replace("14/05/2024,14:00-15:00", "21/05/2024,16:00-17:00").replace("Hall B", "Hall C")
    table.write_text(moved + "\n", "utf-8")
    before = tree(show)
    proposed = run(show, "import", str(table))
    assert "starts: here '2024-05-14T14:00:00+01:00', the source says '2024-05-21T16:00:00+01:00'" in proposed.stdout
    assert "room: here 'The cellar', the source says 'Hall C' (written by hand: it stays)" in proposed.stdout
    assert "import it again with --update" in proposed.stdout
    pretended = run(show, "import", str(table), "--update", "--dry-run")
    assert "would be updated" in pretended.stdout
    assert tree(show) == before
    applied = run(show, "import", str(table), "--update")
    assert applied.returncode == 0, applied.stderr
    assert "The cellar" in hand.read_text("utf-8")
    session = project_.load(show).session("2024-05-14-ignaz-semmelweis")
    assert session is not None
    assert session.starts is not None
    assert session.starts.isoformat() == "2024-05-21T16:00:00+01:00"


def test_a_renamed_talk_of_a_table_is_the_same_session(show: Path, table: Path) -> None:
    run(show, "import", str(table))
    table.write_text(CSV.replace("Clean hands", "Cleaner hands"), "utf-8")
    proposed = run(show, "import", str(table), "--update")
    assert "title: here 'Clean hands', the source says 'Cleaner hands'" in proposed.stdout
    assert len(project_.load(show).sessions) == 2


def test_a_cancelled_session_is_called_off_when_asked(show: Path, table: Path) -> None:
    run(show, "import", str(table))
    rows = CSV.replace("Room", "Room,Status").replace("Hall A", "Hall A,cancelled").replace("Hall B", "Hall B,")
    table.write_text(rows, "utf-8")
    assert "cancelled: here nothing" in run(show, "import", str(table)).stdout
    assert not any(session.draft for session in project_.load(show).sessions)
    assert run(show, "import", str(table), "--update").returncode == 0
    assert [session.slug for session in project_.load(show).sessions if session.draft] == [
        "2024-05-14-ignaz-semmelweis"
    ]


def test_who_refuses_to_be_recorded_stays_refused(show: Path, table: Path) -> None:
    rows = CSV.replace("Room", "Room,Do not record").replace("Hall A", "Hall A,yes").replace("Hall B", "Hall B,no")
    table.write_text(rows, "utf-8")
    run(show, "import", str(table))
    table.write_text(CSV, "utf-8")
    run(show, "import", str(table), "--update")
    told_ = {session.slug: session.consent for session in project_.load(show).sessions}
    assert told_ == {"2024-05-14-ignaz-semmelweis": "refused", "2024-05-15-john-snow": None}


def test_bad_rows_are_all_named_and_the_good_ones_wait_for_partial(show: Path, table: Path) -> None:
    bad = "Fever,Mary Seacole,2024-02-30,12:00-13:00,\nSoap,Mary Seacole,2024-05-20,noonish,\n"
    table.write_text(CSV + bad, "utf-8")
    before = tree(show)
    refused = run(show, "import", str(table))
    assert refused.returncode == 3
    assert "programme.csv: line 4" in refused.stderr
    assert "programme.csv: line 5" in refused.stderr
    assert "--partial" in refused.stderr
    assert tree(show) == before
    partly = run(show, "import", str(table), "--partial")
    assert partly.returncode == 3
    assert "programme.csv: line 5" in partly.stderr
    assert len(project_.load(show).sessions) == 2


def test_a_folder_and_what_is_piped_in(show: Path, tmp_path: Path) -> None:
    where = tmp_path / "programme"
    (where / "talk_files").mkdir(parents=True)
    (where / "talk_files" / "more.html").write_text("<p>nothing</p>", "utf-8")
    (where / "a.csv").write_text(CSV, "utf-8")
    (where / "b.txt").write_text(
        "A hotel in Balaclava\n\nSpeaker: Mary Seacole\n\nDate: 21 May 2024, 12:00-13:00\n\nDescription\n\nBroth.\n",
        "utf-8",
    )
    (where / "poster.pdf").write_bytes(b"%PDF-1.7")
    answer = run(show, "import", str(where))
    assert answer.returncode == 0, answer.stderr
    assert "poster.pdf was passed over" in answer.stdout
    assert len(project_.load(show).sessions) == 3
    piped = subprocess.run(
        [sys.executable, "-m", "sessioncast", "-C", str(show), "import", "-"],
        input=CSV.replace("Clean hands", "Soap").replace("14/05", "28/05").encode(),
        capture_output=True,
        env=environment(),
        check=False,
    )
    assert piped.returncode == 0, piped.stderr
    assert len(project_.load(show).sessions) == 4


@pytest.fixture
def web(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "talks.csv").write_text(CSV, "utf-8")
    with on_the_web(tmp_path / "web") as address:
        yield address


def test_an_address(show: Path, web: str) -> None:
    refused = run(show, "import", f"{web}/talks.csv")
    assert refused.returncode == 8
    assert "private_addresses" in refused.stderr
    toml = show / "feed" / "show.toml"
    toml.write_text(toml.read_text("utf-8") + "\n[import]\nprivate_addresses = true\n", "utf-8")
    answer = run(show, "import", f"{web}/talks.csv")
    assert answer.returncode == 0, answer.stderr
    assert len(project_.load(show).sessions) == 2
    assert "2 unchanged" in run(show, "import", f"{web}/talks.csv").stdout


@pytest.mark.parametrize(
    ("name", "body", "says"),
    [
        ("none.csv", None, "no such file"),
        ("feed.xml", b"<?xml version='1.0'?><rss version='2.0'><channel/></rss>", "import-feed"),
        ("broken.ics", b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n", "broken.ics"),
        ("half.json", b'{"schedule": {', "half.json"),
        ("huge.csv", b"Title,Speaker,Date\n" + b"x" * 20_000_001, "more than 20 MB"),
    ],
    ids=["none", "feed", "broken", "half", "huge"],  # an id is an environment variable, and a body is no id
)
def test_what_cannot_be_read_ends_in_one_clear_error(
    show: Path, tmp_path: Path, name: str, body: bytes | None, says: str
) -> None:
    if body is not None:
        (tmp_path / name).write_bytes(body)
    answer = run(show, "import", str(tmp_path / name))
    assert answer.returncode == 3, answer.stdout
    assert says in answer.stderr
    assert "hint: " in answer.stderr
    assert "Traceback" not in answer.stderr
    assert project_.load(show).sessions == ()


def test_all_sources_that_fail_are_named_at_once(show: Path, table: Path, tmp_path: Path) -> None:
    answer = run(show, "import", str(tmp_path / "none.ics"), str(table), str(tmp_path / "neither.csv"))
    assert answer.returncode == 3
    assert "none.ics" in answer.stderr
    assert "neither.csv" in answer.stderr
    assert project_.load(show).sessions == ()


def test_a_kind_may_be_forced(show: Path, table: Path) -> None:
    answer = run(show, "import", str(table), "--as", "calendar")
    assert answer.returncode == 3
    assert "programme.csv" in answer.stderr


# --- people ----------------------------------------------------------------------------------------------------------


def test_the_same_person_written_otherwise_is_proposed_and_made_one_when_asked(show: Path, table: Path) -> None:
    table.write_text(CSV.replace("John Snow", '"Snow, John"'), "utf-8")
    answer = run(show, "import", str(table))
    assert answer.returncode == 0, answer.stderr
    assert "Snow, John may be John Snow (the order of the names)" in answer.stdout
    assert "sessioncast people --same john-snow snow-john" in answer.stdout
    assert "snow-john" in project_.load(show).people  # nobody is made one unseen
    listed = run(show, "people")
    assert "Snow, John may be John Snow" in listed.stdout
    assert "2024-05-15-john-snow" in listed.stdout or "2024-05-15-snow-john" in listed.stdout
    same = run(show, "people", "--same", "john-snow", "snow-john")
    assert same.returncode == 0, same.stderr
    project = project_.load(show)
    assert "snow-john" not in project.people
    assert project.people["john-snow"].also == ("Snow, John",)
    assert {c.person for s in project.sessions for c in s.credits} == {"ignaz-semmelweis", "john-snow"}
    assert "2 unchanged" in run(show, "import", str(table)).stdout
    assert "may be" not in run(show, "people").stdout


def test_also_in_people_toml_says_it_beforehand(show: Path, table: Path) -> None:
    people = show / "feed" / "people.toml"
    text = people.read_text("utf-8").replace('name = "John Snow"\n', 'name = "John Snow"\nalso = ["J. Snow"]\n')
    people.write_text(text, "utf-8")
    table.write_text(CSV.replace("John Snow", "J. Snow"), "utf-8")
    run(show, "import", str(table))
    project = project_.load(show)
    assert len(project.people) == 4
    assert project.people["john-snow"].name == "John Snow"


def test_wrong_keys_are_named(show: Path) -> None:
    answer = run(show, "people", "--same", "john-snow", "jon-snow")
    assert answer.returncode == 3
    assert "did you mean john-snow?" in answer.stderr
    records = [json.loads(line) for line in run(show, "--json", "people").stdout.splitlines()]
    assert {plain["person"] for plain in records} == set(project_.load(show).people)
