"""An old host on loopback: whatever a sample feed names under https://media.example.org, and the feed itself."""

from __future__ import annotations

import io
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from oldfeeds import MEDIA

VTT = b"""WEBVTT

00:00:01.000 --> 00:00:04.000
<v Florence Nightingale>The wedges show the deaths.

00:00:04.000 --> 00:00:08.000
<v Elizabeth Blackwell>Which are the blue ones?
"""
SRT = b"""1
00:00:01,000 --> 00:00:04,000
Lavez vos mains.
"""
CHAPTERS = {
    "version": "1.2.0",
    "chapters": [
        {"startTime": 0, "title": "Opening"},
        {"startTime": 2.5, "title": "The wedges", "url": "https://quality.example.org/wedges", "img": "https://quality.example.org/w.png"},
        {"title": "Nowhere"},
    ],
}  # fmt: skip


def mp3(seconds: float = 3.0) -> bytes:
    """Return a small MP3 that plays."""
    import math
    import struct

    import lameenc

    encoder = lameenc.Encoder()
    encoder.set_bit_rate(64)
    encoder.set_in_sample_rate(44_100)
    encoder.set_channels(1)
    encoder.silence()
    pcm = b"".join(struct.pack("<h", round(8000 * math.sin(n / 15))) for n in range(int(44_100 * seconds)))
    return bytes(encoder.encode(pcm)) + bytes(encoder.flush())


def picture(side: int = 1400) -> bytes:
    """Return a plain square PNG."""
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (side, side), (20, 80, 120)).save(out, "PNG")
    return out.getvalue()


class OldHost:
    """Answers below ``base``; ``feed`` is served at /feed.xml, ``gone`` paths are not there. ``asked`` lists (method, path)."""

    def __init__(self) -> None:
        self.feed = b""
        self.gone: set[str] = set()
        self.others: dict[str, bytes] = {}
        self.asked: list[tuple[str, str]] = []
        self.sound, self._picture = mp3(), picture()
        host = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                host._answer(self)

            do_HEAD = do_GET  # noqa: N815

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002
                del format, args

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def serve(self, feed: bytes) -> str:
        """Serve a feed whose media lie here, and return its address."""
        self.feed = feed.replace(MEDIA, self.base.encode()).replace(
            MEDIA.replace(b"https", b"http"), self.base.encode()
        )
        return f"{self.base}/feed.xml"

    def _answer(self, ask: BaseHTTPRequestHandler) -> None:
        path = urlsplit(ask.path).path
        self.asked.append((ask.command, path))
        body, kind = self._body(path)
        ask.send_response(404 if body is None else 200)
        ask.send_header("Content-Type", kind)
        ask.send_header("Content-Length", str(len(body or b"")))
        ask.end_headers()
        if ask.command == "GET" and body:
            ask.wfile.write(body)

    def _body(self, path: str) -> tuple[bytes | None, str]:
        extension = path.rpartition(".")[2]
        if path in self.gone:
            return None, "text/plain"
        if path in self.others:
            return self.others[path], "audio/mpeg"
        if path == "/feed.xml":
            return self.feed, "application/rss+xml"
        if path.endswith(".chapters.json"):
            return json.dumps(CHAPTERS).encode(), "application/json+chapters"
        kinds = {
            "mp3": (self.sound, "audio/mpeg"),
            "png": (self._picture, "image/png"),
            "jpg": (self._picture, "image/jpeg"),
            "vtt": (VTT, "text/vtt"),
            "srt": (SRT, "application/x-subrip"),
        }
        return kinds.get(extension, (None, "text/plain"))
