"""Fetch what is about to be named, as an app would, before anything names it (protocol step 4; DL-HEAD, DL-RANGE, DL-MEDIA-TYPE)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from sessioncast import layout
from sessioncast.errors import ObjectMissing, VerifyError

if TYPE_CHECKING:
    from sessioncast.store.port import Store

TIMEOUT_S = 20.0


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

    def __init__(self, public_url: str) -> None:
        """Fetch from below this base address."""
        self._base = public_url

    def check(self, key: str, size: int) -> None:
        """Raise VerifyError unless HEAD gives type and size and ``Range: bytes=0-1`` gives two bytes of ``size``."""
        import httpx2
        from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

        address = layout.address(self._base, key)
        try:
            for attempt in Retrying(
                retry=retry_if_exception_type((httpx2.TransportError, _NotYet)),
                wait=wait_random_exponential(multiplier=0.2, max=3),
                stop=stop_after_attempt(4),
                reraise=True,
            ):
                with attempt, httpx2.Client(timeout=TIMEOUT_S, follow_redirects=True, max_redirects=5) as client:
                    head = client.head(address)
                    _judge(
                        head.status_code == 200, address, "DL-HEAD", f"status {head.status_code} to HEAD", "200", head
                    )
                    _judge(
                        _length(head) == size, address, "IT-ENC-LEN", f"{_length(head)} bytes", f"{size} bytes", head
                    )
                    expected = layout.media_type(key)
                    found = head.headers.get("content-type", "none")
                    _judge(
                        _essence(found) == _essence(expected), address, "DL-MEDIA-TYPE", f"type {found}", expected, head
                    )
                    with client.stream("GET", address, headers={"Range": "bytes=0-1"}) as part:
                        total = part.headers.get("content-range", "none")
                        _judge(
                            part.status_code == 206 and total == f"bytes 0-1/{size}",
                            address,
                            "DL-RANGE",
                            f"status {part.status_code}, Content-Range {total} to a range",
                            f"206, bytes 0-1/{size}",
                            part,
                        )
        except (httpx2.HTTPError, httpx2.InvalidURL, UnicodeError) as e:
            raise VerifyError(
                f"{address}: found no answer ({type(e).__name__}), expected what was just uploaded",
                hint="is public_url in feed/show.toml where listeners reach the store? sessioncast store explain",
            ) from e


class _NotYet(VerifyError):
    """A 404 or 5xx right after the upload: asked again before it counts."""


def _judge(ok: bool, address: str, rule: str, found: str, expected: str, answer: object) -> None:
    if ok:
        return
    status = getattr(answer, "status_code", 0)
    kind = _NotYet if status == 404 or status >= 500 else VerifyError
    hint = "sessioncast store setup" if status in (401, 403) else "sessioncast store explain"
    raise kind(f"{address}: found {found}, expected {expected} [{rule}]", hint=hint)


def _essence(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()


def _length(answer: object) -> int:
    headers = getattr(answer, "headers", {})
    text = str(headers.get("content-length", ""))
    return int(text) if text.isdigit() else -1
