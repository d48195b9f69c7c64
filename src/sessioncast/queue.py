"""Work to be done, kept as objects of the private root: what stands there outlives every process, machine and crash.

Each piece of work is one object under ``queue/``, its key made of its id alone. Whoever hears of the same work twice writes the
same key, and the conditional put lets only the first through; whoever does it deletes the object afterwards. Work may therefore
be done twice (a crash in between, a repeat that comes after the end), never be lost: doing it must be idempotent.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sessioncast import layout
from sessioncast.errors import ObjectMissing, PreconditionFailed
from sessioncast.store.port import ABSENT, Artifact

if TYPE_CHECKING:
    from sessioncast.store.port import Store

UNREADABLE = "unreadable"
"""The kind of what lies in the queue and can't be read: somebody should hear of it, and then it should go."""

_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{0,199}")


@dataclass(frozen=True, slots=True)
class Queued:
    """One piece of work: what ``kind``, and the ``body`` it was queued with. ``id`` orders it among all."""

    id: str
    kind: str
    body: Mapping[str, Any]


def sortable(at: datetime, *same: str) -> str:
    """Return an id that sorts by ``at`` (aware, to the millisecond) and is the same for the same words."""
    moment = at.astimezone(UTC)
    words = layout.sha256("\n".join(same).encode("utf-8", "surrogatepass"))
    return f"{moment:%Y%m%dT%H%M%S}{moment.microsecond // 1000:03d}Z-{words[:24]}"


def enqueue(private: Store, kind: str, id: str, body: Mapping[str, Any]) -> bool:  # noqa: A002 - the value's own name
    """Keep the work, and return once it is kept; False when work of this id was there already, which is as good.

    ``id`` is of letters, digits and hyphens and decides the order (see ``sortable``); ``body`` is plain JSON without secrets.
    Raises StoreDenied, StoreUnavailable, ObjectMissing where the bucket is missing: then nothing is kept.
    """
    if not _ID.fullmatch(id):
        raise ValueError(f"{id!r}: an id is of letters, digits and hyphens")
    text = json.dumps({"id": id, "kind": kind, "body": body}, ensure_ascii=False, sort_keys=True)
    try:
        private.put(Artifact(layout.queued(id), f"{text}\n".encode("utf-8", "backslashreplace")), expect=ABSENT)
    except PreconditionFailed:
        return False
    return True


def pending(private: Store, limit: int = 1000) -> tuple[Queued, ...]:
    """Return the work that waits, the earliest id first, ``limit`` at most.

    What can't be read is there too, as UNREADABLE, so that it blocks nothing and is not forgotten either.
    Raises StoreDenied, StoreUnavailable.
    """
    waiting: list[Queued] = []
    for found in private.scan(layout.QUEUE):
        if len(waiting) >= limit:
            break
        try:
            body = private.read(found.key).body
        except ObjectMissing:
            continue  # somebody else has just done it
        waiting.append(_read(found.key, body))
    return tuple(waiting)


def done(private: Store, item: Queued) -> None:
    """Take the work off the queue; what is gone already is fine. Raises StoreDenied, StoreUnavailable."""
    private.delete(layout.queued(item.id))


def _read(key: str, body: bytes) -> Queued:
    id_ = key.removeprefix(layout.QUEUE).removesuffix(".json")
    try:
        plain = json.loads(body)
        kind, inner = plain["kind"], plain["body"]
    except (ValueError, KeyError, TypeError):
        return Queued(id_, UNREADABLE, {})
    if not isinstance(kind, str) or not isinstance(inner, dict):
        return Queued(id_, UNREADABLE, {})
    return Queued(id_, kind, inner)
