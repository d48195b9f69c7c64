"""What an item plays: its enclosure, as it is stated."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sessioncast import layout
from sessioncast.oldfeed import words
from sessioncast.oldfeed.value import OldAudio
from sessioncast.rules.document import attribute, tags, value
from sessioncast.rules.values import TYPES, extension, is_web

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from sessioncast.oldfeed.ledger import Ledger

_BURNT = "{http://rssnamespace.org/feedburner/ext/1.0}origEnclosureLink"
_GONE = re.compile(r"^https?://(?:feedproxy\.google\.com|feeds\.feedburner\.com)/", re.IGNORECASE)
_MEANT = {"audio/mp3": "audio/mpeg", "audio/x-mp3": "audio/mpeg", "audio/mpeg3": "audio/mpeg", "audio/x-mpeg": "audio/mpeg",
          "audio/mpg": "audio/mpeg", "audio/x-mp4": "audio/x-m4a"}  # fmt: skip
"""Types as hosts write them, and those that directories take."""


def audio_of(element: Element, ledger: Ledger) -> OldAudio | None:
    """Return the first enclosure that can be reached; others are losses. None where there is none."""
    found: list[OldAudio] = []
    for tag in (*tags(element, "enclosure"), *_media(element)):
        url = attribute(tag, "url").strip()
        if not is_web(url):
            ledger.lost("enclosure", url, "is not kept: no http(s) address")
            continue
        if any(c.isspace() or not c.isprintable() for c in url):
            ledger.lost("enclosure", url, "kept with its spaces encoded")
            url = layout.ascii_address(re.sub(r"\s", " ", url))
        if not words.address(url):
            ledger.lost("enclosure", url, "is not kept: no http(s) address")
            continue
        if any(one.url == url for one in found):
            continue
        length = attribute(tag, "length") or attribute(tag, "fileSize")
        found.append(OldAudio(url, _length(length, ledger), _type(attribute(tag, "type"), url, ledger)))
    for other in found[1:]:
        ledger.lost("enclosure", other.url, "is not kept: an item plays one file")
    if not found:
        return None
    return _unburnt(element, found[0], ledger)


def _media(element: Element) -> list[Element]:
    """Return sounds named by Media RSS, where an item has no enclosure."""
    if tags(element, "enclosure"):
        return []
    return [tag for tag in tags(element, "media:content") if attribute(tag, "type").startswith(("audio/", "video/"))]


def _unburnt(element: Element, audio: OldAudio, ledger: Ledger) -> OldAudio:
    """Return the address behind FeedBurner's, which answers no more."""
    original = element.find(_BURNT)
    said = "" if original is None else value(original).strip()
    if not said or said == audio.url or not is_web(said):
        return audio
    if not _GONE.match(audio.url):
        ledger.lost("feedburner:origEnclosureLink", said, "is not kept: the enclosure's own address counts")
        return audio
    ledger.lost("enclosure", audio.url, f"kept as {said}: FeedBurner's address for it")
    return OldAudio(said, audio.length, audio.media_type)


def _length(said: str, ledger: Ledger) -> int:
    plain = re.sub(r"[\s,.']", "", said)
    if re.fullmatch(r"\d{1,15}", plain) and int(plain) > 1:
        return int(plain)
    ledger.lost("enclosure length", said, "unknown: asked of the server, where that can be done")
    return 0


def _type(said: str, url: str, ledger: Ledger) -> str:
    plain = said.partition(";")[0].strip().lower()
    meant = _MEANT.get(plain, plain)
    by_name = TYPES.get(extension(url), ())
    if not re.fullmatch(r"(audio|video)/[a-z0-9][a-z0-9.+-]*", meant):
        meant = by_name[0] if by_name else ("" if meant in ("", "application/octet-stream") else meant)
    if meant != said:
        ledger.lost("enclosure type", said, f"kept as {meant}" if meant else "unknown: asked of the server")
    return meant[:100]
