"""A door on loopback that answers as it is told, for one behaviour of the Zoom client at a time; it simulates no Zoom."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from sessioncast.recorders.zoom import Zoom
from sessioncast.recorders.zoom_access import Addresses, Credentials

ACCOUNT, CLIENT, SECRET = "planted-account-7Q", "planted-client-8R", "planted-secret-9S"
TOKENS = ("planted-token-1T", "planted-token-2U", "planted-token-3V", "planted-token-4W")
PLANTED = (ACCOUNT, CLIENT, SECRET, *TOKENS)
STARTS = datetime(2024, 1, 17, 20, 56, 11, tzinfo=UTC)
UUID = "4444AAAiAAAAAiAiAiiAii=="


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came: ``path`` raw, without the query."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]

    @property
    def token(self) -> str:
        return self.headers.get("authorization", "").removeprefix("Bearer ")


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said; ``cut``: the connection ends after so many bytes of the body, whatever was promised."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int | None = None


def plain(values: Any, status: int = 200, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, json.dumps(values).encode(), {"Content-Type": "application/json", **named})


Says = Callable[[Asked], Answer]


class Door:
    """Answers each path as ``says`` has it; tokens are sold in order, and those in ``spent`` are no good."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.says: dict[str, Says] = {}
        self.spent: set[str] = set()
        self.sold = 0
        self.pauses: list[float] = []
        self.now = 0.0
        self.says["/oauth/token"] = self._sell
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                outer._serve(self)

            def do_POST(self) -> None:
                outer._serve(self)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's name
                del format, args

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: Any, client_address: Any) -> None:
                del request, client_address  # a client that leaves in the middle is part of what is tried

        self._server = Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def client(self, **changes: Any) -> Zoom:
        """Return a client of this door; it waits for nothing, and its clock is the door's."""
        settings = {"pause": self.pauses.append, "clock": lambda: self.now, **changes}
        return Zoom(Credentials(ACCOUNT, CLIENT, SECRET), addresses=Addresses.of(self.base, self.base), **settings)

    def to(self, path: str) -> list[Asked]:
        """Return the requests to a path."""
        return [a for a in self.asked if a.path == path]

    def lists(self, *meetings: Any, user: str = "me") -> None:
        """Answer every listing of this user with these meetings."""
        self.says[f"/v2/users/{user}/recordings"] = self.guarded(lambda _: plain({"meetings": meetings}))

    def guarded(self, says: Says) -> Says:
        """Return the same, for those with a good token."""

        def answer(asked: Asked) -> Answer:
            if asked.token not in TOKENS[: self.sold] or asked.token in self.spent:
                return plain({"code": 124, "message": f"Invalid access token {asked.token}."}, 401)
            return says(asked)

        return answer

    def holds(self, body: bytes, path: str = "/rec/download/abc", **headers: str) -> None:
        """Serve a file with byte ranges to those with a good token; to others a page, with status 200."""

        def answer(asked: Asked) -> Answer:
            if asked.token not in TOKENS[: self.sold] or asked.token in self.spent:
                return Answer(200, b"<!DOCTYPE html><title>Sign in</title>", {"Content-Type": "text/html"})
            return ranged(asked, body, headers)

        self.says[path] = answer

    # --- below ---

    def _sell(self, asked: Asked) -> Answer:
        del asked
        self.sold += 1
        return plain({"access_token": TOKENS[self.sold - 1], "token_type": "bearer", "expires_in": 3600})

    def _serve(self, request: BaseHTTPRequestHandler) -> None:
        parts = urlsplit(request.path)
        named = {name.lower(): value for name, value in request.headers.items()}
        asked = Asked(request.command, parts.path, dict(parse_qsl(parts.query)), named)
        self.asked.append(asked)
        says = self.says.get(parts.path)
        answer = says(asked) if says else plain({"code": 3301, "message": "This recording does not exist."}, 404)
        request.send_response_only(answer.status)
        for name, value in answer.headers.items():
            request.send_header(name, value)
        request.send_header("Content-Length", str(len(answer.body)))
        request.end_headers()
        request.wfile.write(answer.body[: answer.cut])
        if answer.cut is not None:
            request.wfile.flush()
            request.close_connection = True


def ranged(asked: Asked, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Answer as a server of files does: in part where the client's mark is still right."""
    said = {
        "Content-Type": "application/octet-stream",
        "ETag": '"one"',
        **{k.replace("_", "-"): v for k, v in headers.items()},
    }
    wanted = asked.headers.get("range", "")
    if wanted and asked.headers.get("if-range") == said["ETag"]:
        first = int(wanted.removeprefix("bytes=").rstrip("-"))
        said["Content-Range"] = f"bytes {first}-{len(body) - 1}/{len(body)}"
        return Answer(206, body[first:], said)
    return Answer(200, body, said)


def meeting(*files: Any, **changes: Any) -> dict[str, Any]:
    """Return a meeting as the API lists it."""
    return {
        "uuid": UUID,
        "id": 81234567890,
        "account_id": "a",
        "host_id": "h",
        "topic": "Grand rounds",
        "type": 8,
        "start_time": f"{STARTS - timedelta(minutes=2):%Y-%m-%dT%H:%M:%SZ}",
        "timezone": "",
        "duration": 61,
        "recording_count": len(files),
        "share_url": "https://zoom.us/rec/share/planted-share",
        "password": "planted-password",
        "recording_play_passcode": "planted-passcode",
        "recording_files": list(files),
        **changes,
    }


def entry(kind: str = "M4A", **changes: Any) -> dict[str, Any]:
    """Return a file as the API lists it."""
    types = {
        "M4A": "audio_only",
        "MP4": "shared_screen_with_speaker_view",
        "TRANSCRIPT": "audio_transcript",
        "CHAT": "chat_file",
    }
    return {
        "id": f"file-{kind.lower()}",
        "meeting_id": UUID,
        "recording_start": f"{STARTS:%Y-%m-%dT%H:%M:%SZ}",
        "recording_end": f"{STARTS + timedelta(minutes=58):%Y-%m-%dT%H:%M:%SZ}",
        "file_type": kind,
        "file_extension": {"TRANSCRIPT": "VTT", "CHAT": "TXT", "CC": "VTT"}.get(kind, kind),
        "file_size": 1000,
        "play_url": "https://zoom.us/rec/play/planted-play",
        "download_url": "https://zoom.us/rec/download/abc",
        "status": "completed",
        "recording_type": types.get(kind, ""),
        **changes,
    }
