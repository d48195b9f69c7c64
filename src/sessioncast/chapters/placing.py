"""From the recording's time to the published audio's, inside the rules: first at 0, rising, inside the duration (CP-ORDER)."""

from __future__ import annotations

from collections.abc import Iterable

from sessioncast.chapters.reading import Mark
from sessioncast.extras import Chapter
from sessioncast.timeline import Timeline

LEAST_APART = 1_000
"""Milliseconds: no chapter is shorter, since most formats count in seconds (CP-AGREE)."""


def placed(marks: Iterable[Mark], timeline: Timeline, *, opening: str) -> tuple[Chapter, ...]:
    """Return the chapters in the audio's time; ``opening`` names what is heard before the first of them.

    A chapter that begins in what was cut begins where the sound goes on; one of which nothing is heard goes. The first
    is moved to 0 where only an intro or a moment lies before it.
    """
    found: list[tuple[int, Mark]] = []
    for mark in sorted(marks, key=lambda mark: mark.start):
        at = timeline.from_(mark.start)
        if at is None or at >= timeline.length:
            continue
        if found and at - found[-1][0] < LEAST_APART:
            if _cut_away(found[-1][1], mark, timeline):
                found[-1] = (found[-1][0], mark)  # nothing is heard of the one before
            continue
        found.append((at, mark))
    if not found:
        return ()
    talk = timeline.pieces[0].at if timeline else 0
    first = found[0][0]
    if first and first - talk < LEAST_APART:
        found[0] = (0, found[0][1])
    elif first:
        found.insert(0, (0, Mark(0, opening)))
    while len(found) > 1 and timeline.length - found[-1][0] < LEAST_APART:
        found.pop()
    return tuple(Chapter(start=at / 1000, title=mark.title, link=mark.link or None) for at, mark in found)


def _cut_away(earlier: Mark, later: Mark, timeline: Timeline) -> bool:
    return not timeline.spans(earlier.start, later.start)
