"""Podcasting 2.0's JSON, and plain text with a time stamp a line: saved captions, recorders' text exports."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from typing import Any

from sessioncast.errors import ContentError
from sessioncast.transcript.cue import Cue

_CLOCK = r"(?:(\d{1,3}):)?(\d{1,2}):(\d{2})(?:[.,](\d{1,3}))?"
_FIRST = re.compile(rf"[\[(]?{_CLOCK}[\])]?(?:[ \t]*[-–—:|])?[ \t]+(\S.*)$")
_ALONE = re.compile(rf"[\[(]?{_CLOCK}[\])]?$")
_NAMED = re.compile(rf"(?:\[([^\]]{{1,200}})\]|(\S.{{0,98}}?\S))[ \t]+[\[(]?{_CLOCK}[\])]?$")
_LAST_CUE = 4000


def read_json(text: str, name: str) -> tuple[Cue, ...]:
    """Return the segments of a JSON transcript 1.0.0. Raises ContentError naming the line or the segment."""
    try:
        plain: Any = json.loads(text)
    except json.JSONDecodeError as e:
        raise ContentError(f"{name}: line {e.lineno}: found no JSON ({e.msg}), expected a transcript") from None
    except RecursionError:
        raise ContentError(f"{name}: line 1: found JSON nested too deeply, expected a transcript") from None
    segments = plain.get("segments") if isinstance(plain, dict) else None
    if not isinstance(segments, list):
        raise ContentError(f"{name}: segments: found {type(plain).__name__}, expected version and segments (TR-JSON)")
    cues = []
    for number, segment in enumerate(segments, 1):
        wrong = _wrong(segment)
        if wrong:
            where = _line_of(text, number)
            raise ContentError(
                f"{name}: line {where}: segment {number}: found {wrong}, expected startTime, endTime and body (TR-JSON)"
            )
        body = " ".join(str(segment["body"]).split())
        if body:
            speaker = " ".join(str(segment.get("speaker") or "").split())
            cues.append(Cue(_ms(segment["startTime"]), _ms(segment["endTime"]), body, speaker))
    return tuple(sorted(cues, key=lambda cue: (cue.start, cue.end)))


def _wrong(segment: Any) -> str:
    """Return what is wrong with a segment; empty where nothing is."""
    if not isinstance(segment, dict):
        return type(segment).__name__
    for key in ("startTime", "endTime"):
        value = segment.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e6:
            return f"{key} {value!r}"
    if segment["endTime"] < segment["startTime"]:
        return "an end before the start"
    return "" if isinstance(segment.get("body"), str) else f"body {segment.get('body')!r}"


def _line_of(text: str, number: int) -> int:
    """Return the line where the n-th segment says its start, the nearest that can be said without a second reader."""
    at = -1
    for _ in range(number):
        following = text.find('"startTime"', at + 1)
        if following < 0:
            break
        at = following
    return text.count("\n", 0, max(0, at)) + 1


def _ms(seconds: float) -> int:
    return round(seconds * 1000)


def read_stamped(text: str, name: str) -> tuple[Cue, ...]:
    """Return text with time stamps as cues: ``00:01:02 text``, ``[Name] 00:01:02`` above text, a stamp on a line of its own.

    Each lasts until the next begins. Raises ContentError naming the line where text has no time, or times run backwards.
    """
    found: list[tuple[int, str, list[str], int]] = []
    for number, line in enumerate((raw.strip() for raw in text.split("\n")), 1):
        if not line:
            continue
        first, alone, named = _FIRST.match(line), _ALONE.match(line), _NAMED.match(line)
        if named:
            found.append((_at(*named.group(3, 4, 5, 6)), named[1] or named[2], [], number))
        elif alone:
            found.append((_at(*alone.group(1, 2, 3, 4)), "", [], number))
        elif first:
            found.append((_at(*first.group(1, 2, 3, 4)), "", [first[5]], number))
        elif found:
            found[-1][2].append(line)
        else:
            raise ContentError(
                f"{name}: line {number}: found {line[:60]!r}, expected a time first, such as 00:01:02",
                hint="use the recorder's .vtt, or write a time before each part",
            )
    for before, after in pairwise(found):
        if after[0] < before[0]:
            raise ContentError(
                f"{name}: line {after[3]}: found a time before that of line {before[3]}, expected times that rise",
                hint="mend that line, or export the captions again",
            )
    starts = [start for start, *_ in found] + [found[-1][0] + _LAST_CUE] if found else []
    cues = [
        Cue(start, starts[index + 1], " ".join(" ".join(said).split()), " ".join(speaker.split()))
        for index, (start, speaker, said, _) in enumerate(found)
    ]
    return tuple(cue for cue in cues if cue.text)


def _at(hours: str | None, minutes: str, seconds: str, fraction: str | None) -> int:
    return ((int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int((fraction or "0").ljust(3, "0"))
