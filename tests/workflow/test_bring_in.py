from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from sessioncast import project
from sessioncast.bring_in import CalledOff, Differs, Unchanged, Updated, Written, bring_in, start_session
from sessioncast.errors import ContentError
from sessioncast.ingest.draft import Draft, DraftPerson, ShowHints
from sessioncast.ingest.page import read_page
from sessioncast.model import Credit, mint_guid

SAMPLES = Path(__file__).parents[1] / "samples"
SHOW_ID = UUID("8f14e45f-ceea-467f-a8d4-2f1b2d3c4e5f")
LONDON = ZoneInfo("Europe/London")
SEACOLE = Draft(
    source="seacole.txt",
    title="Mrs Seacole’s hotel: care without a commission",
    starts=datetime(2024, 5, 14, 12, tzinfo=LONDON),
    ends=datetime(2024, 5, 14, 13, tzinfo=LONDON),
    people=(DraftPerson("Mary Seacole", "Nurse and traveller.\n\nBorn in Kingston.", "The British Hotel"),),
    notes="What soldiers needed.\n\nAnd who gave it.",
)
SLUG = "2024-05-14-mary-seacole"
PAGE = Path(__file__).parents[3] / "shared/sessions/000_1403118cbe0bb802.txt"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(SAMPLES / "minimal", tmp_path / "show")
    (tmp_path / "show/feed/cover.png").write_bytes(b"stands for a picture")
    return tmp_path / "show"


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_new_draft_becomes_a_session_and_a_person(folder: Path) -> None:
    (outcome,) = bring_in(folder, [SEACOLE])
    assert isinstance(outcome, Written)
    assert outcome.slug == SLUG
    assert {p.relative_to(folder).as_posix() for p in outcome.paths} == {
        f"episodes/{SLUG}/session.toml",
        f"episodes/{SLUG}/notes.md",
        "feed/people.toml",
    }
    show = project.load(folder)
    session = show.session(SLUG)
    assert session is not None
    assert session.guid == mint_guid(SHOW_ID, SLUG)
    assert session.source == "seacole.txt"
    assert session.title == SEACOLE.title
    assert session.starts is not None
    assert session.starts.isoformat() == "2024-05-14T12:00:00+01:00"
    assert session.ends == SEACOLE.ends
    assert session.notes == SEACOLE.notes
    assert session.credits == (Credit(person="mary-seacole", role="guest"),)
    assert (session.draft, session.missing) == (False, ())
    person = show.people["mary-seacole"]
    assert (person.name, person.bio, person.affiliation) == (
        "Mary Seacole",
        "Nurse and traveller.\n\nBorn in Kingston.",
        "The British Hotel",
    )
    assert "[florence-nightingale]" in (folder / "feed/people.toml").read_text("utf-8")


def test_importing_again_changes_nothing(folder: Path) -> None:
    bring_in(folder, [SEACOLE])
    before = bytes_of(folder)
    for update in (False, True):
        assert [type(o) for o in bring_in(folder, [SEACOLE, SEACOLE], update=update)] == [Unchanged, Unchanged]
    assert bytes_of(folder) == before


def test_it_is_found_again_by_its_source_under_any_name(folder: Path) -> None:
    bring_in(folder, [SEACOLE])
    project.rename_session(folder, SLUG, "seacole")
    (outcome,) = bring_in(folder, [SEACOLE])
    assert isinstance(outcome, Unchanged)
    assert outcome.slug == "seacole"


def test_the_same_moment_in_another_zone_is_no_difference(folder: Path) -> None:
    bring_in(folder, [SEACOLE])
    assert SEACOLE.starts is not None
    (outcome,) = bring_in(folder, [replace(SEACOLE, starts=SEACOLE.starts.astimezone(UTC))])
    assert isinstance(outcome, Unchanged)


def test_a_time_in_utc_is_written_in_the_shows_zone(folder: Path) -> None:
    assert SEACOLE.starts is not None
    bring_in(folder, [replace(SEACOLE, starts=SEACOLE.starts.astimezone(UTC))])
    assert "starts = 2024-05-14T12:00:00+01:00" in (folder / "episodes" / SLUG / "session.toml").read_text("utf-8")


