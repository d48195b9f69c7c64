"""Which machines may be asked: a name is looked up once, judged, and the connection goes to what was judged.

A name that answers first with a public and then with a private address (DNS rebinding) gains nothing: nobody asks twice.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any
from urllib.parse import urlsplit

import httpx2

Address = IPv4Address | IPv6Address
Allowed = Callable[[Address], bool]

_NAT64 = IPv6Network("64:ff9b::/96")


class AddressRefused(OSError):
    """A name stands for a machine that may not be asked."""


def is_public(address: Address) -> bool:
    """Whether an address lies in the open internet; one that carries an IPv4 address is judged by that."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo and address.teredo[1])
        if address in _NAT64:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner:
            return is_public(inner)
        if address.is_site_local:
            return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def shown(url: str) -> str:
    """Return an address as messages may name it: no user, no password, and nothing of a query, which may hold a key."""
    try:
        parts = urlsplit(url)
        name = parts.hostname or ""
        host = f"[{name}]" if ":" in name else name
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "the address"
    return f"{parts.scheme}://{host}{port}{parts.path}{'?…' if parts.query else ''}"


def _judged(name: str, found: list[tuple[Any, ...]], allowed: Allowed) -> list[str]:
    """Return the addresses to connect to in their order; one that may not be asked spoils the name."""
    hosts = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    for host in hosts:
        if not allowed(ip_address(host.partition("%")[0])):
            there = "" if host == name else f" ({host})"
            raise AddressRefused(f"{name}{there}, a private, local or reserved address")
    return hosts


def _towards(request: httpx2.Request, host: str) -> httpx2.Request:
    """Return the request sent to ``host``; Host header and the name that TLS checks stay those of the address asked for."""
    return httpx2.Request(
        request.method,
        request.url.copy_with(host=host),
        headers=request.headers,
        stream=request.stream,
        extensions={**request.extensions, "sni_hostname": request.url.raw_host.decode("ascii")},
    )


def _port(request: httpx2.Request) -> int:
    return request.url.port or (443 if request.url.scheme == "https" else 80)


# No connection is kept: one made for a name must not serve another name on the same machine.
_NONE_KEPT = httpx2.Limits(max_keepalive_connections=0)


class CheckedAsync(httpx2.AsyncBaseTransport):
    """A transport that asks nobody but whom ``allowed`` lets it."""

    def __init__(self, allowed: Allowed) -> None:
        """Keep the rule; proxies of the environment are not used, since they would look the name up themselves."""
        self._allowed = allowed
        self._inner = httpx2.AsyncHTTPTransport(limits=_NONE_KEPT)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Look up, judge, connect; the next address of a name is tried where one does not answer."""
        name = request.url.raw_host.decode("ascii").strip("[]")
        looked_up = await asyncio.get_running_loop().getaddrinfo(name, _port(request), type=socket.SOCK_STREAM)
        *others, last = _judged(name, list(looked_up), self._allowed)
        for host in others:
            try:
                return await self._inner.handle_async_request(_towards(request, host))
            except httpx2.ConnectError:
                continue
        return await self._inner.handle_async_request(_towards(request, last))

    async def aclose(self) -> None:
        """Close what is open."""
        await self._inner.aclose()


class Checked(httpx2.BaseTransport):
    """The same for a client that waits."""

    def __init__(self, allowed: Allowed) -> None:
        """Keep the rule."""
        self._allowed = allowed
        self._inner = httpx2.HTTPTransport(limits=_NONE_KEPT)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Look up, judge, connect; the next address of a name is tried where one does not answer."""
        name = request.url.raw_host.decode("ascii").strip("[]")
        *others, last = _judged(
            name, list(socket.getaddrinfo(name, _port(request), type=socket.SOCK_STREAM)), self._allowed
        )
        for host in others:
            try:
                return self._inner.handle_request(_towards(request, host))
            except httpx2.ConnectError:
                continue
        return self._inner.handle_request(_towards(request, last))

    def close(self) -> None:
        """Close what is open."""
        self._inner.close()
