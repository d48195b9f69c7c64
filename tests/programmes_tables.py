"""A season's programme as a spreadsheet would hold it: the same facts as its calendar, its schedule and its pages."""

from __future__ import annotations

import csv
import io
from zoneinfo import ZoneInfo

from seasons import Season

HEADER = ("Talk ID", "Title", "Speaker", "Date", "Start", "End", "Room", "Meeting", "Abstract", "Status")


def as_csv(season: Season) -> bytes:
    """Return a table with a row a session: days and clocks of the show's zone, written as a spreadsheet program does."""
    zone = ZoneInfo(season.zone)
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(HEADER)
    for session in season.sessions:
        assert session.starts
        starts = session.starts.astimezone(zone)
        ends = session.ends.astimezone(zone) if session.ends else None
        speakers = "; ".join(season.people[credit.person].name for credit in session.credits)
        off = any(item.startswith("cancelled") for item in session.missing)
        writer.writerow(
            (
                session.guid,
                session.title,
                speakers,
                f"{starts:%d/%m/%Y}",
                f"{starts:%H:%M}",
                f"{ends:%H:%M}" if ends else "",
                session.room or "",
                session.meeting or "",
                session.notes,
                "cancelled" if off else "",
            )
        )
    return text.getvalue().encode("utf-8-sig")