def test_what_differs_is_shown_and_waits_for_update(folder: Path) -> None:
    bring_in(folder, [SEACOLE])
    before = bytes_of(folder)
    changed = replace(
        SEACOLE,
        title="Another title",
        ends=datetime(2024, 5, 14, 13, 30, tzinfo=LONDON),
        notes="Other notes.",
        people=(DraftPerson("Mary Seacole", "Another life."), DraftPerson("John Snow"), DraftPerson("Edwin Chadwick")),
    )
    (outcome,) = bring_in(folder, [changed])
    assert isinstance(outcome, Differs)
    assert {d.field: (d.ours, d.theirs) for d in outcome.differences} == {
        "title": (SEACOLE.title, "Another title"),
        "ends": ("2024-05-14T13:00:00+01:00", "2024-05-14T13:30:00+01:00"),
        "notes": (SEACOLE.notes, "Other notes."),
        "credits": ("Mary Seacole", "Mary Seacole, John Snow, Edwin Chadwick"),
        "people.mary-seacole.bio": ("Nurse and traveller.\n\nBorn in Kingston.", "Another life."),
    }
    assert "--update" in outcome.hint
    assert any("Another title" in line for line in outcome.lines())
    assert bytes_of(folder) == before

    (outcome,) = bring_in(folder, [changed], update=True)
    assert isinstance(outcome, Updated)
    show = project.load(folder)
    session = show.session(SLUG)
    assert session is not None
    assert (session.title, session.notes, session.ends) == ("Another title", "Other notes.", changed.ends)
    assert session.guid == mint_guid(SHOW_ID, SLUG)
    assert [c.person for c in session.credits] == ["mary-seacole", "john-snow", "edwin-chadwick"]
    assert show.people["mary-seacole"].bio == "Another life."
    assert show.people["mary-seacole"].affiliation == "The British Hotel"
    assert [type(o) for o in bring_in(folder, [changed])] == [Unchanged]


def test_what_a_person_wrote_where_the_source_is_silent_stays(folder: Path) -> None:
    bring_in(folder, [SEACOLE])
    mine = {"summary": "Mine.", "season": 2, "tags": ("care",), "recording": "talk.m4a"}
    project.edit_session(folder, SLUG, mine)
    credited = (Credit(person="mary-seacole"), Credit(person="john-snow", role="host"))
    project.edit_session(folder, SLUG, {"credits": credited})
    silent = replace(SEACOLE, ends=None, notes="", people=(DraftPerson("Mary Seacole"),))
    for update in (False, True):
        assert [type(o) for o in bring_in(folder, [silent], update=update)] == [Unchanged]
    session = project.load(folder).session(SLUG)
    assert session is not None
    assert session.credits == credited
    assert (session.summary, session.season, session.notes) == ("Mine.", 2, SEACOLE.notes)


def test_comments_outlive_an_update(folder: Path) -> None:
    bring_in(folder, [SEACOLE])
    path = folder / "episodes" / SLUG / "session.toml"
    path.write_text(path.read_text("utf-8").replace("title =", "# Agreed with the speaker.\ntitle ="), "utf-8")
    bring_in(folder, [replace(SEACOLE, title="Another")], update=True)
    assert '# Agreed with the speaker.\ntitle = "Another"\n' in path.read_text("utf-8")


def test_what_a_person_edited_outlives_an_update(folder: Path) -> None:
    bring_in(folder, [SEACOLE])
    project.edit_session(folder, SLUG, {"title": "Mrs Seacole at home"})
    moved = replace(
        SEACOLE,
        title="Her hotel",
        starts=datetime(2024, 5, 21, 12, tzinfo=LONDON),
        ends=datetime(2024, 5, 21, 13, tzinfo=LONDON),
    )
    (told,) = bring_in(folder, [moved])
    assert isinstance(told, Differs)
    assert {d.field: d.yours for d in told.differences} == {"title": True, "starts": False, "ends": False}
    (done,) = bring_in(folder, [moved], update=True)
    assert isinstance(done, Updated)
    session = project.load(folder).session(SLUG)
    assert session is not None
    assert (session.title, session.starts) == ("Mrs Seacole at home", moved.starts)
    (after,) = bring_in(folder, [moved], update=True)
    assert isinstance(after, Unchanged)
    assert [d.field for d in after.differences] == ["title"]


def test_a_moved_and_renamed_session_is_the_same_by_its_source(folder: Path) -> None:
    first = replace(SEACOLE, source="uid-7@calendar.example")
    bring_in(folder, [first])
    moved = replace(
        first,
        title="Another",
        starts=datetime(2025, 1, 7, 12, tzinfo=LONDON),
        ends=datetime(2025, 1, 7, 13, tzinfo=LONDON),
    )
    (outcome,) = bring_in(folder, [moved], update=True)
    assert isinstance(outcome, Updated)
    session = project.load(folder).session(SLUG)
    assert session is not None
    assert (session.title, session.starts, session.guid) == ("Another", moved.starts, mint_guid(SHOW_ID, SLUG))


