"""How much of anything a receiver takes from strangers, in one place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bounds:
    """Zoom waits three seconds for an answer; what can't be kept in ``store_s`` is answered 503, and Zoom comes again.

    Memory is bounded by ``connections`` times ``body`` bytes.
    """

    body: int = 1 << 20
    dropped: int = 32 << 20
    head_s: float = 5.0
    body_s: float = 10.0
    store_s: float = 2.5
    writers: int = 4
    connections: int = 64
