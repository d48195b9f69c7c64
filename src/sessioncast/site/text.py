"""Text as pages and calendars may hold it: legal, and in the order in which it is written."""

from __future__ import annotations

import re

from sessioncast.notes import legal

_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def shown(text: str) -> str:
    """Return the text without characters that turn what follows them: the pages' own markup isolates every direction."""
    return legal(_TURNING.sub("", text))
