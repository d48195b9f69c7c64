"""One file of Zoom's cloud → a file here: gone on with after a cut, held against its size and its first bytes.

A token that is wrong or has ended is answered with status 200 and a page, or with a few bytes; so is a file that was deleted.
The token is sent to Zoom's own hosts alone; where they redirect to, the address itself is the permission.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sessioncast.errors import SourceError
from sessioncast.events import Advanced, Report
from sessioncast.recorders.port import CloudFile
from sessioncast.recorders.zoom_asking import AGAIN, Asker, Busy, border, opened, refuse_busy
from sessioncast.scratch import write_whole

if TYPE_CHECKING:
    import httpx2

_HEAD = 64
_REDIRECTS = 5
_MOST = {"audio": 64 << 30, "video": 64 << 30}
_MOST_TEXT = 256 << 20
_SLOW_S, _SLOW_BYTES = 60.0, 64 << 10
"""A body that brings less than this in so many seconds is given up and gone on with later."""


class Refused(Exception):
    """What came is not the file: the token or the address may have ended."""

    def __init__(self, found: str) -> None:
        super().__init__(found)
        self.found = found


@dataclass(frozen=True, slots=True)
class Partial:
    """What an earlier try left beside the target: the bytes, and a mark of which bytes they are."""

    path: Path
    about: Path

    @classmethod
    def beside(cls, target: Path) -> Partial:
        """Name them; hidden, so that no inbox looks at them."""
        return cls(target.with_name(f".{target.name}.part"), target.with_name(f".{target.name}.part.json"))

    def begun(self, file: CloudFile) -> tuple[int, str]:
        """Return how many bytes are there and the server's mark of them; none where it can't be told that they are this file's."""
        try:
            plain = json.loads(self.about.read_text("utf-8"))
            size = self.path.stat().st_size
        except (OSError, ValueError):
            return 0, ""
        same = isinstance(plain, dict) and plain.get("file") == _same(file)
        mark = plain.get("mark", "") if same else ""
        return (size, mark) if isinstance(mark, str) and mark and size <= (file.size or size) else (0, "")

    def begin(self, file: CloudFile, mark: str) -> None:
        """Start anew, remembering the mark."""
        self.path.write_bytes(b"")
        write_whole(self.about, json.dumps({"file": _same(file), "mark": mark}).encode())

    def drop(self) -> None:
        """Forget it."""
        self.path.unlink(missing_ok=True)
        self.about.unlink(missing_ok=True)


