"""The receiver as it runs: slow and endless clients, a crowd, and kill -9 in the middle of it."""

from __future__ import annotations

import contextlib
import http.client
import itertools
import socket
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from commands import run
from receiver import SECRET, Receiver, encoded, message, signed

MESSAGES, CLIENTS = 2000, 20


@pytest.fixture
def receiver(tmp_path: Path) -> Iterator[Receiver]:
    with Receiver(tmp_path) as started:
        yield started


@pytest.fixture
def impatient(tmp_path: Path) -> Iterator[Receiver]:
    with Receiver(tmp_path, bounds={"head_s": 0.3, "body_s": 0.3, "connections": 12}) as started:
        yield started


def now_signed(body: bytes) -> dict[str, str]:
    return signed(body, time.time())


def test_it_says_where_it_listens_and_what_it_heard_and_no_secret(receiver: Receiver) -> None:
    assert receiver.send(encoded(message(topic="Cholera"))) == 200
    assert receiver.send(b"{}", {"x-zm-signature": "v0=planted"}) == 401
    assert receiver.recordings == ["recording-0=="]
    out, err = receiver.end()
    assert '"event": "recording.completed", "topic": "Cholera"' in out
    assert "ZOOM_WEBHOOK_SECRET" in err
    assert "planted" not in out + err


def test_ten_megabytes_are_answered_and_not_kept_in_memory(receiver: Receiver) -> None:
    receiver.send(encoded(message()))
    before = receiver.peak_memory() if sys.platform == "linux" else 0
    body = b"x" * 10_000_000
    assert [receiver.send(body) for _ in range(5)] == [413] * 5
    if sys.platform == "linux":
        assert receiver.peak_memory() - before < 8_000_000
    assert receiver.send(encoded(message(nth=1))) == 200


def test_a_body_without_end_is_cut_off(receiver: Receiver) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(1000):
            yield bytes(1 << 16)

    connection = receiver.connect()
    with contextlib.suppress(OSError, http.client.HTTPException):
        connection.request("POST", "/zoom", endless(), encode_chunked=True)
        assert connection.getresponse().status == 413
    connection.close()
    assert receiver.send(encoded(message())) == 200


def everything_from(client: socket.socket) -> bytes:
    """Return what comes until the other side closes."""
    said = b""
    while piece := client.recv(65536):
        said += piece
    return said


def test_who_dawdles_is_sent_away_and_holds_nobody_up(impatient: Receiver) -> None:
    begun = [
        b"",
        b"POST /zo",
        b"POST /zoom HTTP/1.1\r\nHost: receiver\r\nX-Slow: ",
        b"GET /healthz HTTP/1.1\r\nHost: receiver\r\n\r\nPOST /zoom",
    ]
    slow = b"POST /zoom HTTP/1.1\r\nHost: receiver\r\nContent-Length: 100\r\n\r\n{"
    clients = [socket.create_connection(("127.0.0.1", impatient.port), 60) for _ in range(5)]
    for client, words in zip(clients, [*begun, slow], strict=True):
        client.sendall(words)
    assert impatient.send(encoded(message())) == 200
    said = [everything_from(client) for client in clients]
    assert said[:3] == [b"", b"", b""]
    assert said[3].startswith(b"HTTP/1.1 200 OK")
    assert said[4].startswith(b"HTTP/1.1 408 ")
    for client in clients:
        client.close()
    assert impatient.recordings == ["recording-0=="]


def test_more_connections_than_it_takes_are_told_to_come_again(impatient: Receiver) -> None:
    crowd = [socket.create_connection(("127.0.0.1", impatient.port), 60) for _ in range(12)]
    for client in crowd:
        client.sendall(b"POST /zoom HTTP/1.1\r\n")
    assert impatient.send(encoded(message())) == 503
    for client in crowd:
        assert client.recv(1) == b""
        client.close()
    assert impatient.send(encoded(message())) == 200


