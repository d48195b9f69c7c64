"""Messages as Zoom signs them, and the receiver as a process of its own."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from shows import write_show
from zoom_door import entry, meeting

SECRET = "planted-webhook-secret-5X"
STAMP = 1_705_525_000
_BOUNDED = """
import sys, time
from pathlib import Path
from sessioncast.serve.app import make_app
from sessioncast.serve.bounds import Bounds
from sessioncast.serve.server import serve
from sessioncast.store.local import LocalStore
bounds = Bounds(**eval(sys.argv[3]))
app = make_app(LocalStore(Path(sys.argv[1])), sys.argv[2], clock=time.time, report=lambda event: None, bounds=bounds)
ready = lambda base: print('{"address": "' + base + '/zoom"}', flush=True)
serve(app, host="127.0.0.1", port=0, on_ready=ready, bounds=bounds)
"""


def message(event: str = "recording.completed", nth: int = 0, **about: Any) -> dict[str, Any]:
    """Return a message as Zoom makes them, with everything in it that nobody needs to know."""
    changes = {"uuid": f"recording-{nth}==", "host_email": "planted-host@example.org", **about}
    return {
        "event": event,
        "event_ts": 1_705_525_000_000 + nth,
        "payload": {"account_id": "planted-account", "object": meeting(entry("M4A"), entry("MP4"), **changes)},
        "download_token": "planted-download-token",
    }


def signed(body: bytes, stamp: float = STAMP, secret: str = SECRET) -> dict[str, str]:
    """Return the headers that prove who wrote the body."""
    said = f"{stamp:.0f}"
    digest = hmac.new(secret.encode(), b"v0:" + said.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"x-zm-request-timestamp": said, "x-zm-signature": f"v0={digest}", "content-type": "application/json"}


def encoded(values: Any) -> bytes:
    return json.dumps(values).encode()


class Receiver:
    """``sessioncast serve`` on a folder's show; with ``bounds`` the same application with other bounds."""

    def __init__(self, folder: Path, *, port: int = 0, bounds: Mapping[str, float] | None = None) -> None:
        self.folder = folder
        if not (folder / "feed").exists():
            write_show(folder)
        self._words = ["-m", "sessioncast", "-C", str(folder), "--json", "serve", "--port", str(port)]
        if bounds is not None:
            self._words = ["-c", _BOUNDED, str(self.state), SECRET, repr(dict(bounds))]
        self.process: subprocess.Popen[str]
        self._said: list[list[str]]
        self._readers: list[threading.Thread]
        self.port = port

    @property
    def state(self) -> Path:
        return self.folder / ".sessioncast" / "state"

    @property
    def queued(self) -> dict[str, dict[str, Any]]:
        """Everything in the queue, by id."""
        return {p.stem: json.loads(p.read_bytes()) for p in (self.state / "queue").glob("*.json")}

    @property
    def recordings(self) -> list[str]:
        """The recordings that the queue names, in its order."""
        return [item["body"]["recording"] for _, item in sorted(self.queued.items())]

    def __enter__(self) -> Self:
        self.process = subprocess.Popen(
            [sys.executable, *self._words],
            env={**os.environ, "ZOOM_WEBHOOK_SECRET": SECRET},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.process.communicate()[1]
        # A pipe that nobody empties would stop whoever writes into it.
        self._said = [[], []]
        self._readers = [
            threading.Thread(target=said.extend, args=(pipe,))
            for said, pipe in zip(self._said, (self.process.stdout, self.process.stderr), strict=True)
        ]
        for reader in self._readers:
            reader.start()
        self.port = int(json.loads(line)["address"].removesuffix("/zoom").rpartition(":")[2])
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.end()

    def end(self) -> tuple[str, str]:
        """Kill it and return what it had said since it was ready."""
        self.process.kill()
        self.process.wait(60)
        for reader in self._readers:
            reader.join()
        for pipe in (self.process.stdout, self.process.stderr):
            if pipe is not None:
                pipe.close()
        out, err = ("".join(said) for said in self._said)
        return out, err

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def send(self, body: bytes, headers: Mapping[str, str] | None = None) -> int:
        """Deliver a body on a connection of its own and return the answer's status; signed now where no headers are given."""
        connection = self.connect()
        try:
            connection.request("POST", "/zoom", body, dict(signed(body, time.time()) if headers is None else headers))
            return connection.getresponse().status
        finally:
            connection.close()

    def peak_memory(self) -> int:
        """Return the most memory the process ever had, in bytes (Linux)."""
        status = Path(f"/proc/{self.process.pid}/status").read_text("utf-8")
        return int(status.partition("VmHWM:")[2].split()[0]) * 1024
