"""What a feed says, in our own terms: the show, its items, and what of them can't be kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sessioncast.chapters import Mark


@dataclass(frozen=True, slots=True)
class Loss:
    """Something the feed says that isn't kept, or is kept otherwise; ``item`` is its title, empty for the channel."""

    item: str
    element: str
    value: str
    why: str

    def __str__(self) -> str:
        """Return it as one line."""
        where = f"item {self.item!r}" if self.item else "channel"
        said = " ".join(self.value.split())
        return f"{where}: {self.element}: {said[:80] + '…' if len(said) > 80 else said or 'nothing'}: {self.why}"


@dataclass(frozen=True, slots=True)
class OldPerson:
    """Somebody credited, with group and role of the podcast taxonomy in lower case."""

    name: str
    role: str = "guest"
    group: str = "cast"
    link: str = ""
    image: str = ""


@dataclass(frozen=True, slots=True)
class OldText:
    """A transcript at an http(s) address; ``language`` is empty where it is the item's own."""

    url: str
    media_type: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class OldAudio:
    """An enclosure as it is stated; ``length`` in bytes and ``duration`` in seconds are 0 where nothing usable stands there."""

    url: str
    length: int = 0
    media_type: str = ""
    duration: int = 0


@dataclass(frozen=True, slots=True)
class OldItem:
    """One item. ``notes`` is Markdown; ``more`` are fields of a session as plain data; ``marks`` are chapters in the feed itself.

    ``twin``: another item has its guid; then ``guid`` is empty, and ``said_guid`` what it said.
    """

    guid: str
    title: str
    audio: OldAudio
    permalink: bool = False
    published: datetime | None = None
    said_date: str = ""
    notes: str = ""
    link: str = ""
    season: int | None = None
    number: int | None = None
    kind: str = "full"
    explicit: bool | None = None
    artwork: str = ""
    people: tuple[OldPerson, ...] = ()
    transcripts: tuple[OldText, ...] = ()
    chapters: str = ""
    marks: tuple[Mark, ...] = ()
    tags: tuple[str, ...] = ()
    more: Mapping[str, object] = field(default_factory=dict)
    twin: bool = False
    said_guid: str = ""


@dataclass(frozen=True, slots=True)
class OldShow:
    """The channel. ``more`` are further fields of show.toml as plain data; ``address`` is what the feed calls its own."""

    title: str
    summary: str = ""
    language: str = ""
    link: str = ""
    author: str = ""
    owner_name: str = ""
    owner_email: str = ""
    categories: tuple[str, ...] = ()
    explicit: bool | None = None
    type: str = "episodic"
    copyright: str = ""
    artwork: str = ""
    locked: bool | None = None
    locked_owner: str = ""
    podcast_guid: str = ""
    address: str = ""
    new_address: str = ""
    next_page: str = ""
    people: tuple[OldPerson, ...] = ()
    season_names: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OldFeed:
    """A feed: the show, its items in the feed's order, and what can't be kept."""

    show: OldShow
    items: tuple[OldItem, ...]
    losses: tuple[Loss, ...] = ()
