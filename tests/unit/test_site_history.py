"""Whatever happens to a show, no page ever has bytes again that it had before: a slow publisher can't bring one back.

A store's version of a page is a hash of its bytes (ARCHITECTURE.md, "The publish argument"), so this is what the pages'
revisions are for. Sessions are announced, moved, called off, over, published, edited and taken down in any order.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from catalogs import FIRST, SHOW_ID, show
from sessioncast import layout, site
from sessioncast.catalog import Catalog
from sessioncast.model import Credit, Enclosure, Person, Session, Show, mint_guid
from sessioncast.plan import afterwards
from sessioncast.plan.amend import apply
from sessioncast.plan.announce import announce
from sessioncast.plan.changes import Addition, Audio, Changes
from sessioncast.plan.wanted import WantedEpisode, wanted_episode

PEOPLE = {"john-snow": Person(name="John Snow"), "mary-seacole": Person(name="Mary Seacole")}
SHOW = Show.model_validate(
    {
        **{name: getattr(show(), name) for name in ("title", "summary", "language", "timezone", "link", "author")},
        "id": SHOW_ID,
        "categories": ("Education",),
    }
)
TALKS = ("a", "b", "c")
DEEDS = st.lists(
    st.tuples(
        st.sampled_from(
            ["move", "back", "retitle", "tag", "person", "hold", "release", "wait", "publish", "edit", "down"]
        ),
        st.sampled_from(TALKS),
    ),
    min_size=3,
    max_size=9,
)


def session(slug: str) -> Session:
    starts = FIRST + timedelta(days=10 + TALKS.index(slug))
    credit = Credit(person="john-snow")
    return Session(
        slug=slug, guid=mint_guid(SHOW_ID, slug), title=slug, starts=starts, tags=("water",), credits=(credit,)
    )


CHANGES: dict[str, Callable[[Any], dict[str, object]]] = {
    "move": lambda s: {"starts": s.starts + timedelta(days=3)},
    "back": lambda s: {"starts": s.starts - timedelta(days=3)},
    "retitle": lambda s: {"title": "Another" if s.title != "Another" else s.slug},
    "tag": lambda s: {"tags": ("air",) if s.tags == ("water",) else ("water",)},
    "person": lambda s: {
        "credits": (Credit(person="mary-seacole" if s.credits[0].person == "john-snow" else "john-snow"),)
    },
    "hold": lambda _: {"hold": True},
    "release": lambda _: {"hold": False},
}


def wanted(one: Session) -> WantedEpisode:
    return wanted_episode(one, PEOPLE, SHOW)


def audio(slug: str) -> Audio:
    sha256 = "a" * 64
    key = layout.media(slug, sha256)
    return Audio(Enclosure(key=key, length=1, media_type="audio/mpeg", duration=60, sha256=sha256), sha256)


@settings(max_examples=25, deadline=None)
@given(DEEDS)
def test_no_page_goes_back_to_bytes_it_had(deeds: list[tuple[str, str]]) -> None:
    sessions = {slug: session(slug) for slug in TALKS}
    now = FIRST
    catalog = Catalog(show_id=SHOW_ID, revision=1, show=show())
    standing: dict[str, bytes] = {}
    had: dict[str, set[bytes]] = {}
    floor = 0
    replaced: set[str] = set()
    for deed, slug in [("wait", "a"), *deeds]:
        one = sessions[slug]
        additions: tuple[Addition, ...] = ()
        edits: tuple[WantedEpisode, ...] = ()
        public = catalog.by_slug(slug)
        if deed == "wait":
            now += timedelta(days=6)
        elif deed in CHANGES:
            sessions[slug] = one.model_copy(update=CHANGES[deed](one))
        elif deed == "publish" and public is None and catalog.tombstone(one.guid) is None:
            additions = (Addition(wanted(one), audio(slug)),)
        elif deed == "edit" and public and public.fingerprints[-1] != wanted(one).fingerprint:
            edits = (wanted(one),)
        elif deed == "down" and public:
            catalog = afterwards.withdraw(catalog, [slug])
        announcing = announce(
            [(s, wanted(s).credits) for s in sessions.values()],
            catalog,
            now,
            going_out={a.wanted.session.guid for a in additions},
        )
        changes = Changes(show_id=SHOW_ID, additions=additions, edits=edits, announcing=announcing)
        if changes:
            catalog = apply(catalog, changes, now)
        after = site.pages(catalog)
        if catalog.floor > floor:  # as `renew` does: what is no more is replaced, never deleted
            replaced = standing.keys() - after.keys()
            after |= {key: site.gone(catalog, key) for key in replaced}
            floor = catalog.floor
        for key, body in after.items():
            if standing.get(key) != body:
                assert body not in had.setdefault(key, set()), (key, deed, slug)
                had[key].add(body)
        lost = {key for key in standing.keys() - after.keys() - replaced if not key.endswith(".ics")}
        assert not lost, "a page that is no more must be replaced"
        standing |= after
