"""A small HTTP proxy on loopback that plays the faults a healthy S3 server doesn't show.

``proxy.play(answer(409, "ConditionalRequestConflict"), method="PUT", times=3)``: the first rule that fits a request and
has turns left is played; requests without a rule pass through.
"""

from __future__ import annotations

import http.client
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from servers import Keys

_HOP = frozenset({"connection", "keep-alive", "expect", "proxy-connection", "transfer-encoding", "te", "upgrade"})


@dataclass(frozen=True, slots=True)
class Request:
    """What the client sent. ``path`` has the query string, percent-encoded."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def is_conditional(self) -> bool:
        return bool({"if-none-match", "if-match"} & self.headers.keys())


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server said."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


class Reset(Exception):
    """The connection is reset instead of answered."""


@dataclass(frozen=True, slots=True)
class Cut:
    """The answer, of which only ``part`` of the body is sent."""

    answer: Answer
    part: int


Forward = Callable[[Request], Answer]
Play = Callable[[Request, Forward], Answer | Cut]


def answer(status: int, code: str, *, date: datetime | None = None) -> Play:
    """Refuse with this status and S3 error code; the request never reaches the server."""
    body = f"<Error><Code>{code}</Code><Message>played by the proxy</Message></Error>".encode()
    headers = [("Content-Type", "application/xml")]
    if date is not None:
        headers.append(("Date", format_datetime(date, usegmt=True)))

    def play(_request: Request, _forward: Forward) -> Answer:
        return Answer(status, headers, body)

    return play


def skewed(hours: int = 3) -> Play:
    """Refuse because the clocks differ."""
    return answer(403, "RequestTimeTooSkewed", date=datetime.now(UTC) + timedelta(hours=hours))


def reset_before() -> Play:
    """Reset the connection; the server hears nothing."""

    def play(_request: Request, _forward: Forward) -> Answer:
        raise Reset

    return play


def lose_answer() -> Play:
    """Let the server do it and reset the connection instead of answering."""

    def play(request: Request, forward: Forward) -> Answer:
        forward(request)
        raise Reset

    return play


def cut_body(part: int = 10) -> Play:
    """Send only the first ``part`` bytes of the body, then close."""

    def play(request: Request, forward: Forward) -> Cut:
        return Cut(forward(request), part)

    return play


def hold(event: threading.Event, reached: threading.Event | None = None) -> Play:
    """Answer only after ``event``; ``reached`` is set when the request has come."""

    def play(request: Request, forward: Forward) -> Answer:
        if reached is not None:
            reached.set()
        event.wait(60)
        return forward(request)

    return play


def ignore_conditions(keys: Keys) -> Play:
    """Strip If-None-Match and If-Match, sign again and pass on: the server that silently ignores them."""

    def play(request: Request, forward: Forward) -> Answer:
        from botocore.auth import S3SigV4Auth
        from botocore.awsrequest import AWSRequest
        from botocore.credentials import Credentials

        dropped = {"if-none-match", "if-match", "authorization", "x-amz-date", *_HOP}
        headers = {k: v for k, v in request.headers.items() if k not in dropped}
        signed = AWSRequest(request.method, f"http://{headers['host']}{request.path}", headers, request.body)
        signed.context["signing"] = {"region": "us-east-1"}
        S3SigV4Auth(Credentials(keys.access, keys.secret), "s3", "us-east-1").add_auth(signed)
        plain = {k.lower(): v for k, v in signed.headers.items()}
        return forward(Request(request.method, request.path, plain, request.body))

    return play


@dataclass
class _Rule:
    play: Play
    fits: Callable[[Request], bool]
    times: int


@dataclass
class _Rules:
    rules: list[_Rule] = field(default_factory=list)
    seen: list[Request] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def next(self, request: Request) -> Play | None:
        with self.lock:
            self.seen.append(request)
            for rule in self.rules:
                if rule.times and rule.fits(request):
                    rule.times -= 1
                    return rule.play
        return None


class FaultProxy:
    """Listens on a free port of loopback while the ``with`` lasts. ``seen`` holds every request, in order."""

    def __init__(self, upstream: str, keys: Keys) -> None:
        parts = urlsplit(upstream)
        self.keys = keys
        self._rules = _Rules()
        self._server = ThreadingHTTPServer(
            ("127.0.0.1", 0), _handler(self._rules, parts.hostname or "", parts.port or 80)
        )
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def seen(self) -> list[Request]:
        return self._rules.seen

    def play(
        self,
        play: Play,
        *,
        method: str = "",
        holding: str = "",
        conditional: bool = False,
        times: int = -1,
    ) -> None:
        """Play for requests of ``method`` whose path holds ``holding`` (and that are conditional), ``times`` times."""

        def fits(request: Request) -> bool:
            return (
                method in ("", request.method)
                and holding in request.path
                and (request.is_conditional or not conditional)
            )

        self._rules.rules.append(_Rule(play, fits, times))

    def clear(self) -> None:
        self._rules.rules.clear()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def _handler(rules: _Rules, host: str, port: int) -> type[BaseHTTPRequestHandler]:
    def forward(request: Request) -> Answer:
        connection = http.client.HTTPConnection(host, port, timeout=60)
        try:
            connection.putrequest(request.method, request.path, skip_host=True, skip_accept_encoding=True)
            for name, value in request.headers.items():
                if name not in _HOP:
                    connection.putheader(name, value)
            connection.endheaders(request.body or None)
            response = connection.getresponse()
            return Answer(response.status, response.getheaders(), response.read())
        finally:
            connection.close()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30

        def _take(self) -> None:
            headers = {k.lower(): v for k, v in self.headers.items()}
            body = self.rfile.read(int(headers.get("content-length", 0)))
            request = Request(self.command, self.path, headers, body)
            play = rules.next(request)
            try:
                given = play(request, forward) if play else forward(request)
            except (Reset, OSError):
                self._reset()
                return
            try:
                self._give(given)
            except OSError:
                self.close_connection = True

        do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = _take  # noqa: N815

        def _give(self, given: Answer | Cut) -> None:
            real = given.answer if isinstance(given, Cut) else given
            names = {name.lower() for name, _ in real.headers}
            self.send_response_only(real.status)
            for name, value in real.headers:
                if name.lower() not in _HOP | {"content-length"}:
                    self.send_header(name, value)
            if "date" not in names:
                self.send_header("Date", self.date_time_string())
            length = {n.lower(): v for n, v in real.headers}.get("content-length", str(len(real.body)))
            if real.status not in (204, 304):
                self.send_header("Content-Length", length if self.command == "HEAD" else str(len(real.body)))
            self.end_headers()
            if self.command != "HEAD" and real.status not in (204, 304):
                self.wfile.write(real.body[: given.part] if isinstance(given, Cut) else real.body)
            if isinstance(given, Cut):
                self.close_connection = True

        def _reset(self) -> None:
            # Lingering for zero seconds sends RST instead of FIN.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            self.connection.close()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            pass

    return Handler
