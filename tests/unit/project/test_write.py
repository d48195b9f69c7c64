from __future__ import annotations

import shutil
import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from sessioncast import project
from sessioncast.errors import ContentError
from sessioncast.kinds import Line, Text
from sessioncast.model import Credit, Person, Session, mint_guid

SAMPLES = Path(__file__).parents[2] / "samples"
SLUG = "2024-03-06-florence-nightingale"
HAND_WRITTEN = """\
# Ours since the autumn.
guid = "kept-for-ever"   # from the old host
title = 'Notes on hospitals'  # her own title

# The society's clock.
starts = 2024-03-06T17:00:00+00:00
ends   = 2024-03-06T18:00:00+00:00
tags = [
  "nursing",  # first
  "statistics",
]

# Who was there.
[[credits]]
person = "florence-nightingale" # herself
role = "guest"

[[credits]]
person = "john-snow"
role = "host" # in the chair
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(SAMPLES / "minimal", tmp_path / "show")
    (tmp_path / "show/feed/cover.png").write_bytes(b"stands for a picture")
    (tmp_path / "show/episodes" / SLUG / "session.toml").write_text(HAND_WRITTEN, "utf-8")
    return tmp_path / "show"


def toml_of(folder: Path, slug: str = SLUG) -> str:
    return (folder / "episodes" / slug / "session.toml").read_text("utf-8")


# --- round trip -------------------------------------------------------------------------------------------------------


def fits(kind: Any) -> st.SearchStrategy[str]:
    """Text the model takes, as it takes it: whatever an organiser can type."""
    adapter: TypeAdapter[str] = TypeAdapter(kind)

    def taken(text: str) -> str | None:
        try:
            return adapter.validate_python(text)
        except ValidationError:
            return None

    awkward = ['"', '"""', "'''", "\\", "\\u", "#", " ", "\u00a0", "=", "[x]", "’", "é", "日本", "👩‍⚕️"]
    breaks = [] if kind is Line else ["\n", "\n\n", "\t"]
    typed = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn")), max_size=8)
    pieces = st.lists(st.sampled_from(awkward + breaks) | typed, max_size=8)
    return pieces.map(lambda parts: taken("".join(parts)) or taken("x")).map(str)


