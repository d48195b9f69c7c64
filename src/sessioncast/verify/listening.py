"""Fetch what is about to be named, as an app would, before anything names it (protocol step 4; DL-HEAD, DL-RANGE, DL-MEDIA-TYPE)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from sessioncast import layout
from sessioncast.errors import ObjectMissing, VerifyError

if TYPE_CHECKING:
    from sessioncast.fetch.bounded import Limits
    from sessioncast.store.port import Store
    from sessioncast.verify.media import Heard

_PAUSES_S = (0.3, 1.0, 3.0)  # a new object may take a moment to be seen everywhere
_SOUNDS = ("audio/mpeg", "audio/x-m4a")


class Listener(Protocol):
    """Somebody who can only read what is public."""

    def check(self, key: str, size: int) -> None:
        """Raise VerifyError unless the object under ``key`` can be had whole: ``size`` bytes of the right type."""


class FolderListener:
    """Reads the folder itself: whatever serves it serves these bytes."""

    def __init__(self, public: Store) -> None:
        """Look at this public root."""
        self._public = public

    def check(self, key: str, size: int) -> None:
        """Raise VerifyError unless the file is there with ``size`` bytes."""
        try:
            found = self._public.head(key)
        except ObjectMissing:
            raise VerifyError(
                f"{self._public.where}/{key}: found nothing, expected {size} bytes", hint="sessioncast publish"
            ) from None
        if found.size != size:
            raise VerifyError(
                f"{self._public.where}/{key}: found {found.size} bytes, expected {size}", hint="sessioncast publish"
            )


class WebListener:
    """Fetches over HTTP from the public address."""

    def __init__(
        self, public_url: str, *, limits: Limits | None = None, wait: Callable[[float], None] = time.sleep
    ) -> None:
        """Fetch from below this base address; ``wait`` is told the seconds between two tries."""
        self._base = public_url
        self._limits = limits
        self._wait = wait

    def check(self, key: str, size: int) -> None:
        """Raise VerifyError unless an app could play the object: HEAD, ranges, type, size, first frame."""
        address = layout.address(self._base, key)
        for pause in (*_PAUSES_S, None):
            heard = asyncio.run(self._hear(address, key, size))
            wrong = [f for f in heard.findings if f.level == "error"]
            if not wrong:
                return
            if pause is None or not heard.may_pass:
                break
            self._wait(pause)
        first = wrong[0]
        denied = first.found in ("status 401", "status 403")
        raise VerifyError(
            f"{address}: found {first.found} to {first.key}, expected {first.wanted} [{first.rule}]",
            hint="sessioncast store setup" if denied else _HINT,
        )

    async def _hear(self, address: str, key: str, size: int) -> Heard:
        from sessioncast.fetch.bounded import Fetcher
        from sessioncast.verify.media import hear

        type_ = layout.media_type(key)
        async with Fetcher(self._limits) as fetcher:
            return await hear(fetcher, address, size, type_, is_sound=type_ in _SOUNDS)


_HINT = "is public_url in feed/show.toml where listeners reach the store? sessioncast store explain"
