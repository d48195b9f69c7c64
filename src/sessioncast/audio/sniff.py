"""Looks at the first bytes of a recording before any decoder does, and says in words what is wrong with it.

Knows the shapes that land in an organiser's folder by mistake: error pages, playlists, texts, files cut off while
recording. Refuses to know codecs; what passes here may still be refused by the decoder.
"""

from __future__ import annotations

import stat
import struct
from pathlib import Path
from typing import BinaryIO

from sessioncast.errors import MediaError

_HEAD = 4096
_PLAYLISTS = (b"#extm3u", b"ffconcat", b"[playlist]", b"<asx", b"<mpd", b"v=0\r", b"v=0\n", b"<smil", b"rtsptext")
_PAGES = (b"<!doctype html", b"<html", b"<head", b"<body")
_BOXES = frozenset(
    (
        b"ftyp",
        b"moov",
        b"mdat",
        b"free",
        b"skip",
        b"wide",
        b"uuid",
        b"moof",
        b"sidx",
        b"styp",
        b"meta",
        b"pnot",
        b"mfra",
    )
)


def refuse_what_is_no_media(recording: Path) -> None:
    """Raise MediaError unless ``recording`` is a regular file that may hold sound; nothing but it is opened.

    Directories, pipes and devices are refused without being opened: opening a FIFO would wait for ever.
    """
    try:
        found = recording.stat()
    except (FileNotFoundError, NotADirectoryError):
        raise MediaError(
            f"{recording}: found no file, expected a recording",
            hint='put the recording there, or name another file: recording = "…" in session.toml',
        ) from None
    except (OSError, ValueError) as e:
        raise MediaError(f"{recording}: can't be looked at: {_reason(e)}", hint=f"ls -l '{recording.parent}'") from None
    if stat.S_ISDIR(found.st_mode):
        raise MediaError(
            f"{recording}: found a folder, expected a recording",
            hint='name a file in the folder: recording = "…" in session.toml',
        )
    if not stat.S_ISREG(found.st_mode):
        raise MediaError(
            f"{recording}: found a pipe or device, expected a regular file", hint="copy the recording to a file first"
        )
    if found.st_size == 0:
        raise MediaError(
            f"{recording}: found an empty file, expected a recording", hint="fetch or copy the recording again"
        )
    try:
        with recording.open("rb") as file:
            what, hint = _what_instead(file, found.st_size)
    except OSError as e:
        raise MediaError(f"{recording}: can't be read: {_reason(e)}", hint=f"ls -l '{recording}'") from None
    if what:
        raise MediaError(f"{recording}: found {what}, expected a recording", hint=hint)


def _what_instead(file: BinaryIO, size: int) -> tuple[str, str]:
    """Return what the file is instead of media and how to mend it; two empty strings where it may be media."""
    head = file.read(_HEAD)
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) and len(head) % 2 == 0:
        start = head.decode("utf-16", "replace").lstrip().lower().encode("utf-8", "replace")
    again = "fetch the recording again; the link may have expired or need a login"
    if start.startswith(_PAGES) or (start.startswith((b"<?xml", b"<!--")) and b"<html" in start):
        return "a web page (an error or login page saved under the recording's name)", again
    if start.startswith(_PLAYLISTS) or (start.startswith(b"<?xml") and b"<mpd" in start):
        return (
            "a playlist, which only names other files or addresses",
            "name the sound file itself, not a list of files",
        )
    if _is_text(head):
        return "a text file", again
    if head[4:8] in _BOXES and not _has_index(file, size):
        return (
            "an MP4 file without its index (moov), as when the recorder or the copy was cut off",
            "fetch or copy the recording again; if the recorder itself was cut off, repair the file with its maker's tool",
        )
    return "", ""


def _is_text(head: bytes) -> bool:
    """Whether these first bytes can only be text; a character cut in two at their end is forgiven."""
    if any(byte < 9 or (13 < byte < 32 and byte != 27) for byte in head):
        return False
    try:
        head[: len(head) - 3 if len(head) == _HEAD else None].decode()
    except UnicodeDecodeError as e:
        return len(head) == _HEAD and e.reason == "unexpected end of data"
    return True


def _has_index(file: BinaryIO, size: int) -> bool:
    """Whether a moov box (or movie fragments) stands among the top-level boxes (ISO/IEC 14496-12, 4.2)."""
    at = 0
    for _ in range(10_000):
        file.seek(at)
        header = file.read(16)
        if len(header) < 8:
            return False
        length, kind = struct.unpack(">I4s", header[:8])
        if kind in (b"moov", b"moof"):
            return at + (length or size - at) <= size
        if length == 1 and len(header) == 16:
            length = struct.unpack(">Q", header[8:])[0]
        if length < 8:  # 0 means 'to the end of the file', and the index did not come before
            return False
        at += length
    return False


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
