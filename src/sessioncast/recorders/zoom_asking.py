"""Requests to Zoom: tried again where that helps, with the pause Zoom asks for, and every failure in words of ours."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt, wait_random_exponential

from sessioncast.errors import SourceError
from sessioncast.recorders.zoom_access import Addresses, Credentials, Token

if TYPE_CHECKING:
    from ssl import SSLContext

    import httpx2

ATTEMPTS = 6
TIMEOUT_S = 30.0
PATIENCE_S = 90.0
"""The longest pause that is waited out; a daily limit is not."""
_LARGEST = 64 << 20
_SPACED = wait_random_exponential(multiplier=1, max=20)

AGAIN = "run the same command again in a while"
SCOPES = "give the app the scopes for cloud recordings and activate it (docs/automation.md, Zoom)"


class Busy(Exception):
    """Zoom did not answer, or said: not now. ``after`` is the pause it asked for, in seconds."""

    def __init__(self, words: str, after: float | None = None) -> None:
        super().__init__(words)
        self.words = words
        self.after = after


class Missing(Exception):
    """Zoom knows nothing of that name."""


class _NoAddresses(logging.Filter):
    """Keeps the client's own note of every request out of all logs: the account's number stands in some addresses."""

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno > logging.INFO


class Asker:
    """Zoom's API as JSON; holds the credentials and the token."""

    def __init__(
        self,
        credentials: Credentials,
        addresses: Addresses,
        *,
        pause: Callable[[float], None],
        clock: Callable[[], float],
    ) -> None:
        self._credentials = credentials
        self.addresses = addresses
        self._pause = pause
        self.clock = clock
        self.token = Token(self._buy, clock)

    def __repr__(self) -> str:
        """Return where it asks."""
        return f"Asker({self.addresses.api})"

    def get(self, path: str, query: Mapping[str, str | int]) -> dict[str, Any]:
        """Return the answer to a GET below /v2. Raises SourceError, and Missing for 404."""
        token = self.token.value()
        answer = self._json("GET", f"{self.addresses.api}{path}", query, {"Authorization": f"Bearer {token}"})
        if answer[0] == 401:
            token = self.token.instead_of(token)
            answer = self._json("GET", f"{self.addresses.api}{path}", query, {"Authorization": f"Bearer {token}"})
        status, plain = answer
        if status == 404:
            raise Missing
        if status != 200 or plain is None:
            raise SourceError(f"Zoom: {self._said(status, plain)}, expected a list of recordings", hint=SCOPES)
        return plain

    def tried_again(self) -> Retrying:
        """Return the policy for what Zoom could not do now."""

        def spaced(state: RetryCallState) -> float:
            error = state.outcome.exception() if state.outcome else None
            asked = error.after if isinstance(error, Busy) else None
            return _SPACED(state) if asked is None else asked

        return Retrying(
            retry=retry_if_exception_type(Busy),
            wait=spaced,
            stop=stop_after_attempt(ATTEMPTS),
            sleep=self._pause,
            reraise=True,
        )

    # --- below ---

    def _buy(self) -> tuple[str, float]:
        import httpx2

        query = {"grant_type": "account_credentials", "account_id": self._credentials.account}
        auth = httpx2.BasicAuth(self._credentials.client, self._credentials.secret)
        status, plain = self._json("POST", self.addresses.oauth, query, {}, auth)
        token = (plain or {}).get("access_token")
        if status != 200 or not isinstance(token, str) or not re.fullmatch(r"[\x21-\x7e]{1,10000}", token):
            raise SourceError(
                f"Zoom: {self._said(status, plain)}, expected an access token for the app",
                hint="compare ZOOM_ACCOUNT_ID, ZOOM_CLIENT_ID and ZOOM_CLIENT_SECRET with the app's credentials, and see that the app is activated",
            )
        lasts = (plain or {}).get("expires_in")
        return token, float(lasts) if isinstance(lasts, int | float) and lasts > 0 else 3600.0

    def _json(
        self,
        method: str,
        address: str,
        query: Mapping[str, str | int],
        headers: Mapping[str, str],
        auth: httpx2.BasicAuth | None = None,
    ) -> tuple[int, dict[str, Any] | None]:
        """Return status and JSON object, None where the answer holds none."""
        asked: dict[str, Any] = {"params": dict(query), "headers": dict(headers), "auth": auth}
        try:
            for attempt in self.tried_again():
                with attempt, opened() as client, border(), client.stream(method, address, **asked) as answer:
                    refuse_busy(answer)
                    return answer.status_code, _object(answer)
        except Busy as e:
            raise SourceError(f"Zoom: {e.words}, expected an answer", hint=AGAIN) from None
        raise AssertionError("tenacity ends in a return or an error")

    def _said(self, status: int, plain: Mapping[str, Any] | None) -> str:
        """Return what Zoom answered, in one line and without a secret."""
        known = [str(plain[k]) for k in ("reason", "error", "code", "message") if plain and plain.get(k)]
        words = self.token.out_of(" ".join(" ".join(known).split()), self._credentials)[:300]
        return f"found status {status}" + (f" ({words})" if words else "")


