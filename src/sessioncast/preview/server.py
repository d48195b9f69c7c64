"""The server around the application: a free port, an address others can use, a quiet log, a clean end."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Callable
from ipaddress import ip_address
from pathlib import Path

from sessioncast.errors import SessioncastError
from sessioncast.store.port import Roots

PORTS_TRIED = 20
_FAR = ("192.0.2.1", 9)  # documentation's own network: nothing is ever sent there


def serve(
    roots: Roots,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    on_ready: Callable[[str], None],
    watched: Path | None = None,
) -> None:
    """Serve the show until Ctrl-C; ``on_ready`` is told the base address once connections are answered.

    A port in use makes way for the next, 20 at most; port 0 takes any free one. ``host`` 0.0.0.0 lets other machines
    in: the base address is then this machine's own in its network. ``watched`` is the show folder whose changes pages
    in a browser load anew for.

    Raises ContentError while nothing is published, SessioncastError when no port or address can be had, and what the
    stores raise.
    """
    with listen(host, port) as listener:
        base_url = address_of(listener)
        _run(roots, listener, base_url, on_ready, watched)


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket on the first free port from ``port`` on."""
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (socket.gaierror, UnicodeError):
        raise SessioncastError(
            f"--host: found {host!r}, expected an address of this machine", hint="sessioncast preview --host 127.0.0.1"
        ) from None
    ports = [0] if port == 0 else list(range(port, min(port + PORTS_TRIED, 65536)))
    for number in ports:
        listener = socket.socket(family, kind, protocol)
        try:
            if os.name == "posix":  # elsewhere the option would let two servers share a port
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((where[0], number, *where[2:]))
            listener.listen(128)
        except OSError as e:
            listener.close()
            if e.errno == errno.EADDRINUSE:
                continue
            raise SessioncastError(
                f"{host}:{number}: can't serve there: {e.strerror or e}",
                hint="sessioncast preview --host 127.0.0.1 --port 8000",
            ) from None
        return listener
    raise SessioncastError(
        f"{host}: found ports {port} to {ports[-1]} all in use, expected a free one",
        hint=f"sessioncast preview --port {port + 1000 if port < 60000 else 8000}",
    )


def address_of(listener: socket.socket) -> str:
    """Return the base address of a listening socket, with this machine's own address where it listens on all."""
    host, port = listener.getsockname()[:2]
    if ip_address(host).is_unspecified:
        host = _own_address()
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _own_address() -> str:
    # Connecting a datagram socket sends nothing: it only asks the system which of its addresses it would use.
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_FAR)
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"


def _run(
    roots: Roots, listener: socket.socket, base_url: str, on_ready: Callable[[str], None], watched: Path | None
) -> None:
    import uvicorn

    from sessioncast.preview.app import make_app

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets=sockets)
            if self.started:
                on_ready(base_url)

    config = uvicorn.Config(
        make_app(roots, base_url, watched),
        access_log=False,
        log_level="error",
        http="h11",
        ws="none",
        loop="asyncio",
        lifespan="on",
        timeout_graceful_shutdown=1,
        server_header=False,
    )
    try:
        Server(config).run(sockets=[listener])
    except KeyboardInterrupt:
        # Ctrl-C is how a preview ends; uvicorn has shut down cleanly and passes the signal on.
        return
