"""A year's recordings against its programme: how many find their session, how many a wrong one, and how long that takes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

from bench.row import Row
from seasons import Season, season
from sessioncast.inbox.match import Matching, match


def run(short: bool) -> Iterator[Row]:
    """Measure; ``short`` takes a tenth."""
    seeds = 10 if short else 100
    right = wrong = found = needed = 0
    for seed in range(seeds):
        year = season(seed)
        have = {m.session: m.takes for m in _matched(year).matches}
        fit = sum(takes in year.truth.get(slug, ()) for slug, takes in have.items())
        right, wrong = right + fit, wrong + len(have) - fit
        found, needed = found + len(year.needed & have.keys()), needed + len(year.needed)
    yield Row(
        f"{seeds} seasons: precision of {right + wrong:,} matches", right / (right + wrong), "", "bound 1", digits=4
    )
    yield Row(f"recall of {needed:,} sessions that have a recording", found / needed, "", "bound 0.95", digits=4)
    year = _crowded(200)
    start = time.perf_counter()
    _matched(year)
    took = time.perf_counter() - start
    yield Row(f"{len(year.sessions)} sessions × {len(year.takes)} takes", took, "s", "bound 2")


def _matched(year: Season) -> Matching:
    return match(
        year.takes, year.sessions, year.people, year.settings, year.zone, now=year.now, series=year.series
    )  # fmt: skip


def _crowded(count: int) -> Season:
    """Return a season whose inbox also holds what other years left."""
    year = season(0)
    others = (replace(take, name=f"{seed}/{take.name}") for seed in range(1, 9) for take in season(seed).takes)
    return replace(year, takes=(*year.takes, *others)[:count])
