"""The web application: a message in, judged, kept in the queue, and only then answered 200."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from sessioncast import queue
from sessioncast.errors import SessioncastError
from sessioncast.events import Finished, Noted, Report
from sessioncast.serve.bounds import Bounds
from sessioncast.serve.heard import KIND, Heard, read_message
from sessioncast.serve.signature import answer_to, is_signed
from sessioncast.store.port import Store

ZOOM = "/zoom"
HEALTH = "/healthz"


def make_app(
    private: Store,
    secret: str,
    *,
    takes: Callable[[str], bool] = lambda _meeting: True,
    clock: Callable[[], float],
    report: Report,
    bounds: Bounds | None = None,
) -> Starlette:
    """Return the receiver for messages signed with ``secret``; ``takes`` says which meetings are the show's.

    200: kept (or there already). 204: signed and understood, nothing to do. 400: no message of Zoom's. 401: not signed, or not
    lately. 408, 413: too slow, too long. 503: could not be kept; Zoom tries again. ``clock`` is seconds since 1970.
    """
    limits = bounds or Bounds()
    keeper = _Keeper(private, limits, report)
    complained = False

    def refuse() -> HTTPException:
        nonlocal complained
        if not complained:  # once: whoever sends nonsense is not to fill a log
            complained = True
            hint = "compare ZOOM_WEBHOOK_SECRET with the secret token of the app's webhooks, and look at this machine's clock"
            report(Noted("warning", "a message was refused: not signed with the secret token, or not lately", hint))
        return HTTPException(401, "not signed with this app's secret token, or not within five minutes")

    async def healthy(_request: Request) -> Response:
        return PlainTextResponse("ok\n")

    async def zoom(request: Request) -> Response:
        body = await _body(request, limits)
        stamp, signature = (request.headers.get(f"x-zm-{name}", "") for name in ("request-timestamp", "signature"))
        if not is_signed(secret, stamp, signature, body, clock()):
            raise refuse()
        message = _message(body)
        if message.get("event") == "endpoint.url_validation":
            payload = message.get("payload")
            proof = answer_to(secret, payload.get("plainToken") if isinstance(payload, dict) else None)
            if proof is None:
                raise HTTPException(400, "no plainToken")
            return JSONResponse(proof)
        try:
            heard = read_message(message)
        except ValueError as e:
            raise HTTPException(400, str(e)) from None
        if heard is None or not takes(str(heard.body["meeting"])):
            return Response(status_code=204)
        return await keeper.keep(heard)

    @asynccontextmanager
    async def running(_app: Starlette) -> AsyncIterator[None]:
        with keeper:
            yield

    return Starlette(
        routes=[Route(ZOOM, zoom, methods=["POST"]), Route(HEALTH, healthy)],
        lifespan=running,
    )


class _Keeper:
    """Puts work into the queue from a few threads, and never promises what isn't done."""

    def __init__(self, private: Store, bounds: Bounds, report: Report) -> None:
        self._private = private
        self._bounds = bounds
        self._report = report
        self._threads = ThreadPoolExecutor(bounds.writers, "keep")
        self._free = asyncio.Semaphore(bounds.writers)

    def __enter__(self) -> None:
        """Nothing is opened before it is needed."""

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def keep(self, heard: Heard) -> Response:
        """Return 200 once the work is in the store, 503 where that failed or took too long."""
        try:
            async with asyncio.timeout(self._bounds.store_s):
                await self._free.acquire()
                writing = asyncio.get_running_loop().run_in_executor(self._threads, self._put, heard)
                # Given up is not stopped: the thread is free when the store has answered it, and not before.
                writing.add_done_callback(self._release)
                new = await asyncio.shield(writing)
        except TimeoutError:
            return self._refuse("the store takes too long", "Zoom tries again after five minutes")
        except SessioncastError as e:
            return self._refuse(e.message, e.hint)
        except Exception as e:  # noqa: BLE001 - a bug of ours must not lose the message: Zoom comes again
            return self._refuse(f"{type(e).__name__}: {e}", "this is a bug in sessioncast: report what it says")
        if new:
            self._report(Finished("heard", heard.event, heard.topic))
        return PlainTextResponse("kept\n")

    def _put(self, heard: Heard) -> bool:
        return queue.enqueue(self._private, KIND, heard.id, heard.body)

    def _release(self, writing: asyncio.Future[bool]) -> None:
        self._free.release()
        if not writing.cancelled():
            writing.exception()  # looked at, so that nobody complains of an error that nobody awaited

    def _refuse(self, why: str, hint: str) -> Response:
        self._report(Noted("warning", f"a message was not kept: {why}", hint))
        return PlainTextResponse("not kept, try again\n", 503, {"Retry-After": "60"})


async def _body(request: Request, bounds: Bounds) -> bytes:
    """Return the raw body. Raises HTTPException for one that is too long or too slow."""
    body, size = bytearray(), 0
    try:
        async with asyncio.timeout(bounds.body_s):
            async for piece in request.stream():
                size += len(piece)
                if size <= bounds.body:
                    body += piece
                elif size > bounds.dropped:
                    break
                else:
                    body.clear()  # the rest is read and dropped, for a sender looks at the answer only when it has sent all
    except TimeoutError:
        raise HTTPException(408, "too slow", {"Connection": "close"}) from None
    except ClientDisconnect:
        raise HTTPException(400, "gone") from None
    if size > bounds.body:
        raise HTTPException(413, f"more than {bounds.body} bytes", {"Connection": "close"})
    return bytes(body)


def _message(body: bytes) -> dict[str, Any]:
    try:
        plain = json.loads(body)
    except (ValueError, RecursionError):
        plain = None
    if not isinstance(plain, dict):
        raise HTTPException(400, "not a JSON object")
    return plain
