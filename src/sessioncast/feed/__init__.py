"""The feeds as pure functions of the catalog. The only home of feedgen."""

from __future__ import annotations

from sessioncast.feed.beside import empty_feed, side_feeds
from sessioncast.feed.identity import is_public_https, podcast_guid
from sessioncast.feed.rss import render, revision_of

__all__ = ["empty_feed", "is_public_https", "podcast_guid", "render", "revision_of", "side_feeds"]
