"""The simulated Zoom on a port of its own."""

from __future__ import annotations

import socket
import threading
from typing import Self

import uvicorn

from zoomsim.account import Account
from zoomsim.clock import Clock
from zoomsim.front import Asked, Front
from zoomsim.signin import SignIn
from zoomsim.trouble import Trouble

CLIENT, SECRET = "Xk3RbT0uQ2aW5vN8", "s3cr3t-MARKED-of-the-simulated-app"


class Zoom:
    """Runs while it is entered; the clock, the account and the trouble may change meanwhile."""

    def __init__(self, account: Account, clock: Clock, trouble: Trouble | None = None) -> None:
        self.account, self.clock = account, clock
        self.sign_in = SignIn(CLIENT, SECRET, clock)
        self.front = Front(account, self.sign_in, clock, trouble or Trouble())
        self._socket = socket.socket()
        config = uvicorn.Config(
            self.front.app, log_level="critical", log_config=None, lifespan="off", ws="none", http="h11",
            date_header=False, server_header=False,
        )  # fmt: skip
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), daemon=True)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    @property
    def asked(self) -> list[Asked]:
        return self.front.asked

    def __enter__(self) -> Self:
        self._socket.bind(("127.0.0.1", 0))
        self._socket.listen(64)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()
