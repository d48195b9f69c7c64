"""Recordings that lie elsewhere: an https or s3 address → a file on this machine, fetched once."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sessioncast.errors import SourceError
from sessioncast.events import Advanced, Finished, Report, Started, silent
from sessioncast.fetch.partial import Partial, claimed
from sessioncast.scratch import unfinished

if TYPE_CHECKING:
    import httpx2

    from sessioncast.model import StoreSettings

TIMEOUT_S = 30.0
PIECE = 1 << 20
_AGAIN = "run the same command again"


def fetched(
    address: str,
    room: Path,
    settings: StoreSettings,
    report: Report = silent,
    *,
    resume: bool = False,
    private: bool = True,
) -> Path:
    """Return the file behind ``address``, fetched into ``room`` unless it is there already.

    s3:// is read with the show's own endpoint and boto3's credentials. A file that arrives short is not kept; with
    ``resume`` its beginning is, and the next call asks for the rest. ``private=False`` asks public addresses only: for
    addresses that a stranger's feed names. Raises SourceError for https, the store's errors for s3.
    """
    target = kept(address, room)
    if target.exists():
        return target
    room.mkdir(parents=True, exist_ok=True)
    if address.lower().startswith("s3://"):
        from sessioncast.store.shelf import Shelf

        bucket, _, key = address[5:].partition("/")
        folder, _, last = key.rpartition("/")
        report(Started("fetch", address, 0, "bytes"))
        Shelf(f"s3://{bucket}/{folder}", settings).read(last, into=target)  # any key: a recorder's names are its own
        report(Finished("fetch", address))
        return target
    partial = claimed(target) if resume else Partial(unfinished(target))
    try:
        _download(address, partial, report, private=private)
        partial.finish(target)
    finally:
        if resume:
            partial.leave(target)
        else:
            partial.drop()
    return target


def kept(address: str, room: Path) -> Path:
    """Return the file that ``fetched`` makes of an address; it may not be there yet."""
    name = PurePosixPath(urlsplit(address).path).name or "recording"
    return room / f"{hashlib.sha256(address.encode()).hexdigest()[:16]}-{name}"


def _download(address: str, partial: Partial, report: Report, *, private: bool) -> None:
    import httpx2

    from sessioncast.fetch.addresses import AddressRefused, Checked, is_public, shown

    name = shown(address)
    headers = {"Accept-Encoding": "identity"} | partial.asking
    client = httpx2.Client(timeout=TIMEOUT_S, follow_redirects=True, transport=None if private else Checked(is_public))
    try:
        with client, client.stream("GET", address, headers=headers) as answer:
            if answer.status_code == 416:  # what is here is more than what is there: another file
                partial.drop()
            if answer.status_code not in (200, 206) or (answer.status_code == 206 and "Range" not in headers):
                raise SourceError(
                    f"{name}: found status {answer.status_code}, expected the recording",
                    hint=_AGAIN
                    if answer.status_code == 416
                    else "open the address in a browser where nobody is signed in",
                )
            size = _take(name, answer, partial, report)
            report(Finished("fetch", name, f"{size} bytes"))
    except AddressRefused as e:
        raise SourceError(
            f"{name}: found {e}, expected a recording in the open internet", hint="fetch the file yourself and name it"
        ) from None
    except (httpx2.HTTPError, httpx2.InvalidURL) as e:
        raise SourceError(f"{name}: found no answer ({type(e).__name__}), expected the recording", hint=_AGAIN) from e


def _take(name: str, answer: httpx2.Response, partial: Partial, report: Report) -> int:
    """Write what comes behind what is there, and return the size of the whole file."""
    size, whole = 0, int(answer.headers.get("content-length", 0))
    if answer.status_code == 206:
        size = partial.path.stat().st_size
        said = re.fullmatch(r"bytes (\d+)-(\d+)/(\d+|\*)", answer.headers.get("content-range", ""))
        if not said or int(said[1]) != size:
            partial.drop()
            raise SourceError(f"{name}: found another part than was asked for, expected the rest", hint=_AGAIN)
        whole = int(said[3]) if said[3] != "*" else size + whole
    else:
        partial.begin(answer.headers)
    report(Started("fetch", name, whole, "bytes"))
    if size:
        report(Advanced("fetch", name, size))
    with partial.path.open("ab") as file:
        for piece in answer.iter_bytes(PIECE):
            if not size and (what := _no_sound(piece)):
                file.close()
                partial.drop()
                raise SourceError(
                    f"{name}: found {what}, expected the recording",
                    hint="open the address in a browser where nobody is signed in; the link may have expired",
                )
            file.write(piece)
            size += len(piece)
            report(Advanced("fetch", name, len(piece)))
    if whole and size != whole and "content-encoding" not in answer.headers:
        if size > whole:
            partial.drop()
        raise SourceError(f"{name}: found {size} bytes, expected {whole}", hint=_AGAIN)
    return size


def _no_sound(head: bytes) -> str:
    """Return what an answer with status 200 is instead of a recording, by its first bytes: servers say little of errors."""
    start = head[:200].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<!--", b"<title")):
        return "a web page (an error or login page)"
    if re.match(rb"[{\[]\s*[\"{]", start):
        return "a message in JSON"
    return "an XML message" if start.startswith(b"<?xml") else ""
