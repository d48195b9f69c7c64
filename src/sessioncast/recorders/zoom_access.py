"""Zoom's credentials and the token they buy: read from the environment, kept in memory, shown to nobody but Zoom."""

from __future__ import annotations

import base64
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from sessioncast.errors import SourceError

API_URL = "https://api.zoom.us/v2"
OAUTH_URL = "https://zoom.us/oauth/token"
_FAMILY = ("zoom.us", "zoom.com", "zoomgov.com")
_EARLY_S = 120.0
"""How long before its end a token is given up: a request under way must not see it end."""

_MEANT = {
    "ZOOM_ACCOUNT_ID": "the account ID of your server-to-server app (App Credentials at marketplace.zoom.us)",
    "ZOOM_CLIENT_ID": "the client ID of your server-to-server app (App Credentials at marketplace.zoom.us)",
    "ZOOM_CLIENT_SECRET": "the client secret of your server-to-server app (App Credentials at marketplace.zoom.us)",
    "ZOOM_WEBHOOK_SECRET": "the secret token of your app's webhooks (Feature at marketplace.zoom.us)",
}


def from_environment(environment: Mapping[str, str], *names: str) -> tuple[str, ...]:
    """Return the values of these variables. Raises one SourceError that names every missing one, and never a value."""
    values = [environment.get(name, "").strip() for name in names]
    missing = [name for name, value in zip(names, values, strict=True) if not value]
    if missing:
        lines = [f"{name}: found nothing in the environment, expected {_MEANT[name]}" for name in missing]
        raise SourceError("\n".join(lines), hint=f"export {missing[0]}=…   (docs/automation.md, Zoom)")
    return tuple(values)


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a server-to-server app signs in with."""

    account: str
    client: str
    secret: str

    def __repr__(self) -> str:
        """Return nothing of what it holds."""
        return "Credentials(…)"

    def struck(self, text: str, *others: str) -> str:
        """Return a text somebody else wrote without any of these secrets in it."""
        both = base64.b64encode(f"{self.client}:{self.secret}".encode()).decode()
        for secret in sorted((self.account, self.client, self.secret, both, *others), key=len, reverse=True):
            text = text.replace(secret, "…") if secret else text
        return text


class Token:
    """An access token, bought when first needed and again when it is old; several threads may ask."""

    def __init__(self, buy: Callable[[], tuple[str, float]], clock: Callable[[], float]) -> None:
        """``buy`` returns a new token and the seconds it lasts; ``clock`` counts seconds."""
        self._buy = buy
        self._clock = clock
        self._lock = threading.Lock()
        self._value = ""
        self._until = 0.0

    def __repr__(self) -> str:
        """Return nothing of what it holds."""
        return "Token(…)"

    def value(self) -> str:
        """Return one that is good for a while. Raises SourceError."""
        with self._lock:
            if not self._value or self._clock() >= self._until:
                self._renew()
            return self._value

    def instead_of(self, spent: str) -> str:
        """Return another than the one that was refused, bought only where nobody has meanwhile. Raises SourceError."""
        with self._lock:
            if self._value == spent:
                self._renew()
            return self._value

    def out_of(self, text: str, credentials: Credentials) -> str:
        """Return a text somebody else wrote without this token or the credentials in it."""
        return credentials.struck(text, self._value)

    def _renew(self) -> None:
        self._value = ""
        value, seconds = self._buy()
        self._value, self._until = value, self._clock() + max(seconds - _EARLY_S, seconds / 2)


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where Zoom's doors are: ``api`` ends in /v2, ``oauth`` in /oauth/token, whatever was left out of what was given."""

    api: str
    oauth: str

    @classmethod
    def of(cls, api: str = "", oauth: str = "") -> Addresses:
        """Return Zoom's own, or those given instead. Raises SourceError for what would carry a token in the open."""
        api, oauth = (api or API_URL).rstrip("/"), (oauth or OAUTH_URL).rstrip("/")
        for name, address in (("ZOOM_API_URL", api), ("ZOOM_OAUTH_URL", oauth)):
            origin = _origin(address)
            if origin is None or not (origin[0] == "https" or _is_loopback(origin[1])):
                raise SourceError(
                    f"{name}: found an address that is not https, expected one that may be told a secret",
                    hint=f"unset {name}",
                )
        return cls(
            api if api.endswith("/v2") else f"{api}/v2", oauth if oauth.endswith("/token") else f"{oauth}/oauth/token"
        )

    def trusts(self, address: str) -> bool:
        """Whether a token may be sent to this address: Zoom's own hosts over https, or where the doors were said to be."""
        origin = _origin(address)
        if origin is None:
            return False
        if origin in (_origin(self.api), _origin(self.oauth)):
            return True
        scheme, host, port = origin
        return scheme == "https" and port == 443 and any(host == h or host.endswith(f".{h}") for h in _FAMILY)


def _origin(address: str) -> tuple[str, str, int] | None:
    try:
        parts = urlsplit(address)
        port = parts.port or {"https": 443, "http": 80}[parts.scheme]
    except (ValueError, KeyError):
        return None
    # Somebody's name before the @ is no part of a download address, and browsers and libraries read \ in different ways.
    if not parts.hostname or "@" in parts.netloc or "\\" in address:
        return None
    return parts.scheme, parts.hostname.rstrip("."), port


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
