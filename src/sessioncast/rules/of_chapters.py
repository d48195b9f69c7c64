"""Judges of chapters: the tag, the JSON file, Podlove's form, time stamps in a description."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from itertools import pairwise
from typing import Any

from sessioncast.rules.document import FeedDocument, Item, attribute, tags, text
from sessioncast.rules.facts import Facts
from sessioncast.rules.judging import Wrong, judges
from sessioncast.rules.values import seconds

_TYPE = "application/json+chapters"
_START = re.compile(r"(?:(?:\d{1,3}:)?[0-5]?\d:)?\d{1,2}(?:\.\d{1,3})?")
_STAMP = re.compile(r"^\(?((?:\d{1,2}:)?\d{1,2}:\d{2})\)?[ \t]+(\S.*)$")
_BREAKS = re.compile(r"<(?:br|/p|/li)[^>]*>", re.IGNORECASE)


def _files(feed: FeedDocument, facts: Facts) -> Iterator[tuple[Item, str, Any]]:
    """Every chapters file that somebody read: item, place, what its JSON holds (None: no JSON)."""
    for item in feed.items:
        for tag in tags(item.element, "podcast:chapters"):
            url = attribute(tag, "url")
            if url in facts.files:
                try:
                    plain: Any = json.loads(facts.files[url])
                except (ValueError, RecursionError):
                    plain = None
                yield item, f"chapters {url}", plain


def _chapters(plain: Any) -> list[dict[str, Any]]:
    found = plain.get("chapters") if isinstance(plain, dict) else None
    return [c for c in found if isinstance(c, dict)] if isinstance(found, list) else []


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


@judges("CP-TAG")
def _tag(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for item in feed.items:
        found = tags(item.element, "podcast:chapters")
        if len(found) > 1:
            yield Wrong("podcast:chapters", f"{len(found)} of them", "one", item)
        for tag in found:
            if not attribute(tag, "url"):
                yield Wrong("podcast:chapters@url", "nothing", "the file's address", item)
            if attribute(tag, "type") != _TYPE:
                yield Wrong("podcast:chapters@type", repr(attribute(tag, "type")), _TYPE, item)


@judges("CP-TOP")
def _top(feed: FeedDocument, facts: Facts) -> Iterator[Wrong]:
    for item, place, plain in _files(feed, facts):
        if not isinstance(plain, dict):
            yield Wrong(place, "no JSON object", "version and chapters", item)
        elif not isinstance(plain.get("version"), str) or not isinstance(plain.get("chapters"), list):
            yield Wrong(place, "no version or no chapters", "version and chapters", item)


@judges("CP-FIELDS")
def _fields(feed: FeedDocument, facts: Facts) -> Iterator[Wrong]:
    for item, place, plain in _files(feed, facts):
        for number, chapter in enumerate(_chapters(plain), 1):
            if not _is_number(chapter.get("startTime")):
                yield Wrong(place, f"chapter {number} with startTime {chapter.get('startTime')!r}", "a number", item)
            for name in ("title", "img", "url"):
                if not isinstance(chapter.get(name, ""), str):
                    yield Wrong(place, f"chapter {number} with {name} {chapter[name]!r}", "text", item)
            if not isinstance(chapter.get("toc", True), bool):
                yield Wrong(place, f"chapter {number} with toc {chapter['toc']!r}", "true or false", item)


@judges("CP-ORDER")
def _order(feed: FeedDocument, facts: Facts) -> Iterator[Wrong]:
    for item, place, plain in _files(feed, facts):
        chapters = [c for c in _chapters(plain) if _is_number(c.get("startTime"))]
        starts = [float(c["startTime"]) for c in chapters]
        length = seconds(text(item.element, "itunes:duration")) or 0
        if any(s < 0 for s in starts) or any(b <= a for a, b in pairwise(starts)):
            yield Wrong(place, "chapters that do not rise", "rising starts from 0 on", item)
        if length and any(s >= length for s in starts):
            yield Wrong(place, f"a chapter at {max(starts):g} s", f"none from {length} s on", item)
        if any(_is_number(c.get("endTime")) and c["endTime"] <= c["startTime"] for c in chapters):
            yield Wrong(place, "a chapter that ends before it starts", "an end after the start", item)


@judges("CP-APPLE-STYLE")
def _style(feed: FeedDocument, facts: Facts) -> Iterator[Wrong]:
    for item, place, plain in _files(feed, facts):
        starts = [float(c["startTime"]) for c in _chapters(plain) if _is_number(c.get("startTime"))]
        gaps = [b - a for a, b in pairwise(starts)]
        if gaps and 0 <= min(gaps) < 120:
            yield Wrong(place, f"a chapter of {min(gaps):g} s", "two minutes or more", item)


@judges("CP-SPOTIFY")
def _stamps(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for item in feed.items:
        lines = _BREAKS.sub("\n", text(item.element, "description")).splitlines()
        found = [m for line in lines if (m := _STAMP.match(unescape(re.sub(r"<[^>]+>", "", line)).strip()))]
        if len(found) < 2:  # one time at a line's start is no list of chapters
            continue
        starts = [seconds(m[1]) or 0 for m in found]
        if len(starts) < 3:
            yield Wrong("description", f"{len(starts)} time stamps", "three or more", item)
        if starts[0] != 0:
            yield Wrong("description", f"a first time stamp {found[0][1]}", "00:00", item)
        if any(b - a < 30 for a, b in pairwise(starts)):
            yield Wrong("description", "time stamps less than 30 s apart", "30 s or more, rising", item)
        if any(len(m[2]) >= 40 for m in found):
            yield Wrong("description", "a long title at a time stamp", "fewer than 40 characters", item)


@judges("CP-PSC")
def _podlove(feed: FeedDocument, _: Facts) -> Iterator[Wrong]:
    for item in feed.items:
        for whole in tags(item.element, "psc:chapters"):
            if not attribute(whole, "version"):
                yield Wrong("psc:chapters@version", "nothing", "1.2", item)
            for tag in tags(whole, "psc:chapter"):
                if not _START.fullmatch(attribute(tag, "start")):
                    yield Wrong("psc:chapter@start", repr(attribute(tag, "start")), "[[HH:]MM:]SS[.mmm]", item)
                if not attribute(tag, "title"):
                    yield Wrong("psc:chapter@title", "nothing", "a title", item)
