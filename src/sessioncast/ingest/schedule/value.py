"""What both forms of a schedule share: how they say that something is broken, and how they read a clock."""

from __future__ import annotations

import re
from datetime import time


class Broken(Exception):
    """A place in the file (empty for the whole), what was found and what was expected; never leaves the room."""

    def __init__(self, where: str, found: str, expected: str) -> None:
        """Keep all three; ``read_schedule`` puts the file's name to them."""
        super().__init__(where, found, expected)
        self.where = where
        self.found = found
        self.expected = expected


def clock(value: object) -> time | None:
    """Return the time of day in "04:00" or in "2024-02-20T04:00:00+01:00"; None where there is none."""
    found = re.search(r"(?:^|T)(\d{1,2}):(\d{2})", value) if isinstance(value, str) else None
    return time(int(found[1]), int(found[2])) if found and int(found[1]) < 24 and int(found[2]) < 60 else None
