"""Whatever an organiser types into whatever field: a well-formed feed within the limits, or one clear refusal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, fromstring

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from catalogs import SHOW_ID, catalog, episode
from sessioncast.catalog import Catalog, decode, encode
from sessioncast.errors import Problem
from sessioncast.feed import render, revision_of, side_feeds
from sessioncast.model import Person, PublicShow, PublishedEpisode, Session
from sessioncast.plan.wanted import wanted_episode, wanted_show
from sessioncast.project.explain import check
from sessioncast.project.files import check_summary
from sessioncast.project.value import ShowFile

NASTY = (
    "]]>",
    "<![CDATA[",
    "<script>alert(1)</script>",
    "&nbsp;&amp;&#0;&#x1F;",
    "<!-- sessioncast revision 999 -->",
    "--><rss>",
    "\x00",
    "\x0b",
    "\x85",
    "\ufffe",
    "\u202eשלום\u202c",
    "\u2028",
    "𝕳𝖊𝖆𝖑𝖙𝖍 👩🏽‍⚕️",
    "e\u0301" * 60,
    "  spaces  ",
    "\n\n# h\n\n- [a](javascript:alert(1)) ![b](c)\n",
    "a\tb\nc",
    "",
    " ",
    "x" * 100_000,
    "ü. " * 35_000,
    "https://müller.example.org/ä b",
    "https://example.org/ü?q=\"<>&'",
    "https://[broken",
    "https://example.org/\x00",
    "8",
)
LETTERS = st.characters(exclude_categories=["Cs"])  # a file in UTF-8 holds no half of a surrogate pair
TEXT = st.one_of(
    st.sampled_from(NASTY),
    st.text(LETTERS, max_size=60),
    st.lists(st.one_of(st.sampled_from(NASTY[:20]), st.text(LETTERS, max_size=10)), max_size=5).map("".join),
)
SHOW_FIELDS = ("title", "summary", "link", "author", "copyright", "support", "rhythm", "rrule")
SHOW_NESTED = (
    "owner",
    "license",
    "funding",
    "location",
    "season_names",
    "discussions",
    "recommends",
    "txt",
    "hidden_from",
)
SESSION_FIELDS = ("guid", "title", "summary", "notes", "link", "slides", "number_label")
SESSION_NESTED = ("tags", "links", "license", "location", "funding", "soundbites", "discussions")
PERSON_FIELDS = ("name", "affiliation", "bio", "link", "image")


def show_file(text: Mapping[str, str]) -> dict[str, object]:
    plain: dict[str, object] = {
        "id": str(SHOW_ID),
        "title": "Talks",
        "summary": "Talks.",
        "language": "en",
        "timezone": "UTC",
        "link": "https://example.org/",
        "author": "Us",
        "categories": ["Education"],
    }
    nested: dict[str, object] = {
        "owner": {"name": text.get("owner"), "email": "a@example.org"},
        "license": {"name": text.get("license"), "url": "https://example.org/l"},
        "funding": [{"url": "https://example.org/f", "text": text.get("funding")}],
        "location": {"name": text.get("location")},
        "season_names": {"1": text.get("season_names")},
        "discussions": [{"protocol": "matrix", "uri": text.get("discussions")}],
        "recommends": [{"guid": str(SHOW_ID), "title": text.get("recommends")}],
        "txt": [{"text": text.get("txt"), "purpose": "verify"}],
        "hidden_from": [text.get("hidden_from")],
    }
    return plain | {k: text[k] for k in SHOW_FIELDS if k in text} | {k: nested[k] for k in SHOW_NESTED if k in text}


def session_file(text: Mapping[str, str]) -> dict[str, object]:
    plain: dict[str, object] = {
        "slug": "talk",
        "guid": "guid-1",
        "title": "A talk",
        "season": 1,
        "number": 1,
        "credits": [{"person": "mary-seacole"}],
    }
    nested: dict[str, object] = {
        "tags": [text.get("tags")],
        "links": [{"title": text.get("links"), "url": "https://example.org/"}],
        "license": {"name": text.get("license"), "url": "https://example.org/l"},
        "location": {"name": text.get("location")},
        "funding": [{"url": "https://example.org/f", "text": text.get("funding")}],
        "soundbites": [{"start": 1, "seconds": 20, "title": text.get("soundbites")}],
        "discussions": [{"protocol": "nostr", "uri": "x", "account": text.get("discussions")}],
    }
    return (
        plain | {k: text[k] for k in SESSION_FIELDS if k in text} | {k: nested[k] for k in SESSION_NESTED if k in text}
    )


def made(
    show: Mapping[str, str], session: Mapping[str, str], person: Mapping[str, str]
) -> Catalog | tuple[Problem, ...]:
    """Return the catalog that the files stand for, as a commit writes it, or every problem they have."""
    settings_ = check(ShowFile, {"show": show_file(show), "feeds": {"by": ["tag", "speaker", "season"]}}, "show.toml")
    talk = check(Session, session_file(session), "session.toml")
    somebody = check(Person, {"name": "Mary Seacole", **person}, "people.toml")
    problems = [p for found in (settings_, talk, somebody) if isinstance(found, tuple) for p in found]
    if isinstance(settings_, ShowFile):
        problems += check_summary(settings_.show.summary)
    if problems or not (isinstance(settings_, ShowFile) and isinstance(talk, Session) and isinstance(somebody, Person)):
        return tuple(problems)
    base = "https://podcast.example.org/talks"
    wanted = wanted_show(settings_.show, base, "0" * 64, settings_.feeds)
    public = PublicShow(
        **wanted.public_part(), artwork="artwork/cover-00000000.jpg", fingerprints=(wanted.fingerprint,), revision=1
    )
    part = wanted_episode(talk, {"mary-seacole": somebody}, settings_.show).public_part()
    part["credits"] = tuple(c.model_copy(update={"image": None}) for c in part["credits"])
    item = PublishedEpisode.model_validate(
        {
            **episode("talk").model_dump(),
            **part,
            "guid": talk.guid,
            "published": datetime(2024, 1, 1, tzinfo=UTC),
        }
    )
    return decode(encode(catalog(public, item)), "test")


@settings(max_examples=150)
@given(
    st.dictionaries(st.sampled_from(SHOW_FIELDS + SHOW_NESTED), TEXT, max_size=3),
    st.dictionaries(st.sampled_from(SESSION_FIELDS + SESSION_NESTED), TEXT, max_size=3),
    st.dictionaries(st.sampled_from(PERSON_FIELDS), TEXT, max_size=2),
)
@example({}, {"notes": "]]>" * 30_000}, {})
@example({}, {"notes": "&" * 100_000}, {"bio": "<" * 100_000})
@example({"link": "https://müller.example.org/ä"}, {"guid": "a\x00b"}, {})
def test_any_text_in_any_fields(show: dict[str, str], session: dict[str, str], person: dict[str, str]) -> None:
    judge(made(show, session, person))


@pytest.mark.parametrize("text", NASTY, ids=[ascii(text)[:30] for text in NASTY])
def test_every_nasty_text_in_every_single_field(text: str) -> None:
    for field in SHOW_FIELDS + SHOW_NESTED:
        judge(made({field: text}, {}, {}))
    for field in SESSION_FIELDS + SESSION_NESTED:
        judge(made({}, {field: text}, {}))
    for field in PERSON_FIELDS:
        judge(made({}, {}, {field: text}))


def judge(result: Catalog | tuple[Problem, ...]) -> None:
    if isinstance(result, tuple):
        assert result
        for problem in result:
            assert problem.key
            assert problem.expected
            assert len(str(problem)) < 400
            assert str(problem).isprintable() or "\n" not in str(problem)
        return
    body = render(result)
    assert revision_of(body) == 1
    assert body.count(b"<!--") == 1
    assert texts(fromstring(body), "channel/item/guid") == [e.guid for e in result.episodes]
    for feed in (body, *(b for key, b in side_feeds(result).items() if key.endswith(".xml"))):
        within_limits(fromstring(feed))


def texts(root: Element, path: str) -> list[str | None]:
    return [found.text for found in root.findall(path)]


def within_limits(root: Element) -> None:
    for element in root.iter():
        namespace, _, name = element.tag.rpartition("}")
        text = element.text or ""
        if not len(element):
            assert text == text.strip(" \t\r\n"), element.tag
        for attribute, value in element.attrib.items():
            if attribute in ("href", "url", "uri", "img"):
                assert value.isascii()
                assert " " not in value
            elif "podcast" in namespace:
                assert len(value) <= 255
        if name == "description":
            assert text
            assert len(text.encode()) <= 4000
        elif name == "link" and not namespace:
            assert text.isascii()
        elif "podcast" in namespace:
            assert len(text) <= (4000 if name == "txt" else 128)
        elif name not in ("encoded", "guid", "item", "channel"):
            assert len(text.strip()) <= 255, element.tag
