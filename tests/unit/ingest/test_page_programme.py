"""A year's programme on the web: the sessions' own pages and the listings give the same drafts, but for what a listing doesn't say."""

from __future__ import annotations

import pytest

import programmes_pages as web
from seasons import Season, season
from sessioncast.ingest.draft import Draft
from sessioncast.ingest.page import read_page
from sessioncast.ingest.slugs import session_slug

SEEDS = (1, 2, 3)


def own_pages(made: Season) -> list[Draft]:
    return [
        draft for url, body in web.pages(made).items() for draft in read_page(body, "page", zone=made.zone, url=url)
    ]


@pytest.fixture(params=SEEDS, scope="module")
def made(request: pytest.FixtureRequest) -> Season:
    return season(int(request.param))


def test_every_session_s_own_page_gives_the_session(made: Season) -> None:
    drafts = own_pages(made)
    assert len(drafts) == len(made.sessions) == 36
    for draft, session in zip(drafts, made.sessions, strict=True):
        assert draft.source == draft.link == web.address(session)
        assert (draft.title, draft.starts, draft.ends) == (session.title, session.starts, session.ends)
        assert [person.name for person in draft.people] == web.speakers(made, session)
        assert draft.room == (session.room or "")
        assert draft.meeting == (session.meeting if session.meeting and "://" in session.meeting else "")
        assert draft.hints.series == made.series
        assert draft.remarks == ()


@pytest.mark.parametrize("listing", [web.table, web.cards])
def test_a_listing_gives_the_same_drafts_but_for_what_it_does_not_say(made: Season, listing: object) -> None:
    assert callable(listing)
    name = {web.table: "programme", web.cards: "talks"}[listing]
    listed = read_page(listing(made), "page", zone=made.zone, url=f"{web.SITE}/{name}")
    own = own_pages(made)
    assert len(listed) == len(own)
    for there, here in zip(listed, own, strict=True):
        assert there.source == here.source
        assert there.link == here.link
        assert (there.title, there.starts, there.ends, there.people) == (
            here.title,
            here.starts,
            here.ends,
            here.people,
        )
        assert session_slug(there) == session_slug(here)
        assert there.room == (here.room if listing is web.table else "")
        assert there.missing == here.missing == ("notes: no description found on the page",)
