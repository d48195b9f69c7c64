"""Tokens: handed out for an account's own id and secret, good for an hour of the simulated clock."""

from __future__ import annotations

import base64
import secrets
import threading
from datetime import datetime, timedelta

from zoomsim.clock import Clock

HOUR = timedelta(hours=1)


class SignIn:
    """Remembers the tokens that were given; several are good at a time."""

    def __init__(self, client: str, secret: str, clock: Clock) -> None:
        self.given = 0
        self._basic = "Basic " + base64.b64encode(f"{client}:{secret}".encode()).decode()
        self._clock = clock
        self._until: dict[str, datetime] = {}
        self._lock = threading.Lock()

    def knows(self, header: str) -> bool:
        """Whether an Authorization header is the client's own."""
        return secrets.compare_digest(header.encode(), self._basic.encode())

    def give(self) -> str:
        with self._lock:
            self.given += 1
            token = f"eyJzdiI6{secrets.token_urlsafe(40)}"
            self._until[token] = self._clock() + HOUR
            return token

    def takes(self, header: str) -> bool:
        """Whether an Authorization header bears a token that is still good."""
        scheme, _, token = header.partition(" ")
        until = self._until.get(token)
        return scheme == "Bearer" and until is not None and self._clock() < until

    def forget(self) -> None:
        """Make every token worthless before its time, as happens when an app's secret is changed."""
        self._until.clear()
