"""A simulated Zoom: a real HTTP server on loopback whose answers follow a clock that the test moves.

Written from what is known of Zoom's answers alone, never from the client that is tried on it. Where it could be kind or strict it is
strict: it does what somebody once complained about.
"""

from __future__ import annotations

from zoomsim.account import Account, Meeting, Part
from zoomsim.clock import Clock
from zoomsim.server import Zoom
from zoomsim.trouble import Trouble

__all__ = ["Account", "Clock", "Meeting", "Part", "Trouble", "Zoom"]
