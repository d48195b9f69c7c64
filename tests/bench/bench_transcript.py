"""Two hours of captions through the whole path: read, name, shield, place, join, write in every format."""

from __future__ import annotations

import time
from collections.abc import Iterator

from bench.row import Row
from sessioncast.timeline import Timeline
from sessioncast.transcript import name_speakers, placed, published, read, review, sentences, shielded

_NAMES = ("John Snow", "Mary Seacole", "Joseph Lister", "Ignaz Semmelweis")
_ROSTER = {name: name for name in _NAMES[:2]}


def run(short: bool) -> Iterator[Row]:
    """Measure; ``short`` takes a tenth."""
    count = 400 if short else 4_000
    body = _captions(count)
    start = time.perf_counter()
    cues = name_speakers(read(body, "talk.vtt"), _ROSTER)
    cues, _ = shielded(cues, _ROSTER)
    review(cues)
    length = count * 1_800
    here, _ = placed(cues, Timeline.of(length, [(60_000, length)], lead=5_000), recorded=length)
    made = published(sentences(here), "en", "A talk")
    took = time.perf_counter() - start
    yield Row(f"{count:,} cues, {len(body):,} bytes of WebVTT", count * 1.8 / 60, "min", digits=0)
    yield Row("read, named, shielded, placed, joined, written in five formats", took, "s", "bound 1")
    yield Row("written", sum(map(len, made.values())) / 1e6, "MB")


def _captions(count: int) -> bytes:
    blocks = ["WEBVTT\n"]
    for number in range(count):
        at = number * 1_800
        said = f"{_NAMES[number // 7 % 4]}: and so we counted the deaths house by house{'.' if number % 3 else ''}"
        blocks.append(f"{number + 1}\n{_clock(at)} --> {_clock(at + 1_750)}\n{said}\n")
    return "\n".join(blocks).encode()


def _clock(ms: int) -> str:
    return f"{ms // 3_600_000:02d}:{ms // 60_000 % 60:02d}:{ms // 1000 % 60:02d}.{ms % 1000:03d}"
