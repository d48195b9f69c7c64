"""The server around the receiver: one fixed port, a bound on connections, and none that dawdles over its request."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sessioncast.errors import SessioncastError
from sessioncast.serve.bounds import Bounds

if TYPE_CHECKING:
    from starlette.applications import Starlette


def serve(
    app: Starlette, *, host: str, port: int, on_ready: Callable[[str], None], bounds: Bounds | None = None
) -> None:
    """Serve until Ctrl-C or SIGTERM; ``on_ready`` is told the base address once connections are answered.

    A port in use is an error: whoever sends messages was told this one. Port 0 takes any free one. Raises SessioncastError.
    """
    limits = bounds or Bounds()
    with _listening(host, port) as listener:
        where, number = listener.getsockname()[:2]
        _run(app, listener, limits, lambda: on_ready(f"http://{f'[{where}]' if ':' in where else where}:{number}"))


def _listening(host: str, port: int) -> socket.socket:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (OSError, UnicodeError, OverflowError):
        raise SessioncastError(
            f"--host: found {host!r}, expected an address of this machine", hint="sessioncast serve --host 127.0.0.1"
        ) from None
    listener = socket.socket(family, kind, protocol)
    try:
        if os.name == "posix":  # a receiver that was killed must find its port free again
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(128)
    except OSError as e:
        listener.close()
        said = "in use" if e.errno == errno.EADDRINUSE else (e.strerror or str(e)).lower()
        raise SessioncastError(
            f"{host}:{port}: found it {said}, expected a port to listen on",
            hint="end the other receiver, or: sessioncast serve --port 8788, and tell the proxy in front of it",
        ) from None
    return listener


def _run(app: Starlette, listener: socket.socket, bounds: Bounds, on_ready: Callable[[], None]) -> None:
    import uvicorn
    from uvicorn.protocols.http.h11_impl import H11Protocol

    class Impatient(H11Protocol):
        """A connection on which a request's head must come in time; its body is the application's to wait for."""

        def connection_made(self, transport: Any) -> None:
            super().connection_made(transport)
            self._waiting = self.loop.call_later(bounds.head_s, self._give_up)

        def connection_lost(self, exc: Exception | None) -> None:
            self._waiting.cancel()
            super().connection_lost(exc)

        def on_response_complete(self) -> None:
            super().on_response_complete()
            self._waiting.cancel()
            self._waiting = self.loop.call_later(bounds.head_s, self._give_up)

        def _give_up(self) -> None:
            answering = self.cycle is not None and not self.cycle.response_complete
            if not answering and not self.transport.is_closing():
                self.transport.close()

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets=sockets)
            if self.started:
                on_ready()

    config = uvicorn.Config(
        app,
        access_log=False,
        log_level="error",
        http=Impatient,
        ws="none",
        loop="asyncio",
        lifespan="on",
        timeout_keep_alive=int(bounds.head_s) or 1,
        limit_concurrency=bounds.connections,
        h11_max_incomplete_event_size=16 << 10,
        timeout_graceful_shutdown=3,
        server_header=False,
        date_header=False,
    )
    try:
        Server(config).run(sockets=[listener])
    except KeyboardInterrupt:
        return  # Ctrl-C is how a receiver ends; uvicorn has answered what it had begun
