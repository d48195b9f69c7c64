"""What an outside description of a session says, before anybody has checked it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class DraftPerson:
    """A speaker as the source names them; ``bio`` keeps its paragraphs, separated by blank lines."""

    name: str
    bio: str = ""
    affiliation: str = ""


@dataclass(frozen=True, slots=True)
class ShowHints:
    """What a page says about the series itself: compared with the show, offered to ``init``."""

    copyright: str = ""
    contact: str = ""
    series: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """One session as a source tells it; ``missing`` names in words what the source leaves open."""

    source: str
    title: str = ""
    starts: datetime | None = None
    ends: datetime | None = None
    people: tuple[DraftPerson, ...] = ()
    notes: str = ""
    link: str | None = None
    missing: tuple[str, ...] = ()
    hints: ShowHints = field(default_factory=ShowHints)