MOMENTS = st.datetimes(
    datetime(1990, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    datetime(2090, 1, 1),  # noqa: DTZ001
    timezones=st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)


@st.composite
def sessions(draw: st.DrawFn) -> Session:
    starts = draw(st.none() | MOMENTS)
    return Session(
        slug=draw(st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,3}", fullmatch=True)),
        guid=draw(st.from_regex(r"[!-~]{1,40}", fullmatch=True)),
        source=draw(st.none() | fits(Text)),
        title=draw(fits(Line)),
        summary=draw(fits(Text)),
        notes=draw(fits(Text)),
        starts=starts,
        ends=starts + timedelta(minutes=draw(st.integers(1, 600))) if starts and draw(st.booleans()) else None,
        season=draw(st.none() | st.integers(1, 99)),
        number=draw(st.none() | st.integers(1, 9999)),
        kind=draw(st.sampled_from(["full", "trailer", "bonus"])),
        tags=tuple(draw(st.lists(fits(Line), max_size=3))),
        explicit=draw(st.sampled_from([None, True, False])),
        draft=draw(st.booleans()),
        missing=tuple(draw(st.lists(fits(Text), max_size=2))),
        publish_at=draw(st.none() | MOMENTS),
        recording=draw(st.none() | st.just("s3://bucket/ä b.m4a") | st.just('a "b"\\c.m4a')),
        credits=tuple(
            draw(
                st.lists(
                    st.builds(
                        Credit,
                        person=st.sampled_from(["florence-nightingale", "john-snow"]),
                        role=st.sampled_from(["guest", "Host"]),
                    ),
                    max_size=3,
                )
            )
        ),
    )


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(session=sessions())
def test_what_is_written_is_what_is_read(session: Session) -> None:
    with tempfile.TemporaryDirectory() as room:
        folder = Path(room) / "show"
        shutil.copytree(SAMPLES / "minimal/feed", folder / "feed")
        (folder / "feed/cover.png").write_bytes(b"stands for a picture")
        project.write_session(folder, session)
        assert project.load(folder).sessions == (session,)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(title=fits(Line), notes=fits(Text), summary=fits(Text), bio=fits(Text), affiliation=fits(Text))
def test_what_is_edited_is_what_is_read(title: str, notes: str, summary: str, bio: str, affiliation: str) -> None:
    with tempfile.TemporaryDirectory() as room:
        folder = Path(room) / "show"
        shutil.copytree(SAMPLES / "minimal", folder)
        (folder / "feed/cover.png").write_bytes(b"stands for a picture")
        project.edit_session(folder, SLUG, {"title": title, "notes": notes, "summary": summary})
        project.edit_person(folder, "john-snow", {"bio": bio, "affiliation": affiliation})
        project.add_person(folder, "mary-seacole", Person(name="Mary Seacole", bio=bio))
        show = project.load(folder)
        assert (show.sessions[0].title, show.sessions[0].notes, show.sessions[0].summary) == (title, notes, summary)
        assert show.people["john-snow"] == Person(name="John Snow", bio=bio, affiliation=affiliation)
        assert show.people["mary-seacole"].bio == bio


# --- new sessions -----------------------------------------------------------------------------------------------------


def test_a_new_session_holds_only_what_is_set(folder: Path) -> None:
    toronto = ZoneInfo("America/Toronto")
    session = Session(
        slug="2024-02-20-john-snow",
        guid="g-1",
        title="On the pump",
        summary="First line.\nSecond line.",
        starts=datetime(2024, 2, 20, 12, tzinfo=toronto),
        credits=(Credit(person="john-snow"),),
    )
    target = project.write_session(folder, session)
    lines = [line for line in toml_of(folder, session.slug).splitlines() if not line.startswith("#")]
    assert lines == [
        'guid = "g-1"',
        'title = "On the pump"',
        'summary = """',
        "First line.",
        'Second line."""',
        "starts = 2024-02-20T12:00:00-05:00",
        "",
        "[[credits]]",
        'person = "john-snow"',
        'role = "guest"',
    ]
    assert sorted(p.name for p in target.iterdir()) == ["session.toml"]
    assert sorted(p.name for p in (folder / "episodes").iterdir()) == ["2024-02-20-john-snow", SLUG]


def test_a_folder_that_is_there_is_never_overwritten(folder: Path) -> None:
    session = project.load(folder).sessions[0]
    before = toml_of(folder)
    with pytest.raises(ContentError, match="found a folder already"):
        project.write_session(folder, session)
    (folder / "episodes/empty").mkdir()
    with pytest.raises(ContentError, match="found a folder already"):
        project.write_session(folder, session.model_copy(update={"slug": "empty"}))
    assert toml_of(folder) == before


# --- edits ------------------------------------------------------------------------------------------------------------


def test_an_edit_keeps_comments_order_and_all_other_lines(folder: Path) -> None:
    project.edit_session(folder, SLUG, {"title": "Notes on nursing", "season": 2, "ends": None})
    expected = HAND_WRITTEN.replace("'Notes on hospitals'", '"Notes on nursing"')
    expected = expected.replace("ends   = 2024-03-06T18:00:00+00:00\n", "")
    after = toml_of(folder)
    assert [line for line in after.splitlines() if line not in expected.splitlines()] == ["season = 2"]
    assert [line for line in expected.splitlines() if line not in after.splitlines()] == []
    session = project.load(folder).sessions[0]
    assert (session.title, session.season, session.ends) == ("Notes on nursing", 2, None)


def test_credits_that_stay_keep_their_comments(folder: Path) -> None:
    old = project.load(folder).sessions[0].credits
    project.edit_session(folder, SLUG, {"credits": (old[1], Credit(person="florence-nightingale", role="host"))})
    after = toml_of(folder)
    assert "# in the chair" in after
    assert "# her own title" in after
    assert [(c.person, c.role) for c in project.load(folder).sessions[0].credits] == [
        ("john-snow", "host"),
        ("florence-nightingale", "host"),
    ]


def test_credits_written_as_a_list_do_not_swallow_what_follows(folder: Path) -> None:
    path = folder / "episodes" / SLUG / "session.toml"
    path.write_text('guid = "g"\ncredits = [{ person = "john-snow" }]\ntitle = "T"\nseason = 1\n')
    session = project.edit_session(folder, SLUG, {"credits": (Credit(person="florence-nightingale"),)})
    assert (session.title, session.season) == ("T", 1)
    assert [c.person for c in session.credits] == ["florence-nightingale"]
    assert project.edit_session(folder, SLUG, {"credits": ()}).credits == ()


def test_an_edit_that_changes_nothing_writes_nothing(folder: Path) -> None:
    before = {p: (p.stat().st_mtime_ns, p.stat().st_ino) for p in folder.rglob("*") if p.is_file()}
    session = project.load(folder).sessions[0]
    project.edit_session(folder, SLUG, {"season": None, "notes": session.notes})
    assert {p: (p.stat().st_mtime_ns, p.stat().st_ino) for p in folder.rglob("*") if p.is_file()} == before


def test_an_edit_that_would_not_load_is_refused(folder: Path) -> None:
    with pytest.raises(ContentError, match="season: found 0, expected 1 or more"):
        project.edit_session(folder, SLUG, {"season": 0})
    with pytest.raises(ContentError, match="found an unknown key, expected season"):
        project.edit_session(folder, SLUG, {"seasn": 1})
    assert toml_of(folder) == HAND_WRITTEN


def test_nothing_rewrites_a_guid(folder: Path) -> None:
    for change in ({"guid": "another"}, {"guid": None}):
        with pytest.raises(ContentError, match="guid: found a change"):
            project.edit_session(folder, SLUG, change)
    with pytest.raises(ContentError) as caught:
        project.edit_session(folder, SLUG, {"slug": "nursing"})
    assert caught.value.hint == f"sessioncast rename {SLUG} nursing"
    every = {
        "title": "Another", "summary": "S", "notes": "N", "starts": None, "ends": None, "season": 3, "number": 4,
        "kind": "bonus", "tags": ("a",), "explicit": True, "draft": True, "hold": True, "source": "page.txt",
        "recording": "b.m4a", "credits": (), "guid": "kept-for-ever",
    }  # fmt: skip
    assert project.edit_session(folder, SLUG, every).guid == "kept-for-ever"
    project.rename_session(folder, SLUG, "nursing")
    assert project.load(folder).sessions[0].guid == "kept-for-ever"
    assert 'guid = "kept-for-ever"   # from the old host' in toml_of(folder, "nursing")


def test_a_lost_guid_can_be_put_back(folder: Path) -> None:
    path = folder / "episodes" / SLUG / "session.toml"
    path.write_text(HAND_WRITTEN.replace('guid = "kept-for-ever"', "").replace("   # from the old host", ""))
    minted = mint_guid(UUID("8f14e45f-ceea-467f-a8d4-2f1b2d3c4e5f"), SLUG)
    assert minted in str(project.inspect(folder)[1][0].mend)
    assert project.edit_session(folder, SLUG, {"guid": minted}).guid == minted


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (SLUG, "Not A Slug", "lower-case letters"),
        (SLUG, "../outside", "lower-case letters"),
        (SLUG, "taken", "found a folder already"),
        ("2024-03-06-florence-nightingail", "x", "found no session"),
        ("..", "x", "found no session"),
    ],
)
def test_a_rename_that_can_not_be_is_refused(folder: Path, old: str, new: str, message: str) -> None:
    (folder / "episodes/taken").mkdir()
    with pytest.raises(ContentError, match=message):
        project.rename_session(folder, old, new)
    assert toml_of(folder) == HAND_WRITTEN


