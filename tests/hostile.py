"""A web server on loopback that serves what it is given and gets one thing wrong at a time."""

from __future__ import annotations

import gzip
import hashlib
import re
import threading
from collections.abc import Callable, Mapping
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from sessioncast import layout

WRONGS = (
    "head-405",
    "no-ranges",
    "wrong-length",
    "wrong-type",
    "html-200",
    "redirect-loop",
    "slow-drip",
    "slow-head",
    "status-500",
    "gzip-bomb",
    "no-416",
    "no-304",
    "silence",
)


class Hostile:
    """Serves ``read(key)`` (None: 404) as a good server would, but for what ``wrong`` says of keys that contain ``at``."""

    def __init__(self, read: Callable[[str], bytes | None] | Mapping[str, bytes]) -> None:
        self.read: Callable[[str], bytes | None] = read if callable(read) else dict(read).get
        self.wrong = ""
        self.at = ""
        self.asked = 0
        self.stopping = threading.Event()
        bomb()  # made before anybody waits for it
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                outer.answer(self, body=True)

            def do_HEAD(self) -> None:
                outer.answer(self, body=False)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's name
                del format, args

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: Any, client_address: Any) -> None:
                del request, client_address  # a client that gives up on us is what we are for

        self._server = Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def answer(self, request: BaseHTTPRequestHandler, *, body: bool) -> None:
        self.asked += 1
        key = request.path.lstrip("/").partition("?")[0]
        wrong = self.wrong if self.at in key else ""
        whole = self.read(key)
        if wrong == "silence":
            self.stopping.wait(30)
            return
        if wrong == "slow-head":
            self._drip(request, b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 100_000)
            return
        if wrong == "redirect-loop":
            self._send(request, 302, {"Location": f"/{key}?again={self.asked % 2}"}, b"", body=body)
            return
        if wrong == "status-500":
            self._send(request, 500, {}, b"broken", body=body)
            return
        if whole is None:
            self._send(request, 404, {}, b"no such thing", body=body)
            return
        if wrong == "head-405" and not body:
            self._send(request, 405, {"Allow": "GET"}, b"", body=body)
            return
        self._serve(request, key, whole, wrong, body=body)

    def _serve(self, request: BaseHTTPRequestHandler, key: str, whole: bytes, wrong: str, *, body: bool) -> None:
        type_ = "application/octet-stream" if wrong == "wrong-type" else layout.media_type(key)
        if wrong == "html-200":
            whole, type_ = b"<!doctype html><title>Please log in</title>", "text/html"
        if wrong == "wrong-length":
            whole = whole[: len(whole) // 2]
        headers = {
            "Content-Type": type_,
            "ETag": f'"{hashlib.sha256(whole).hexdigest()[:16]}"',
            "Cache-Control": layout.cache_control(key),
            "Access-Control-Allow-Origin": "*",
            "Accept-Ranges": "bytes",
        }
        if wrong == "gzip-bomb":
            headers["Content-Encoding"] = "gzip"
            self._send(request, 200, headers, bomb(), body=body)
            return
        if wrong == "slow-drip" and body:
            self._drip(request, b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", then=whole)
            return
        if wrong != "no-304" and request.headers.get("If-None-Match") == headers["ETag"]:
            self._send(request, 304, headers, b"", body=False)
            return
        wanted = re.fullmatch(r"bytes=(\d+)-(\d*)", request.headers.get("Range", ""))
        if wanted and wrong != "no-ranges":
            first = int(wanted[1])
            last = min(int(wanted[2] or len(whole) - 1), len(whole) - 1)
            if first >= len(whole):
                status = 200 if wrong == "no-416" else 416
                self._send(request, status, {**headers, "Content-Range": f"bytes */{len(whole)}"}, b"", body=body)
                return
            headers["Content-Range"] = f"bytes {first}-{last}/{len(whole)}"
            self._send(request, 206, headers, whole[first : last + 1], body=body)
            return
        if "gzip" in request.headers.get("Accept-Encoding", "") and type_.startswith(("application/rss", "text/")):
            headers["Content-Encoding"] = "gzip"
            whole = gzip.compress(whole, mtime=0)
        self._send(request, 200, headers, whole, body=body)

    def _drip(self, request: BaseHTTPRequestHandler, head: bytes, then: bytes = b"") -> None:
        """Send a byte now and then for ever: every single wait is short, the whole never ends."""
        request.close_connection = True
        if then:
            request.wfile.write(head)
        for byte in (then or head) * 10:
            request.wfile.write(bytes((byte,)))
            request.wfile.flush()
            if self.stopping.wait(0.02):
                return

    def _send(
        self, request: BaseHTTPRequestHandler, status: int, headers: Mapping[str, str], payload: bytes, *, body: bool
    ) -> None:
        request.send_response_only(status)
        for name, value in headers.items():
            request.send_header(name, value)
        if status != 304:
            request.send_header("Content-Length", str(len(payload)))
        request.end_headers()
        if body:
            request.wfile.write(payload)


@cache
def bomb() -> bytes:
    """Return some 200 KB that unpack to 50 MB."""
    return gzip.compress(bytes(50_000_000), 1, mtime=0)
