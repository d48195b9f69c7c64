"""Run reports: what each pass that did anything tells of itself, the newest hundred, in the private root."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sessioncast import layout
from sessioncast.errors import ContentError, ObjectMissing
from sessioncast.store.port import Artifact

if TYPE_CHECKING:
    from sessioncast.automate.value import Run
    from sessioncast.store.port import Store

KEPT = 100
_ID = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}")


def new_run(now: datetime) -> str:
    """Return a fresh id that sorts by the time: ``20241009T173000Z-1a2b3c4d``."""
    return f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{uuid4().hex[:8]}"


def keep(private: Store, run: Run) -> None:
    """Keep the report, and drop those that are too many."""
    body = json.dumps(run.record(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    private.put(Artifact(layout.report(run.id), body.encode()))
    for old in listed(private)[KEPT:]:
        private.delete(layout.report(old))


def listed(private: Store) -> list[str]:
    """Return the ids of the runs that are kept, the newest first."""
    found = (f.key.removeprefix(layout.REPORTS).removesuffix(".json") for f in private.scan(layout.REPORTS))
    return sorted((id_ for id_ in found if _ID.fullmatch(id_)), reverse=True)


def read(private: Store, id_: str) -> dict[str, Any]:
    """Return one report as plain data. Raises ContentError where none is kept under that id, or what lies there is none."""
    hint = "sessioncast reports lists those that are kept"
    try:
        plain = json.loads(private.read(layout.report(id_)).body) if _ID.fullmatch(id_) else None
    except ObjectMissing:
        plain = None
    except ValueError:
        raise ContentError(
            f"{private.where}/{layout.report(id_)}: found no JSON, expected a run report", hint=hint
        ) from None
    if not isinstance(plain, dict):
        raise ContentError(f"{id_}: found no report of such a run", hint=hint)
    return plain
