"""One HTTP request with a deadline for all of it, judged by what is known of its arrival; no exception leaves, no address is said."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sessioncast import __version__
from sessioncast.announce.outcome import DONE, Outcome, refused, unclear

if TYPE_CHECKING:
    from collections.abc import Mapping

SECONDS = 20.0
_MOST = 65_536


@dataclass(frozen=True, slots=True)
class Call:
    """What is asked of whom: a form, JSON, or a query. ``headers`` and ``url`` may be secrets."""

    url: str = field(repr=False)
    method: str = "POST"
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] | None = None
    json: object = None
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    must_say: bytes = b""


def send(call: Call, seconds: float = SECONDS) -> Outcome:
    """Make the request and return how it ended.

    2xx: arrived. 3xx, 4xx, and no connection at all: surely not. 5xx, no whole answer in time, a cut: nobody knows, since
    what stands behind a gateway may have taken it. Redirects are not followed: what is sent there was meant for one address.
    """
    import httpx2

    try:
        return asyncio.run(_send(call, seconds))
    except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.ProxyError, httpx2.PoolTimeout):
        return refused("no connection")
    except (httpx2.InvalidURL, httpx2.UnsupportedProtocol, httpx2.LocalProtocolError, ValueError):
        return refused("no address that can be posted to")
    except (TimeoutError, httpx2.TimeoutException):
        return unclear(f"no answer within {seconds:g} s")
    except (httpx2.HTTPError, OSError) as e:
        return unclear(f"the answer was cut off ({type(e).__name__})")


async def _send(call: Call, seconds: float) -> Outcome:
    import httpx2

    headers = {"User-Agent": f"sessioncast/{__version__}", **call.headers}
    # no connection within half the time is surely no arrival; the deadline for all of it could not tell
    limits = httpx2.Timeout(seconds, connect=seconds / 2)
    client = httpx2.AsyncClient(timeout=limits, follow_redirects=False, headers=headers)
    async with asyncio.timeout(seconds), client:
        request = client.build_request(
            call.method, call.url, params=dict(call.query) or None, data=call.form, json=call.json
        )
        answer = await client.send(request, stream=True)
        try:
            outcome = _judged(answer.status_code)
            if outcome is DONE and call.must_say:
                body = b""
                async for chunk in answer.aiter_bytes():
                    body += chunk
                    if len(body) > _MOST:
                        break
                if call.must_say not in body.replace(b" ", b""):
                    return refused(f"status {answer.status_code}, and an answer that says no")
            return outcome
        finally:
            await answer.aclose()


def _judged(status: int) -> Outcome:
    if 200 <= status < 300:
        return DONE
    if 300 <= status < 400:
        return refused(f"status {status}: it leads to another address", "write down the address it leads to")
    if status == 429:
        return refused("status 429: too many requests")
    if status < 500:
        return refused(f"status {status}")
    return unclear(f"status {status}")
