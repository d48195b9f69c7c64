"""How fast messages are taken: twenty clients at once, each message kept on disk before it is answered."""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench.row import Row
from receiver import Receiver, encoded, message, signed

CLIENTS = 20


def run(short: bool) -> Iterator[Row]:
    """Yield the rows."""
    many = 400 if short else 2000
    with tempfile.TemporaryDirectory() as name, Receiver(Path(name)) as receiver:
        _deliver(receiver, range(CLIENTS))
        started = time.perf_counter()
        with ThreadPoolExecutor(CLIENTS) as pool:
            shares = [range(CLIENTS + first, CLIENTS + many, CLIENTS) for first in range(CLIENTS)]
            waits = sorted(
                wait for found in pool.map(lambda share: _deliver(receiver, share), shares) for wait in found
            )
        seconds = time.perf_counter() - started
        yield Row(f"{many} messages from {CLIENTS} clients", many / seconds, "/s", "each kept before its answer", 0)
        yield Row("  answer, the median", waits[len(waits) // 2] * 1000, "ms", "", 1)
        yield Row("  answer, the slowest", waits[-1] * 1000, "ms", "Zoom waits 3000", 1)
        if sys.platform == "linux":
            yield Row("  memory at most", receiver.peak_memory() / 1e6, "MB", "", 0)


def _deliver(receiver: Receiver, numbers: range) -> list[float]:
    """Deliver messages over one connection and return the seconds that each answer took."""
    connection, waits = receiver.connect(), []
    for nth in numbers:
        body = encoded(message(nth=nth))
        started = time.perf_counter()
        connection.request("POST", "/zoom", body, signed(body, time.time()))
        answer = connection.getresponse()
        answer.read()
        waits.append(time.perf_counter() - started)
        if answer.status != 200:
            raise RuntimeError(f"message {nth} was answered {answer.status}")
    connection.close()
    return waits