def test_a_misspelt_session_is_guessed(folder: Path) -> None:
    with pytest.raises(ContentError) as caught:
        project.edit_session(folder, "2024-03-06-florence-nightingail", {})
    assert caught.value.hint == f"did you mean {SLUG}?"


# --- people -----------------------------------------------------------------------------------------------------------


def test_people_are_added_and_edited_in_place(folder: Path) -> None:
    project.add_person(folder, "mary-seacole", Person(name="Mary Seacole", bio="One.\n\nTwo."))
    project.edit_person(folder, "florence-nightingale", {"bio": None, "link": "https://example.org/fn"})
    assert (folder / "feed/people.toml").read_text("utf-8") == (
        "# Everybody who is credited.\n"
        "\n"
        "[florence-nightingale]\n"
        'name = "Florence Nightingale"\n'
        'affiliation = "St Thomas\' Hospital"   # from 1860\n'
        'link = "https://example.org/fn"\n'
        "\n"
        "[john-snow]\n"
        'name = "John Snow"\n'
        "\n"
        "[mary-seacole]\n"
        'name = "Mary Seacole"\n'
        'bio = """\nOne.\n\nTwo."""\n'
    )


def test_the_first_person_makes_the_file(folder: Path) -> None:
    (folder / "feed/people.toml").unlink()
    project.add_person(folder, "mary-seacole", Person(name="Mary Seacole"))
    assert (folder / "feed/people.toml").read_text("utf-8").endswith('[mary-seacole]\nname = "Mary Seacole"\n')


def test_people_that_can_not_be_are_refused(folder: Path) -> None:
    before = (folder / "feed/people.toml").read_text("utf-8")
    with pytest.raises(ContentError, match="found john-snow already"):
        project.add_person(folder, "john-snow", Person(name="John Snow"))
    with pytest.raises(ContentError, match="lower-case letters"):
        project.add_person(folder, "Mary Seacole", Person(name="Mary Seacole"))
    with pytest.raises(ContentError) as caught:
        project.edit_person(folder, "jon-snow", {"bio": "x"})
    assert caught.value.hint == "did you mean john-snow?"
    with pytest.raises(ContentError, match=r"john-snow\.name: found nothing"):
        project.edit_person(folder, "john-snow", {"name": None})
    assert (folder / "feed/people.toml").read_text("utf-8") == before


def test_a_place_that_can_not_be_written_is_one_clear_error(folder: Path) -> None:
    shutil.rmtree(folder / "episodes")
    (folder / "episodes").write_text("a file where the folder should be")
    with pytest.raises(ContentError, match="can't be written"):
        project.write_session(folder, Session(slug="a", guid="g", title="t"))
