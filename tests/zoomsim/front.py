"""The addresses: tokens, lists, downloads; each answer as Zoom gives it, the unkind ones too."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from urllib.parse import parse_qsl, unquote

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from zoomsim.account import Account, Plain
from zoomsim.clock import Clock
from zoomsim.signin import SignIn
from zoomsim.trouble import Trouble, Wrong

PAGE_LIFE = timedelta(minutes=15)
SHORT_BODY = b'{"status":false,"errorCode":300,"errorMessage":"Forbidden"}'
WEB_PAGE = "<!DOCTYPE html>\n<html><head><title>Error - Zoom</title></head><body>This recording does not exist.</body></html>\n"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request that came in, and what became of it; ``what`` is the type of the file that was sent whole or in part."""

    at: datetime
    method: str
    path: str
    status: int
    what: str = ""
    uuid: str = ""


class Front:
    """An ASGI application over an account."""

    def __init__(self, account: Account, sign_in: SignIn, clock: Clock, trouble: Trouble) -> None:
        self.asked: list[Asked] = []
        self.most = 300
        """How many meetings a page holds at most, whatever is asked for."""
        self.trouble = trouble
        self._account, self._sign_in, self._clock = account, sign_in, clock
        self._tickets: dict[str, tuple[str, datetime]] = {}
        self._pages: dict[str, tuple[str, int, datetime]] = {}
        self.app = _Dated(
            Starlette(
                routes=[
                    Route("/oauth/token", self._token, methods=["POST"]),
                    Route("/v2/users/{user}/recordings", self._recordings),
                    Route("/v2/meetings/{uuid:path}/recordings", self._meeting),
                    Route("/rec/download/{key}", self._download),
                    Route("/ssrweb/{ticket}", self._file),
                ]
            ),
            clock,
        )

    # --- tokens ------------------------------------------------------------------------------------------------------

    async def _token(self, request: Request) -> Response:
        wrong = self._wrong(request, "token", "broken", "throttled")
        if wrong is not None:
            return wrong
        said = {**request.query_params, **await _form(request)}
        if not self._sign_in.knows(request.headers.get("authorization", "")):
            refused = {"reason": "Invalid client_id or client_secret", "error": "invalid_client"}
            return self._json(request, refused, 401)
        if said.get("grant_type") != "account_credentials":
            return self._json(request, {"reason": "unsupported grant type", "error": "unsupported_grant_type"}, 400)
        if said.get("account_id") != self._account.id:
            return self._json(request, {"reason": "Bad Request", "error": "invalid_request"}, 400)
        scope = "cloud_recording:read:list_user_recordings:admin cloud_recording:read:list_recording_files:admin"
        given = {"access_token": self._sign_in.give(), "token_type": "bearer", "expires_in": 3599, "scope": scope}
        return self._json(request, given)

    # --- lists -------------------------------------------------------------------------------------------------------

    async def _recordings(self, request: Request) -> Response:
        if (refused := self._refused(request, f"list {request.url.query}")) is not None:
            return refused
        asked = request.query_params
        today = self._clock().astimezone(UTC).date()
        try:
            first = date.fromisoformat(asked.get("from", today.isoformat()))
            last = date.fromisoformat(asked.get("to", today.isoformat()))
            size = int(asked.get("page_size", "30"))
        except ValueError:
            return self._json(request, {"code": 300, "message": "Invalid field."}, 400)
        if not 1 <= size <= 300:
            return self._json(request, {"code": 300, "message": "The page_size must be between 1 and 300."}, 400)
        # More than a month is not refused: its beginning is moved, without a word but this field.
        first = max(first, last - timedelta(days=30))
        query = f"{request.path_params['user']} {first} {last} {size}"
        start = self._page(asked.get("next_page_token", ""), query)
        if start is None:
            return self._json(request, {"code": 300, "message": "The next page token is invalid or expired."}, 400)
        found = [
            (meeting, plain)
            for meeting, plain in self._account.listed(self._clock(), _base(request))
            if first <= meeting.starts.astimezone(UTC).date() <= last
            and _asked_for(request.path_params["user"], meeting.host)
        ]
        size = min(size, self.most)
        page = found[start : start + size]
        further = self._turn(query, start + size) if start + size < len(found) else ""
        told: Plain = {"from": first.isoformat(), "to": last.isoformat(), "page_count": -(-len(found) // size)}
        told |= {"page_size": size, "total_records": len(found), "next_page_token": further}
        return self._json(request, {**told, "meetings": [plain for _, plain in page]})

    async def _meeting(self, request: Request) -> Response:
        if (refused := self._refused(request, f"meeting {request.url.path}")) is not None:
            return refused
        raw: bytes = request.scope["raw_path"].split(b"?")[0]
        once = unquote(raw.removeprefix(b"/v2/meetings/").removesuffix(b"/recordings").decode("ascii"))
        slashed = once.startswith("/") or "//" in once  # these are only found when they were encoded twice
        named = set() if slashed else {once, unquote(once)}
        for meeting, plain in self._account.listed(self._clock(), _base(request)):
            if meeting.uuid in named or str(meeting.number) in named:
                return self._json(request, plain)
        return self._json(request, {"code": 3301, "message": "This recording does not exist."}, 404)

    def _page(self, token: str, query: str) -> int | None:
        if not token:
            return 0
        said, start, until = self._pages.get(token, ("", 0, self._clock()))
        return start if said == query and self._clock() < until else None

    def _turn(self, query: str, start: int) -> str:
        token = secrets.token_urlsafe(24)
        self._pages[token] = (query, start, self._clock() + PAGE_LIFE)
        return token

    # --- downloads ---------------------------------------------------------------------------------------------------

    async def _download(self, request: Request) -> Response:
        """Send on to where the file lies, as Zoom does."""
        if request.query_params.get("access_token"):
            return self._no_file(request)  # a token in an address ends in somebody's log
        if (wrong := self._wrong(request, f"door {request.url.path}", "throttled", "broken")) is not None:
            return wrong
        if not self._sign_in.takes(request.headers.get("authorization", "")):
            return self._no_file(request)
        if self._account.found(request.path_params["key"], self._clock()) is None:
            return self._no_file(request)
        self._note(request, 302)
        ticket = secrets.token_urlsafe(24)
        self._tickets[ticket] = (request.path_params["key"], self._clock() + PAGE_LIFE)
        return RedirectResponse(f"/ssrweb/{ticket}", 302)

    async def _file(self, request: Request) -> Response:
        key, until = self._tickets.get(request.path_params["ticket"], ("", self._clock()))
        file = self._account.found(key, self._clock()) if self._clock() < until else None
        if file is None:
            return self._no_file(request)
        befalls = self.trouble.befalls(f"file {file.id}", "page", "cut")
        if befalls == "page":
            return self._no_file(request)
        body = file.bytes
        mark = f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'
        asked = request.headers.get("range", "") if request.headers.get("if-range", mark) == mark else ""
        start = _range(asked, len(body))
        headers = {"accept-ranges": "bytes", "etag": mark, "content-disposition": f'attachment; filename="{file.type}"'}
        if start is None:
            self._note(request, 416)
            return Response(status_code=416, headers={"content-range": f"bytes */{len(body)}"})
        status = 206 if asked else 200
        if status == 206:
            headers["content-range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
        self._note(request, status, file.type, file.meeting)
        kind = "text/vtt" if body.startswith(b"WEBVTT") else "application/octet-stream"
        if befalls == "cut":
            return _Cut(body[start:], status, headers, kind)
        return Response(body[start:], status, headers, kind)

    def _no_file(self, request: Request) -> Response:
        """Answer as for a token or an address that is no good: as if all were well."""
        self._note(request, 200)
        if len(self.asked) % 2:
            return HTMLResponse(WEB_PAGE)
        return Response(SHORT_BODY, 200, media_type="application/json")

    # --- common ------------------------------------------------------------------------------------------------------

    def _refused(self, request: Request, address: str) -> Response | None:
        if (wrong := self._wrong(request, address, "throttled", "broken")) is not None:
            return wrong
        if not self._sign_in.takes(request.headers.get("authorization", "")):
            return self._json(request, {"code": 124, "message": "Invalid access token."}, 401)
        return None

    def _wrong(self, request: Request, address: str, *among: Wrong) -> Response | None:
        befalls = self.trouble.befalls(address, *among)
        if befalls == "throttled":
            body = {"code": 429, "message": "You have reached the maximum per-second rate limit for this API."}
            return self._json(request, body, 429, {"retry-after": self.trouble.after})
        if befalls == "broken":
            status = (500, 502, 503)[self.trouble.met["broken"] % 3]
            self._note(request, status)
            return HTMLResponse("<html><body>Service error</body></html>", status)
        return None

    def _json(
        self, request: Request, plain: Plain, status: int = 200, headers: dict[str, str] | None = None
    ) -> Response:
        self._note(request, status)
        return JSONResponse(plain, status, headers)

    def _note(self, request: Request, status: int, what: str = "", uuid: str = "") -> None:
        self.asked.append(Asked(self._clock(), request.method, request.url.path, status, what, uuid))


class _Cut(Response):
    """Sends half of what it promised, and closes the connection."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del scope, receive
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        half = bytes(self.body)[: len(self.body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})


class _Dated:
    """Puts the simulated time into every answer's Date."""

    def __init__(self, app: ASGIApp, clock: Clock) -> None:
        self._app, self._clock = app, clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def dated(message: dict[str, object]) -> None:
            if message["type"] == "http.response.start":
                stamp = format_datetime(self._clock().astimezone(UTC), usegmt=True).encode()
                headers = message.get("headers")
                message["headers"] = [*(headers if isinstance(headers, list) else []), (b"date", stamp)]
            await send(message)

        await self._app(scope, receive, dated)  # type: ignore[arg-type]


async def _form(request: Request) -> dict[str, str]:
    return dict(parse_qsl((await request.body()).decode("utf-8", "replace")))


def _range(header: str, size: int) -> int | None:
    """Return where to begin, None for a beginning beyond the end; only ``bytes=N-`` is known."""
    if not header:
        return 0
    number = header.removeprefix("bytes=").partition("-")[0]
    start = int(number) if number.isdigit() else 0
    return start if start < size else None


def _asked_for(user: str, host: str) -> bool:
    """Whether a list asked for by id, by address or as ``me`` is this host's."""
    return user in ("me", host, "rounds@example.org")


def _base(request: Request) -> str:
    return str(request.base_url).rstrip("/")
