"""A whole show as apps and crawlers read it: the feed, what it names, and what was there the last time."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from sessioncast.events import Finished, Report, Started, silent
from sessioncast.feed import is_public_https, revision_of
from sessioncast.fetch.bounded import Answer, Fetcher, Limits
from sessioncast.rules import FEED_MOST, Facts, FeedDocument, Finding, finding, judge
from sessioncast.rules.document import attribute, tags, text
from sessioncast.rules.of_items import enclosures
from sessioncast.rules.values import extension, loose_date
from sessioncast.verify.media import hear, look, unreachable
from sessioncast.verify.remembered import Episode, Remembered, compare

if TYPE_CHECKING:
    from datetime import datetime

    from sessioncast.catalog import Catalog
    from sessioncast.filefacts import Picture, Sound
    from sessioncast.rules.document import Item

NEWEST = 10
"""Enclosures that are fetched unless all are asked for."""

_ORIGIN = "https://player.example.org"
_TEXT_MOST = 5_000_000
_CACHE_S = 300
_PATIENCE_S = 60
_POLL_S = 15.0
_FEED_TYPES = ("application/rss+xml", "application/xml", "text/xml")


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found, what to remember of it, and the feed's revision where it is ours."""

    findings: tuple[Finding, ...]
    now: Remembered = field(default_factory=Remembered)
    revision: int | None = None
    episodes: int = 0


@dataclass(slots=True)
class _Found:
    """What the tasks of one look gather."""

    findings: list[Finding] = field(default_factory=list)
    sounds: dict[str, Sound] = field(default_factory=dict)
    pictures: dict[str, Picture] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)


async def verify_show(
    url: str,
    *,
    now: datetime,
    catalog: Catalog | None = None,
    before: Remembered | None = None,
    newest: int | None = NEWEST,
    accept: Collection[str] = (),
    limits: Limits | None = None,
    wait: Callable[[float], Awaitable[object]] = asyncio.sleep,
    report: Report = silent,
) -> Verified:
    """Read the show at this feed address; ``newest`` bounds the enclosures fetched, None takes all.

    With a ``catalog``, a feed of an older revision is a cache and waited for, at most its max-age and a minute.
    """
    async with Fetcher(limits) as fetcher:
        answer, waited = await _feed(fetcher, url, catalog, wait)
        if answer.trouble or answer.status != 200:
            rule = "DL-REDIRECT-301" if "redirect" in answer.trouble else "DL-PUBLIC"
            what = answer.trouble or f"status {answer.status}"
            return Verified((finding(rule, url, "GET", what, "the feed, status 200"),))
        document = FeedDocument(answer.body)
        found = _Found([*waited, *_delivered(answer, url)])
        found.findings += await _asked_again(fetcher, answer)
        if document.channel is not None:
            await _named(fetcher, document, found, newest, report)
    facts = Facts(
        now=now,
        feed_url=answer.url,
        public=is_public_https(re.sub(r"^http:", "https:", answer.url)),
        pictures=found.pictures,
        sounds=found.sounds,
        files=found.files,
    )
    known = {f.rule for f in found.findings}
    judged = [f for f in judge(document, facts, file=url, accept=accept) if f.rule not in known & {"IT-ENC-LEN"}]
    seen = _remember(document, found)
    if before is not None and document.channel is not None:
        gone = frozenset(t.guid for t in catalog.tombstones) if catalog else frozenset()
        found.findings += compare(before, seen, url, gone)
    if catalog is not None and document.channel is not None:
        found.findings += _against(catalog, document, url)
    away = {e.guid for e in catalog.episodes if e.imported} if catalog else set()
    unique = tuple(dict.fromkeys(_as_old(f, away) for f in (*found.findings, *judged)))
    return Verified(unique, seen, revision_of(answer.body), len(document.items))


def _as_old(found: Finding, imported: Collection[str]) -> Finding:
    """Let a flaw that an imported episode brought along, or its old host has, be a warning: nothing of ours is wrong."""
    old = found.item in imported and found.item and found.level == "error" and not found.rule.endswith("-FOREVER")
    return replace(found, level="warning") if old else found