def fetch(asker: Asker, file: CloudFile, token: str, target: Path, report: Report) -> int:
    """Fetch the file to ``target`` with this token and return its size. Raises Refused where another token or address may help, SourceError else."""
    if not asker.addresses.trusts(file.address):
        raise SourceError(
            f"Zoom: {file.name}: found a download address outside Zoom's hosts, expected one that may be shown the token",
            hint="sessioncast zoom list --json, and tell Zoom's support what you found",
        )
    partial = Partial.beside(target)
    with disk(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            for attempt in asker.tried_again():
                with attempt:
                    _go_on(asker, file, token, partial, report)
        except Busy as e:
            raise SourceError(f"Zoom: {file.name}: {e.words}, expected the whole file", hint=AGAIN) from None
        size = partial.path.stat().st_size
        partial.path.replace(target)
        partial.drop()
    return size


def _go_on(asker: Asker, file: CloudFile, token: str, partial: Partial, report: Report) -> None:
    at, mark = partial.begun(file)
    if at and at == file.size:
        report(Advanced("fetch", file.name, at))
        return
    headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"}
    if at:
        headers |= {"Range": f"bytes={at}-", "If-Range": mark}
    with opened() as client, border(), _asked(client, file.address, headers) as answer:
        at = _begins(answer, file, at, partial)
        pieces = _pieces(answer, asker, file, fresh=at == 0)
        first = next(pieces, b"")  # looked at, so that no page takes the place of what came earlier
        if not at:
            partial.begin(file, _mark(answer.headers))
        came = at
        report(Advanced("fetch", file.name, at))
        try:
            with partial.path.open("ab") as out:
                for piece in chain((first,), pieces):
                    came += len(piece)
                    _hold(came, file, partial)
                    out.write(piece)
                    report(Advanced("fetch", file.name, len(piece)))
                out.flush()
                os.fsync(out.fileno())
                size = out.tell()
        except BaseException:
            report(Advanced("fetch", file.name, -came))
            raise
    if size != came:
        partial.drop()
        raise Busy("found somebody else fetching the same file")
    if not size or size != (file.size or size):
        partial.drop()
        raise Refused(f"{size} bytes")


@contextmanager
def _asked(client: httpx2.Client, address: str, headers: Mapping[str, str]) -> Iterator[httpx2.Response]:
    """Yield the answer behind redirects; the token goes no further than Zoom's own origin that was asked first."""
    import httpx2

    sent = dict(headers)
    origin = httpx2.URL(address)
    for _ in range(_REDIRECTS):
        with client.stream("GET", address, headers=sent) as answer:
            if answer.status_code not in (301, 302, 303, 307, 308):
                refuse_busy(answer)
                yield answer
                return
            url = answer.url.join(answer.headers.get("location", ""))
        if (url.scheme, url.host, url.port) != (origin.scheme, origin.host, origin.port):
            sent.pop("Authorization", None)
        address = str(url)
    raise SourceError(f"Zoom: found more than {_REDIRECTS} redirects, expected a recording", hint=AGAIN)


def _begins(answer: httpx2.Response, file: CloudFile, at: int, partial: Partial) -> int:
    """Judge status and headers and return from which byte on the body goes; what can't be gone on with is begun anew."""
    status, headers = answer.status_code, answer.headers
    if status in (401, 403):
        raise Refused(f"status {status}")
    if status == 416:
        partial.drop()
        raise Busy("found the rest of it refused", 0)
    if status in (404, 410):
        raise Refused(f"status {status}: it was deleted, or moved")
    if status not in (200, 206):
        raise SourceError(f"Zoom: {file.name}: found status {status}, expected the file", hint=AGAIN)
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in ("text/html", "application/xhtml+xml") or (kind == "application/json" and file.kind != "other"):
        raise Refused(f"a page ({kind})")
    if status == 206:
        begins = re.fullmatch(r"bytes (\d{1,15})-\d{1,15}/(\d{1,15}|\*)", headers.get("content-range", "").strip())
        if not at or not begins or int(begins[1]) != at or begins[2] not in ("*", str(file.size or begins[2])):
            partial.drop()
            raise Busy("found another part than the one asked for", 0)
        return at
    length = headers.get("content-length", "")
    if file.size is not None and length.isdigit() and int(length) != file.size and "content-encoding" not in headers:
        raise Refused(f"{length} bytes")
    return 0


def _pieces(answer: httpx2.Response, asker: Asker, file: CloudFile, *, fresh: bool) -> Iterator[bytes]:
    """Yield the body as it comes; of a fresh one the first bytes are looked at before any is handed on."""
    head = b""
    since, came = asker.clock(), 0
    for piece in answer.iter_bytes():
        if not fresh:
            yield piece
        elif len(head := head + piece) >= _HEAD:
            _look(head, file)
            yield head
            fresh = False
        came += len(piece)
        if asker.clock() - since > _SLOW_S:
            if came < _SLOW_BYTES:
                raise Busy(f"found {came} bytes in {_SLOW_S:.0f} s")
            since, came = asker.clock(), 0
    if fresh:
        _look(head, file)
        yield head


def _look(head: bytes, file: CloudFile) -> None:
    """Hold the first bytes against what such a file begins with."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:_HEAD]
    page = start.lower().startswith((b"<!doctype", b"<html", b"<head", b"<?xml", b"<script"))
    if file.kind in ("audio", "video"):
        good = head[4:8] in (b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide")
    elif file.kind in ("transcript", "captions"):
        good = start.startswith(b"WEBVTT")
    else:
        good = bool(start) and not page and not (file.kind == "chat" and start.startswith(b"{"))
    if not good:
        what = "a page" if page else f"{len(head)} bytes that begin with {head[:12]!r}"
        raise Refused(what if head else "nothing")


def _hold(size: int, file: CloudFile, partial: Partial) -> None:
    """Stop a body that is longer than it may be."""
    most = file.size or _MOST.get(file.kind, _MOST_TEXT)
    if size > most:
        partial.drop()
        raise Refused(f"more than {most} bytes")


def _mark(headers: Mapping[str, Any]) -> str:
    """Return what names these bytes to the server later on: a strong entity tag, or the time of change."""
    tag = str(headers.get("etag", ""))
    if "content-encoding" in headers:
        return ""
    return tag if tag.startswith('"') else str(headers.get("last-modified", ""))


def _same(file: CloudFile) -> list[object]:
    return [file.recording, file.id, file.size]


@contextmanager
def disk(target: Path) -> Iterator[None]:
    """Turn a disk's trouble into one error that names the file."""
    try:
        yield
    except OSError as e:
        raise SourceError(
            f"{target}: can't be written ({(e.strerror or type(e).__name__).lower()}), expected room for a recording",
            hint="make room there, then run the same command again",
        ) from e
