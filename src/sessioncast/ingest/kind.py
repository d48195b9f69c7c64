"""What bytes from outside are, by what they say: a page, a calendar, a schedule, a table, or an export of ours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePath
from typing import Literal, get_args

from sessioncast.ingest.exported import is_our_calendar, is_our_json
from sessioncast.ingest.table import is_table

Kind = Literal["page", "calendar", "schedule", "table", "export", "feed"]
NAMED: tuple[Kind, ...] = tuple(kind for kind in get_args(Kind) if kind != "feed")
"""What a person may say that a source is."""

SUFFIXES = frozenset(
    {
        ".html",
        ".htm",
        ".xhtml",
        ".mhtml",
        ".mht",
        ".txt",
        ".md",
        ".ics",
        ".ical",
        ".ifb",
        ".csv",
        ".tsv",
        ".json",
        ".xml",
    }
)
"""How the names end of files that a folder of sources may hold."""

_FEED = re.compile(rb"<(?:rss|feed)\b", re.IGNORECASE)
_PAGE = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)


def kind_of(body: bytes, name: str, *, columns: Mapping[str, str] | None = None) -> Kind:
    """Return what ``body`` is; its name decides only where it says nothing by itself."""
    from sessioncast.ingest.calendar import is_calendar
    from sessioncast.ingest.schedule import is_schedule

    head = body[:4096].lstrip(b"\xef\xbb\xbf")
    if is_our_json(body) or is_our_calendar(body):
        return "export"
    if is_calendar(body):
        return "calendar"
    if _PAGE.match(head):
        return "page"
    if is_schedule(body):
        return "schedule"
    if _FEED.search(head) and head.lstrip().startswith(b"<"):
        return "feed"
    if is_table(body, columns=columns):
        return "table"
    ending = PurePath(name.partition("?")[0]).suffix.casefold()
    if ending in (".csv", ".tsv"):
        return "table"
    if ending in (".ics", ".ical"):
        return "calendar"
    return "schedule" if ending == ".json" else "page"
