"""Claims: who is at work on what, as objects of the private root, so that two machines do the work once.

A claim saves work; it is no guard of what is public. That is the catalog's compare-and-swap, which holds where a claim was lost.
Claims are taken by conditional writes, renewed while the work goes on, and run out by the store's clock: no machine's own clock
decides. A claim of the folder we work in is dead, whoever made it: only one pass works in a folder at a time (``store.alone``).
"""

from __future__ import annotations

import hashlib
import json
import socket
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sessioncast import layout
from sessioncast.errors import ObjectMissing, PreconditionFailed, StoreError
from sessioncast.store.port import ABSENT, Artifact, Expected

if TYPE_CHECKING:
    from sessioncast.store.port import Store

LEASE = timedelta(minutes=10)
"""How long a machine that was switched off keeps others waiting; renewed three times in it."""


def place_of(folder: Path) -> str:
    """Return a name of this folder on this machine that says nothing about either."""
    said = f"{socket.gethostname()}|{uuid.getnode()}|{folder.resolve()}"
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:16]


class Claims:
    """The claims of one ``run`` in one ``place`` (``place_of``)."""

    def __init__(self, private: Store, run: str, place: str, lease: timedelta = LEASE) -> None:
        """Nothing is asked or taken yet."""
        self._private = private
        self._run = run
        self._place = place
        self._lease = lease
        self._held: dict[str, str] = {}
        self._lock = threading.RLock()

    def take(self, what: str) -> bool:
        """Return whether the work is ours now: nobody else has a claim that runs. Raises StoreDenied, StoreUnavailable."""
        with self._lock:
            if what in self._held:
                return True
            now = self._private.now()
            standing, version = self._read(what)
            if standing is not None and standing > now:
                return False
            return self._put(what, version, now)

    def renew(self) -> None:
        """Claim everything held anew; what somebody took over meanwhile is ours no longer."""
        with self._lock:
            now = self._private.now() if self._held else None
            for what, version in list(self._held.items()):
                if now is not None:
                    self._put(what, version, now)

    def holds(self, what: str) -> bool:
        """Whether the work is still ours, as far as we know."""
        with self._lock:
            return what in self._held

    def release(self) -> None:
        """Let everything go. What can't be let go of runs out."""
        with self._lock:
            self.renew()  # nobody takes over what was renewed a moment ago: the object to delete is ours
            while self._held:
                what, _ = self._held.popitem()
                self._private.delete(layout.claim(what))

    def sweep(self) -> None:
        """Delete what killed passes of this place left behind; nobody else is at work here."""
        for found in list(self._private.scan(layout.CLAIMS)):
            what = found.key.removeprefix(layout.CLAIMS).removesuffix(".json")
            until, version = self._read(what)
            if until is None and version is not ABSENT and not self.holds(what):
                self._private.delete(found.key)

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Renew in the background while the block runs, and let everything go after it."""
        stop = threading.Event()

        def beat() -> None:
            while not stop.wait(self._lease.total_seconds() / 3):
                with suppress(StoreError):  # the next beat tries again, before the claim has run out
                    self.renew()

        thread = threading.Thread(target=beat, name="claims", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()
            with suppress(StoreError):
                self.release()

    def _read(self, what: str) -> tuple[datetime | None, Expected]:
        """Return until when somebody elsewhere has the claim (None: nobody has), and what a put must expect."""
        try:
            blob = self._private.read(layout.claim(what))
        except ObjectMissing:
            return None, ABSENT
        try:
            plain = json.loads(blob.body)
            until = datetime.fromisoformat(plain["until"])
            dead = plain["place"] == self._place or until.tzinfo is None
        except (ValueError, KeyError, TypeError):
            dead, until = True, None  # what nobody can read, nobody holds
        return None if dead else until, blob.version

    def _put(self, what: str, version: Expected, now: datetime) -> bool:
        # the run and the time in the bytes: no two claims have the same version
        plain = {"place": self._place, "run": self._run, "until": (now + self._lease).isoformat()}
        body = (json.dumps(plain, sort_keys=True) + "\n").encode()
        try:
            self._held[what] = self._private.put(Artifact(layout.claim(what), body), expect=version)
        except PreconditionFailed:
            self._held.pop(what, None)
            return False
        return True
