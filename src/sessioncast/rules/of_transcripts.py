"""Judges of transcripts: their tags, and their files where somebody read them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from sessioncast.rules.document import FeedDocument, Item, attribute, tags, text
from sessioncast.rules.facts import Facts
from sessioncast.rules.judging import Wrong, judges
from sessioncast.rules.values import seconds

_TYPES = ("text/plain", "text/html", "text/vtt", "application/json", "application/x-subrip")
_SRT_OLD = ("application/srt", "text/srt")
_TIME = r"(?:(\d{2,}):)?([0-5]\d):([0-5]\d)[.,](\d{3})"
_CUE = re.compile(rf"{_TIME}[ \t]+-->[ \t]+{_TIME}")
_SRT_CUE = re.compile(r"(?m)^\d+[ \t]*\n\d{2}:\d{2}:\d{2},\d{3} --> \d{2}:\d{2}:\d{2},\d{3}")
_LOOKED_AT = 5_000_000


def _transcripts(feed: FeedDocument) -> Iterator[tuple[Item, str, str]]:
    for item in feed.items:
        for tag in tags(item.element, "podcast:transcript"):
            yield item, attribute(tag, "url"), attribute(tag, "type").partition(";")[0].strip().lower()


def _read(feed: FeedDocument, facts: Facts, *types: str) -> Iterator[tuple[Item, str, str]]:
    """Yield the transcripts of these types that somebody read: item, address, text."""
    for item, url, type_ in _transcripts(feed):
        if type_ in types and url in facts.files:
            yield item, url, facts.files[url][:_LOOKED_AT].decode("utf-8", "replace").replace("\r\n", "\n")


def _cues(body: str) -> list[tuple[float, float]]:
    """Start and end of each cue, in seconds."""
    return [(_at(*found[0:4]), _at(*found[4:8])) for found in _CUE.findall(body)]


def _at(hours: str, minutes: str, seconds_: str, thousandths: str) -> float:
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds_) + int(thousandths) / 1000


def _disorder(body: str) -> str:
    """Say what is wrong with the times of a file of cues; empty where nothing is."""
    cues = _cues(body)
    if not cues:
        return "no cue"
    if any(end <= start for start, end in cues):
        return "a cue that ends before it starts"
    if any(after[0] < before[0] for before, after in pairwise(cues)):
        return "cues that do not rise"
    return ""


@judges("TR-ATTR")
def _attributes(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for item in feed.items:
        for tag in tags(item.element, "podcast:transcript"):
            for name in ("url", "type"):
                if not attribute(tag, name):
                    yield Wrong(f"podcast:transcript@{name}", "nothing", "url and type", item)


@judges("TR-TYPES")
def _types(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for item, _url, type_ in _transcripts(feed):
        if type_ and type_ not in (*_TYPES, *_SRT_OLD):
            yield Wrong("podcast:transcript@type", repr(type_), "one of " + ", ".join(_TYPES), item)


@judges("TR-SRT-MIME")
def _srt_name(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for item, _url, type_ in _transcripts(feed):
        if type_ in _SRT_OLD:
            yield Wrong("podcast:transcript@type", type_, "application/x-subrip", item)


@judges("TR-VTT")
def _vtt(feed: FeedDocument, facts: Facts) -> Iterator[Wrong]:
    for item, url, body in _read(feed, facts, "text/vtt"):
        if not re.match(r"\ufeff?WEBVTT(?:[ \t\n]|$)", body):
            yield Wrong(f"transcript {url}", repr(body[:20]), "WEBVTT first", item)
        elif wrong := _disorder(body):
            yield Wrong(f"transcript {url}", wrong, "cues that rise and end after they start", item)


@judges("TR-SRT")
def _srt(feed: FeedDocument, facts: Facts) -> Iterator[Wrong]:
    for item, url, body in _read(feed, facts, "application/x-subrip", *_SRT_OLD):
        if not 0 < body.count("-->") == len(_SRT_CUE.findall(body)):
            yield Wrong(
                f"transcript {url}", "cues of another form", "a number, then HH:MM:SS,mmm --> HH:MM:SS,mmm", item
            )
        elif wrong := _disorder(body):
            yield Wrong(f"transcript {url}", wrong, "cues that rise and end after they start", item)


@judges("TR-JSON")
def _json(feed: FeedDocument, facts: Facts) -> Iterator[Wrong]:
    for item, url, body in _read(feed, facts, "application/json"):
        try:
            plain: Any = json.loads(body)
        except (ValueError, RecursionError):
            plain = None
        segments = plain.get("segments") if isinstance(plain, dict) else None
        if not isinstance(plain, dict) or "version" not in plain or not isinstance(segments, list):
            yield Wrong(f"transcript {url}", "JSON without version or segments" if plain else "no JSON", "", item)
        elif any(not isinstance(s, dict) or not {"startTime", "endTime", "body"} <= set(s) for s in segments):
            yield Wrong(f"transcript {url}", "a segment without startTime, endTime or body", "", item)


@judges("TR-HTML")
def _html(feed: FeedDocument, facts: Facts) -> Iterator[Wrong]:
    for item, url, body in _read(feed, facts, "text/html"):
        missing = [f"<{tag}>" for tag in ("cite", "time", "p") if not re.search(rf"<{tag}[\s>]", body, re.IGNORECASE)]
        if missing:
            yield Wrong(f"transcript {url}", "no " + " ".join(missing), "cite, time and p", item)


@judges("TR-FIT")
def _fit(feed: FeedDocument, facts: Facts) -> Iterator[Wrong]:
    for item, url, body in _read(feed, facts, "text/vtt", "application/x-subrip", *_SRT_OLD):
        length = seconds(text(item.element, "itunes:duration"))
        ends = [end for _start, end in _cues(body)]
        if length and ends and max(ends) > length + 1:
            yield Wrong(f"transcript {url}", f"a cue at {max(ends):.0f} s", f"none after {length} s", item)
