from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sessioncast.ingest.draft import Draft, DraftPerson
from sessioncast.ingest.slugs import person_key, session_slug, slugify
from sessioncast.kinds import SLUG

STARTS = datetime(2024, 2, 20, 23, 30, tzinfo=ZoneInfo("America/Toronto"))


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Paul Batalden", "paul-batalden"),
        ("Florence Nightingale", "florence-nightingale"),
        ("Ambroïse Paré", "ambroise-pare"),
        ("Søren Ærø Þórður Łódź", "soren-aero-thordur-lodz"),
        ("Niels O’Brien-Groß", "niels-obrien-gross"),
        ("ﬁeld-Ⅳ surgeon", "field-iv-surgeon"),
    ],
)
def test_names_become_ascii(name: str, key: str) -> None:
    assert person_key(name) == key


def test_other_scripts_get_a_key_of_their_own() -> None:
    keys = {person_key("華岡青洲"), person_key("杉田玄白"), person_key("ابن سينا")}
    assert len(keys) == 3
    assert all(SLUG.fullmatch(key) for key in keys)


def test_a_session_is_named_after_its_local_date_and_first_speaker() -> None:
    draft = Draft("page.txt", "Pumps", STARTS, people=(DraftPerson("John Snow"), DraftPerson("William Farr")))
    assert session_slug(draft) == "2024-02-20-john-snow"


def test_without_a_speaker_the_title_serves_cut_between_words() -> None:
    slug = session_slug(Draft("page.txt", "What the ward needs from its records, and from those who keep them", STARTS))
    assert slug == "2024-02-20-what-the-ward-needs-from-its-records-and-from"


def test_nothing_but_a_source_still_makes_a_name() -> None:
    assert SLUG.fullmatch(session_slug(Draft("page.txt")))
    assert SLUG.fullmatch(session_slug(Draft("page.txt", starts=STARTS)))


@settings(deadline=None)
@given(st.text())
def test_slugs_are_slugs_and_stay_so(text: str) -> None:
    slug = slugify(text)
    assert slugify(slug) == slug
    assert not slug or (SLUG.fullmatch(slug) and len(slug) <= 60)
    key = person_key(text)
    assert SLUG.fullmatch(key)
    assert person_key(key) == key


@settings(deadline=None)
@given(st.text(), st.text(), st.booleans())
def test_every_draft_has_a_slug(title: str, name: str, dated: bool) -> None:
    people = (DraftPerson(name),) if name else ()
    slug = session_slug(Draft("page.txt", title, STARTS if dated else None, people=people))
    assert SLUG.fullmatch(slug)
    assert len(slug) <= 60
    assert slugify(slug) == slug
