"""Chapters as people write them: ``chapters.txt`` beside session.toml, or a list in the notes. Times are the recording's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from sessioncast.errors import Problem

LEAST = 3
"""A list in the notes with fewer times than this is none of chapters (CP-SPOTIFY)."""

_CLOCK = r"[\[(]?(?:(\d{1,2}):)?(\d{1,3}):([0-5]\d)(?:[.,](\d{1,3}))?[\])]?"
_LINE = re.compile(rf"{_CLOCK}(?:[ \t]*[-–—:|.]+)?[ \t]+(\S.*)$")
_BULLET = re.compile(r"(?:[-*+•]|\d{1,3}[.)])[ \t]+")
_LINK = re.compile(r"[ \t]+<?(https://[!-~]+?)>?$")
_LONGEST = 255


@dataclass(frozen=True, slots=True)
class Mark:
    """A chapter as written: milliseconds of the recording, a title, perhaps a link."""

    start: int
    title: str
    link: str = ""


def read_marks(text: str, name: str) -> tuple[tuple[Mark, ...], tuple[Problem, ...]]:
    """Return the chapters of a chapters.txt, ``1:02:03 Title`` a line, and what is wrong with it, by line.

    Empty lines and lines that begin with # don't count; a https address at the end of a line is the chapter's link.
    """
    marks: list[Mark] = []
    problems: list[Problem] = []
    for number, raw in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith("#"):
            continue
        mark = _mark(line)
        if mark is None:
            problems.append(
                Problem(name, f"line {number}", repr(line[:60]), "a time and a title, such as 12:30 The map", "mend it")
            )
        elif marks and mark.start <= marks[-1].start:
            problems.append(
                Problem(name, f"line {number}", repr(line[:60]), "a time after the one above (CP-ORDER)", "mend it")
            )
        else:
            marks.append(mark)
    return tuple(marks), tuple(problems)


def from_notes(notes: str) -> tuple[Mark, ...]:
    """Return the chapters of a list in the notes; none where there is no list of at least three rising times from 0 on.

    A programme of the day ("12:00 Lunch") begins at no zero, and so is none.
    """
    best: list[Mark] = []
    run: list[Mark] = []
    for raw in [*notes.splitlines(), ""]:
        line = _BULLET.sub("", raw.strip(), count=1).strip("*_` ").removesuffix("\\")
        mark = _mark(line) if line else None
        if mark is not None and (not run or mark.start > run[-1].start):
            run.append(mark)
            continue
        if line or len(run) >= LEAST:
            if len(run) > len(best):
                best = run
            run = [mark] if mark else []
    return tuple(best) if len(best) >= LEAST and best[0].start == 0 else ()


def without_marks(notes: str) -> str:
    """Return the notes without their list of chapters, which the feed writes itself, shifted to the audio's times."""
    marks = {(mark.start, mark.title) for mark in from_notes(notes)}
    if not marks:
        return notes
    kept = []
    for raw in notes.splitlines():
        mark = _mark(_BULLET.sub("", raw.strip(), count=1).strip("*_` ").removesuffix("\\"))
        if mark is None or (mark.start, mark.title) not in marks:
            kept.append(raw)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def _mark(line: str) -> Mark | None:
    found = _LINE.match(line)
    if not found or (found[1] and int(found[2]) > 59):
        return None
    title, link = found[5].strip(), ""
    if linked := _LINK.search(title):
        title, link = title[: linked.start()].strip(), linked[1]
    title = " ".join(title.split())[:_LONGEST].rstrip()
    if not title:
        return None
    return Mark(_ms(found[1], found[2], found[3], found[4]), title, link)


def _ms(hours: str | None, minutes: str, seconds: str, fraction: str | None) -> int:
    return ((int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int((fraction or "0").ljust(3, "0"))


def rising(marks: tuple[Mark, ...]) -> bool:
    """Whether each begins after the one before."""
    return all(before.start < after.start for before, after in pairwise(marks))
