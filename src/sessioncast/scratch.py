"""The scratch room: files written whole or not at all, and known by the hash of their bytes."""

from __future__ import annotations

import hashlib
import os
import shutil
import threading
import time
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

_LEFT_S = 24 * 3600


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sha256_once(path: Path) -> str:
    """Return the same, reading a file again only when its time or size changed: for files looked at often."""
    found = path.stat()
    return _remembered(path, found.st_mtime_ns, found.st_size)


@lru_cache(maxsize=4096)
def _remembered(path: Path, _time: int, _size: int) -> str:
    return sha256_of(path)


def unfinished(path: Path) -> Path:
    """Return the name a file has beside ``path`` until it is whole: of this run and thread alone, as two may meet."""
    return path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.part")


def write_whole(path: Path, body: bytes) -> None:
    """Put the bytes there at once, the folder made where it is missing; a crash leaves no half."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = unfinished(path)
    partial.write_bytes(body)
    partial.replace(path)


def swept(room: Path) -> Path:
    """Return a room for work under way without what killed runs left in it: nothing at work is a day old.

    An hour of sound, decoded, is half a gigabyte.
    """
    for left in room.iterdir():
        with suppress(OSError):  # another run sweeps too
            if time.time() - left.stat().st_mtime > _LEFT_S:
                shutil.rmtree(left) if left.is_dir() else left.unlink()
    return room
