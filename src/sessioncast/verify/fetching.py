"""A feed for the rules, fetched whole: how large one may be is the rules' to say."""

from __future__ import annotations

from sessioncast.fetch.addresses import is_public
from sessioncast.fetch.bounded import Answer, Fetcher
from sessioncast.rules import FEED_MOST


async def fetch_feed(url: str, *, private: bool = True) -> Answer:
    """Return a feed fetched whole, as one bounded request; unless ``private``, from public addresses only."""
    async with Fetcher(allowed=None if private else is_public) as fetcher:
        return await fetcher.fetch(url, headers={"Accept-Encoding": "gzip"}, most=FEED_MOST)
