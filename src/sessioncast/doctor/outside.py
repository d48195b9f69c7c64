"""An address asked for as a stranger would."""

from __future__ import annotations

import asyncio


def status(address: str) -> int | str:
    """Return the status of a GET without credentials, redirects followed; in words where there is no answer."""
    return asyncio.run(_status(address))


async def _status(address: str) -> int | str:
    from sessioncast.fetch.bounded import Fetcher

    async with Fetcher() as fetcher:
        answer = await fetcher.fetch(address, most=1000, prefix=True)
    return answer.trouble or answer.status