def test_a_cancelled_session_is_proposed_and_never_goes_out(folder: Path) -> None:
    (new,) = bring_in(folder, [replace(SEACOLE, cancelled=True)])
    assert isinstance(new, CalledOff)
    assert project.load(folder).session(SLUG) is None
    bring_in(folder, [SEACOLE])
    (told,) = bring_in(folder, [replace(SEACOLE, cancelled=True)])
    assert isinstance(told, Differs)
    assert [d.field for d in told.differences] == ["cancelled"]
    bring_in(folder, [replace(SEACOLE, cancelled=True)], update=True)
    session = project.load(folder).session(SLUG)
    assert session is not None
    assert session.draft
    assert session.missing[0].startswith("cancelled")
    assert [type(o) for o in bring_in(folder, [replace(SEACOLE, cancelled=True)])] == [Unchanged]
    bring_in(folder, [SEACOLE], update=True)
    session = project.load(folder).session(SLUG)
    assert session is not None
    assert (session.draft, session.missing) == (False, ())


def test_what_a_schedule_says_beside_the_talk_is_kept(folder: Path) -> None:
    full = replace(
        SEACOLE, summary="Care in a hut.", language="en-GB", tags=("care", "care", "war"), room="Hall A", meeting="812 3456 7890",
        license="CC BY 4.0", slides="https://example.org/s.pdf", links=(("Paper", "https://example.org/p"), ("", "javascript:x")),
        season=3, number=7, do_not_record=True,
    )  # fmt: skip
    (outcome,) = bring_in(folder, [full])
    session = project.load(folder).session(SLUG)
    assert session is not None
    assert (session.summary, session.language, session.tags, session.room) == (
        "Care in a hut.",
        "en-gb",
        ("care", "war"),
        "Hall A",
    )
    assert (session.season, session.number, session.consent) == (3, 7, "refused")
    assert session.license is not None
    assert session.license.name == "CC-BY-4.0"
    assert session.links == ()
    assert any(r.startswith("links:") for r in outcome.remarks)
    assert [type(o) for o in bring_in(folder, [full])] == [Unchanged]
    (odd,) = bring_in(folder, [replace(full, source="2.txt", title="Two", license="All mine", language="klingon?")])
    assert [r.split(":")[0].split(" ")[0] for r in odd.remarks[:2]] == ["the", "language"]


def test_a_record_of_imports_that_is_broken_is_named(folder: Path) -> None:
    bring_in(folder, [SEACOLE])
    assert (folder / "feed/imported.json").exists()
    (folder / "feed/imported.json").write_text("[]", "utf-8")
    with pytest.raises(ContentError, match="imported"):
        bring_in(folder, [SEACOLE])


# --- drafts -----------------------------------------------------------------------------------------------------------


def test_what_is_open_makes_a_draft_that_says_so(folder: Path) -> None:
    open_ = Draft(source="open.txt", people=SEACOLE.people, missing=("starts: no date and time found on the page",))
    (outcome,) = bring_in(folder, [open_])
    show = project.load(folder)
    session = show.session(outcome.slug)
    assert session is not None
    assert session.draft
    assert session.missing == ("starts: no date and time found on the page", "title: not said")
    assert outcome.missing == session.missing
    assert session.title == "Session with Mary Seacole"

    half = replace(open_, title="The hotel", starts=SEACOLE.starts, missing=())
    (outcome,) = bring_in(folder, [half], update=True)
    assert outcome.missing == ("ends: not said",)
    (outcome,) = bring_in(folder, [replace(half, ends=SEACOLE.ends)], update=True)
    assert isinstance(outcome, Updated)
    session = project.load(folder).session(outcome.slug)
    assert session is not None
    assert (session.draft, session.missing, session.title) == (False, (), "The hotel")


def test_what_a_person_filled_in_is_not_missing_any_more(folder: Path) -> None:
    (outcome,) = bring_in(folder, [replace(SEACOLE, ends=None)])
    assert outcome.missing == ("ends: not said",)
    project.edit_session(folder, SLUG, {"ends": SEACOLE.ends})
    bring_in(folder, [replace(SEACOLE, ends=None, title="Another")], update=True)
    session = project.load(folder).session(SLUG)
    assert session is not None
    assert (session.ends, session.draft, session.missing) == (SEACOLE.ends, False, ())