async def _feed(
    fetcher: Fetcher, url: str, catalog: Catalog | None, wait: Callable[[float], Awaitable[object]]
) -> tuple[Answer, list[Finding]]:
    """Fetch the feed; while it is older than the catalog, a cache has it: wait for that."""
    waited = 0.0
    while True:
        # Object stores speak of CORS only to those who say where they come from.
        asking = {"Accept-Encoding": "gzip", "Origin": _ORIGIN}
        answer = await fetcher.fetch(url, headers=asking, most=FEED_MOST)
        revision = revision_of(answer.body) if answer.status == 200 and not answer.trouble else None
        if catalog is None or revision is None or revision >= catalog.revision:
            return answer, []
        if waited >= min(_max_age(answer) or _CACHE_S, _CACHE_S) + _PATIENCE_S:
            what = f"revision {revision} after {waited:.0f} s"
            return answer, [finding("DL-CACHE", url, "revision", what, f"revision {catalog.revision}")]
        await wait(_POLL_S)
        waited += _POLL_S


def _max_age(answer: Answer) -> int | None:
    said = re.search(r"max-age=(\d{1,9})", answer.headers.get("cache-control", ""))
    return int(said[1]) if said else None


def _delivered(answer: Answer, url: str) -> list[Finding]:
    """Judge how the feed came: redirects, type, compression, caching, CORS."""
    found = []
    for status, where in answer.hops:
        if status not in (301, 308):
            found.append(finding("DL-REDIRECT-301", url, where, f"status {status}", "301"))
    if answer.essence not in _FEED_TYPES:
        type_ = answer.headers.get("content-type", "none")
        found.append(finding("DL-FEED-TYPE", url, "Content-Type", type_, "application/rss+xml"))
    if not answer.packed:
        found.append(finding("DL-GZIP", url, "Content-Encoding", "none", "gzip"))
    if (_max_age(answer) or 0) > _CACHE_S:
        found.append(finding("DL-CACHE", url, "Cache-Control", answer.headers["cache-control"], "max-age=300 at most"))
    if answer.headers.get("access-control-allow-origin") not in ("*", _ORIGIN):  # some servers name who asked
        said = answer.headers.get("access-control-allow-origin", "none")
        found.append(finding("DL-CORS", url, "Access-Control-Allow-Origin", said, "*"))
    return found


async def _asked_again(fetcher: Fetcher, first: Answer) -> list[Finding]:
    """Ask for the feed's head, and for the feed as somebody who has it (DL-HEAD, DL-ETAG)."""
    found = []
    head = await fetcher.fetch(first.url, "HEAD", headers={"Accept-Encoding": "gzip"}, most=0, prefix=True)
    if head.trouble or head.status != 200:
        found.append(
            finding("DL-HEAD", first.url, "HEAD", head.trouble or f"status {head.status}", "200, as GET gives")
        )
    else:
        for name in ("content-type", "etag", "last-modified"):
            if head.headers.get(name) != first.headers.get(name):
                said, wanted = head.headers.get(name, "none"), first.headers.get(name, "none")
                found.append(finding("DL-HEAD", first.url, f"HEAD: {name}", said, f"{wanted}, as GET gives"))
    held = {}
    if etag := first.headers.get("etag"):
        held["If-None-Match"] = etag
    if modified := first.headers.get("last-modified"):
        held["If-Modified-Since"] = modified
    if not held:
        return [*found, finding("DL-ETAG", first.url, "headers", "neither ETag nor Last-Modified", "one of them")]
    again = await fetcher.fetch(first.url, headers={**held, "Accept-Encoding": "gzip"}, most=FEED_MOST, prefix=True)
    if again.status != 304 or again.body:
        what = again.trouble or f"status {again.status}, {len(again.body)} bytes"
        found.append(finding("DL-ETAG", first.url, "If-None-Match", what, "304 without a body"))
    return found


