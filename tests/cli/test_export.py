"""``sessioncast export``: what was written out comes in again as the same sessions."""

from __future__ import annotations

import csv
import io
import json
import shutil
import tempfile
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commands import run
from sessioncast import project as project_
from sessioncast.bring_in import Unchanged, Written, bring_in, gather
from sessioncast.export import FORMATS, entries, written
from sessioncast.model import Credit, Person, Session, mint_guid
from sessioncast.project import Project
from sessioncast.store.opening import open_roots
from shows import NOW, SHOW_ID, publish, write_session, write_show

NOT_CARRIED = {"guid", "slug", "credits", "missing", "draft", "source"}

# --- whatever a session may say --------------------------------------------------------------------------------------

_LETTERS = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Zl", "Zp"), exclude_characters="\ufeff")
_AWKWARD = st.sampled_from(
    ["=1+1", "@home", "-5", "'=x", "a; b", "back\\slash", 'quo"tes', "a,b", "\\n", "x | y", "№ 7", "+49", "it's"]
)


def lines(most: int = 40) -> st.SearchStrategy[str]:
    """One line of text, as a model's Line holds it."""
    plain = st.text(_LETTERS, min_size=1, max_size=most)
    return (plain | _AWKWARD).map(lambda text: " ".join(text.split())).filter(bool)


def texts() -> st.SearchStrategy[str]:
    return st.lists(lines(), max_size=3).map("\n\n".join) | _AWKWARD


moments = st.datetimes(datetime(1990, 1, 1), datetime(2060, 1, 1)).map(lambda at: at.replace(microsecond=0))  # noqa: DTZ001
offsets = st.sampled_from([UTC, timezone(timedelta(hours=-5)), timezone(timedelta(hours=5, minutes=45))])
people = st.dictionaries(
    st.from_regex(r"[a-z]{2,8}(-[a-z]{2,8})?", fullmatch=True),
    st.builds(Person, name=lines(), affiliation=texts(), bio=texts()),
    min_size=1,
    max_size=4,
).filter(lambda some: len({" ".join(p.name.split()).casefold() for p in some.values()}) == len(some))
addresses = st.sampled_from(["https://example.org/a", "https://example.org/?q=1;2,3", "http://example.org/%C3%BC"])


@st.composite
def shows(draw: st.DrawFn) -> Project:
    """A show with some sessions and everybody they credit."""
    everybody = draw(people)
    credits_ = st.lists(
        st.builds(Credit, person=st.sampled_from(sorted(everybody)), role=st.sampled_from(["guest", "host"]))
        | st.just(Credit(person=min(everybody), role="author", group="writing")),
        max_size=3,
        unique=True,
    )
    sessions = []
    for n in range(draw(st.integers(1, 3))):
        starts = draw(moments).replace(tzinfo=draw(offsets))
        slug = f"talk-{n}"
        sessions.append(
            Session(
                slug=slug,
                guid=draw(st.sampled_from([mint_guid(SHOW_ID, slug), f"old-guid;{n},x"])),
                source=draw(
                    st.none() | st.sampled_from([f"uid-{n}@example.org", f"programme.csv#{n}", f"=source-{n}"])
                ),
                title=draw(lines()),
                summary=draw(texts()),
                notes=draw(texts()),
                starts=starts,
                ends=starts + timedelta(minutes=draw(st.integers(1, 300))),
                season=draw(st.none() | st.integers(1, 3000)),
                number=draw(st.none() | st.just(n + 1)),
                language=draw(st.sampled_from([None, "en", "fr-ca"])),
                tags=draw(st.lists(lines(20), max_size=3, unique=True).map(tuple)),
                link=draw(st.none() | addresses),
                room=draw(st.none() | lines()),
                meeting=draw(st.none() | lines()),
                slides=draw(st.none() | addresses),
                license=draw(st.sampled_from([None, {"name": "CC-BY-4.0"}])),
                links=draw(
                    st.lists(st.builds(lambda t, u: {"title": t, "url": u}, lines(), addresses), max_size=2).map(tuple)
                ),
                consent=draw(st.sampled_from([None, "refused"])),
                credits=tuple(draw(credits_)),
            )
        )
    return Project(Path(), *_empty(), everybody, tuple(sessions))


def _empty() -> tuple[Any, Any, Any]:
    return _SHOW.show, _SHOW.store, _SHOW.audio


@pytest.fixture(scope="module", autouse=True)
def _an_empty_show(tmp_path_factory: pytest.TempPathFactory) -> None:
    global _SHOW, _FOLDER  # noqa: PLW0603 - hypothesis examples share one show to copy
    _FOLDER = tmp_path_factory.mktemp("export") / "show"
    write_show(_FOLDER)
    (_FOLDER / "feed" / "people.toml").unlink()
    _SHOW = project_.load(_FOLDER)