def test_a_draft_with_nothing_but_a_source_is_a_draft(folder: Path) -> None:
    (outcome,) = bring_in(folder, [Draft(source="empty.txt")])
    assert [item.partition(":")[0] for item in outcome.missing] == ["title", "starts", "people"]
    assert project.load(folder).session(outcome.slug) is not None


# --- names ------------------------------------------------------------------------------------------------------------


def test_another_session_under_the_same_name_gets_a_number(folder: Path) -> None:
    second = replace(SEACOLE, source="seacole-2.txt", title="Second talk of the day")
    assert [o.slug for o in bring_in(folder, [SEACOLE, second])] == [SLUG, f"{SLUG}-2"]
    assert [type(o) for o in bring_in(folder, [SEACOLE, second])] == [Unchanged, Unchanged]
    assert len({s.guid for s in project.load(folder).sessions}) == 3


def test_the_first_name_of_a_renamed_session_is_not_given_again(folder: Path) -> None:
    bring_in(folder, [SEACOLE])
    project.rename_session(folder, SLUG, "seacole")
    (outcome,) = bring_in(folder, [replace(SEACOLE, source="other.txt", title="A second talk")])
    assert outcome.slug == f"{SLUG}-2"
    assert project.inspect(folder)[1] == ()


def test_a_session_begun_by_hand_is_taken_up_not_doubled(folder: Path) -> None:
    begun = start_session(folder, SLUG, title=SEACOLE.title, starts=SEACOLE.starts, people=["Mary Seacole"])
    assert begun.missing == ("ends: not said",)
    (outcome,) = bring_in(folder, [SEACOLE])
    assert isinstance(outcome, Differs)
    assert outcome.slug == SLUG
    assert {d.field for d in outcome.differences} == {
        "source",
        "ends",
        "notes",
        "people.mary-seacole.bio",
        "people.mary-seacole.affiliation",
    }
    bring_in(folder, [SEACOLE], update=True)
    session = project.load(folder).session(SLUG)
    assert session is not None
    assert (session.source, session.draft) == ("seacole.txt", False)


def test_a_session_begun_by_hand_credits_people_by_key_or_name(folder: Path) -> None:
    outcome = start_session(folder, "the-pump", people=["john-snow", "Florence Nightingale", "Edwin Chadwick"])
    session = project.load(folder).session("the-pump")
    assert session is not None
    assert [c.person for c in session.credits] == ["john-snow", "florence-nightingale", "edwin-chadwick"]
    assert session.draft
    assert session.source is None
    assert outcome.missing == ("title: not said", "starts: not said")


def test_a_session_can_not_be_begun_twice_or_under_a_bad_name(folder: Path) -> None:
    start_session(folder, "the-pump", people=["John Snow"])
    project.rename_session(folder, "the-pump", "broad-street")
    before = bytes_of(folder)
    for slug, message in (
        ("broad-street", "has or had this name"),
        ("the-pump", "has or had this name"),
        ("The Pump", "lower-case letters"),
        ("../out", "lower-case letters"),
    ):
        with pytest.raises(ContentError, match=message):
            start_session(folder, slug, people=["Edwin Chadwick"])
    assert bytes_of(folder) == before


# --- people and the show ----------------------------------------------------------------------------------------------


def test_a_known_persons_life_is_not_rewritten_unasked(folder: Path) -> None:
    draft = replace(SEACOLE, people=(DraftPerson("Florence Nightingale", "Another life."),))
    before = (folder / "feed/people.toml").read_bytes()
    (outcome,) = bring_in(folder, [draft])
    assert isinstance(outcome, Written)
    assert [d.field for d in outcome.differences] == ["people.florence-nightingale.bio"]
    assert (folder / "feed/people.toml").read_bytes() == before
    bring_in(folder, [draft], update=True)
    assert (folder / "feed/people.toml").read_bytes() == before
    (outcome,) = bring_in(folder, [draft])
    assert isinstance(outcome, Unchanged)
    assert "written by hand: it stays" in str(outcome.differences[0])


