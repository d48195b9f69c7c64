"""Sessions into a show folder: from outside descriptions, or begun by hand."""

from __future__ import annotations

from sessioncast.bring_in.outcome import CalledOff, Difference, Differs, Outcome, Unchanged, Updated, Written
from sessioncast.bring_in.story import bring_in, start_session

__all__ = [
    "CalledOff",
    "Difference",
    "Differs",
    "Outcome",
    "Unchanged",
    "Updated",
    "Written",
    "bring_in",
    "start_session",
]
