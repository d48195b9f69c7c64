"""Signs of life: the time of the last good pass, kept in the store, and the address of a dead-man's switch that is asked for."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from sessioncast import layout
from sessioncast.errors import ObjectMissing, SourceError
from sessioncast.store.port import Artifact

if TYPE_CHECKING:
    from sessioncast.model import DoctorSettings
    from sessioncast.store.port import Store

_PULSE = timedelta(hours=1)
_SECONDS = 10.0


def beat(private: Store) -> None:
    """Keep that a pass ended well, at most once an hour: a pass with nothing to do leaves no report. Raises StoreError."""
    now = private.now()
    with suppress(ObjectMissing):
        if now - private.head(layout.PULSE).modified < _PULSE:
            return
    private.put(Artifact(layout.PULSE, (json.dumps({"at": now.isoformat()}) + "\n").encode()))


def ask(settings: DoctorSettings, environment: Mapping[str, str]) -> None:
    """Ask for the heartbeat's address, where one is set. Raises SourceError that names the variable and never the address."""
    name = settings.heartbeat
    if name is None:
        return
    address = environment.get(name, "").strip()
    if not address:
        raise SourceError(
            f"{name}: found nothing in the environment, expected the heartbeat's address", hint=f"export {name}=…"
        )
    trouble = asyncio.run(_asked(address))
    if trouble:
        raise SourceError(
            f"the heartbeat behind {name}: {trouble}, expected an answer of status 2xx",
            hint="look at the switch itself: it will raise an alarm without need",
        )


async def _asked(address: str) -> str:
    from sessioncast.fetch.bounded import Fetcher, Limits

    async with Fetcher(Limits(seconds=_SECONDS)) as fetcher:
        answer = await fetcher.fetch(address, most=100_000, prefix=True)
    if answer.trouble:
        return answer.trouble
    return "" if 200 <= answer.status < 300 else f"status {answer.status}"
