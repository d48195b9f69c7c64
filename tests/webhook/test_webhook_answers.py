"""What the receiver answers and what it keeps: the application itself, on stores that fail when told to."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import threading
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette

from fakes import FaultyStore, MemoryStore, Plan
from receiver import SECRET, STAMP, encoded, message, signed
from sessioncast import queue
from sessioncast.errors import StoreDenied, StoreUnavailable
from sessioncast.events import Event, Finished, Noted
from sessioncast.recorders.zoom_reading import taken
from sessioncast.serve.app import make_app
from sessioncast.serve.bounds import Bounds
from sessioncast.store.port import Store


class Ear:
    """A receiver over ``store`` whose clock stands at STAMP."""

    def __init__(
        self, store: Store | None = None, *, bounds: Bounds | None = None, meetings: tuple[str, ...] = ()
    ) -> None:
        self.store: Store = store or MemoryStore()
        self.events: list[Event] = []
        self.now = float(STAMP)
        self.app: Starlette = make_app(
            self.store,
            SECRET,
            takes=taken(meetings),
            clock=lambda: self.now,
            report=self.events.append,
            bounds=bounds,
        )

    async def tell(
        self, body: bytes | AsyncIterator[bytes], headers: Mapping[str, str] | None = None
    ) -> httpx2.Response:
        if headers is None:
            assert isinstance(body, bytes)
            headers = signed(body)
        transport = httpx2.ASGITransport(app=self.app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://receiver") as client:
            return await client.post("/zoom", content=body, headers=dict(headers))

    def hears(self, values: Any, headers: Mapping[str, str] | None = None) -> httpx2.Response:
        body = values if isinstance(values, bytes) else encoded(values)
        return asyncio.run(self.tell(body, headers))

    @property
    def queued(self) -> tuple[queue.Queued, ...]:
        return queue.pending(self.store)


def test_a_recording_is_queued_before_it_is_answered() -> None:
    ear = Ear()
    assert ear.hears(message()).status_code == 200
    (item,) = ear.queued
    assert item.kind == "zoom"
    assert item.body == {
        "event": "recording.completed",
        "at": "2024-01-17T20:56:40.000+00:00",
        "recording": "recording-0==",
        "meeting": "81234567890",
        "topic": "Grand rounds",
        "starts": "2024-01-17T20:54:11+00:00",
        "files": ["file-m4a", "file-mp4"],
    }
    assert ear.events == [Finished("heard", "recording.completed", "Grand rounds")]


def test_what_is_queued_holds_no_token_no_passcode_and_no_person() -> None:
    ear = Ear()
    ear.hears(message("recording.transcript_completed"))
    assert isinstance(ear.store, MemoryStore)
    written = b"".join(ear.store.snapshot().values())
    assert written
    assert b"planted" not in written
    assert b"http" not in written


@pytest.mark.parametrize(
    "event", ["recording.completed", "recording.transcript_completed", "recording.recovered", "recording.renamed"]
)
def test_these_are_kept(event: str) -> None:
    ear = Ear()
    assert ear.hears(message(event)).status_code == 200
    assert len(ear.queued) == 1


@pytest.mark.parametrize(
    "event", ["recording.started", "recording.stopped", "meeting.ended", "webinar.ended", "user.created", "", "é" * 999]
)
def test_others_are_thanked_for_and_not_kept(event: str) -> None:
    ear = Ear()
    assert ear.hears(message(event)).status_code == 204
    assert ear.queued == ()


def test_a_meeting_of_somebody_else_is_not_kept() -> None:
    ear = Ear(meetings=("812 3456 7890",))
    assert ear.hears(message()).status_code == 200
    assert ear.hears(message(nth=1, id=999)).status_code == 204
    assert [item.body["recording"] for item in ear.queued] == ["recording-0=="]


BODY = encoded(message())
GOOD = signed(BODY)
FALSE: dict[str, Mapping[str, str]] = {
    "nothing": {},
    "no stamp": {"x-zm-signature": GOOD["x-zm-signature"]},
    "no signature": {"x-zm-request-timestamp": str(STAMP)},
    "another secret": signed(BODY, secret="guess"),
    "another body": signed(BODY + b" "),
    "the same JSON in other bytes": signed(json.dumps(json.loads(BODY), indent=1).encode()),
    "another stamp": {**GOOD, "x-zm-request-timestamp": str(STAMP + 1)},
    "in capitals": {**GOOD, "x-zm-signature": GOOD["x-zm-signature"].upper()},
    "without v0": {**GOOD, "x-zm-signature": GOOD["x-zm-signature"].removeprefix("v0=")},
    "five minutes and a second old": signed(BODY, STAMP - 301),
    "five minutes and a second ahead": signed(BODY, STAMP + 301),
    "a stamp that is no number": {**signed(BODY), "x-zm-request-timestamp": "now"},
    "a stamp without end": {**signed(BODY), "x-zm-request-timestamp": "9" * 5000},
    "a stamp below nothing": signed(BODY, -STAMP),
    "bytes that are no text": {**GOOD, "x-zm-signature": "v0=ÿþ"},
}


@pytest.mark.parametrize("why", FALSE)
def test_who_did_not_sign_lately_is_refused_and_nothing_is_kept(why: str) -> None:
    ear = Ear()
    assert ear.hears(BODY, {k: v.encode("latin-1") for k, v in FALSE[why].items()}).status_code == 401  # type: ignore[misc]
    assert ear.queued == ()


@pytest.mark.parametrize("seconds", [-300, -1, 0, 300])
def test_five_minutes_are_lately(seconds: int) -> None:
    ear = Ear()
    assert ear.hears(BODY, signed(BODY, STAMP + seconds)).status_code == 200


def test_an_organiser_hears_once_that_messages_are_refused() -> None:
    ear = Ear()
    for _ in range(5):
        ear.hears(BODY, {})
    (noted,) = ear.events
    assert isinstance(noted, Noted)
    assert "ZOOM_WEBHOOK_SECRET" in noted.hint


def test_what_was_overheard_and_played_back_changes_nothing() -> None:
    ear = Ear()
    assert [ear.hears(BODY, GOOD).status_code for _ in range(3)] == [200, 200, 200]
    assert len(ear.queued) == 1
    ear.now += 301
    queue.done(ear.store, ear.queued[0])
    assert ear.hears(BODY, GOOD).status_code == 401
    assert len(ear.queued) == 0


@settings(max_examples=30, deadline=None)
@given(st.permutations([*range(6), *range(6), 2, 3]), st.sampled_from(["recording.completed", "recording.renamed"]))
def test_any_order_with_any_repeats_leaves_the_same_queue(order: list[int], event: str) -> None:
    ear = Ear()
    for nth in order:
        ear.now += 60  # each delivery is stamped anew
        body = encoded(message(event, nth))
        assert ear.hears(body, signed(body, ear.now)).status_code == 200
    assert [item.body["recording"] for item in ear.queued] == [f"recording-{n}==" for n in range(6)]


def test_two_events_of_one_recording_are_two_and_so_are_other_files() -> None:
    ear = Ear()
    ear.hears(message("recording.completed"))
    ear.hears(message("recording.transcript_completed"))
    ear.hears(message("recording.completed", recording_files=[{"id": "another", "file_type": "CC"}]))
    assert len(ear.queued) == 3


@pytest.mark.parametrize(
    "body",
    [b"", b"hello", b"{", b"[]", b'"x"', b"null", b"\xff\xfe", b"[" * 100_000, b"{}", b'{"event": 5}'],
    ids=["nothing", "words", "half", "a list", "a text", "null", "no text", "a tower", "no event", "a number"],
)
def test_what_is_no_message_is_said_to_be_none(body: bytes) -> None:
    ear = Ear()
    assert ear.hears(body).status_code == 400
    assert ear.queued == ()


@pytest.mark.parametrize(
    "change",
    [
        lambda m: m.pop("payload"),
        lambda m: m.update(payload=[]),
        lambda m: m["payload"].update(object="x"),
        lambda m: m["payload"].update(object={"topic": "x"}),
    ],
)
def test_a_message_about_nothing_is_said_to_be_none(change: Callable[[dict[str, Any]], object]) -> None:
    ear, values = Ear(), message()
    change(values)
    assert ear.hears(values).status_code == 400


@pytest.mark.parametrize("stamp", [None, "x", -1, 10**40, 1.5, True, []])
def test_a_time_that_is_none_still_has_one_id(stamp: object) -> None:
    ear = Ear()
    for _ in range(2):
        assert ear.hears({**message(), "event_ts": stamp}).status_code == 200
    assert len(ear.queued) == 1


def test_bare_and_odd_objects_are_kept_as_far_as_they_say_which() -> None:
    ear = Ear()
    for about in (
        {"uuid": "a/b=="},
        {"id": 5},
        {"uuid": "x" * 5000, "topic": "y\u200b\x1b" * 5000, "recording_files": [None, 5]},
    ):
        assert ear.hears({"event": "recording.completed", "payload": {"object": about}}).status_code == 200
    assert len(ear.queued) == 3
    assert all(len(str(item)) < 2000 for item in ear.queued)


def test_zoom_s_question_whose_address_this_is_is_answered() -> None:
    answer = Ear().hears({"event": "endpoint.url_validation", "payload": {"plainToken": "qgg8vlvZRS6UYooatFL8Aw"}})
    expected = hmac.new(SECRET.encode(), b"qgg8vlvZRS6UYooatFL8Aw", hashlib.sha256).hexdigest()
    assert answer.status_code == 200
    assert answer.json() == {"plainToken": "qgg8vlvZRS6UYooatFL8Aw", "encryptedToken": expected}


def test_nobody_gets_anything_signed_by_asking() -> None:
    ear = Ear()
    question = {"event": "endpoint.url_validation", "payload": {"plainToken": f"v0:{STAMP}:{BODY.decode()}"}}
    assert ear.hears(question).status_code == 400
    assert ear.hears(question, {}).status_code == 401
    assert ear.hears({"event": "endpoint.url_validation", "payload": None}).status_code == 400
    assert ear.hears({"event": "endpoint.url_validation", "payload": {"plainToken": 5}}).status_code == 400


@pytest.mark.parametrize(
    "error",
    [
        StoreUnavailable("memory: no answer"),
        StoreDenied("memory: no", hint="ask the owner"),
        RuntimeError("memory: no"),
    ],
)
def test_a_store_that_fails_is_said_so_that_zoom_comes_again(error: Exception) -> None:
    ear = Ear(FaultyStore(MemoryStore(), Plan().fail(error, write=1)))
    answer = ear.hears(BODY)
    assert answer.status_code == 503
    (noted,) = ear.events
    assert isinstance(noted, Noted)
    assert "not kept: " in noted.text
    assert "memory: no" in noted.text
    assert ear.queued == ()
    assert ear.hears(BODY).status_code == 200
    assert len(ear.queued) == 1


def test_a_store_that_kept_it_and_lost_the_answer_is_asked_again() -> None:
    ear = Ear(FaultyStore(MemoryStore(), Plan().fail(when="after", write=1)))
    assert [ear.hears(BODY).status_code for _ in range(2)] == [503, 200]
    assert len(ear.queued) == 1


def test_a_store_that_takes_too_long_holds_nobody_up_and_no_more_threads_than_said() -> None:
    gate, both = threading.Event(), threading.Barrier(3)
    entered: list[object] = []

    def wait(call: object) -> None:
        entered.append(call)
        gate.wait(60)

    def written(_call: object) -> None:
        both.wait(60)

    plan = Plan().on(wait, verb="put", times=2).on(written, when="after", verb="put", times=2)
    ear = Ear(FaultyStore(MemoryStore(), plan), bounds=Bounds(store_s=0.05, writers=2))

    async def story() -> tuple[list[int], int]:
        codes = [(await ear.tell(encoded(message(nth=n)))).status_code for n in range(6)]
        stuck = len(entered)
        gate.set()
        await asyncio.to_thread(both.wait, 60)
        return codes, stuck

    assert asyncio.run(story()) == ([503] * 6, 2)
    # What was given up has been kept after all; Zoom's next try finds it there.
    assert [item.body["recording"] for item in ear.queued] == ["recording-0==", "recording-1=="]


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_of_ten_megabytes_is_too_long(chunked: bool) -> None:
    ear = Ear()
    body = b'{"event": "' + b"x" * 10_000_000

    async def pieces() -> AsyncIterator[bytes]:
        for at in range(0, len(body), 1 << 16):
            yield body[at : at + (1 << 16)]

    answer = asyncio.run(ear.tell(pieces() if chunked else body, signed(body)))
    assert answer.status_code == 413
    assert ear.queued == ()


def test_a_body_just_within_the_bound_is_read() -> None:
    values = message(topic="x")
    room = Bounds().body - len(encoded(values))
    for more, status in ((0, 200), (1, 413)):
        body = encoded(message(topic="x" + "x" * (room + more)))
        assert Ear().hears(body).status_code == status


def test_a_slow_body_is_given_up() -> None:
    ear = Ear(bounds=Bounds(body_s=0.05))

    async def story() -> int:
        never = asyncio.Event()

        async def pieces() -> AsyncIterator[bytes]:
            yield BODY[:10]
            await never.wait()

        return (await ear.tell(pieces(), GOOD)).status_code

    assert asyncio.run(story()) == 408


def test_health_and_what_there_is_not() -> None:
    async def asked(method: str, path: str) -> int:
        transport = httpx2.ASGITransport(app=Ear().app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://receiver") as client:
            return (await client.request(method, path)).status_code

    expected = {("GET", "/healthz"): 200, ("GET", "/zoom"): 405, ("POST", "/"): 404, ("GET", "/queue/a.json"): 404}
    assert {ask: asyncio.run(asked(*ask)) for ask in expected} == expected
