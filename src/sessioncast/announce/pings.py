"""What each machine is told when the feed changed: an address, never a text. Pure."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from sessioncast import layout
from sessioncast.announce.posting import Call

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sessioncast.announce.channels import Channel
    from sessioncast.model import PublicShow

PODPING_TOKEN = "SESSIONCAST_PODPING_TOKEN"  # noqa: S105 - the variable's name
INDEX_KEY = "SESSIONCAST_PODCASTINDEX_KEY"
INDEX_SECRET = "SESSIONCAST_PODCASTINDEX_SECRET"  # noqa: S105 - the variable's name

_MEDIA = ("podcast", "music", "video", "film", "audiobook", "newsletter", "blog")
"""What Podping knows; the namespace knows more."""


def needs(channel: Channel) -> tuple[str, ...]:
    """Return the environment variables without which the machine can't be told."""
    return {"podping": (PODPING_TOKEN,), "webhook": (channel.where,)}.get(channel.kind, ())


def ping(channel: Channel, show: PublicShow, revision: int, now: datetime, environ: Mapping[str, str]) -> Call:
    """Return the request that tells the machine; what it ``needs`` stands in the environment.

    Hubs differ in how they want the feed named (hub.url, hub.topic): both are said. The Podcast Index takes the call without
    credentials too; where a key is there, it is used (a hash of key, secret and time).
    """
    feed = layout.address(show.public_url, layout.FEED)
    if channel.kind == "websub":
        return Call(channel.where, form={"hub.mode": "publish", "hub.url": feed, "hub.topic": feed})
    if channel.kind == "podping":
        medium = show.medium if show.medium in _MEDIA else "podcast"
        query = {"url": feed, "reason": "update", "medium": medium}
        return Call(channel.where, "GET", query, headers={"Authorization": environ[PODPING_TOKEN]})
    if channel.kind == "podcastindex":
        return Call(channel.where, "GET", {"url": feed}, headers=_signed(now, environ), must_say=b'"status":"true"')
    return Call(environ[channel.where], json={"event": "changed", "feed": feed, "revision": revision})


def _signed(now: datetime, environ: Mapping[str, str]) -> dict[str, str]:
    key, secret = environ.get(INDEX_KEY, ""), environ.get(INDEX_SECRET, "")
    if not (key and secret):
        return {}
    date = str(int(now.timestamp()))
    signed = hashlib.sha1(f"{key}{secret}{date}".encode(), usedforsecurity=False).hexdigest()
    return {"X-Auth-Key": key, "X-Auth-Date": date, "Authorization": signed}
