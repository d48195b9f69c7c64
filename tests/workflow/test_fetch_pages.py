"""A page at an address, from a server that means well and from one that doesn't: everything bounded, one clear error."""

from __future__ import annotations

import asyncio
import gzip
import socket
import tracemalloc
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from ipaddress import ip_address
from typing import Any

import pytest

from hostile import Hostile
from sessioncast.errors import SourceError
from sessioncast.fetch.addresses import Checked, is_public, shown
from sessioncast.fetch.bounded import Answer, Fetcher, Limits
from sessioncast.fetch.pages import Fetched, page_at

PAGE = b"<!doctype html><h1>The pump handle</h1><p>Speaker: John Snow</p>"


class Elsewhere(Hostile):
    """Knows besides: ``to?URL`` redirects there, ``more/N`` for ever to the next, ``type?T`` serves a page as T, ``large`` 100 MB."""

    def __init__(self) -> None:
        super().__init__({"talk.html": PAGE, "empty.html": b"  "})
        self.hosts: list[str] = []
        self.sent = 0

    def answer(self, request: BaseHTTPRequestHandler, *, body: bool) -> None:
        self.hosts.append(request.headers.get("Host", ""))
        verb, _, what = request.path.lstrip("/").partition("?")
        if verb == "to":
            self._send(request, 302, {"Location": what}, b"", body=body)
        elif verb.startswith("more/"):
            self._send(request, 301, {"Location": f"/more/{int(verb[5:]) + 1}"}, b"", body=body)
        elif verb.startswith("type"):
            self._send(request, 200, {"Content-Type": what} if what else {}, PAGE, body=body)
        elif verb.startswith("status/"):
            self._send(request, int(verb[7:]), {"Content-Type": "text/html"}, PAGE, body=body)
        elif verb == "packed":
            self._send(
                request, 200, {"Content-Type": "text/html", "Content-Encoding": what}, gzip.compress(PAGE), body=body
            )
        elif verb == "half":
            headers = {"Content-Type": "text/html", "Content-Encoding": "gzip"}
            self._send(request, 200, headers, gzip.compress(PAGE)[:-12], body=body)
        elif verb == "large":
            request.send_response_only(200)
            request.send_header("Content-Type", "text/html")
            request.end_headers()
            request.close_connection = True
            for _ in range(100):
                request.wfile.write(bytes(1_000_000))
                self.sent += 1
        else:
            super().answer(request, body=body)


@pytest.fixture
def web() -> Iterator[Elsewhere]:
    with Elsewhere() as server:
        yield server


def test_a_page_is_fetched(web: Elsewhere) -> None:
    assert page_at(f"{web.base}/talk.html", private=True) == Fetched(PAGE, f"{web.base}/talk.html", "text/html")


def test_redirects_are_followed_and_the_last_address_told(web: Elsewhere) -> None:
    assert page_at(f"{web.base}/to?/talk.html", private=True).url == f"{web.base}/talk.html"


def test_credentials_reach_the_server_and_nobody_else(web: Elsewhere) -> None:
    base = web.base.replace("//", "//florence:lamp@")
    assert page_at(f"{base}/talk.html#top", private=True).url == f"{web.base}/talk.html"
    with pytest.raises(SourceError) as caught:
        page_at(f"{base}/none?key=secret", private=True)
    assert "404" in caught.value.message
    for secret in ("florence", "lamp", "secret"):
        assert secret not in f"{caught.value.message} {caught.value.hint}"


@pytest.mark.parametrize(
    ("path", "found", "hint"),
    [
        ("none.html", "status 404", "check the address in a browser"),
        ("status/410", "status 410", "check the address in a browser"),
        ("status/401", r"status 401 \(not for everybody\)", "sign in and save it in your browser"),
        ("status/403", r"status 403 \(not for everybody\)", "sign in and save it in your browser"),
        ("status/429", "status 429", "try again later"),
        ("status/503", "status 503", "try again later"),
        ("status/204", "status 204", "try again later"),
        ("empty.html", "an empty answer", "try again later"),
        ("type?image/png", "the content type 'image/png'", "name the page"),
        ("type?application/pdf", "the content type 'application/pdf'", "name the page"),
        ("type.bin?application/octet-stream", "the content type 'application/octet-stream'", "name the page"),
        ("more/1", "more than 5 redirects", "open the address in a browser"),
        ("to?ftp://example.org/x", "an address that is neither http nor https", "open the address in a browser"),
        ("to?file:///etc/passwd", "an address that is neither http nor https", "open the address in a browser"),
        ("packed?br", "a packing that nobody asked for", "save it in your browser"),
        ("half", "a body that is cut off", "try again later"),
    ],
)
def test_what_is_no_page_is_one_error_that_says_what_to_do(web: Elsewhere, path: str, found: str, hint: str) -> None:
    with pytest.raises(SourceError, match=found) as caught:
        page_at(f"{web.base}/{path}", private=True)
    assert caught.value.hint.startswith(hint)
    assert "\n" not in caught.value.message


@pytest.mark.parametrize(
    "kind",
    ["text/html; charset=utf-8", "application/ld+json", "text/calendar", "text/csv", "application/rss+xml", "application/json", "",
     "multipart/related; boundary=x"],
)  # fmt: skip
def test_texts_of_every_kind_are_taken(web: Elsewhere, kind: str) -> None:
    assert page_at(f"{web.base}/type?{kind}", private=True).body == PAGE