@contextmanager
def opened() -> Iterator[httpx2.Client]:
    """Yield a client for a few requests; it follows no redirect by itself and leaves no note of addresses."""
    import httpx2

    logger = logging.getLogger("httpx2")
    if not any(isinstance(f, _NoAddresses) for f in logger.filters):
        logger.addFilter(_NoAddresses())
    with httpx2.Client(timeout=TIMEOUT_S, follow_redirects=False, verify=_certificates()) as client:
        yield client


@cache
def _certificates() -> SSLContext:
    """Return what Zoom's certificate is held against; reading it takes longer than a request."""
    import httpx2

    return httpx2.create_ssl_context()


@contextmanager
def border() -> Iterator[None]:
    """Turn what the client raises into Busy or SourceError, without the request in it."""
    import httpx2

    try:
        yield
    except (httpx2.UnsupportedProtocol, httpx2.InvalidURL):
        raise SourceError("Zoom: found an address that can't be asked, expected https", hint=AGAIN) from None
    except httpx2.HTTPError as e:
        raise Busy(f"found no whole answer ({type(e).__name__})") from None


def refuse_busy(answer: httpx2.Response) -> None:
    """Raise Busy for 429 and 5xx, SourceError where Zoom asks for more patience than anybody has."""
    if answer.status_code != 429 and answer.status_code < 500:
        return
    after = pause_asked(answer.headers.get("retry-after", ""), datetime.now(UTC))
    if after is not None and after > PATIENCE_S:
        raise SourceError(
            f"Zoom: found its limit reached (status {answer.status_code}), expected an answer; it asks to wait {after / 60:.0f} minutes",
            hint="run the same command again after that",
        )
    raise Busy(f"found status {answer.status_code}", after)


def pause_asked(said: str, now: datetime) -> float | None:
    """Return the seconds that a Retry-After asks for: a number, a date of HTTP, or the ISO date Zoom gives for daily limits."""
    said = said.strip()
    if re.fullmatch(r"\d{1,9}(?:\.\d{1,9})?", said):
        return float(said)
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            at = read(said)
        except ValueError:
            continue
        return max(0.0, (at.replace(tzinfo=at.tzinfo or UTC) - now).total_seconds())
    return None


def _object(answer: httpx2.Response) -> dict[str, Any] | None:
    body = bytearray()
    for piece in answer.iter_bytes(1 << 16):
        body += piece
        if len(body) > _LARGEST:
            raise SourceError(f"Zoom: found more than {_LARGEST >> 20} MB, expected a list of recordings", hint=AGAIN)
    try:
        plain = json.loads(bytes(body))
    except (ValueError, RecursionError):
        return None
    return plain if isinstance(plain, dict) else None