@pytest.mark.parametrize(
    "junk",
    [
        b"\x16\x03\x01\x02\x00\x01",
        b"GET " + b"a" * 100_000,
        b"POST /zoom HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"\0" * 99,
    ],
)
def test_what_is_no_http_is_no_trouble(receiver: Receiver, junk: bytes) -> None:
    with socket.create_connection(("127.0.0.1", receiver.port), 60) as client, contextlib.suppress(OSError):
        client.sendall(junk)
        client.shutdown(socket.SHUT_WR)
        while client.recv(65536):
            pass
    assert receiver.send(encoded(message())) == 200
    assert "Traceback" not in receiver.end()[1]


def nothing() -> None:
    """Do nothing."""


def deliver(receiver: Receiver, numbers: range, answered: Callable[[], None] = nothing) -> dict[int, int]:
    """Deliver messages over one connection, every fourth twice, and return the answers by number; 0 for none."""
    answers = dict.fromkeys(numbers, 0)
    connection = receiver.connect()
    for nth in numbers:
        body = encoded(message(nth=nth))
        try:
            for _ in range(1 + (nth % 4 == 0)):
                connection.request("POST", "/zoom", body, now_signed(body))
                answer = connection.getresponse()
                answer.read()
                answers[nth] = answer.status
                answered()
        except (OSError, http.client.HTTPException):
            connection.close()
    connection.close()
    return answers


def crowd(receiver: Receiver, messages: int = MESSAGES, answered: Callable[[], None] = nothing) -> dict[int, int]:
    """Let twenty clients deliver at once."""
    shares = [range(first, messages, CLIENTS) for first in range(CLIENTS)]
    answers: dict[int, int] = {}
    with ThreadPoolExecutor(CLIENTS) as pool:
        for share in pool.map(lambda numbers: deliver(receiver, numbers, answered), shares):
            answers |= share
    return answers


def test_two_thousand_messages_from_twenty_clients_are_all_kept_once(receiver: Receiver) -> None:
    crowd(receiver, 100)
    before = receiver.peak_memory() if sys.platform == "linux" else 0
    assert set(crowd(receiver).values()) == {200}
    assert receiver.recordings == [f"recording-{nth}==" for nth in range(MESSAGES)]
    if sys.platform == "linux":
        assert receiver.peak_memory() - before < 16_000_000


def test_nothing_that_was_accepted_is_lost_when_it_is_killed(tmp_path: Path) -> None:
    answers_left = itertools.count(-60)
    with Receiver(tmp_path) as receiver:
        answers = crowd(receiver, 600, lambda: receiver.process.kill() if next(answers_left) == 0 else None)
    accepted = {f"recording-{nth}==" for nth, status in answers.items() if status == 200}
    assert 0 < len(accepted) < 600
    assert accepted <= set(receiver.recordings)
    with Receiver(tmp_path, port=receiver.port) as again:
        assert set(deliver(again, range(600)).values()) == {200}
        assert again.recordings == [f"recording-{nth}==" for nth in range(600)]


def test_without_its_secret_it_does_not_begin(receiver: Receiver) -> None:
    done = run(receiver.folder, "serve")
    assert done.returncode == 8
    assert done.stderr.startswith("error: ZOOM_WEBHOOK_SECRET: found nothing in the environment")
    assert "export ZOOM_WEBHOOK_SECRET=" in done.stderr


def test_a_port_in_use_is_named(receiver: Receiver) -> None:
    done = run(receiver.folder, "serve", "--port", str(receiver.port), extra={"ZOOM_WEBHOOK_SECRET": SECRET})
    assert done.returncode == 1
    assert f"{receiver.port}: found it in use" in done.stderr
    assert SECRET not in done.stderr
    strange = run(receiver.folder, "serve", "--host", "nowhere.invalid", extra={"ZOOM_WEBHOOK_SECRET": SECRET})
    assert "--host: found 'nowhere.invalid'" in strange.stderr
