"""What a disk can answer, as errors of ours; and files that are there whole or not at all.

Shared by the folder store and by downloads. The errno table is the only place that knows what a full disk looks like.
"""

from __future__ import annotations

import errno
import hashlib
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from sessioncast.errors import StoreDenied, StoreError, StoreUnavailable

CHUNK = 1024 * 1024

_FULL = {errno.ENOSPC, errno.EFBIG} | {getattr(errno, name) for name in ("EDQUOT",) if hasattr(errno, name)}
_DENIED = {errno.EACCES, errno.EPERM, errno.EROFS}
_IMPOSSIBLE = {errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.ENOTEMPTY, errno.ENAMETOOLONG, errno.ELOOP}


def disk_error(e: OSError, path: Path | str) -> StoreError:
    """Return ``e`` as an error of ours, naming the path: full or failing, not allowed, or impossible."""
    said = (e.strerror or str(e) or type(e).__name__).lower()
    if e.errno in _FULL:
        return StoreUnavailable(
            f"{path}: the disk or its quota is full ({said})", hint="make room there, then run the same command again"
        )
    if e.errno in _DENIED:
        return StoreDenied(f"{path}: {said}", hint=f"look at who owns it: ls -ld {path}")
    if e.errno in _IMPOSSIBLE:
        return StoreError(f"{path}: can't be used as asked: {said}", hint="move away what stands there")
    return StoreUnavailable(f"{path}: the disk failed: {said}")


@contextmanager
def disk_errors(path: Path | str) -> Iterator[None]:
    """Turn every OSError inside into an error of ours that names ``path``."""
    try:
        yield
    except OSError as e:
        raise disk_error(e, path) from e


def read_chunks(path: Path) -> Iterator[bytes]:
    """Yield the file in pieces. Raises StoreError naming the file when it can't be read."""
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                yield chunk
    except FileNotFoundError:
        raise StoreError(f"{path}: found no file, expected the bytes to upload") from None
    except OSError as e:
        raise disk_error(e, path) from e


def write_part(part: Path, chunks: Iterable[bytes]) -> str:
    """Write a new file, flushed to the disk, and return its SHA-256; a failure leaves no file.

    The caller moves it to its place with ``move``. Raises what ``disk_error`` says, naming the file.
    """
    digest = hashlib.sha256()
    try:
        with disk_errors(part), part.open("xb") as file:
            for chunk in chunks:
                file.write(chunk)
                digest.update(chunk)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return digest.hexdigest()


def write_whole(path: Path, chunks: Iterable[bytes]) -> str:
    """Write ``path`` whole or not at all and return the SHA-256 of its bytes."""
    part = path.with_name(f".{uuid4().hex}.part")
    digest = write_part(part, chunks)
    try:
        with disk_errors(path):
            move(part, path)
    finally:
        part.unlink(missing_ok=True)
    return digest


def move(part: Path, path: Path) -> None:
    """Put ``part`` in the place of ``path`` in one step. Raises OSError."""
    for pause in (0.01, 0.05, 0.1, 0.5, 1.0):
        try:
            part.replace(path)
        except PermissionError:
            # Windows refuses to replace a file that somebody is just reading; elsewhere a refusal is final.
            if os.name != "nt":
                raise
            time.sleep(pause)
        else:
            return
    part.replace(path)
