"""Which podcast a feed is, across all its moves: podcast:guid (NS-GUID, NS-GUID-ALGO, NS-GUID-FOREVER)."""

from __future__ import annotations

import re
from ipaddress import ip_address
from urllib.parse import urlsplit
from uuid import UUID, uuid5

PODCAST_NAMESPACE = UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")

_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_LOCAL_NAMES = (".localhost", ".local", ".internal", ".lan", ".home.arpa")


def podcast_guid(feed_url: str) -> UUID:
    """Return the podcast:guid a feed gets when it is first public at ``feed_url``; kept in the catalog ever after."""
    return uuid5(PODCAST_NAMESPACE, _SCHEME.sub("", feed_url).rstrip("/"))


def is_public_https(url: str) -> bool:
    """Tell whether an address is https on a host that others can reach: no loopback, private or machine-local name."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return False
    if parts.scheme != "https" or not host:
        return False
    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith(_LOCAL_NAMES)
