"""The store port: five verbs and a clock, and what each promises. A store is one root; keys are relative to it.

Only the errors named in a docstring, and StoreError itself for what can never work (a key no store can hold, a
condition the store doesn't know), leave a verb, whatever the provider's library raises.
A *version* is the store's own hash of the bytes: equal bytes may have equal versions, so anything that must
never be mistaken for its past carries a revision in its bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime


class Expect(Enum):
    """What must stand under a key for a put to happen, beside a version string."""

    ANYTHING = "anything"
    ABSENT = "absent"


ANYTHING = Expect.ANYTHING
ABSENT = Expect.ABSENT

Expected = Expect | str
OnBytes = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Artifact:
    """Bytes to put: in memory (pages, feed, catalog) or a file on disk (media). Type and cache come from the key."""

    key: str
    body: bytes | Path

    @property
    def size(self) -> int:
        """The number of bytes."""
        return len(self.body) if isinstance(self.body, bytes) else self.body.stat().st_size


@dataclass(frozen=True, slots=True)
class Found:
    """An object as the store lists it; ``modified`` is an aware time by the store's clock."""

    key: str
    size: int
    version: str
    modified: datetime


@dataclass(frozen=True, slots=True)
class Blob:
    """An object read whole; ``body`` is empty when it went into a file."""

    body: bytes
    version: str


class Store(Protocol):
    """One root on an object store or in a folder."""

    @property
    def where(self) -> str:
        """The root as a person would name it, without secrets: ``public`` or ``s3://bucket/prefix``."""

    def head(self, key: str) -> Found:
        """Return size, version and time of the object.

        Raises ObjectMissing, StoreDenied, StoreUnavailable. A provider that answers 403 for a missing key
        raises StoreDenied: denied is never reported as missing.
        """

    def scan(self, prefix: str = "") -> Iterator[Found]:
        """Yield every object whose key starts with ``prefix``, over all pages, in ascending order of key (by code point).

        Lock files, temporary files and unfinished uploads are never listed. Raises StoreDenied, StoreUnavailable.
        A root that does not exist yet lists nothing when it is a folder, and raises ObjectMissing when it is a bucket.
        """

    def read(self, key: str, into: Path | None = None) -> Blob:
        """Return the whole object, never a mixture of two; with ``into``, write it there (atomically) instead.

        Raises ObjectMissing, StoreDenied, StoreUnavailable.
        """

    def put(self, artifact: Artifact, expect: Expected = ANYTHING, on_bytes: OnBytes | None = None) -> str:
        """Write the object whole or not at all and return its version.

        Content type and cache policy come from ``layout`` by key. With ``expect=ABSENT`` or a version the write
        happens only if the store still stands so, atomically against every other writer. ``on_bytes`` is told bytes
        sent, possibly from other threads, negative after a retry; what it was told sums to the size on success.

        Raises PreconditionFailed, StoreDenied, StoreUnavailable; ObjectMissing when the bucket is missing.
        """

    def delete(self, key: str) -> None:
        """Remove the object; one that is absent already is success.

        Raises StoreDenied, StoreUnavailable; ObjectMissing when the bucket is missing.
        """

    def now(self) -> datetime:
        """Return the time by the store's own clock, aware, to the second at least: what all machines that share it agree on.

        It changes nothing in the store. Raises StoreDenied, StoreUnavailable; ObjectMissing when the bucket is missing.
        """


@dataclass(frozen=True, slots=True)
class Roots:
    """The two roots of a show: what listeners read and what they may not."""

    public: Store
    private: Store
