"""The feed as a pure function of the catalog. The only home of feedgen."""

from __future__ import annotations

from sessioncast.feed.identity import is_public_https, podcast_guid
from sessioncast.feed.rss import render, revision_of

__all__ = ["is_public_https", "podcast_guid", "render", "revision_of"]
