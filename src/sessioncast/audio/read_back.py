"""Files read back as a player reads them: what a picture is, and what the first bytes of an audio file say of the rest."""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import Any

from sessioncast.errors import MediaError
from sessioncast.filefacts import ChapterFrame, ContentsFrame, Picture, Sound

FRAMES_BYTES = 65_536
"""Bytes after the tags that tell how the sound is encoded."""

_TAG_HEAD = 10
_MODES = {"RGB": "RGB", "RGBA": "RGBA", "YCbCr": "RGB"}


def tag_size(head: bytes) -> int:
    """Return how many bytes the ID3v2 tag in front takes, its header included; 0 where there is none."""
    if len(head) < _TAG_HEAD or head[:3] != b"ID3" or any(byte > 127 for byte in head[6:10]):
        return 0
    size = 0
    for byte in head[6:10]:
        size = size << 7 | byte
    return size + _TAG_HEAD


def read_picture(body: bytes, name: str) -> Picture:
    """Return what a picture is, its pixels unread. Raises MediaError naming ``name`` for what is no picture."""
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the pixels are never unpacked, so a bomb is only a number here
            with Image.open(io.BytesIO(body), formats=("JPEG", "PNG", "WEBP", "TIFF", "GIF")) as picture:
                dpi = picture.info.get("dpi")
                return Picture(
                    width=picture.width,
                    height=picture.height,
                    format=str(picture.format),
                    mode=_MODES.get(picture.mode, picture.mode),
                    transparent="A" in picture.mode or "transparency" in picture.info,
                    dpi=round(float(dpi[0]), 1) if dpi else None,
                    size=len(body),
                )
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError):
        raise MediaError(f"{name}: found no picture, expected JPEG or PNG") from None


def read_sound_file(path: Path) -> Sound:
    """Return what an audio file is, from its first bytes and its size. Raises MediaError for what is no sound."""
    with path.open("rb") as file:
        head = file.read(_TAG_HEAD)
        file.seek(0)
        return read_sound(file.read(tag_size(head) + FRAMES_BYTES), path.stat().st_size, str(path))


def read_sound(head: bytes, size: int, name: str) -> Sound:
    """Return what an audio file of ``size`` bytes is, from its first bytes: the tag and ``FRAMES_BYTES`` after it.

    Of M4A only the container is known. Raises MediaError naming ``name`` where no first frame can be read.
    """
    if head[4:8] == b"ftyp":
        return Sound(format="m4a", size=size)
    import mutagen
    from mutagen.mp3 import MP3, BitrateMode

    try:
        file: Any = MP3(fileobj=io.BytesIO(head))
    except (mutagen.MutagenError, ValueError, EOFError):
        raise MediaError(f"{name}: found no MPEG frame, expected an MP3 that plays") from None
    info = file.info
    steady = info.bitrate_mode in (BitrateMode.CBR, BitrateMode.UNKNOWN)
    header = info.bitrate_mode is not BitrateMode.UNKNOWN
    # Without a header mutagen counts the bytes it was given; the file goes on.
    duration = info.length if header else max(0, size - tag_size(head)) * 8 / info.bitrate
    return Sound(
        format="mp3",
        duration=float(duration),
        sample_rate=int(info.sample_rate),
        channels=int(info.channels),
        bitrate=int(info.bitrate),
        steady=steady,
        header=header,
        size=size,
        **_tags(file.tags),
    )


def _tags(tag: Any) -> dict[str, Any]:
    if tag is None:
        return {}
    pictures = tag.getall("APIC")
    body = bytes(pictures[0].data) if pictures else b""
    return {
        "tag_version": ".".join(str(part) for part in tag.version[:2]),
        "title": _first(tag, "TIT2"),
        "artist": _first(tag, "TPE1"),
        "album": _first(tag, "TALB"),
        "picture_bytes": len(body),
        "picture_side": _side(body),
        "chapters": tuple(
            ChapterFrame(str(c.element_id), int(c.start_time), int(c.end_time), _first(c.sub_frames, "TIT2"))
            for c in tag.getall("CHAP")
        ),
        "contents": tuple(
            ContentsFrame(str(c.element_id), bool(c.flags & 2), bool(c.flags & 1), tuple(map(str, c.child_element_ids)))
            for c in tag.getall("CTOC")
        ),
    }


def _first(tag: Any, name: str) -> str:
    found = tag.getall(name)
    return str(found[0]) if found else ""


def _side(body: bytes) -> int:
    if not body:
        return 0
    try:
        picture = read_picture(body, "embedded picture")
    except MediaError:
        return 0
    return max(picture.width, picture.height)
