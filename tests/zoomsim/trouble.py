"""What goes wrong now and then: the same seed, the same trouble, in whatever order requests come in."""

from __future__ import annotations

import random
import threading
from collections import Counter
from typing import Literal

Wrong = Literal["throttled", "broken", "cut", "page"]


class Trouble:
    """Says what befalls a request: each chance is a share of requests, and no address has trouble twice running.

    ``throttled``: 429 with Retry-After. ``broken``: a 5xx. ``cut``: half a download, then nothing. ``page``: a web page, status 200.
    """

    def __init__(
        self,
        seed: int = 0,
        *,
        throttled: float = 0,
        broken: float = 0,
        cut: float = 0,
        page: float = 0,
        after: str = "1",
    ) -> None:
        """``after`` is what Retry-After says."""
        self.after = after
        self.met: Counter[Wrong] = Counter()
        self._seed = seed
        self._chances: dict[Wrong, float] = {"throttled": throttled, "broken": broken, "cut": cut, "page": page}
        self._asked: Counter[str] = Counter()
        self._last: set[str] = set()
        self._lock = threading.Lock()

    def befalls(self, address: str, *among: Wrong) -> Wrong | None:
        """Return what befalls the next request for this address, None for nothing."""
        with self._lock:
            self._asked[address] += 1
            if address in self._last:
                self._last.discard(address)
                return None
            rolled = random.Random(f"{self._seed} {address} {self._asked[address]}").random()
            for wrong in among:
                rolled -= self._chances[wrong]
                if rolled < 0:
                    self._last.add(address)
                    self.met[wrong] += 1
                    return wrong
            return None
