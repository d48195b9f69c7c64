"""Side feeds and archive pages in the store: as safe as pages, emptied and never deleted."""

from __future__ import annotations

import io
from pathlib import Path

import feedparser
import pytest

from fakes import Killed, Plan, memory_roots, watched
from gates import killed_from
from sessioncast import layout, renew
from sessioncast.events import Event, Noted
from sessioncast.feed import revision_of
from sessioncast.store.port import Roots
from sessioncast.withdraw import Keeper
from shows import SHOW_ID, assert_whole, contents, publish, slug_of, write_session, write_show

SNOW = layout.side_feed("speaker-john-snow")


@pytest.fixture
def speakers(show: Path) -> Path:
    return with_feeds(show, 'by = ["speaker"]')


def with_feeds(show: Path, lines: str) -> Path:
    toml = show / "feed" / "show.toml"
    toml.write_text(toml.read_text("utf-8") + f"\n[feeds]\n{lines}\n", "utf-8")
    return show


def titles(body: bytes) -> list[str]:
    return [entry.title for entry in feedparser.parse(io.BytesIO(body)).entries]


def test_a_new_talk_rewrites_its_speakers_feed_alone(speakers: Path, roots: Roots) -> None:
    publish(speakers, roots)
    before = contents(roots.public)
    write_session(speakers, 6)  # John Snow's second
    publish(speakers, roots)
    after = contents(roots.public)
    changed = {key for key in after if layout.is_side_feed(key) and before.get(key) != after[key]}
    assert changed == {SNOW}
    assert titles(after[SNOW]) == ["Talk 6", "Talk 2"]


def test_the_feed_of_a_speaker_whose_only_talk_was_taken_down_is_empty_and_stays(speakers: Path, roots: Roots) -> None:
    publish(speakers, roots)
    Keeper(roots, SHOW_ID).unpublish(slug_of(2))
    left = contents(roots.public)
    parsed = feedparser.parse(io.BytesIO(left[SNOW]))
    assert (parsed.bozo, parsed.entries, parsed.feed.title) == (False, [], "Lives in Medicine")
    assert revision_of(left[SNOW]) == 2
    assert b"john-snow" not in left[layout.FEEDS]
    assert not [key for key, body in left.items() if b"Talk 2" in body]


def test_a_rule_taken_back_empties_the_feeds(speakers: Path, roots: Roots) -> None:
    publish(speakers, roots)
    toml = speakers / "feed" / "show.toml"
    toml.write_text(toml.read_text("utf-8").replace('by = ["speaker"]', ""), "utf-8")
    publish(speakers, roots, settings=True)
    side = {key: body for key, body in contents(roots.public).items() if layout.is_side_feed(key)}
    assert SNOW in side
    assert not [key for key, body in side.items() if titles(body)]


def test_a_take_down_killed_at_every_call_converges(speakers: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renew, "THREADS", 1)

    published = memory_roots()
    publish(speakers, published)

    def prepared() -> Roots:
        return Roots(published.public.copy(), published.private.copy())  # type: ignore[attr-defined]

    roots, plan = prepared(), Plan()
    Keeper(watched(roots, plan), SHOW_ID).unpublish(slug_of(2))
    expected = contents(roots.public)
    for call in [c for c in plan.calls if c.write]:
        roots = prepared()
        with pytest.raises(Killed):
            Keeper(watched(roots, killed_from(call.number)), SHOW_ID).unpublish(slug_of(2))
        assert_whole(roots)
        Keeper(roots, SHOW_ID).unpublish(slug_of(2))
        assert contents(roots.public) == expected, f"killed at {call}"


def test_a_limit_moves_old_talks_to_archive_pages(show: Path, roots: Roots) -> None:
    publish(with_feeds(show, "max_items = 2"), roots)
    objects = contents(roots.public)
    pages = [objects[layout.archive_feed(n)] for n in (1, 2)]
    read = [title for body in (objects[layout.FEED], *reversed(pages)) for title in titles(body)]
    assert read == ["Talk 3", "Talk 2", "Talk 1", "Talk 0"]
    assert_whole(roots)


def test_a_feed_that_is_too_large_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(renew, "LARGE_FEED", 1000)
    write_show(tmp_path / "show")
    write_session(tmp_path / "show", 0)
    roots, said = memory_roots(), list[Event]()
    result = publish(tmp_path / "show", roots)
    assert result.catalog is not None
    roots.public.delete(layout.FEED)
    renew.renew(roots, result.catalog.revision, said.append)
    assert [event.hint for event in said if isinstance(event, Noted)] == [
        "write max_items = 300 under [feeds] in feed/show.toml, then: sessioncast publish --settings"
    ]
