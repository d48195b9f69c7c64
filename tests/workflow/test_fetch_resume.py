"""A large recording over a line that breaks: what came is kept, and only the rest is asked for, if it is the rest of the same."""

from __future__ import annotations

import os
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from hostile import Hostile
from sessioncast.errors import SourceError
from sessioncast.events import Advanced, Started
from sessioncast.fetch import fetched
from sessioncast.model import StoreSettings

MB = 1 << 20
TALK = b"ID3" + bytes(range(256)) * (3 * MB // 256)
SETTINGS = StoreSettings(url="file:///nowhere")


class Breaking(Hostile):
    """Breaks off after ``cut`` bytes of a body, 0 for never; ``etag`` names the file, "" for none; ``ranges`` it keeps or not."""

    def __init__(self) -> None:
        super().__init__({})
        self.body = TALK
        self.cut = 0
        self.etag = '"first"'
        self.ranges = True
        self.asked_for: list[str] = []

    def answer(self, request: BaseHTTPRequestHandler, *, body: bool) -> None:
        del body
        wanted = request.headers.get("Range", "")
        self.asked_for.append(wanted)
        first = int(wanted[6:].rstrip("-")) if wanted else 0
        whole = not wanted or not self.ranges or request.headers.get("If-Range") != self.etag
        sent = self.body if whole else self.body[first:]
        if not whole and not sent:
            self._send(request, 416, {}, b"", body=True)
            return
        request.send_response_only(200 if whole else 206)
        if not whole:
            request.send_header("Content-Range", f"bytes {first}-{len(self.body) - 1}/{len(self.body)}")
        if self.etag:
            request.send_header("ETag", self.etag)
        request.send_header("Content-Length", str(len(sent)))
        request.end_headers()
        request.wfile.write(sent[: self.cut or len(sent)])
        request.close_connection = True


@pytest.fixture
def web() -> Iterator[Breaking]:
    with Breaking() as server:
        yield server


def _cut(web: Breaking, room: Path) -> None:
    web.cut = 2 * MB
    with pytest.raises(SourceError, match="found no answer") as caught:
        fetched(f"{web.base}/talk.mp3", room, SETTINGS, resume=True)
    assert caught.value.hint == "run the same command again"
    web.cut = 0


def test_only_the_rest_is_asked_for(web: Breaking, tmp_path: Path) -> None:
    _cut(web, tmp_path)
    events: list[object] = []
    path = fetched(f"{web.base}/talk.mp3", tmp_path, SETTINGS, events.append, resume=True)
    assert path.read_bytes() == TALK
    assert web.asked_for == ["", f"bytes={2 * MB}-"]
    assert list(tmp_path.iterdir()) == [path]
    assert [e.total for e in events if isinstance(e, Started)] == [len(TALK)]
    assert sum(e.amount for e in events if isinstance(e, Advanced)) == len(TALK)


def test_a_line_that_breaks_again_and_again(web: Breaking, tmp_path: Path) -> None:
    _cut(web, tmp_path)
    web.cut = 1 * MB
    with pytest.raises(SourceError):
        fetched(f"{web.base}/talk.mp3", tmp_path, SETTINGS, resume=True)
    web.cut = 0
    assert fetched(f"{web.base}/talk.mp3", tmp_path, SETTINGS, resume=True).read_bytes() == TALK
    assert web.asked_for[-1] in (f"bytes={2 * MB}-", f"bytes={3 * MB}-")


def test_another_file_by_now_is_fetched_whole(web: Breaking, tmp_path: Path) -> None:
    _cut(web, tmp_path)
    web.etag, web.body = '"second"', TALK[::-1]
    assert fetched(f"{web.base}/talk.mp3", tmp_path, SETTINGS, resume=True).read_bytes() == TALK[::-1]


@pytest.mark.parametrize("etag", ["", 'W/"first"'])
def test_a_server_that_names_nothing_is_not_trusted_with_the_rest(web: Breaking, tmp_path: Path, etag: str) -> None:
    web.etag = etag
    _cut(web, tmp_path)
    assert fetched(f"{web.base}/talk.mp3", tmp_path, SETTINGS, resume=True).read_bytes() == TALK
    assert web.asked_for == ["", ""]


def test_a_server_without_ranges_sends_it_whole(web: Breaking, tmp_path: Path) -> None:
    _cut(web, tmp_path)
    web.ranges = False
    assert fetched(f"{web.base}/talk.mp3", tmp_path, SETTINGS, resume=True).read_bytes() == TALK


def test_a_file_that_shrank_is_begun_anew(web: Breaking, tmp_path: Path) -> None:
    _cut(web, tmp_path)
    web.body = TALK[:MB]
    with pytest.raises(SourceError, match="found status 416"):
        fetched(f"{web.base}/talk.mp3", tmp_path, SETTINGS, resume=True)
    assert fetched(f"{web.base}/talk.mp3", tmp_path, SETTINGS, resume=True).read_bytes() == TALK[:MB]


def test_what_a_killed_run_left_is_gone_on_with(web: Breaking, tmp_path: Path) -> None:
    _cut(web, tmp_path)
    (left,) = (path for path in tmp_path.iterdir() if path.suffix == ".part")
    killed = left.with_name(left.name.removesuffix(".part") + ".1-2.part")
    left.rename(killed)
    left.with_name(f"{left.name}.of").rename(killed.with_name(f"{killed.name}.of"))
    os.utime(killed, (0, 0))
    assert fetched(f"{web.base}/talk.mp3", tmp_path, SETTINGS, resume=True).read_bytes() == TALK
    assert web.asked_for[1] == f"bytes={2 * MB}-"
    assert len(list(tmp_path.iterdir())) == 1


def test_another_run_s_beginning_is_left_alone(web: Breaking, tmp_path: Path) -> None:
    _cut(web, tmp_path)
    (left,) = (path for path in tmp_path.iterdir() if path.suffix == ".part")
    living = left.with_name(left.name.removesuffix(".part") + ".1-2.part")
    left.rename(living)
    assert fetched(f"{web.base}/talk.mp3", tmp_path, SETTINGS, resume=True).read_bytes() == TALK
    assert web.asked_for == ["", ""]
    assert living.exists()


def test_without_resume_nothing_is_kept(web: Breaking, tmp_path: Path) -> None:
    web.cut = 2 * MB
    with pytest.raises(SourceError):
        fetched(f"{web.base}/talk.mp3", tmp_path, SETTINGS)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"\xef\xbb\xbf\n<!DOCTYPE html><title>Please log in</title>", "a web page"),
        (b"<html><body>The link has expired</body></html>", "a web page"),
        (b'{"status": false, "errorCode": 3001, "errorMessage": "no such recording"}', "a message in JSON"),
        (b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>", "an XML message"),
    ],
)
@pytest.mark.parametrize("resume", [False, True])
def test_a_page_with_status_200_is_no_recording(
    web: Breaking, tmp_path: Path, body: bytes, what: str, resume: bool
) -> None:
    web.body = body
    with pytest.raises(SourceError, match=f"talk.mp3.*: found {what}.*, expected the recording"):
        fetched(f"{web.base}/talk.mp3?token=secret", tmp_path, SETTINGS, resume=resume)
    assert list(tmp_path.iterdir()) == []


def test_a_stranger_s_address_may_not_lead_inside(web: Breaking, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="private, local or reserved"):
        fetched(f"{web.base}/talk.mp3", tmp_path, SETTINGS, private=False)
    assert web.asked_for == []