_SHOW: Project
_FOLDER: Path


def said(session: Session, everybody: dict[str, Person]) -> dict[str, Any]:
    """Return what an export carries of a session; credits by name, key and role."""
    told = {
        name: getattr(session, name)
        for name in Session.model_fields
        if name not in NOT_CARRIED - {"guid", "slug", "source"}
    }
    return told | {"credits": sorted((everybody[c.person].name, c.person, c.role, c.group) for c in session.credits)}


@pytest.mark.parametrize("kind", FORMATS)
def test_what_was_exported_comes_in_as_the_same_sessions(kind: Any) -> None:
    @settings(max_examples=25, deadline=None)
    @given(project=shows())
    def check(project: Project) -> None:
        body = written(entries(project, None, "https://example.org"), kind, title="Lives", now=NOW)
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place) / "show"
            shutil.copytree(_FOLDER, folder)
            (Path(place) / f"export.{kind}").write_bytes(body)
            gathered = gather(_SHOW, [f"{place}/export.{kind}"], now=NOW, piped=io.BytesIO())
            assert gathered.wrong == ()
            outcomes = bring_in(folder, gathered.drafts)
            assert {type(outcome) for outcome in outcomes} <= {Written}
            again = project_.load(folder)
            expected = {s.slug: said(s, project.people) for s in project.sessions}
            assert {s.slug: said(s, again.people) for s in again.sessions} == expected
            assert {type(outcome) for outcome in bring_in(folder, gathered.drafts)} == {Unchanged}

    check()


# --- as an organiser runs it -----------------------------------------------------------------------------------------


@pytest.fixture
def published(tmp_path: Path) -> Path:
    """Return a show with one episode, and one session still to come."""
    folder = tmp_path / "show"
    write_show(folder)
    write_session(folder, 1)
    write_session(folder, 2, title='"=cmd()"', consent='"pending"')
    publish(folder, open_roots(project_.load(folder).store, folder))
    return folder


def test_an_episode_is_exported_with_where_it_is_public(published: Path) -> None:
    answer = run(published, "export")
    assert answer.returncode == 0, answer.stderr
    one, two = json.loads(answer.stdout)["sessions"]
    assert one["page"].startswith("http://127.0.0.1:8000/")
    assert one["audio"].endswith(".mp3")
    assert one["seconds"] == 1
    assert one["people"][0]["name"] == "Ignaz Semmelweis"
    assert "page" not in two


def test_a_table_holds_nothing_that_a_spreadsheet_works_out(published: Path, tmp_path: Path) -> None:
    file = tmp_path / "sessions.csv"
    assert run(published, "export", str(file)).returncode == 0
    rows = list(csv.reader(io.StringIO(file.read_text("utf-8-sig"))))
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert any(cell == "'=cmd()" for row in rows for cell in row)
    assert "unchanged" in run(published, "import", str(file)).stdout


def test_a_session_that_must_wait_waits_elsewhere_too(published: Path, tmp_path: Path) -> None:
    file, other = tmp_path / "sessions.ics", tmp_path / "other"
    assert run(published, "export", str(file)).returncode == 0
    write_show(other)
    assert run(other, "import", str(file)).returncode == 0
    drafts = {session.title: session.draft for session in project_.load(other).sessions}
    assert drafts == {"Talk 1": False, "=cmd()": True}


def test_a_calendar_is_one_for_other_programs(published: Path, tmp_path: Path) -> None:
    import icalendar

    file = tmp_path / "sessions.ics"
    run(published, "export", str(file))
    events = icalendar.Calendar.from_ical(file.read_bytes()).walk("VEVENT")
    assert [str(event["SUMMARY"]) for event in events] == ["Talk 1", "=cmd()"]
    assert all(event.decoded("DTSTART").tzinfo is not None for event in events)
    assert all(len(line) <= 75 for line in file.read_bytes().split(b"\r\n"))


def test_a_name_that_says_no_format(published: Path, tmp_path: Path) -> None:
    answer = run(published, "export", str(tmp_path / "sessions.xlsx"))
    assert answer.returncode == 2
    assert "--format" in answer.stderr


@pytest.mark.parametrize(
    "body",
    [
        b'{"sessioncast-export": 1, "sessions": [{"title": 7}]}',
        b'{"sessioncast-export": 2}',
        b'{"sessioncast-export": 1',
    ],
)
def test_an_export_that_was_spoilt_is_one_clear_error(published: Path, tmp_path: Path, body: bytes) -> None:
    (tmp_path / "export.json").write_bytes(body)
    answer = run(published, "import", str(tmp_path / "export.json"))
    assert answer.returncode == 3
    assert "export.json" in answer.stderr
    assert "export it once more" in answer.stderr
