"""The web application: addresses to answers, as a good podcast host gives them (DL-HEAD, DL-RANGE, DL-ETAG, DL-CORS)."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from sessioncast import layout
from sessioncast.errors import ObjectMissing, SessioncastError
from sessioncast.model import utc_second
from sessioncast.preview.files import Files
from sessioncast.preview.rendered import Rendered, Text
from sessioncast.preview.watching import Watching
from sessioncast.project.files import read_templates
from sessioncast.renew import shelf_of
from sessioncast.search import standing
from sessioncast.store.port import Roots

_METHODS = "GET, HEAD, OPTIONS"
_CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Accept-Ranges, Content-Length, Content-Range, ETag, Last-Modified",
}
_ONE_RANGE = re.compile(r"bytes=(?:(\d{1,18})-(\d{1,18})?|-\d{1,18})")
_TAKES_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))", re.IGNORECASE)


def make_app(roots: Roots, base_url: str, watched: Path | None = None) -> Starlette:
    """Return the preview of a published show, reached under ``base_url`` (no slash at the end needed).

    With a show folder to watch, pages are made with its templates as they are now, and load anew when it changes.

    Raises ContentError while nothing is published, and what the stores raise.
    """
    watching = Watching(watched) if watched else None
    rendered = Rendered(
        roots.private,
        base_url,
        shelf_of(roots.public),
        lambda catalog: standing(roots.public, catalog),
        (lambda: read_templates(watched)[0]) if watched else None,
    )
    rendered.find(layout.FEED)

    @asynccontextmanager
    async def cached(app: Starlette) -> AsyncIterator[None]:
        with TemporaryDirectory(prefix="sessioncast-preview-") as folder:
            app.state.files = Files(roots.public, Path(folder))
            async with watching.running() if watching else nullcontext():
                yield

    def answer(request: Request) -> Response:
        response = _answer(request, rendered)
        response.headers.update(_CORS)
        return response

    return Starlette(
        routes=[
            *(watching.routes if watching else ()),
            Route("/{path:path}", answer, methods=["GET", "HEAD", "OPTIONS"]),
        ],
        lifespan=cached,
    )


def _answer(request: Request, rendered: Rendered) -> Response:
    if request.method == "OPTIONS":
        headers = {
            "Allow": _METHODS,
            "Access-Control-Allow-Methods": _METHODS,
            "Access-Control-Allow-Headers": request.headers.get("access-control-request-headers", "Range"),
        }
        return Response(status_code=204, headers=headers)
    key = str(request.scope["path"]).removeprefix("/")
    if not key or key.endswith("/"):
        key += layout.HOME
    try:
        if text := rendered.find(key):
            return _text(request, key, text)
        if rendered.find(f"{key}/{layout.HOME}"):
            # Relative links on the page count on its slash; a relative target keeps the host the client used.
            return RedirectResponse(f"{key.rsplit('/', 1)[-1]}/", status_code=302)
        return _file(request, key)
    except ObjectMissing:
        page = rendered.find(layout.NOT_FOUND)
        return Response(
            page.body if page else b"", 404, {"Cache-Control": "no-store"}, layout.media_type(layout.NOT_FOUND)
        )
    except SessioncastError as e:
        return PlainTextResponse(f"{e}\n", 503, {"Cache-Control": "no-store"})


def _text(request: Request, key: str, text: Text) -> Response:
    headers = _headers(key, text.etag, text.modified) | {"Vary": "Accept-Encoding"}
    body = text.body
    if _TAKES_GZIP.search(request.headers.get("accept-encoding", "")):
        body = text.gzipped
        headers |= {"Content-Encoding": "gzip", "ETag": f'{text.etag[:-1]}-gzip"'}
    if _is_current(request, headers["ETag"], text.modified):
        return _not_modified(headers)
    return Response(body, headers=headers)


def _file(request: Request, key: str) -> Response:
    files: Files = request.app.state.files
    file = files.find(key)
    headers = _headers(key, file.etag, file.modified)
    if _is_current(request, file.etag, file.modified):
        return _not_modified(headers)
    wanted = _ONE_RANGE.fullmatch(request.headers.get("range", "").strip())
    if not wanted or (wanted[1] and wanted[2] and int(wanted[2]) < int(wanted[1])):
        # Several ranges, or what is no range of bytes, is answered whole, as HTTP allows (RFC 9110, section 14.2).
        request.scope["headers"] = [pair for pair in request.scope["headers"] if pair[0] != b"range"]
    return FileResponse(file.path, headers=headers, media_type=headers["Content-Type"])


def _headers(key: str, etag: str, modified: datetime) -> dict[str, str]:
    return {
        "Content-Type": layout.media_type(key),
        "Cache-Control": layout.cache_control(key),
        "ETag": etag,
        "Last-Modified": format_datetime(utc_second(modified), usegmt=True),
    }


def _is_current(request: Request, etag: str, modified: datetime) -> bool:
    """Tell whether the client's copy is this one (RFC 9110, section 13.1: a tag beats a date)."""
    if (tags := request.headers.get("if-none-match")) is not None:
        return tags.strip() == "*" or etag in {tag.strip().removeprefix("W/") for tag in tags.split(",")}
    try:
        since = parsedate_to_datetime(request.headers.get("if-modified-since", ""))
    except ValueError:
        return False
    return since.tzinfo is not None and utc_second(modified) <= since


def _not_modified(headers: dict[str, str]) -> Response:
    kept = {name: value for name, value in headers.items() if name not in ("Content-Type", "Content-Encoding")}
    return Response(status_code=304, headers=kept)
