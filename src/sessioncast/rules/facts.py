"""What a judge may know beside the feed's bytes. Whatever is missing is not judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture's facts: pixels, ``format`` as its bytes say (JPEG, PNG …), colour ``mode``, bytes, dots an inch."""

    width: int
    height: int
    format: str = "JPEG"
    mode: str = "RGB"
    transparent: bool = False
    dpi: float | None = None
    size: int = 0


@dataclass(frozen=True, slots=True)
class ChapterFrame:
    """An ID3 CHAP frame; times in milliseconds."""

    id: str
    start: int
    end: int
    title: str = ""


@dataclass(frozen=True, slots=True)
class ContentsFrame:
    """An ID3 CTOC frame."""

    id: str
    top: bool
    ordered: bool
    children: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sound:
    """An audio file's facts: ``duration`` in seconds (0 unknown), ``bitrate`` in bits a second, loudness in LUFS, peak in dB."""

    format: str = "mp3"
    duration: float = 0.0
    sample_rate: int = 0
    channels: int = 0
    bitrate: int = 0
    steady: bool = True
    header: bool = True
    loudness: float | None = None
    peak: float | None = None
    size: int = 0
    tag_version: str = ""
    title: str = ""
    artist: str = ""
    album: str = ""
    picture_side: int = 0
    picture_bytes: int = 0
    chapters: tuple[ChapterFrame, ...] = ()
    contents: tuple[ContentsFrame, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of what a feed names, by address.

    ``now``: the time by which a date is in the future. ``feed_url``: where the feed was found. ``public``: False on a
    loopback address, where https is not to be had. ``first_guid``: the podcast:guid the feed must have because it never
    had one before. ``files``: transcripts and chapters. ``verify`` gives facts that a web server told.
    """

    now: datetime | None = None
    feed_url: str = ""
    public: bool = True
    first_guid: str = ""
    loudness: float = -16.0
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    sounds: Mapping[str, Sound] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
