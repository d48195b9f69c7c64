"""Transcripts and chapters that an item names, or holds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sessioncast.chapters import Mark
from sessioncast.oldfeed import words
from sessioncast.oldfeed.markup import line_of
from sessioncast.oldfeed.value import OldText
from sessioncast.rules.document import attribute, tags

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from sessioncast.oldfeed.ledger import Ledger

_TYPES = {"application/srt": "application/x-subrip", "text/srt": "application/x-subrip"}
_CLOCK = re.compile(r"(?:(\d+):)?(?:(\d{1,2}):)?(\d{1,2})(?:\.(\d{1,3}))?")


def transcripts_of(element: Element, ledger: Ledger) -> tuple[OldText, ...]:
    """Return the transcripts an item names."""
    found = []
    for tag in tags(element, "podcast:transcript"):
        url, said = attribute(tag, "url").strip(), attribute(tag, "type").partition(";")[0].strip().lower()
        language = words.language(attribute(tag, "language"))
        if not words.address(url) or not 0 < len(said) <= 100:
            ledger.lost("podcast:transcript", url, "is not kept: no http(s) address, or no type")
            continue
        found.append(OldText(url, _TYPES.get(said, said), language))
    return tuple(found)


def chapters_of(element: Element, ledger: Ledger) -> tuple[Mark, ...]:
    """Return the chapters that stand in the feed itself (psc:chapters), in milliseconds."""
    found = []
    for outer in tags(element, "psc:chapters"):
        for tag in tags(outer, "psc:chapter"):
            at, title = _milliseconds(attribute(tag, "start")), line_of(attribute(tag, "title"))[:255]
            if at is None or not title:
                ledger.lost("psc:chapter", f"{attribute(tag, 'start')} {title}", "is not kept: no time or no title")
                continue
            link = attribute(tag, "href")
            found.append(Mark(at, title, link if link.startswith("https://") else ""))
            if attribute(tag, "image"):
                ledger.lost("psc:chapter image", attribute(tag, "image"))
    return tuple(found)


def _milliseconds(said: str) -> int | None:
    match = _CLOCK.fullmatch(said.strip())
    if match is None:
        return None
    *clock, rest = match.groups()
    hours, minutes, seconds = clock if clock[1] is not None else ("0", clock[0] or "0", clock[2])
    total = (int(hours or 0) * 60 + int(minutes or 0)) * 60 + int(seconds)
    return total * 1000 + int((rest or "0").ljust(3, "0"))
