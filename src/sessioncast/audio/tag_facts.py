"""What an audio file says of itself, whatever its container: one value for ID3, MP4 atoms and Vorbis comments (TAG-*).

Nothing in a tag depends on where the show is published, on the clock or on the machine: the same facts and the same
sound give the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class TagChapter:
    """One chapter: ``start`` and ``end`` in milliseconds, start below end; ``link`` may be empty."""

    start: int
    end: int
    title: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class TagFacts:
    """What a tag says. Empty strings, None and 0 leave their frame out.

    ``date`` is the session's, with offset: the day where it took place counts. ``language`` is BCP 47 (``en-ca``),
    ``copyright`` the holder's name alone, ``link`` the session's own page, ``cover`` a JPEG (ART-EMBED).
    """

    title: str
    show: str
    artists: tuple[str, ...]
    guid: str
    date: datetime | None = None
    season: int | None = None
    number: int | None = None
    summary: str = ""
    language: str = ""
    copyright: str = ""
    link: str = ""
    category: str = ""
    cover: bytes = b""
    chapters: tuple[TagChapter, ...] = ()
