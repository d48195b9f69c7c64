"""What an outside description of a session says, before anybody has checked it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class DraftPerson:
    """A speaker as the source names them; ``bio`` keeps its paragraphs, separated by blank lines; ``role`` as podcast:person says it.

    ``group`` is said where it is not the cast, ``image`` is an address; ``key`` (of people.toml) is said only by what sessioncast wrote itself.
    """

    name: str
    bio: str = ""
    affiliation: str = ""
    link: str = ""
    role: str = "guest"
    key: str = ""
    group: str = ""
    image: str = ""


@dataclass(frozen=True, slots=True)
class ShowHints:
    """What a page says about the series itself: compared with the show, offered to ``init``."""

    copyright: str = ""
    contact: str = ""
    series: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """One session as a source tells it; ``missing`` names in words what the source leaves open.

    ``source`` finds the session again: a calendar's UID, an address, a schedule's guid, a file's name. ``origin`` is where
    a person finds it (file and line), ``told`` pairs a field with the place that said it (``("starts", "DTSTART")``).
    ``by_name``: the source is a file's name, under which another page may lie tomorrow. ``guid`` and ``slug`` are said only by what sessioncast wrote itself. A ``cancelled`` session does not take place, one with
    ``do_not_record`` must never be published. One that ``was_public`` elsewhere lacks nothing that it lacked there. ``more``
    are further fields of a session, as TOML holds them; ``files`` go into its folder, by name (a path is moved there). ``meeting`` is a meeting's id or address, by which its recordings are found.
    """

    source: str
    title: str = ""
    starts: datetime | None = None
    ends: datetime | None = None
    people: tuple[DraftPerson, ...] = ()
    notes: str = ""
    link: str | None = None
    missing: tuple[str, ...] = ()
    hints: ShowHints = field(default_factory=ShowHints)
    summary: str = ""
    language: str = ""
    tags: tuple[str, ...] = ()
    room: str = ""
    meeting: str = ""
    license: str = ""
    slides: str = ""
    links: tuple[tuple[str, str], ...] = ()
    season: int | None = None
    number: int | None = None
    guid: str = ""
    slug: str = ""
    by_name: bool = False
    cancelled: bool = False
    do_not_record: bool = False
    origin: str = ""
    told: tuple[tuple[str, str], ...] = ()
    was_public: bool = False
    more: Mapping[str, object] = field(default_factory=dict)
    files: Mapping[str, bytes | Path] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
