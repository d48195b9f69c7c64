"""Requests for one more episode do not grow with the number already published."""

from __future__ import annotations

import re
from pathlib import Path

from fakes import Call, Plan, memory_roots, watched
from many import fill
from sessioncast import layout
from shows import NOW, publish, slug_of


def requests(show: Path, published: int) -> list[Call]:
    """Return the calls that publishing one more episode makes."""
    roots = memory_roots()
    fill(roots, published)
    plan = Plan()
    result = publish(show, watched(roots, plan), slug_of(0), now=NOW)
    assert result.committed
    assert result.catalog is not None
    assert len(result.catalog.episodes) == published + 1
    return plan.calls


def test_one_more_costs_the_same_with_a_thousand(show: Path) -> None:
    few, many = requests(show, 10), requests(show, 1000)
    assert len(few) == len(many)
    assert sorted((c.verb, c.write > 0) for c in few) == sorted((c.verb, c.write > 0) for c in many)
    assert {c.key for c in many if c.verb == "put"} == {
        layout.kept_catalog(1),
        layout.CATALOG,
        layout.SITE,
        layout.FEED,
        *(layout.HOME, layout.UPCOMING, layout.CALENDAR, layout.SITEMAP, layout.ARCHIVE, layout.SPEAKERS),
        layout.archive_page("2020"),
        layout.speaker_page("florence-nightingale"),
        layout.episode_page(slug_of(0)),
        layout.embed_page(slug_of(0)),
        layout.oembed(slug_of(0)),
        layout.episode_page("talk-0000"),  # its neighbour now links to it
        layout.SEARCH,
        *(c.key for c in many if re.match("search/2020-", c.key)),  # its own season alone: ten talks in both shows
        *(c.key for c in many if c.key.startswith("media/")),
        *(c.key for c in many if c.key.startswith(f"episodes/{slug_of(0)}/cover-")),
        *(c.key for c in many if c.key.startswith(f"episodes/{slug_of(0)}/waveform-")),
    }


def test_nothing_new_takes_three_reads_at_most_and_no_write(show: Path) -> None:
    roots = memory_roots()
    publish(show, roots)
    plan = Plan()
    publish(show, watched(roots, plan))
    assert {call.verb for call in plan.calls} <= {"read", "head"}
    assert len(plan.calls) <= 3
