"""A store in memory, and stores that fail, stop or call back at a chosen moment. They sit the same exam as the real ones."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from sessioncast import layout
from sessioncast.errors import ObjectMissing, PreconditionFailed, StoreDenied, StoreError, StoreUnavailable
from sessioncast.store.files import read_chunks, write_whole
from sessioncast.store.port import ABSENT, ANYTHING, Artifact, Blob, Expected, Found, OnBytes, Roots, Store

Verb = Literal["head", "scan", "read", "put", "delete", "now"]
When = Literal["before", "after"]
WRITES = ("put", "delete")


class MemoryStore:
    """Objects in a dictionary; ``clock`` gives the time of a put."""

    def __init__(
        self, where: str = "memory", *, clock: Callable[[], datetime] = lambda: datetime.now(UTC), denied: bool = False
    ) -> None:
        self._where = where
        self._clock = clock
        self._denied = denied
        self._objects: dict[str, tuple[bytes, datetime]] = {}
        self._lock = threading.RLock()

    @property
    def where(self) -> str:
        return self._where

    def head(self, key: str) -> Found:
        body, modified = self._get(key)
        return Found(key, len(body), _version(body), modified)

    def scan(self, prefix: str = "") -> Iterator[Found]:
        self._allow()
        with self._lock:
            present = sorted(self._objects.items())
        for key, (body, modified) in present:
            if key.startswith(prefix):
                yield Found(key, len(body), _version(body), modified)

    def read(self, key: str, into: Path | None = None) -> Blob:
        body, _ = self._get(key)
        if into is not None:
            write_whole(into, [body])
        return Blob(body if into is None else b"", _version(body))

    def put(self, artifact: Artifact, expect: Expected = ANYTHING, on_bytes: OnBytes | None = None) -> str:
        self._allow(artifact.key)
        body = artifact.body if isinstance(artifact.body, bytes) else b"".join(read_chunks(artifact.body))
        with self._lock:
            present = self._objects.get(artifact.key)
            found = None if present is None else _version(present[0])
            if expect is not ANYTHING and found != (None if expect is ABSENT else expect):
                raise PreconditionFailed(f"{self._where}/{artifact.key}: somebody else wrote first")
            self._objects[artifact.key] = (body, self._clock())
        if on_bytes is not None:
            on_bytes(len(body))
        return _version(body)

    def delete(self, key: str) -> None:
        self._allow(key)
        with self._lock:
            self._objects.pop(key, None)

    def now(self) -> datetime:
        self._allow()
        return self._clock()

    def snapshot(self) -> dict[str, bytes]:
        """Return every object as it stands."""
        with self._lock:
            return {key: body for key, (body, _) in sorted(self._objects.items())}

    def copy(self) -> MemoryStore:
        """Return another store with the same objects."""
        twin = MemoryStore(self._where, clock=self._clock)
        with self._lock:
            twin._objects = dict(self._objects)
        return twin

    def _get(self, key: str) -> tuple[bytes, datetime]:
        self._allow(key)
        with self._lock:
            if key not in self._objects:
                raise ObjectMissing(f"{self._where}/{key}: there is no such object")
            return self._objects[key]

    def _allow(self, key: str = "fine") -> None:
        if not layout.is_valid(key):
            raise StoreError(f"{self._where}: found the key {key!r}, expected one that every store can keep")
        if self._denied:
            raise StoreDenied(f"{self._where}: the credentials may not do that")


def _version(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


class Killed(BaseException):
    """The process 'died' here: no ``except Exception`` may go on after it."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call on a watched store: ``number`` counts all calls from 1, ``write`` the puts and deletes (0 for others)."""

    verb: Verb
    key: str
    number: int
    write: int
    where: str


@dataclass
class _Rule:
    when: When
    act: Callable[[Call], None]
    call: int
    write: int
    verb: str
    key: str
    times: int

    def fits(self, when: When, call: Call) -> bool:
        return (
            self.times != 0
            and when == self.when
            and self.call in (0, call.number)
            and self.write in (0, call.write)
            and self.verb in ("", call.verb)
            and self.key in ("", call.key)
        )


