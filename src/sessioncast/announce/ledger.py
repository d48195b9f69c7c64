"""What people were told, an object a talk and channel in the private root: written by compare-and-swap before anything is sent.

    (none) ──▶ intent ──▶ told | unclear        for ever
                └─────▶ refused ──▶ intent      surely not arrived: may be tried again

An intent that nobody finished within ``LEASE`` belongs to a process that was killed before, while or after it sent: nobody knows, and it
becomes ``unclear``. A younger one belongs to a process at work.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING

from sessioncast import layout
from sessioncast.announce.outcome import End, Outcome
from sessioncast.errors import ObjectMissing, PreconditionFailed
from sessioncast.store.port import ABSENT, Artifact, Expected

if TYPE_CHECKING:
    from sessioncast.store.port import Store

LEASE = timedelta(minutes=10)
"""Longer than any attempt takes, and than the clocks of two machines should differ."""

_STATES = {End.DONE: "told", End.REFUSED: "refused", End.UNCLEAR: "unclear"}


class Standing(Enum):
    """What may be done about one talk and channel."""

    MINE = "mine"
    TOLD = "told"
    BUSY = "busy"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Entry:
    """One talk and channel as it stands; ``version`` is what a change must expect."""

    standing: Standing
    version: Expected


@dataclass(frozen=True, slots=True)
class Ledger:
    """The entries of a private root; ``now`` is the time of this run."""

    private: Store
    now: datetime

    def look(self, guid: str, channel: str) -> Entry:
        """Return how it stands: MINE (free to be told), TOLD (for ever), BUSY (somebody is at it), LOST (an intent nobody finished)."""
        try:
            blob = self.private.read(layout.announced(guid, channel))
        except ObjectMissing:
            return Entry(Standing.MINE, ABSENT)
        try:
            plain = json.loads(blob.body)
            state, at = str(plain["state"]), datetime.fromisoformat(plain["at"])
            young = abs(self.now - at) < LEASE
        except (ValueError, KeyError, TypeError):
            state, young = "intent", False  # never sent twice, whatever happened to the entry
        if state == "intent":
            return Entry(Standing.BUSY if young else Standing.LOST, blob.version)
        return Entry(Standing.MINE if state == "refused" else Standing.TOLD, blob.version)

    def take(self, guid: str, channel: str) -> Entry:
        """Write the intent down where the talk may be told, and return how it stands: MINE is this caller's alone."""
        entry = self.look(guid, channel)
        if entry.standing is Standing.LOST and self._put(guid, channel, "unclear", entry.version) is None:
            return Entry(Standing.TOLD, entry.version)  # somebody else found it, and says so
        if entry.standing is not Standing.MINE:
            return entry
        version = self._put(guid, channel, "intent", entry.version)
        return Entry(Standing.BUSY if version is None else Standing.MINE, version or ABSENT)

    def finish(self, guid: str, channel: str, entry: Entry, outcome: Outcome) -> None:
        """Write down how it ended."""
        self._put(guid, channel, _STATES[outcome.end], entry.version, outcome.why)

    def _put(self, guid: str, channel: str, state: str, expect: Expected, why: str = "") -> str | None:
        plain = {"guid": guid, "channel": channel, "state": state, "at": self.now.isoformat(), "why": why}
        body = json.dumps(plain, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        try:
            return self.private.put(Artifact(layout.announced(guid, channel), body.encode()), expect=expect)
        except PreconditionFailed:
            return None
