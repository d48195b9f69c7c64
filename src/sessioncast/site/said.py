"""A whole transcript for a page: its JSON as published, in paragraphs of a few sentences, each with its time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sessioncast.extras import TextFile
    from sessioncast.model import PublicShow, PublishedEpisode

_SENTENCES = 6
_PAUSE = 4.0
"""Seconds after which a paragraph ends, as in the transcripts people download."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What one person says in a row: seconds from the start, and sentences with their own start."""

    speaker: str
    start: float
    end: float
    sentences: tuple[tuple[float, str], ...]
    anchor: str = ""


def source(show: PublicShow, episode: PublishedEpisode) -> TextFile | None:
    """Return the transcript a page shows: the JSON in the talk's language, else the first there is; none that lies elsewhere."""
    language = episode.language or show.language
    found = [t for t in episode.transcripts if t.media_type == "application/json" and "://" not in t.key]
    return next((t for t in found if t.language == language), found[0] if found else None)


def paragraphs(body: bytes) -> tuple[Paragraph, ...]:
    """Return what the JSON transcript says; bytes that are none say nothing."""
    try:
        segments = [
            (str(s.get("speaker", "")), float(s["startTime"]), float(s["endTime"]), str(s["body"]))
            for s in json.loads(body)["segments"]
        ]
    except (ValueError, KeyError, TypeError, AttributeError):
        return ()
    return tuple(_anchored(_joined(segments)))


def _joined(segments: list[tuple[str, float, float, str]]) -> Iterator[Paragraph]:
    part: list[tuple[str, float, float, str]] = []
    for segment in segments:
        if part and (segment[0] != part[0][0] or len(part) >= _SENTENCES or segment[1] - part[-1][2] > _PAUSE):
            yield _paragraph(part)
            part = []
        part.append(segment)
    if part:
        yield _paragraph(part)


def _paragraph(part: list[tuple[str, float, float, str]]) -> Paragraph:
    sentences = tuple((start, text) for _, start, _, text in part)
    return Paragraph(part[0][0], part[0][1], part[-1][2], sentences)


def _anchored(found: Iterator[Paragraph]) -> Iterator[Paragraph]:
    """Give each second one anchor: two paragraphs that begin within it can't both be t12."""
    last = -1
    for p in found:
        second = int(p.start)
        anchor = f"t{second}" if second > last else ""
        last = max(last, second)
        yield Paragraph(p.speaker, p.start, p.end, p.sentences, anchor)
