"""What was found right the last time, so that the next look sees what vanished or moved; kept in ``.sessioncast``."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sessioncast.rules import Finding, finding

FOLDER = "verified"


@dataclass(frozen=True, slots=True)
class Episode:
    """One item as it was: pubDate, enclosure's address and length, title."""

    published: str
    url: str
    length: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Remembered:
    """A feed as it was: items by guid, podcast:guid, and the SHA-256 of each picture by its address."""

    episodes: dict[str, Episode] = field(default_factory=dict)
    podcast_guid: str = ""
    pictures: dict[str, str] = field(default_factory=dict)


def load(path: Path) -> Remembered | None:
    """Return what was kept; None where nothing was, or it can't be read."""
    try:
        plain: Any = json.loads(path.read_text("utf-8"))
        episodes = {guid: Episode(**e) for guid, e in plain["episodes"].items()}
        return Remembered(episodes, str(plain["podcast_guid"]), dict(plain["pictures"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def save(path: Path, now: Remembered) -> None:
    """Keep it, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f"{path.name}.{os.getpid()}.part")
    partial.write_text(json.dumps(asdict(now), ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")
    partial.replace(path)


def compare(
    before: Remembered, now: Remembered, file: str, withdrawn: frozenset[str] = frozenset()
) -> Iterator[Finding]:
    """Yield what an app would stumble over: lost guids, moved dates, changed audio; ``withdrawn`` guids may be gone."""
    if before.podcast_guid and now.podcast_guid != before.podcast_guid:
        found = now.podcast_guid or "nothing"
        yield finding("NS-GUID-FOREVER", file, "podcast:guid", found, before.podcast_guid)
    for guid, was in before.episodes.items():
        key = f"item {was.title!r}" if was.title else f"guid {guid}"
        if guid not in now.episodes:
            if guid not in withdrawn:
                renewed = next((g for g, e in now.episodes.items() if e.url == was.url), "")
                found = f"the guid {renewed}" if renewed else "it gone"
                yield finding("IT-GUID-FOREVER", file, f"{key}: guid", found, guid, item=guid)
            continue
        is_ = now.episodes[guid]
        if is_.published != was.published:
            yield finding("IT-PUBDATE", file, f"{key}: pubDate", is_.published, was.published, item=guid)
        if was.url and not is_.url:
            yield finding("IT-ENC", file, f"{key}: enclosure", "it gone", was.url, item=guid)
        if is_.url == was.url and is_.length != was.length:
            wanted = f"{was.length} bytes, or a new address"
            yield finding("DL-IMMUTABLE", file, f"{key}: enclosure", f"{is_.length} bytes", wanted, item=guid)
    for url, sha256 in now.pictures.items():
        if before.pictures.get(url, sha256) != sha256:
            yield finding("ART-NEW-URL", file, url, "other bytes than last time", "a new address for a new picture")
