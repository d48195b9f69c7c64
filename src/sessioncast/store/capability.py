"""What a store can do: tried once, before the first write ever, and written down in ``probe.json``.

Vendors' names say little: the same service refuses conditions, ignores them or keeps them, by version.
"""

from __future__ import annotations

import json
from typing import Literal
from uuid import uuid4

from sessioncast import layout
from sessioncast.errors import ObjectMissing, PreconditionFailed, StoreError
from sessioncast.store.port import ABSENT, Artifact, Expected, Store

HINT = (
    "use a store with conditional writes, or set single_writer = true under [store] if only one machine ever publishes"
)
_KEPT = "kept"
Outcome = Literal["kept", "refused", "ignored"]


def ensure_conditional(private: Store, single_writer: bool) -> None:
    """Make sure that two machines can't overwrite each other; call it before the first write to a store.

    One read when the answer is known, else six requests. Raises StoreError (exit 5) where the store refuses
    conditions or silently ignores them; StoreDenied, StoreUnavailable, ObjectMissing (no bucket) from the store.
    With ``single_writer`` nothing is asked: the organisers promised.
    """
    if single_writer or _known(private):
        return
    outcome = probe(private)
    if outcome != _KEPT:
        how = "refuses conditional writes" if outcome == "refused" else "silently ignores the conditions of writes"
        raise StoreError(
            f"{private.where}: the store {how}, so two machines that publish at once could lose an episode", hint=HINT
        )
    # Only a yes is worth keeping: a store that can't may be mended tomorrow.
    body = json.dumps({"conditional_writes": outcome, "schema": 1}, indent=1, sort_keys=True) + "\n"
    private.put(Artifact(layout.PROBE, body.encode()))


def probe(store: Store) -> Outcome:
    """Return what becomes of both conditions on a throw-away key: kept, refused with an error, or ignored."""
    key = f"probe/{uuid4().hex}.txt"
    # Without conditions first: what fails here has another reason, and says so itself.
    version = store.put(Artifact(key, b"first\n"))
    try:
        try:
            taken = _put(store, key, ABSENT) or _put(store, key, "0" * 32)
            right = _put(store, key, version)
        except StoreError as e:
            # Exactly StoreError is "can't do that"; denied and unreachable are other stories.
            if type(e) is not StoreError:
                raise
            return "refused"
        if taken:
            return "ignored"
        return "kept" if right else "refused"
    finally:
        store.delete(key)


def _put(store: Store, key: str, expect: Expected) -> bool:
    try:
        store.put(Artifact(key, f"{expect}\n".encode()), expect)
    except PreconditionFailed:
        return False
    return True


def _known(private: Store) -> bool:
    try:
        kept = json.loads(private.read(layout.PROBE).body)
    except ObjectMissing:
        return False
    except ValueError:
        return False
    return isinstance(kept, dict) and kept.get("conditional_writes") == _KEPT
