"""Sessions to come on the pages: added, moved, called off, held, published; and what an old copy of the folder may not do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from fakes import Killed, Plan, memory_roots, watched
from gates import killed_from
from sessioncast import layout, site
from sessioncast.catalog import Catalog
from sessioncast.commit import read_catalog
from sessioncast.plan.judge import Request
from sessioncast.publish import Result
from sessioncast.store.port import Roots
from sessioncast.withdraw import Keeper
from shows import NOW, SHOW_ID, change_session, contents, publish, publisher, slug_of, write_session, write_show

STARTS = NOW + timedelta(days=5)
LATER = STARTS + timedelta(hours=1)
TITLE = "Cholera in the archive"


def announce(show: Path, nth: int = 7, **changes: str) -> str:
    """Write a session that is to come; its recording waits in the folder only so that the tests needn't make one."""
    values = {
        "starts": STARTS.isoformat(),
        "ends": LATER.isoformat(),
        "title": f'"{TITLE}"',
        "tags": '["epidemiology"]',
    }
    return write_session(show, nth, recording=show / "episodes" / slug_of(0) / "recording.wav", **{**values, **changes})


def events(body: bytes) -> list[Any]:
    return list(Calendar.from_ical(body).walk("VEVENT"))


def standing(roots: Roots) -> Catalog:
    catalog = read_catalog(roots.private).catalog
    assert catalog is not None
    return catalog


def again(show: Path, roots: Roots, *slugs: str, even_if_older: bool = True) -> Result:
    request = Request(frozenset(slugs), even_if_older=even_if_older)
    return publisher(show, roots, request=request).publish()


@pytest.fixture
def roots(show: Path) -> Roots:
    """A store in which four talks are public."""
    roots = memory_roots()
    publish(show, roots)
    return roots


def test_a_session_to_come_has_a_page_an_invitation_and_a_place_in_every_list(show: Path, roots: Roots) -> None:
    slug = announce(show)
    result = publish(show, roots)
    assert result.committed
    assert [a.slug for a in result.judged.announcing.added] == [slug]
    public = contents(roots.public)
    for key in (layout.HOME, layout.UPCOMING, layout.episode_page(slug), layout.topic_page("epidemiology")):
        assert TITLE.encode() in public[key], key
    assert f'data-starts="{STARTS:%Y-%m-%dT%H:%M:%SZ}"'.encode() in public[layout.UPCOMING]
    assert TITLE.encode() in public[layout.speaker_page("mary-seacole")]
    assert TITLE.encode() not in public[layout.FEED]
    for key in (layout.invitation(slug), layout.CALENDAR):
        (event,) = (e for e in events(public[key]) if TITLE in e["SUMMARY"])
        assert event["DTSTART"].dt == STARTS
        assert event["UID"] == standing(roots).announced[0].guid


def test_nothing_new_is_still_three_reads_and_no_write(show: Path, roots: Roots) -> None:
    announce(show)
    publish(show, roots)
    plan = Plan()
    assert not publish(show, watched(roots, plan)).committed
    assert {call.verb for call in plan.calls} <= {"read", "head"}
    assert len(plan.calls) <= 3


def test_one_more_session_writes_few_pages(show: Path, roots: Roots) -> None:
    slug = announce(show)
    before = contents(roots.public)
    publish(show, roots)
    after = contents(roots.public)
    assert {key for key in after if after[key] != before.get(key)} == {
        *(layout.HOME, layout.UPCOMING, layout.CALENDAR, layout.SITEMAP, layout.ARCHIVE, layout.FEED),
        *(layout.SPEAKERS, layout.speaker_page("mary-seacole"), layout.TOPICS, layout.topic_page("epidemiology")),
        *(layout.episode_page(slug), layout.invitation(slug)),
    }


def test_a_moved_session_is_moved_everywhere_and_its_calendar_entry_knows(show: Path, roots: Roots) -> None:
    slug = announce(show)
    publish(show, roots)
    later = STARTS + timedelta(days=7)
    change_session(show, slug, STARTS.isoformat(), later.isoformat())
    change_session(show, slug, LATER.isoformat(), (later + timedelta(hours=1)).isoformat())
    result = publish(show, roots)
    assert [a.slug for a in result.judged.announcing.changed] == [slug]
    (event,) = events(contents(roots.public)[layout.invitation(slug)])
    assert (event["DTSTART"].dt, event["SEQUENCE"]) == (later, 1)


@pytest.mark.parametrize("word", ["hold = true", 'consent = "refused"'])
def test_a_session_that_is_called_off_leaves_no_word_of_itself(show: Path, roots: Roots, word: str) -> None:
    slug = announce(show)
    publish(show, roots)
    change_session(show, slug, f'title = "{TITLE}"', f'title = "{TITLE}"\n{word}')
    result = publish(show, roots)
    assert [a.slug for a in result.judged.announcing.called_off] == [slug]
    assert not [key for key, body in contents(roots.public).items() if TITLE.encode() in body]
    assert not events(contents(roots.public)[layout.invitation(slug)])
    assert not publish(show, roots).committed


