"""One list of chapters in the formats that are written as files: JSON chapters 1.2.0, and chapters.txt."""

from __future__ import annotations

import json
from collections.abc import Iterable

from sessioncast.chapters.reading import Mark
from sessioncast.extras import Chapter


def json_chapters(chapters: Iterable[Chapter]) -> bytes:
    """Return ``application/json+chapters`` (CP-TOP, CP-FIELDS): seconds to the millisecond."""
    listed = [
        {"startTime": _number(c.start), "title": c.title, **({"url": c.link} if c.link else {})} for c in chapters
    ]
    return (json.dumps({"version": "1.2.0", "chapters": listed}, ensure_ascii=False, indent=1) + "\n").encode()


def _number(seconds: float) -> float | int:
    rounded = round(seconds, 3)
    return int(rounded) if rounded == int(rounded) else rounded


def marks_text(marks: Iterable[Mark]) -> str:
    """Return a chapters.txt."""
    return "".join(f"{_clock(m.start)} {m.title}{f' {m.link}' if m.link else ''}\n" for m in marks)


def _clock(milliseconds: int) -> str:
    seconds, thousandths = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    tail = f".{thousandths:03d}" if thousandths else ""
    head = f"{minutes // 60}:{minutes % 60:02d}" if minutes >= 60 else f"{minutes}"
    return f"{head}:{seconds:02d}{tail}"
