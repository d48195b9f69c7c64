"""Sessions into a show folder: from outside descriptions, or begun by hand."""

from __future__ import annotations

from sessioncast.bring_in.finding import refused
from sessioncast.bring_in.one_person import Pair, appearances, make_one, same_people
from sessioncast.bring_in.outcome import CalledOff, Difference, Differs, Outcome, Unchanged, Updated, Written
from sessioncast.bring_in.sources import Gathered, gather, one_error
from sessioncast.bring_in.story import bring_in, start_session

__all__ = [
    "CalledOff",
    "Difference",
    "Differs",
    "Gathered",
    "Outcome",
    "Pair",
    "Unchanged",
    "Updated",
    "Written",
    "appearances",
    "bring_in",
    "gather",
    "make_one",
    "one_error",
    "refused",
    "same_people",
    "start_session",
]
