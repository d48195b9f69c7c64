"""Tables into drafts: a folder a case, what is wrong in a row named by its line."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sessioncast.errors import ContentError
from sessioncast.ingest import cells
from sessioncast.ingest.draft import Draft
from sessioncast.ingest.sheet import LARGEST
from sessioncast.ingest.table import Table, is_table, read_table

TORONTO = "America/Toronto"
CASES = sorted((Path(__file__).parents[2] / "samples" / "tables").iterdir())


def read(body: str | bytes, **columns: str) -> Table:
    return read_table(body.encode() if isinstance(body, str) else body, "programme.csv", zone=TORONTO, columns=columns)


def plain(draft: Draft) -> Any:
    """Return what a draft says, without the places that said it."""
    told = asdict(draft) | {
        name: value.isoformat() if (value := getattr(draft, name)) else None for name in ("starts", "ends")
    }
    return _said({name: value for name, value in told.items() if name != "told"})


def _said(value: Any) -> Any:
    if isinstance(value, dict):
        kept = {key: _said(inner) for key, inner in value.items() if (key, inner) != ("role", "guest")}
        return {key: inner for key, inner in kept.items() if inner not in (None, "", [], {}, False)}
    return [_said(inner) for inner in value] if isinstance(value, list | tuple) else value


def outcome(case: Path) -> Any:
    """Return what a case gives: drafts, problems, remarks; or the one error that ends it."""
    (file,) = case.glob("table.*")
    try:
        table = read_table(file.read_bytes(), file.name, zone=TORONTO)
    except ContentError as e:
        return {"error": e.message, "hint": e.hint}
    told = {"drafts": [plain(d) for d in table.drafts], "problems": list(map(str, table.problems))}
    return {key: value for key, value in {**told, "remarks": list(table.remarks)}.items() if value}


def test_there_are_samples() -> None:
    assert len(CASES) >= 20


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_table_gives_what_is_expected(case: Path) -> None:
    assert outcome(case) == json.loads((case / "expected.json").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_table_is_known_by_what_it_says(case: Path) -> None:
    (file,) = case.glob("table.*")
    unknown = case.name in ("wrong-columns", "wrong-spreadsheet")
    assert is_table(file.read_bytes()) is not unknown


@pytest.mark.parametrize(
    "body",
    [
        b"<!doctype html><title>Title, Speaker, Date</title>",
        b"BEGIN:VCALENDAR\nSUMMARY:Title, Speaker\n",
        b'{"schedule": {"title": "Speaker, Date"}}',
        b"Clean hands, and who washed them\n\nSpeaker: Ignaz Semmelweis\nDate: 14 May 2024\n",
        b"",
        b"\x00\x01",
    ],
)
def test_what_is_no_table(body: bytes) -> None:
    assert not is_table(body)


def test_every_field_says_where_it_came_from() -> None:
    (draft,) = read("Title,Speaker,Date,Time\nClean hands,Ignaz Semmelweis,2024-05-14,12:00-13:00\n").drafts
    assert dict(draft.told)["starts"] == "line 2, column 'Date' and 'Time'"
    assert draft.origin == "programme.csv: line 2"


def test_show_toml_names_the_columns_of_other_tables() -> None:
    body = "Was,Wer,Wann genau\nSaubere Hände,Ignaz Semmelweis,2024-05-14 12:00\n"
    with pytest.raises(ContentError, match="'Was', 'Wer', 'Wann genau'"):
        read(body)
    (draft,) = read(body, title="Was", speaker="wer", starts="Wann genau").drafts
    assert (draft.title, draft.people[0].name, draft.starts and draft.starts.hour) == (
        "Saubere Hände",
        "Ignaz Semmelweis",
        12,
    )
    with pytest.raises(ContentError, match=r"import.columns.title: found 'Titel'"):
        read(body, title="Titel")
    with pytest.raises(ContentError, match=r"import.columns.tilte: found 'tilte'") as caught:
        read(body, tilte="Was")
    assert caught.value.hint == "did you mean title?"


def test_a_table_without_measure_is_refused_early() -> None:
    row = b"Clean hands,Ignaz Semmelweis,2024-05-14,12:00-13:00\n"
    head = b"Title,Speaker,Date,Time\n"
    with pytest.raises(ContentError, match="more than 5000 rows"):
        read(head + row * 300_000)
    with pytest.raises(ContentError, match=r"at most 20 MB"):
        read(head + row * (LARGEST // len(row) + 1))
    with pytest.raises(ContentError, match="field larger than field limit"):
        read(head + b"x" * 200_000 + b",John Snow,2024-05-14,12:00-13:00\n")
    with pytest.raises(ContentError, match="at most 200 columns"):
        read(b"Title,Speaker" + b",x" * 1_000 + b"\n")


@given(st.text())
def test_quotes_before_a_formula_come_off_again(text: str) -> None:
    kept = cells.quoted(text)
    assert cells.unquoted(kept) == text or text.startswith("'")
    assert not kept.startswith(tuple("=+-@\t\r\n"))


@given(st.lists(st.text(alphabet="ab;\\ |'"), max_size=4))
def test_a_list_in_a_cell_is_read_back(parts: list[str]) -> None:
    if parts and all(part == part.strip() for part in parts) and parts != [""]:
        assert cells.parted(cells.joined(parts)) == tuple(parts)


@settings(deadline=None)  # the first example loads the encodings
@given(st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_whatever_is_read_ends_in_drafts_or_one_clear_error(body: bytes) -> None:
    is_table(body)
    try:
        table = read(b"Title,Speaker,Date\n" + body)
    except ContentError:
        return
    assert all(draft.title or draft.people for draft in table.drafts)
