"""A page, calendar, schedule or table at an address, within limits: how long, how large, how many redirects, and where."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import urlsplit, urlunsplit

from sessioncast.errors import SourceError
from sessioncast.fetch.bounded import Answer, Fetcher, Limits

SECONDS = 30.0
MOST = 20_000_000
_SAVE = "save it in your browser (Save page as), then: sessioncast import FILE"
_AGAIN = f"try again later, or {_SAVE}"
_TEXTS = frozenset(
    {"text/html", "application/xhtml+xml", "text/plain", "text/calendar", "text/csv", "text/tab-separated-values", "application/csv",
     "application/json", "text/json", "application/xml", "text/xml", "text/markdown", "text/x-markdown", "message/rfc822",
     "multipart/related", "application/x-mimearchive"}
)  # fmt: skip
# What servers say that don't know the file; then its name decides.
_UNTOLD = frozenset({"", "application/octet-stream", "binary/octet-stream", "application/x-download"})
_NAMES = frozenset(
    {"", ".html", ".htm", ".xhtml", ".ics", ".json", ".xml", ".rss", ".csv", ".tsv", ".txt", ".mhtml", ".mht"}
)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came: ``url`` where it stood after all redirects, without credentials; ``content_type`` without parameters."""

    body: bytes
    url: str
    content_type: str


def page_at(url: str, *, private: bool, seconds: float = SECONDS, most: int = MOST) -> Fetched:
    """Return what lies at an http or https address.

    ``private``: whether this machine's own network may be asked; else each address on the way must be public. ``seconds``
    bound the whole, ``most`` the bytes after unpacking. Raises SourceError, with what to do about it.
    """
    return asyncio.run(_fetch(url, private=private, limits=Limits(seconds), most=most))


async def _fetch(url: str, *, private: bool, limits: Limits, most: int) -> Fetched:
    from sessioncast.fetch.addresses import is_public, shown

    try:
        parts = urlsplit(url)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        fits = False
    if not fits:
        raise SourceError(
            f"{shown(url)}: found no web address, expected one such as https://example.org/talk", hint=_SAVE
        )
    async with Fetcher(limits, allowed=None if private else is_public) as fetcher:
        answer = await fetcher.fetch(url, most=most)
    if problem := _problem(answer):
        found, hint = problem
        via = f" (from {shown(url)})" if shown(answer.url) != shown(url) else ""
        raise SourceError(f"{shown(answer.url)}{via}: found {found}, expected a page", hint=hint)
    return Fetched(answer.body, _bare(answer.url), answer.essence)


def _problem(answer: Answer) -> tuple[str, str] | None:
    """Return what is wrong with an answer and what to do about it."""
    if answer.refused:
        return (
            answer.trouble,
            f"if that is right, set private_addresses = true under [import] in feed/show.toml; else {_SAVE}",
        )
    if answer.trouble:
        return answer.trouble, f"open the address in a browser; {_SAVE}" if answer.hops else _AGAIN
    status = answer.status
    if status in (401, 403, 407):
        return f"status {status} (not for everybody)", f"sign in and {_SAVE}"
    if status in (404, 410):
        return f"status {status} (nothing there)", "check the address in a browser where nobody is signed in"
    if status != 200:
        return f"status {status}", _AGAIN
    if answer.headers.get("content-encoding", "identity").lower() not in ("identity", "gzip", "x-gzip", ""):
        return "a packing that nobody asked for", _SAVE
    kind = answer.essence
    if not answer.body.strip():
        return "an empty answer", _AGAIN
    if kind in _TEXTS or kind.endswith(("+xml", "+json")):
        return None
    if kind in _UNTOLD and PurePosixPath(urlsplit(answer.url).path).suffix.lower() in _NAMES:
        return None
    return (
        f"the content type {kind or 'none'!r}",
        "name the page, calendar, schedule or table itself: sessioncast import ADDRESS",
    )


def _bare(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], fragment=""))