async def _named(fetcher: Fetcher, document: FeedDocument, found: _Found, newest: int | None, report: Report) -> None:
    """Fetch what the feed names: enclosures, pictures, transcripts and chapters."""
    items = document.items if newest is None else document.items[:newest]
    chosen = {id(item.element) for item in items}
    work: list[tuple[str, Awaitable[None]]] = []
    for item, url, length, type_ in enclosures(document):
        if id(item.element) in chosen and url.startswith("http"):
            size = int(length) if length.isdigit() else None
            work.append((url, _hear(fetcher, found, url, size, type_, item)))
    pictures: dict[str, str] = {}
    for place, element in document.places():
        if place is None or id(place.element) in chosen:
            for tag in tags(element, "itunes:image"):
                pictures.setdefault(attribute(tag, "href"), place.guid if place else "")
    work += [(u, _look(fetcher, found, u, guid)) for u, guid in pictures.items() if u.startswith("http")]
    for item in items:
        for name, rule in (("podcast:transcript", "TR-CORS"), ("podcast:chapters", "CP-MIME")):
            for tag in tags(item.element, name):
                url = attribute(tag, "url")
                if url.startswith("http"):
                    work.append((url, _read(fetcher, found, url, attribute(tag, "type"), rule, item)))
    report(Started("verify", "", len(work)))
    # One batch at a time: a thousand pictures must not be in memory at once.
    for start in range(0, len(work), fetcher.limits.at_once):
        await asyncio.gather(*(task for _url, task in work[start : start + fetcher.limits.at_once]))
    report(Finished("verify", "", f"{len(work)} files"))


async def _hear(fetcher: Fetcher, found: _Found, url: str, size: int | None, type_: str, item: Item) -> None:
    heard = await hear(fetcher, url, size, type_, item=item.guid, is_sound=extension(url) in ("mp3", "m4a"))
    found.findings += heard.findings
    if heard.sound is not None:
        found.sounds[url] = heard.sound


async def _look(fetcher: Fetcher, found: _Found, url: str, guid: str) -> None:
    wrong, picture, body = await look(fetcher, url, item=guid)
    found.findings += wrong
    if picture is not None:
        found.pictures[url] = picture
        found.hashes[url] = hashlib.sha256(body).hexdigest()


async def _read(fetcher: Fetcher, found: _Found, url: str, type_: str, rule: str, item: Item) -> None:
    answer = await fetcher.fetch(url, headers={"Origin": _ORIGIN}, most=_TEXT_MOST)
    if answer.trouble or answer.status != 200:
        found.findings.append(unreachable(answer, "GET", item.guid))
        return
    found.files[url] = answer.body
    if not answer.headers.get("access-control-allow-origin"):
        for each in (rule, "DL-CORS"):
            found.findings.append(finding(each, url, "Access-Control-Allow-Origin", "none", "*", item=item.guid))
    if answer.essence != type_.partition(";")[0].strip().lower():
        found.findings.append(finding(rule, url, "Content-Type", answer.essence or "none", type_, item=item.guid))


def _remember(document: FeedDocument, found: _Found) -> Remembered:
    episodes = {}
    for item in document.items:
        enclosure = next(iter(tags(item.element, "enclosure")), None)
        url = attribute(enclosure, "url") if enclosure is not None else ""
        length = attribute(enclosure, "length") if enclosure is not None else ""
        episodes[item.guid] = Episode(text(item.element, "pubDate"), url, length, item.name)
    guid = text(document.channel, "podcast:guid") if document.channel is not None else ""
    return Remembered(episodes, guid, found.hashes)


def _against(catalog: Catalog, document: FeedDocument, url: str) -> list[Finding]:
    """Hold the feed against the catalog: every episode is in it, under its guid, date and length; nothing else is."""
    found = []
    items = {item.guid: item for item in document.items}
    for episode in catalog.episodes:
        item = items.pop(episode.guid, None)
        key = f"item {episode.title!r}"
        if item is None:
            found.append(finding("IT-GUID-FOREVER", url, f"{key}: guid", "nothing", episode.guid, item=episode.guid))
            continue
        date = loose_date(text(item.element, "pubDate"))
        if date != episode.published.replace(microsecond=0):
            said = text(item.element, "pubDate")
            found.append(finding("IT-PUBDATE", url, f"{key}: pubDate", said, str(episode.published), item=episode.guid))
        for tag in tags(item.element, "enclosure"):
            if attribute(tag, "length") != str(episode.enclosure.length):
                said, wanted = attribute(tag, "length"), f"{episode.enclosure.length}, as the catalog says"
                found.append(finding("IT-ENC-LEN", url, f"{key}: length", said, wanted, item=episode.guid))
    buried = {t.guid for t in catalog.tombstones}
    for guid, item in items.items():
        what = "a talk that was taken down" if guid in buried else "an item the catalog does not know"
        found.append(finding("IT-GUID-FOREVER", url, item.at("guid"), what, "what the catalog holds", item=guid))
    return found