def test_an_old_copy_neither_moves_a_session_back_nor_announces_it_again(
    show: Path, roots: Roots, copy: Callable[[Path, str], Path]
) -> None:
    slug = announce(show)
    publish(show, roots)
    old = copy(show, "old")
    change_session(show, slug, f'title = "{TITLE}"', 'title = "Cholera, revisited"')
    publish(show, roots)
    result = publish(old, roots)
    assert not result.committed
    ((noted, found, hint),) = result.judged.announcing.notes
    assert (noted, found) == (slug, "your copy is old: a newer text is announced")
    assert hint.endswith(f"sessioncast publish {slug} --even-if-older")
    change_session(show, slug, 'title = "Cholera, revisited"', 'title = "Cholera, revisited"\nhold = true')
    publish(show, roots)
    assert not publish(old, roots).committed
    assert standing(roots).announced == ()
    again(old, roots, slug)
    assert [a.title for a in standing(roots).announced] == [TITLE]


def test_a_copy_without_the_session_or_with_its_draft_says_nothing(
    show: Path, roots: Roots, copy: Callable[[Path, str], Path]
) -> None:
    without = copy(show, "without")
    slug = announce(show, draft="true")
    assert not publish(show, roots).judged.announcing
    draft = copy(show, "draft")
    change_session(show, slug, "draft = true", "draft = false")
    publish(show, roots)
    assert not publish(without, roots).committed
    assert not publish(draft, roots).committed
    assert [a.slug for a in standing(roots).announced] == [slug]


def test_a_session_is_over_then_published_at_the_same_address(show: Path, roots: Roots) -> None:
    slug = announce(show, hold="false")
    publish(show, roots)
    after = STARTS + timedelta(hours=2)
    recording = show / "episodes" / slug / "recording.wav"
    kept = recording.read_bytes()
    change_session(show, slug, 'recording = "recording.wav"', "")
    assert publish(show, roots, now=after).committed
    assert b"has taken place" in contents(roots.public)[layout.episode_page(slug)]
    assert not publish(show, roots, now=after).committed
    change_session(show, slug, "hold = false", 'hold = false\nrecording = "recording.wav"')
    recording.write_bytes(kept)
    assert publish(show, roots, now=after + timedelta(days=1)).committed
    assert standing(roots).announced == ()
    public = contents(roots.public)
    assert b"<audio" in public[layout.episode_page(slug)]
    assert TITLE.encode() not in public[layout.UPCOMING]
    for key, body in site.pages(standing(roots)).items():
        assert public[key] == body, key


def test_a_session_whose_recording_never_comes_is_taken_off_after_a_month(show: Path, roots: Roots) -> None:
    slug = announce(show)
    change_session(show, slug, 'recording = "recording.wav"', "")
    publish(show, roots)
    result = publish(show, roots, now=STARTS + timedelta(days=40))
    assert [a.slug for a in result.judged.announcing.dropped] == [slug]
    assert not publish(show, roots, now=STARTS + timedelta(days=41)).committed


def test_unpublish_takes_an_announcement_back_and_may_be_run_again(show: Path, roots: Roots) -> None:
    slug = announce(show)
    publish(show, roots)
    keeper = Keeper(roots, SHOW_ID)
    keeper.unpublish(slug)
    assert not [key for key, body in contents(roots.public).items() if TITLE.encode() in body]
    keeper.unpublish(slug)
    assert not publish(show, roots).committed


def test_a_renamed_folder_leaves_a_page_that_leads_on(show: Path, roots: Roots) -> None:
    slug = announce(show)
    publish(show, roots)
    (show / "episodes" / slug).rename(show / "episodes" / "cholera")
    publish(show, roots)
    public = contents(roots.public)
    assert b"../cholera/index.html" in public[layout.episode_page(slug)]
    assert TITLE.encode() in public[layout.episode_page("cholera")]


def test_a_show_may_begin_with_announcements_alone(tmp_path: Path) -> None:
    show = tmp_path / "new"
    write_show(show)
    slug = write_session(show, 7, starts=STARTS.isoformat(), ends=LATER.isoformat(), title=f'"{TITLE}"')
    roots = memory_roots()
    assert publish(show, roots).committed
    public = contents(roots.public)
    assert TITLE.encode() in public[layout.episode_page(slug)]
    assert layout.FEED in public


def test_killed_at_every_write_and_run_again(show: Path, copy: Callable[[Path, str], Path]) -> None:
    slug = announce(show)

    def called_off(folder: Path) -> None:
        change_session(folder, slug, f'title = "{TITLE}"', f'title = "{TITLE}"\nhold = true')

    held = copy(show, "held")
    called_off(held)

    def prepared() -> Roots:
        roots = memory_roots()
        publish(show, roots)
        return roots

    undisturbed, plan = prepared(), Plan()
    publish(held, watched(undisturbed, plan))
    for call in (call for call in plan.calls if call.write):
        roots = prepared()
        with pytest.raises(Killed):
            publish(held, watched(roots, killed_from(call.number)))
        publish(held, roots)
        assert contents(roots.public) == contents(undisturbed.public), call