def test_a_calendar_served_as_bytes_is_known_by_its_name(web: Elsewhere) -> None:
    assert page_at(f"{web.base}/type.ics?application/octet-stream", private=True).body == PAGE


def test_a_packed_page_is_unpacked(web: Elsewhere) -> None:
    assert page_at(f"{web.base}/packed?gzip", private=True).body == PAGE


@pytest.mark.parametrize(
    ("wrong", "found"),
    [
        ("redirect-loop", "a redirect in a circle|more than 5 redirects"),
        ("slow-drip", "no whole answer within 0.5 s"),
        ("slow-head", "no whole answer within 0.5 s"),
        ("silence", "no whole answer within 0.5 s"),
        ("gzip-bomb", "more than 2,000,000 bytes"),
    ],
)
def test_a_server_that_means_harm_is_left(web: Elsewhere, wrong: str, found: str) -> None:
    web.wrong = wrong
    tracemalloc.start()
    try:
        with pytest.raises(SourceError, match=found):
            page_at(f"{web.base}/talk.html", private=True, seconds=0.5, most=2_000_000)
        assert tracemalloc.get_traced_memory()[1] < 12_000_000
    finally:
        tracemalloc.stop()


def test_a_hundred_megabytes_are_not_waited_for(web: Elsewhere) -> None:
    with pytest.raises(SourceError, match="more than 20,000,000 bytes"):
        page_at(f"{web.base}/large", private=True)
    assert web.sent < 60


@pytest.mark.parametrize(
    "address", ["ftp://example.org/x", "talk.html", "https://", "http://[::1", "//example.org", ""]
)
def test_what_is_no_address_is_said(address: str) -> None:
    with pytest.raises(SourceError, match="expected one such as https"):
        page_at(address, private=True)


def test_a_name_that_nobody_has(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> list[Any]:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(SourceError, match=r"http://talks\.example/x: found no machine of that name"):
        page_at("http://talks.example/x", private=False)


# --- addresses -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "240.0.0.1",
     "255.255.255.255", "192.0.2.1", "::1", "::", "fe80::1", "fc00::1", "fec0::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
     "64:ff9b::a00:1", "2002:7f00:1::", "2001:db8::1", "::127.0.0.1"],
)  # fmt: skip
def test_an_address_inside_is_not_public(address: str) -> None:
    assert not is_public(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "2a00:1450:4001::1", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_an_address_outside_is(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "127.1"]
)
def test_this_machine_is_not_asked_unless_allowed(web: Elsewhere, host: str) -> None:
    with pytest.raises(SourceError, match="private, local or reserved") as caught:
        page_at(web.base.replace("127.0.0.1", host) + "/talk.html", private=False)
    assert "private_addresses = true" in caught.value.hint
    assert web.asked == 0


def _only_first(address: object) -> bool:
    return str(address) == "127.0.0.1"


def _fetch(url: str) -> Answer:
    async def run() -> Answer:
        async with Fetcher(Limits(5), allowed=_only_first) as fetcher:
            return await fetcher.fetch(url)

    return asyncio.run(run())


def test_every_hop_is_judged(web: Elsewhere) -> None:
    there = _fetch(f"{web.base}/talk.html")
    assert there.body == PAGE
    inside = _fetch(f"{web.base}/to?{web.base.replace('127.0.0.1', '127.0.0.2')}/talk.html")
    assert inside.refused
    assert "127.0.0.2" in inside.trouble
    assert web.hosts == [web.base[7:]] * 2


class _Resolver:
    """A name server that says 127.0.0.1 the first time and something else from then on."""

    def __init__(self, *later: str) -> None:
        self.asked = 0
        self.later = later

    def __call__(self, host: str, port: int, *_: object, **__: object) -> list[tuple[Any, ...]]:
        self.asked += 1
        hosts = ("127.0.0.1",) if self.asked == 1 else self.later
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (each if host == "talks.example" else host, port))
            for each in hosts
        ]


def test_the_connection_goes_to_the_address_that_was_judged(web: Elsewhere, monkeypatch: pytest.MonkeyPatch) -> None:
    resolver = _Resolver("10.0.0.1")
    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    port = web.base.rpartition(":")[2]
    assert _fetch(f"http://talks.example:{port}/talk.html").body == PAGE
    assert web.hosts == [f"talks.example:{port}"]
    assert _fetch(f"http://talks.example:{port}/talk.html").refused


def test_one_private_address_among_several_spoils_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    resolver = _Resolver("127.0.0.1", "10.0.0.1")
    resolver.asked = 1
    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    answer = _fetch("http://talks.example/talk.html")
    assert answer.refused
    assert answer.trouble == "talks.example (10.0.0.1), a private, local or reserved address"


def test_a_waiting_client_is_held_to_the_same(web: Elsewhere) -> None:
    import httpx2

    with httpx2.Client(transport=Checked(_only_first), follow_redirects=True) as client:
        assert client.get(f"{web.base}/talk.html").content == PAGE
        with pytest.raises(OSError, match=r"127\.0\.0\.2"):
            client.get(f"{web.base}/to?{web.base.replace('127.0.0.1', '127.0.0.2')}/talk.html")


def test_addresses_are_shown_without_secrets() -> None:
    assert shown("https://mary:tea@talks.example:8443/a?token=1#x") == "https://talks.example:8443/a?…"
    assert shown("http://[::1]:80/") == "http://[::1]:80/"
    assert shown("http://[broken") == "the address"
