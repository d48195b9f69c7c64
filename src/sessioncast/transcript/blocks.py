"""WebVTT and SRT: blocks of lines with a line of times, read line by line so that an error can name its line."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from sessioncast.errors import ContentError
from sessioncast.transcript.cue import Cue

_TIME = r"(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})[.,](\d{1,3})"
_TIMES = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}(?:\s.*)?$")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?[ \t]+([^>]{1,300})>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z0-9:.][^>]{0,300}>|\{\\[^}]{0,100}\}")
_BESIDE = ("NOTE", "STYLE", "REGION", "X-TIMESTAMP-MAP")


def read_blocks(text: str, name: str, *, vtt: bool) -> tuple[Cue, ...]:
    """Return the cues of a WebVTT or SRT file, in order of time.

    Raises ContentError naming the line for times that can't be read, that run backwards, and for text without times.
    """
    lines = text.split("\n")
    cues: list[Cue] = []
    at = _after_header(lines) if vtt else 0
    while at < len(lines):
        block_start = at
        block: list[str] = []
        while at < len(lines) and lines[at].strip():
            block.append(lines[at])
            at += 1
        at += 1
        if block:
            cues += _cues(block, block_start, name, vtt=vtt)
    return tuple(sorted(cues, key=lambda cue: (cue.start, cue.end)))


def _after_header(lines: list[str]) -> int:
    at = 1
    while at < len(lines) and lines[at].strip() and "-->" not in lines[at]:
        at += 1
    return at


def _cues(block: list[str], first: int, name: str, *, vtt: bool) -> Iterator[Cue]:
    """Yield the cues of one block; a blank line between two may be missing."""
    timed = [number for number, line in enumerate(block) if "-->" in line]
    if not timed:
        if (vtt and block[0].startswith(_BESIDE)) or (len(block) == 1 and block[0].strip().isdigit()):
            return
        raise ContentError(
            f"{name}: line {first + 1}: found {block[0].strip()[:60]!r} without times, expected 00:00:01.000 --> 00:00:04.000 above it",
            hint="export the captions again, or give this line its times",
        )
    if vtt and block[0].startswith("NOTE"):
        return
    for index, number in enumerate(timed):
        end = len(block)
        if index + 1 < len(timed):
            end = timed[index + 1]
            end -= block[end - 1].strip().isdigit() and end - 1 > number  # the number of the next cue
        start_ms, end_ms = _times(block[number], first + number + 1, name)
        yield from _said(block[number + 1 : end], start_ms, end_ms, vtt=vtt)


def _times(line: str, number: int, name: str) -> tuple[int, int]:
    found = _TIMES.match(line)
    if not found or any(int(found[group]) > 59 for group in (2, 3, 6, 7)):
        raise ContentError(
            f"{name}: line {number}: found {line.strip()[:60]!r}, expected times such as 00:00:01.000 --> 00:00:04.000",
            hint="mend that line, or export the captions again",
        )
    start, end = _ms(*found.group(1, 2, 3, 4)), _ms(*found.group(5, 6, 7, 8))
    if end < start:
        raise ContentError(
            f"{name}: line {number}: found an end before the start ({line.strip()[:60]}), expected start --> end",
            hint="mend that line, or export the captions again",
        )
    return start, end


def _ms(hours: str | None, minutes: str, seconds: str, fraction: str) -> int:
    return ((int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int(fraction.ljust(3, "0"))


def _said(lines: list[str], start: int, end: int, *, vtt: bool) -> Iterator[Cue]:
    """Yield what is said in one cue: one part for each voice, time shared out by length."""
    text = "\n".join(lines)
    pieces = _VOICE.split(text) if vtt else [text]
    parts = [("", pieces[0]), *zip(pieces[1::2], pieces[2::2], strict=True)]
    plain = [(_plain(speaker, vtt=vtt), _plain(said, vtt=vtt)) for speaker, said in parts]
    plain = [(speaker, said) for speaker, said in plain if said]
    total = sum(len(said) for _, said in plain)
    done = 0
    for speaker, said in plain:
        first = start + (end - start) * done // total
        done += len(said)
        yield Cue(first, start + (end - start) * done // total, said, speaker)


def _plain(text: str, *, vtt: bool) -> str:
    """Return text without markup; lines stay lines, since each may begin with a name."""
    bare = _TAG.sub("", text)
    if vtt:
        bare = html.unescape(bare)
    return "\n".join(filter(None, (" ".join(line.split()) for line in bare.split("\n"))))
