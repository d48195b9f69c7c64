"""What a judge may know beside the feed's bytes. Whatever is missing is not judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sessioncast.filefacts import Picture, Sound


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of what a feed names, by address.

    ``now``: the time by which a date is in the future. ``feed_url``: where the feed was found. ``public``: False on a
    loopback address, where https is not to be had. ``first_guid``: the podcast:guid the feed must have because it never
    had one before. ``loudness``: what the show aims at.
    ``claimed``: directories that list the show already. ``files``: transcripts and chapters.
    """

    now: datetime | None = None
    feed_url: str = ""
    public: bool = True
    first_guid: str = ""
    loudness: float = -16.0
    claimed: frozenset[str] = frozenset()
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    sounds: Mapping[str, Sound] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
