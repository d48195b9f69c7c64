"""A podcast's feed as another host wrote it, in whatever dialect: read into values, what can't be kept named, and compared.

Pure: bytes in, values out. Fetching what a feed names, and writing it down, are the business of ``bring_in``.
"""

from __future__ import annotations

from sessioncast.oldfeed.compare import Change, compare
from sessioncast.oldfeed.reading import read_old_feed
from sessioncast.oldfeed.value import Loss, OldAudio, OldFeed, OldItem, OldPerson, OldShow

__all__ = [
    "Change",
    "Loss",
    "OldAudio",
    "OldFeed",
    "OldItem",
    "OldPerson",
    "OldShow",
    "compare",
    "read_old_feed",
]