@dataclass
class Plan:
    """What happens at which call, over all stores that share the plan; also the record of what was called.

    ``Plan().fail(write=3)`` · ``Plan().kill(write=3, when="after")`` · ``Plan().on(act, verb="put", key="feed.xml")``.
    A rule fits by the k-th call, the k-th write, verb and key (0 or "" fits all) and acts ``times`` times (-1: always).
    Acting may raise, wait for an event, or use other stores.
    """

    calls: list[Call] = field(default_factory=list)
    _rules: list[_Rule] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def on(
        self,
        act: Callable[[Call], None],
        *,
        when: When = "before",
        call: int = 0,
        write: int = 0,
        verb: Verb | Literal[""] = "",
        key: str = "",
        times: int = 1,
    ) -> Plan:
        self._rules.append(_Rule(when, act, call, write, verb, key, times))
        return self

    def fail(
        self,
        error: BaseException | None = None,
        *,
        when: When = "before",
        call: int = 0,
        write: int = 0,
        verb: Verb | Literal[""] = "",
        key: str = "",
        times: int = 1,
    ) -> Plan:
        """Raise ``error`` (StoreUnavailable); ``when="after"``: the store did it, the answer was lost."""

        def act(call: Call) -> None:
            raise error or StoreUnavailable(f"{call.where}/{call.key}: no answer (played)")

        return self.on(act, when=when, call=call, write=write, verb=verb, key=key, times=times)

    def kill(self, *, when: When = "before", call: int = 0, write: int = 0) -> Plan:
        """Stop the process at that call."""
        return self.fail(Killed(), when=when, call=call, write=write)

    def count(self, *verbs: Verb) -> int:
        """Return how many calls were made, of these verbs or of all."""
        return sum(1 for c in self.calls if not verbs or c.verb in verbs)

    @property
    def writes(self) -> int:
        """How many puts and deletes were asked for."""
        return self.count("put", "delete")

    def enter(self, verb: Verb, key: str, where: str) -> Call:
        with self._lock:
            write = self.writes + 1 if verb in WRITES else 0
            call = Call(verb, key, len(self.calls) + 1, write, where)
            self.calls.append(call)
        self.play("before", call)
        return call

    def play(self, when: When, call: Call) -> None:
        with self._lock:
            due = [r for r in self._rules if r.fits(when, call)]
            for rule in due:
                rule.times -= 1
        for rule in due:
            rule.act(call)


class FaultyStore:
    """``inner``, watched by a plan."""

    def __init__(self, inner: Store, plan: Plan | None = None) -> None:
        self.inner = inner
        self.plan = plan or Plan()

    @property
    def where(self) -> str:
        return self.inner.where

    def head(self, key: str) -> Found:
        call = self.plan.enter("head", key, self.where)
        found = self.inner.head(key)
        self.plan.play("after", call)
        return found

    def scan(self, prefix: str = "") -> Iterator[Found]:
        call = self.plan.enter("scan", prefix, self.where)
        yield from self.inner.scan(prefix)
        self.plan.play("after", call)

    def read(self, key: str, into: Path | None = None) -> Blob:
        call = self.plan.enter("read", key, self.where)
        blob = self.inner.read(key, into)
        self.plan.play("after", call)
        return blob

    def put(self, artifact: Artifact, expect: Expected = ANYTHING, on_bytes: OnBytes | None = None) -> str:
        call = self.plan.enter("put", artifact.key, self.where)
        version = self.inner.put(artifact, expect, on_bytes)
        self.plan.play("after", call)
        return version

    def delete(self, key: str) -> None:
        call = self.plan.enter("delete", key, self.where)
        self.inner.delete(key)
        self.plan.play("after", call)

    def now(self) -> datetime:
        call = self.plan.enter("now", "", self.where)
        found = self.inner.now()
        self.plan.play("after", call)
        return found


def watched(roots: Roots, plan: Plan) -> Roots:
    """Return both roots under one plan: its counts run over both, in the order of the calls."""
    return Roots(FaultyStore(roots.public, plan), FaultyStore(roots.private, plan))


def copied(roots: Roots) -> Roots:
    """Return two stores in memory that hold what these hold."""
    both = memory_roots()
    for old, new in ((roots.public, both.public), (roots.private, both.private)):
        assert isinstance(old, MemoryStore)
        assert isinstance(new, MemoryStore)
        new._objects = dict(old._objects)
    return both


def memory_roots() -> Roots:
    """Return two empty stores in memory."""
    return Roots(MemoryStore("memory/public"), MemoryStore("memory/private"))
