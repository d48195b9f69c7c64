"""Who is told, on loopback: an HTTP server that answers as a test wants, and a real SMTP server (aiosmtpd) that refuses or breaks off."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass(frozen=True, slots=True)
class Heard:
    """One request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Hearer:
    """An HTTP server. ``answers`` are given in turn, the last one for ever: a status, "cut" (after the whole request), or "silent"."""

    answers: list[int | str] = field(default_factory=lambda: [204])
    say: bytes = b""
    heard: list[Heard] = field(default_factory=list)

    def __enter__(self) -> Self:
        hearer, self._over = self, threading.Event()

        class Handler(BaseHTTPRequestHandler):
            def handle_one_request(self) -> None:
                try:
                    super().handle_one_request()
                except (ConnectionError, ValueError):
                    self.close_connection = True

            def _hear(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                names = {name.lower(): value for name, value in self.headers.items()}
                hearer.heard.append(Heard(self.command, self.path, names, body))
                answer = hearer.answers.pop(0) if len(hearer.answers) > 1 else hearer.answers[0]
                self.close_connection = True
                if answer == "silent":
                    hearer._over.wait(60)
                elif answer == "cut":
                    self.connection.shutdown(socket.SHUT_RDWR)
                else:
                    self.send_response(int(answer))
                    if 300 <= int(answer) < 400:
                        self.send_header("Location", hearer.url + "elsewhere")
                    self.send_header("Content-Length", str(len(hearer.say)))
                    self.end_headers()
                    self.wfile.write(hearer.say)

            do_GET = do_POST = _hear  # noqa: N815 - the library's names

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=lambda: self._server.serve_forever(0.02))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        """The server's address, with a slash."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/"


def nobody() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@dataclass
class Letterbox:
    """What an SMTP server does with mail: ``at`` names a step that goes wrong, ``how`` is a reply, "cut" or "silent"."""

    at: str = ""
    how: str = ""
    mails: list[EmailMessage] = field(default_factory=list)
    letters: list[tuple[list[str], bytes]] = field(default_factory=list)
    asked: int = 0
    logins: list[tuple[bytes, bytes]] = field(default_factory=list)
    password: bytes = b""

    async def _step(self, server: SMTP, step: str) -> str:
        if self.at != step:
            return ""
        if self.how == "cut":
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
            return "250 never heard"
        if self.how == "silent":
            await asyncio.Event().wait()
        return self.how

    async def handle_MAIL(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        self.asked += 1
        envelope.mail_from = address
        return await self._step(server, "MAIL") or "250 OK"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return await self._step(server, "RCPT") or "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd's name
        body = envelope.content if isinstance(envelope.content, bytes) else b""
        self.letters.append(([*envelope.rcpt_tos], body))
        self.mails.append(message_from_bytes(body, policy=policy.default))
        return await self._step(server, "DATA") or "250 OK"

    def login(self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: object) -> AuthResult:
        """Take the one password there is."""
        assert isinstance(data, LoginPassword)
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password == self.password, handled=False)


@contextmanager
def mail_server(box: Letterbox, tls: ssl.SSLContext | None = None, *, wrapped: bool = False) -> Iterator[int]:
    """Run an SMTP server on loopback and yield its port; with ``tls`` by STARTTLS, or ``wrapped`` from the first byte."""
    more: dict[str, Any] = {"authenticator": box.login, "auth_required": bool(box.password), "timeout": 30}
    if wrapped:
        # aiosmtpd asks for STARTTLS before AUTH even here, and warns where it is told not to: who comes in is not asked
        more |= {"ssl_context": tls, "auth_required": False, "auth_require_tls": False}
    elif tls:
        more |= {"tls_context": tls, "require_starttls": True}
    port = nobody()
    controller = Controller(box, hostname="127.0.0.1", port=port, **more)
    controller.start()
    try:
        yield port
    finally:
        for task in asyncio.all_tasks(controller.loop):
            controller.loop.call_soon_threadsafe(task.cancel)
        controller.stop()
