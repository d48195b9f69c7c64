"""Recordings that lie elsewhere: an https or s3 address → a file on this machine, fetched once."""

from __future__ import annotations

import hashlib
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sessioncast.errors import SourceError
from sessioncast.events import Advanced, Finished, Report, Started, silent
from sessioncast.scratch import unfinished

if TYPE_CHECKING:
    from sessioncast.model import StoreSettings

TIMEOUT_S = 30.0
PIECE = 1 << 20
ATTEMPTS = 6


def fetched(address: str, room: Path, settings: StoreSettings, report: Report = silent) -> Path:
    """Return the file behind ``address``, fetched into ``room`` unless it is there already.

    s3:// is read with the show's own endpoint and boto3's credentials. A file that arrives short is not kept.
    Raises SourceError for https, the store's errors for s3.
    """
    name = PurePosixPath(urlsplit(address).path).name or "recording"
    target = room / f"{hashlib.sha256(address.encode()).hexdigest()[:16]}-{name}"
    if target.exists():
        return target
    room.mkdir(parents=True, exist_ok=True)
    if address.lower().startswith("s3://"):
        from sessioncast.store.s3 import S3Store, make_client

        bucket, _, key = address[5:].partition("/")
        folder, _, last = key.rpartition("/")
        report(Started("fetch", address, 0, "bytes"))
        S3Store(bucket, folder, make_client(settings, ATTEMPTS)).read(last, into=target)
        report(Finished("fetch", address))
        return target
    partial = unfinished(target)
    try:
        _download(address, partial, report)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return target


def _download(address: str, partial: Path, report: Report) -> None:
    import httpx2

    try:
        with httpx2.stream("GET", address, timeout=TIMEOUT_S, follow_redirects=True) as answer:
            if answer.status_code != 200:
                raise SourceError(
                    f"{address}: found status {answer.status_code}, expected the recording",
                    hint="open the address in a browser where nobody is signed in",
                )
            total = int(answer.headers.get("content-length", 0))
            report(Started("fetch", address, total, "bytes"))
            size = 0
            with partial.open("wb") as file:
                for piece in answer.iter_bytes(PIECE):
                    file.write(piece)
                    size += len(piece)
                    report(Advanced("fetch", address, len(piece)))
            if total and size != total and "content-encoding" not in answer.headers:
                raise SourceError(f"{address}: found {size} bytes, expected {total}", hint="run the same command again")
            report(Finished("fetch", address, f"{size} bytes"))
    except httpx2.HTTPError as e:
        raise SourceError(
            f"{address}: found no answer ({type(e).__name__}), expected the recording",
            hint="run the same command again",
        ) from e
