"""What a picture or an audio file is, as values: read by ``audio``, judged by ``rules``."""

from __future__ import annotations

from dataclasses import dataclass


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
