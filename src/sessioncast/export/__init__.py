"""Sessions and episodes out: JSON, CSV and iCalendar, each read back by ``sessioncast import`` as the same sessions."""

from __future__ import annotations

from sessioncast.export.entry import Entry, entries
from sessioncast.export.writing import FORMATS, Format, written

__all__ = ["FORMATS", "Entry", "Format", "entries", "written"]
