"""When the certificate behind an https address ends, as a client that trusts it sees."""

from __future__ import annotations

import socket
import ssl
from datetime import UTC, datetime
from urllib.parse import urlsplit

_SECONDS = 10.0


def certificate_ends(address: str) -> datetime | None:
    """Return the end of the certificate; None where there is none, nobody answers, or it isn't trusted in the first place."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port or 443
        if parts.scheme != "https" or not host:
            return None
        with (
            socket.create_connection((host, port), timeout=_SECONDS) as plain,
            ssl.create_default_context().wrap_socket(plain, server_hostname=host) as kept,
        ):
            said = (kept.getpeercert() or {}).get("notAfter")
    except (OSError, ValueError):
        return None
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(said)), UTC) if said else None
