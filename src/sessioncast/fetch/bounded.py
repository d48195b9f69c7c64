"""One bounded way to fetch: a total deadline, a cap on bytes after unpacking, redirects counted, and no exception leaves.

Where ``allowed`` is given, every hop goes to an address that it allows.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from socket import gaierror
from typing import TYPE_CHECKING, Self
from urllib.parse import urljoin, urlsplit

from sessioncast import __version__

if TYPE_CHECKING:
    import httpx2

    from sessioncast.fetch.addresses import Allowed

HOPS = 5
_REDIRECTS = (301, 302, 303, 307, 308)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long one fetch may take in all, in seconds, and how many run at once."""

    seconds: float = 20.0
    at_once: int = 8


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. ``trouble`` says why nothing usable did; then the rest may be empty.

    ``hops`` are the redirects followed, as (status, where it stood); ``packed``: the body came gzipped;
    ``refused``: an address on the way may not be asked.
    """

    url: str
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    hops: tuple[tuple[int, str], ...] = ()
    packed: bool = False
    trouble: str = ""
    refused: bool = False

    @property
    def essence(self) -> str:
        """The media type without parameters, in lower case."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def length(self) -> int | None:
        """The Content-Length, None where there is none."""
        said = self.headers.get("content-length", "")
        return int(said) if said.isdigit() else None

    @property
    def may_pass(self) -> bool:
        """Whether asking again may help: not there yet, or the server is in trouble."""
        return bool(self.trouble) or self.status in (404, 408, 429) or self.status >= 500


class Fetcher:
    """Fetches within its limits; use as ``async with Fetcher() as fetcher``."""

    def __init__(self, limits: Limits | None = None, *, allowed: Allowed | None = None) -> None:
        """Keep the limits; ``allowed`` says of an IP address whether it may be asked, None lets all."""
        self.limits = limits or Limits()
        self._allowed = allowed
        self._turns = asyncio.Semaphore(self.limits.at_once)
        self._client: httpx2.AsyncClient

    async def __aenter__(self) -> Self:
        """Open the client."""
        import httpx2

        from sessioncast.fetch.addresses import CheckedAsync

        self._client = httpx2.AsyncClient(
            timeout=self.limits.seconds,
            follow_redirects=False,
            headers={"User-Agent": f"sessioncast/{__version__}"},
            transport=CheckedAsync(self._allowed) if self._allowed else None,
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close it."""
        await self._client.aclose()

    async def fetch(
        self,
        url: str,
        method: str = "GET",
        *,
        headers: Mapping[str, str] | None = None,
        most: int = 1_000_000,
        prefix: bool = False,
    ) -> Answer:
        """Return the answer, redirects followed. More than ``most`` bytes is trouble, or with ``prefix`` cut off."""
        import httpx2

        from sessioncast.fetch.addresses import AddressRefused

        async with self._turns:
            try:
                async with asyncio.timeout(self.limits.seconds):
                    return await self._follow(method, url, dict(headers or {}), most, prefix=prefix)
            except AddressRefused as e:
                return Answer(url, trouble=str(e), refused=True)
            except gaierror:
                return Answer(url, trouble="no machine of that name")
            except (TimeoutError, httpx2.TimeoutException):
                return Answer(url, trouble=f"no whole answer within {self.limits.seconds:g} s")
            except (httpx2.HTTPError, httpx2.InvalidURL, OSError, ValueError, zlib.error) as e:
                return Answer(url, trouble=f"no answer ({type(e).__name__})")

    async def _follow(self, method: str, url: str, headers: dict[str, str], most: int, *, prefix: bool) -> Answer:
        hops: list[tuple[int, str]] = []
        headers = {"Accept-Encoding": "identity", **headers}
        while True:
            if urlsplit(url).scheme not in ("http", "https"):
                return Answer(url, hops=tuple(hops), trouble="an address that is neither http nor https")
            async with self._stream(method, url, headers) as answer:
                where = answer.headers.get("location", "")
                if answer.status_code not in _REDIRECTS or not where:
                    body, packed, excess = await _body(answer, most)
                    return Answer(
                        url,
                        answer.status_code,
                        {name.lower(): value for name, value in answer.headers.items()},
                        body,
                        tuple(hops),
                        packed,
                        "" if prefix else excess,
                    )
            hops.append((answer.status_code, url))
            url = urljoin(url, where)
            if len(hops) > HOPS or url in {before for _status, before in hops}:
                again = "a redirect in a circle" if len(hops) <= HOPS else f"more than {HOPS} redirects"
                return Answer(url, answer.status_code, hops=tuple(hops), trouble=again)

    @asynccontextmanager
    async def _stream(self, method: str, url: str, headers: dict[str, str]) -> AsyncIterator[httpx2.Response]:
        async with self._client.stream(method, url, headers=headers) as answer:
            yield answer


async def _body(answer: httpx2.Response, most: int) -> tuple[bytes, bool, str]:
    """Return the body unpacked, whether it was packed, and in words whether that is more than ``most`` bytes, or cut off."""
    packed = answer.headers.get("content-encoding", "").lower() in ("gzip", "x-gzip")
    unpack = zlib.decompressobj(31) if packed else None
    body = bytearray()
    async for chunk in answer.aiter_raw():
        # Unpacked in bounded steps: a small bomb must not become a big one in memory.
        body += unpack.decompress(chunk, most + 1 - len(body)) if unpack else chunk[: most + 1 - len(body)]
        if len(body) > most:
            return bytes(body[:most]), packed, f"more than {most:,} bytes"
    cut = unpack is not None and bool(body) and not unpack.eof
    return bytes(body), packed, "a body that is cut off" if cut else ""