def test_people_are_found_under_the_organisers_own_key(folder: Path) -> None:
    people = folder / "feed/people.toml"
    people.write_text(people.read_text("utf-8") + '\n[mrs-s]\nname = "Mary Seacole"\n', "utf-8")
    bring_in(folder, [SEACOLE], update=True)
    show = project.load(folder)
    session = show.session(SLUG)
    assert session is not None
    assert [c.person for c in session.credits] == ["mrs-s"]
    assert "mary-seacole" not in show.people
    assert show.people["mrs-s"].bio.startswith("Nurse")


def test_what_the_page_says_of_the_series_is_compared_with_the_show(folder: Path) -> None:
    same = ShowHints(
        copyright="the evening society", contact="evenings@example.org", series="Evenings on Public Health"
    )
    other = ShowHints(copyright="Another Society", contact="them@example.org", series="Mornings")
    (outcome,) = bring_in(folder, [replace(SEACOLE, hints=same)])
    assert outcome.remarks == ()
    (outcome,) = bring_in(folder, [replace(SEACOLE, hints=other)])
    assert isinstance(outcome, Unchanged)
    assert [r.split("'")[1] for r in outcome.remarks] == ["Another Society", "them@example.org", "Mornings"]


def test_a_broken_show_takes_nothing_in(folder: Path) -> None:
    broken = folder / "episodes/2024-04-01-john-snow"
    broken.mkdir()
    (broken / "session.toml").write_text("title =\n")
    before = bytes_of(folder)
    with pytest.raises(ContentError, match="2024-04-01-john-snow"):
        bring_in(folder, [SEACOLE])
    assert bytes_of(folder) == before


def test_a_draft_no_session_can_hold_names_its_source(folder: Path) -> None:
    before = bytes_of(folder)
    with pytest.raises(ContentError, match=r"seacole\.txt: ends"):
        bring_in(folder, [replace(SEACOLE, ends=datetime(2024, 5, 14, 11, tzinfo=LONDON))])
    assert bytes_of(folder) == before


def test_outcomes_are_plain_data(folder: Path) -> None:
    (outcome,) = bring_in(folder, [SEACOLE])
    record = json.loads(json.dumps(outcome.record()))
    assert (record["session"], record["outcome"], record["missing"]) == (SLUG, "written", [])
    assert outcome.lines()[0] == f"{SLUG}: written"


@pytest.mark.skipif(not PAGE.exists(), reason="the real session page is not beside this checkout")
@pytest.mark.parametrize("as_html", [False, True], ids=["text", "html"])
def test_the_real_page_becomes_the_session_it_announces(tmp_path: Path, as_html: bool) -> None:
    answers = project.InitAnswers(
        id=SHOW_ID,
        title="CQUIPS+ Sessions",
        summary="Sessions.",
        language="en-ca",
        timezone="America/Toronto",
        link="https://example.org/",
        author="CQUIPS+",
        support="https://example.org/contact",
    )
    project.init(tmp_path, answers, b"stands for a picture")
    body = PAGE.read_bytes()
    if as_html:
        lines = "".join(f"<p>{line}</p>\n" for line in body.decode().splitlines() if line.strip())
        body = f"<!doctype html><html><head><meta charset=utf-8></head><body>{lines}</body></html>".encode()
    drafts = read_page(body, PAGE.name, zone="America/Toronto")
    (outcome,) = bring_in(tmp_path, drafts)
    assert isinstance(outcome, Written)
    assert (outcome.slug, outcome.missing, outcome.remarks) == ("2024-02-20-paul-batalden", (), ())
    show = project.load(tmp_path)
    session = show.session(outcome.slug)
    assert session is not None
    assert session.source == PAGE.name
    assert session.title == "Co-production: An improvement teacher’s journey between theory and practice"
    text = (tmp_path / "episodes" / session.slug / "session.toml").read_text("utf-8")
    assert "starts = 2024-02-20T12:00:00-05:00\nends = 2024-02-20T13:00:00-05:00\n" in text
    assert session.credits == (Credit(person="paul-batalden", role="guest"),)
    assert session.notes.startswith("Paul will describe and reflect on the “red thread”")
    assert list(show.people) == ["paul-batalden"]
    assert show.people["paul-batalden"].name == "Paul Batalden"
    assert len(show.people["paul-batalden"].bio.split("\n\n")) == 4
    everything = "".join(p.read_text("utf-8") for p in tmp_path.rglob("*.*") if p.suffix in (".toml", ".md"))
    assert "See all" not in everything
    assert "rights reserved" not in everything
    assert [type(o) for o in bring_in(tmp_path, drafts)] == [Unchanged]
