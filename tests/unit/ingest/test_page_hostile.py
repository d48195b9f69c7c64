"""Pages that nobody wrote in good faith, and good ones with bytes changed: a draft or one clear error, soon, and nothing that runs."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sessioncast.errors import ContentError
from sessioncast.ingest.page import read_page

TORONTO = "America/Toronto"
PAGES = Path(__file__).parents[2] / "samples" / "pages"
BODIES = [path.read_bytes() for path in sorted(PAGES.glob("*/page.*"))]
EVENT = {
    "@type": "Event",
    "name": "Cowpox",
    "startDate": "2024-05-14T12:00-04:00",
    "performer": {"name": "Edward Jenner"},
}


def page(data: str) -> bytes:
    return f'<html><script type="application/ld+json">{data}</script><body><h1>Cowpox</h1></body></html>'.encode()


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(BODIES), st.integers(0, 10**6), st.integers(0, 200), st.binary(max_size=60))
def test_any_page_with_bytes_changed_is_read_or_refused(body: bytes, at: int, gone: int, new: bytes) -> None:
    place = at % (len(body) + 1)
    with suppress(ContentError):
        read_page(body[:place] + new + body[place + gone :], "page.html", zone=TORONTO)


@settings(deadline=None, max_examples=100)
@given(st.binary(max_size=300), st.sampled_from([b"", b"<html>", b"MIME-Version: 1.0\nContent-Type: text/html\n\n"]))
def test_any_bytes_are_read_or_refused(body: bytes, before: bytes) -> None:
    with suppress(ContentError):
        read_page(before + body, "page", zone=TORONTO)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
    | st.sampled_from(["2024-05-14T12:00Z", "2024-05-14", "https://x.example/", "#a", "Event", "a", "EventCancelled"]),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(["@type", "@id", "@graph", "@value", "@list", "name", "startDate", "endDate", "performer", "location", "url",
                         "subEvent", "superEvent", "description", "eventStatus", "keywords", "inLanguage", "duration"]),
        inner, max_size=6,
    ),
    max_leaves=25,
)  # fmt: skip


@settings(deadline=None, max_examples=150)
@given(_JSON)
def test_any_data_is_read_or_refused(data: object) -> None:
    told = [{"@type": "Event", "name": "A", **data}] if isinstance(data, dict) else data
    with suppress(ContentError):
        read_page(page(json.dumps(told).replace("</", "<\\/")), "page.html", zone=TORONTO, url="https://x.example/p")


@pytest.mark.parametrize(
    "data",
    [
        "[" * 100_000,
        '{"a":' * 100_000,
        '{"@type":"Event","name":' + "9" * 6000 + "}",
        ";" * 100_000 + "x",
        "{" + "," * 100_000,
        json.dumps({**EVENT, "@id": "a", "name": {"@id": "a"}, "subEvent": {"@id": "a"}, "superEvent": {"@id": "a"}}),
        json.dumps({"@graph": [{**EVENT, "@id": "a", "superEvent": {"@id": "b"}}, {**EVENT, "@id": "b", "superEvent": {"@id": "a"}}]}),
    ],
    ids=["lists", "objects", "digits", "semicolons", "commas", "itself", "circle"],
)  # fmt: skip
def test_data_that_means_harm_costs_nothing_but_itself(data: str) -> None:
    (draft,) = read_page(page(data), "page.html", zone=TORONTO)
    assert draft.title == "Cowpox"


def test_a_page_of_ten_thousand_events_is_refused() -> None:
    with pytest.raises(ContentError, match="found 10000 dates or sessions, expected at most 500"):
        read_page(page(json.dumps([{**EVENT, "name": str(n)} for n in range(10_000)])), "page.html", zone=TORONTO)


def test_a_hundred_megabytes_are_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    with path.open("wb") as file:
        file.truncate(100_000_000)
    with pytest.raises(ContentError, match=r"page.html: found 100.0 MB, expected a page of at most 5 MB"):
        read_page(path, path.name, zone=TORONTO)


def test_scripts_run_nowhere() -> None:
    event = {**EVENT, "description": "A <b onclick=x()>hand</b>.&lt;script&gt;x()&lt;/script&gt;<img src=x onerror=y()>",
             "performer": {"name": "Edward <i>Jenner</i>", "description": "<p>A physician.</p><iframe src=javascript:z()></iframe>"}}  # fmt: skip
    (draft,) = read_page(page(json.dumps(event).replace("</", "<\\/")), "page.html", zone=TORONTO)
    assert draft.notes == "A hand."
    assert [(p.name, p.bio) for p in draft.people] == [("Edward Jenner", "A physician.")]


# --- addresses -------------------------------------------------------------------------------------------------------


def test_where_it_was_fetched_finds_a_page_again() -> None:
    body = b"<html><body><h1>The pump handle</h1><p>Speaker: John Snow</p></body></html>"
    (draft,) = read_page(body, "page.html", zone=TORONTO, url="https://mary:tea@talks.example/pump#top")
    assert draft.source == draft.link == "https://talks.example/pump"
    assert not draft.by_name


@pytest.mark.parametrize(
    ("canonical", "source"),
    [
        ("https://talks.example/", "https://talks.example/pump"),
        ("https://talks.example/talks/1", "https://talks.example/talks/1"),
    ],
)
def test_a_page_s_own_address_counts_unless_it_is_the_front_door(canonical: str, source: str) -> None:
    body = f"<html><head><link rel=canonical href='{canonical}'></head><body><h1>The pump handle</h1></body></html>"
    (draft,) = read_page(body.encode(), "page.html", zone=TORONTO, url="https://talks.example/pump")
    assert draft.source == source


def test_a_moved_date_and_a_renamed_talk_keep_their_source() -> None:
    first = {**EVENT, "url": "https://talks.example/cowpox"}
    later = {**first, "name": "Cowpox and milkmaids", "startDate": "2024-05-21T12:00-04:00"}
    sources = {read_page(page(json.dumps(event)), "page.html", zone=TORONTO)[0].source for event in (first, later)}
    assert sources == {"https://talks.example/cowpox"}


def test_the_place_that_told_a_field_is_named() -> None:
    (draft,) = read_page(PAGES / "jsonld-text-fills" / "page.html", "page.html", zone=TORONTO)
    told = dict(draft.told)
    assert (told["starts"], told["ends"], told["notes"]) == ("JSON-LD startDate", "the page's text", "the page's text")
    assert dict(read_page(PAGES / "rdfa-event" / "page.html", "x", zone=TORONTO)[0].told)["title"] == "RDFa name"
