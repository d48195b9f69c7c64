"""The show folder as one value, and where its files lie."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints

from sessioncast.kinds import Line, Url, Value, Zone
from sessioncast.model import AudioSettings, FeedSettings, Person, Session, Show, StoreSettings
from sessioncast.model.session import TRANSCRIPT_FILES

SHOW_FILE = "feed/show.toml"
PEOPLE_FILE = "feed/people.toml"
EPISODES = "episodes"
SESSION_FILE = "session.toml"
NOTES_FILE = "notes.md"

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://")


class CheckSettings(Value):
    """``[check]`` of ``feed/show.toml``: rules that rest on somebody's reading may be switched off (docs/rules.md)."""

    accept: tuple[str, ...] = Field(default=(), description="Rules to pass over, such as YT-TEXT.")


class Directories(Value):
    """``[directories]`` of ``feed/show.toml``: where the show is listed, once a directory took it."""

    apple: Url | None = Field(default=None, description="The show's page in Apple Podcasts.")
    spotify: Url | None = Field(default=None, description="The show's page in Spotify.")
    youtube: Url | None = Field(default=None, description="The show's page in YouTube Music.")
    amazon: Url | None = Field(default=None, description="The show's page in Amazon Music.")
    podcastindex: Url | None = Field(default=None, description="The show's page in the Podcast Index.")

    @property
    def known(self) -> dict[str, str]:
        """The directories that list the show, with the address of its page."""
        return {name: url for name, url in self if url}


class InboxSettings(Value):
    """``[inbox]`` of ``feed/show.toml``: where recordings arrive, and what is known of them beforehand."""

    folder: Annotated[Line, StringConstraints(max_length=1000)] | None = Field(
        default=None, description="Where recordings arrive: a folder, or an s3:// address."
    )
    zone: Zone | None = Field(
        default=None, description="The zone of clocks that name none (OBS, Zoom's own folder); left out, the show's."
    )
    rooms: dict[str, Line] = Field(
        default_factory=dict,
        description='A meeting id, recorder or folder, and the room it records: "812 345" = "Hall A".',
    )
    only: tuple[Line, ...] = Field(
        default=(),
        description="Meeting ids, rooms or words of topics of this show, where the inbox is shared; left out, all.",
    )


class ImportSettings(Value):
    """``[import]`` of ``feed/show.toml``: how outside programmes are read."""

    columns: dict[str, Line] = Field(
        default_factory=dict, description='What a table calls a field: title = "Talk", starts = "Datum".'
    )
    summary_pattern: Annotated[Line, StringConstraints(max_length=500)] | None = Field(
        default=None,
        description="How a calendar's SUMMARY names speaker and title: a regular expression with (?P<speaker>…) and (?P<title>…).",
    )
    private_addresses: bool = Field(
        default=False, description="Whether pages may be fetched from this machine's own network."
    )


class ShowFile(Value):
    """``feed/show.toml``."""

    show: Show
    store: StoreSettings = Field(default_factory=StoreSettings)
    audio: AudioSettings = Field(default_factory=AudioSettings)
    feeds: FeedSettings = Field(default_factory=FeedSettings)
    check: CheckSettings = Field(default_factory=CheckSettings)
    directories: Directories = Field(default_factory=Directories)
    inbox: InboxSettings = Field(default_factory=InboxSettings)
    import_: ImportSettings = Field(default_factory=ImportSettings, alias="import")


def address_scheme(recording: str) -> str | None:
    """Return the scheme of a recording given as an address, in lower case; None for a path."""
    found = _SCHEME.match(recording)
    return found[1].lower() if found else None


def session_file(slug: str) -> str:
    """Return the path of a session's file relative to the show folder, as messages name it."""
    return f"{EPISODES}/{slug}/{SESSION_FILE}"


@dataclass(frozen=True, slots=True)
class Project:
    """A show folder read and found right: every credit names a person, no guid stands twice, the cover is there.

    ``sessions`` are sorted by slug. Recordings may be absent: a machine without them can publish what is public already.
    """

    folder: Path
    show: Show
    store: StoreSettings
    audio: AudioSettings
    people: dict[str, Person]
    sessions: tuple[Session, ...]
    feeds: FeedSettings = field(default_factory=FeedSettings)
    check: CheckSettings = field(default_factory=CheckSettings)
    directories: Directories = field(default_factory=Directories)
    inbox: InboxSettings = field(default_factory=InboxSettings)
    imports: ImportSettings = field(default_factory=ImportSettings)
    templates: dict[str, str] = field(default_factory=dict)

    @property
    def show_toml(self) -> Path:
        """``feed/show.toml``."""
        return self.folder / SHOW_FILE

    @property
    def cover(self) -> Path:
        """The show's artwork, beside show.toml."""
        return self.show_toml.parent / self.show.artwork

    @property
    def scratch(self) -> Path:
        """``.sessioncast``: what can be made again, and the private root of a folder store; may not exist yet."""
        return self.folder / ".sessioncast"

    def room(self, name: str) -> Path:
        """Return a folder inside ``.sessioncast``, made where it is missing."""
        room = self.scratch / name
        room.mkdir(parents=True, exist_ok=True)
        return room

    def session_folder(self, slug: str) -> Path:
        """``episodes/<slug>``."""
        return self.folder / EPISODES / slug

    def session(self, slug: str) -> Session | None:
        """Return the session in this folder of ``episodes/``."""
        return next((s for s in self.sessions if s.slug == slug), None)

    def recordings(self, session: Session) -> tuple[Path | str, ...]:
        """Return where the recordings are, in order: paths (which may not exist here), or s3:// or http(s):// addresses."""
        folder = self.session_folder(session.slug)
        return tuple(name if address_scheme(name) else folder / name for name in session.recordings)

    def captions(self, session: Session) -> tuple[tuple[str, str], ...]:
        """Return the session's caption files that are there, by name, each with its language; its own language first."""
        folder = self.session_folder(session.slug)
        own = session.transcript.language or session.language or self.show.language
        named = session.transcript.file
        first = named or next((name for name in TRANSCRIPT_FILES if (folder / name).is_file()), None)
        others = tuple((other.file, other.language) for other in session.transcript.others)
        return (*(((first, own),) if first else ()), *others)

    @property
    def intro(self) -> Path | None:
        """The sound played before every talk, beside show.toml."""
        return self.show_toml.parent / self.audio.intro if self.audio.intro else None

    @property
    def outro(self) -> Path | None:
        """The sound played after every talk, beside show.toml."""
        return self.show_toml.parent / self.audio.outro if self.audio.outro else None
