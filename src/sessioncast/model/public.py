"""What is public: frozen values of which the catalog, and so the feed and the pages, are made. No I/O here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, model_validator

from sessioncast.extras import (
    Alternate,
    Attached,
    Chapter,
    Discussion,
    Funding,
    License,
    Link,
    Location,
    RemoteFeed,
    Sized,
    Soundbite,
    TextFile,
    Txt,
)
from sessioncast.kinds import Kind, Language, Line, Sha256, Slug, Text, Url, Value, Zone
from sessioncast.model.show import FeedSettings, Medium, Owner, SeasonKey, Seasons

SEASON_NAMES = {"calendar": "{0}", "academic": "{0}/{1:02d}"}


def _elsewhere(key: str) -> bool:
    return key.startswith(("https://", "http://"))


def _ours(keys: Iterable[str | None]) -> frozenset[str]:
    """Return what lies in the public root: no address elsewhere may ever be put, copied or deleted."""
    return frozenset(key for key in keys if key and not _elsewhere(key))


class PublicCredit(Value):
    """A person as credited in one episode (podcast:person; itunes:author never, rule IT-DEPRECATED)."""

    person: Slug
    name: Line
    role: str
    group: str
    affiliation: Text = ""
    bio: Text = ""
    link: Url | None = None
    image: str | None = Field(default=None, description="An https address, or a key of the public root.")


class Enclosure(Value):
    """The audio listeners get; ``key`` is relative to the public root and never changes (DL-IMMUTABLE).

    Audio of an imported episode may lie on somebody else's server: then ``key`` is its address, nothing of it is ever
    written or deleted by us, and what nobody says of it is 0 or None.
    """

    key: str = Field(description="A key of the public root, or an http(s) address elsewhere.")
    length: int = Field(ge=0, description="Bytes (enclosure length); 0 unknown.")
    media_type: str
    duration: float = Field(ge=0, description="Seconds of decoded audio (itunes:duration, rounded); 0 unknown.")
    sha256: Sha256 | None = None
    bitrate: int = Field(default=0, description="Bits a second, 0 where unknown.")

    @model_validator(mode="after")
    def _ours_is_known(self) -> Enclosure:
        if not self.elsewhere and not (self.length and self.duration and self.sha256):
            raise ValueError("length, duration and hash of audio in the public root")
        return self

    @property
    def elsewhere(self) -> bool:
        """Whether it lies on somebody else's server."""
        return _elsewhere(self.key)


class PublishedEpisode(Value):
    """One item, forever: a session's public part, its enclosure, and the fingerprints it was made from."""

    slug: Slug
    guid: str
    guid_is_permalink: bool = False
    title: Line
    summary: Text = ""
    notes: Text = ""
    starts: AwareDatetime | None = None
    ends: AwareDatetime | None = None
    season: int | None = None
    number: int | None = None
    kind: Kind = "full"
    language: Language | None = None
    tags: tuple[str, ...] = ()
    link: Url | None = None
    explicit: bool = False
    ai_content: bool = False
    credits: tuple[PublicCredit, ...] = ()
    number_label: Line | None = None
    slides: str | None = Field(default=None, description="The address of the slides, or a key of the public root.")
    attachments: tuple[Attached, ...] = ()
    links: tuple[Link, ...] = ()
    license: License | None = None
    location: Location | None = None
    funding: tuple[Funding, ...] = ()
    soundbites: tuple[Soundbite, ...] = ()
    discussions: tuple[Discussion, ...] = ()
    hidden: bool = False
    artwork: str | None = Field(default=None, description="Key of the episode's own picture (item itunes:image).")
    sized: tuple[Sized, ...] = Field(default=(), description="Smaller copies of its pictures, for pages.")
    transcripts: tuple[TextFile, ...] = ()
    chapters_key: str | None = Field(default=None, description="Key of the JSON chapters (podcast:chapters).")
    chapters: tuple[Chapter, ...] = Field(default=(), description="The same chapters, for the show notes (CP-AGREE).")
    alternates: tuple[Alternate, ...] = ()
    waveform: str | None = Field(default=None, description="Key of the picture of its sound (the episode's page).")
    pieces: tuple[tuple[int, int, int], ...] = Field(
        default=(),
        description="Stretches of the recording that are heard: start, end, and where in the audio, in milliseconds.",
    )
    cuts: Sha256 | None = Field(
        default=None, description="Fingerprint of what was trimmed and redacted; None where an older version made it."
    )
    replaced: tuple[str, ...] = Field(
        default=(), description="Keys that earlier texts of this episode named: a take-down deletes them too."
    )
    imported: bool = Field(
        default=False, description="Whether it was public elsewhere before: its flaws are as old and refuse nothing."
    )
    enclosure: Enclosure
    published: AwareDatetime = Field(description="pubDate: set by the commit that made it public, kept ever after.")
    fingerprints: tuple[Sha256, ...] = Field(
        description="Of the text sources, oldest first; the last is what is public."
    )
    audio_fingerprint: Sha256 = Field(description="Of the recording and the settings the audio was made from.")
    revision: int = Field(ge=1, description="The catalog revision that last changed this episode.")

    def picture_keys(self) -> frozenset[str]:
        """Return the keys of the pictures it names: its own, and the portraits of its people."""
        return _ours((*(c.image for c in self.credits), self.artwork, *(s.key for s in self.sized)))

    def object_keys(self) -> frozenset[str]:
        """Return every immutable public key it names."""
        return self.picture_keys() | self.text_keys() | self.sound_keys() | self.attached_keys()

    def attached_keys(self) -> frozenset[str]:
        """Return the keys of its slides and other attachments."""
        return _ours((self.slides, *(a.key for a in self.attachments)))

    def text_keys(self) -> frozenset[str]:
        """Return the keys of its transcripts and chapters."""
        return _ours((*(t.key for t in self.transcripts), self.chapters_key))

    def sound_keys(self) -> frozenset[str]:
        """Return the keys of its audio, of the same in other formats, and of the picture of its sound."""
        return _ours((self.enclosure.key, *(a.key for a in self.alternates), self.waveform))


class Announced(Value):
    """A session that is to come, or took place and whose recording is not public yet; ``revision`` last changed it.

    Its fingerprints are of the texts it was announced with, oldest first, so that an old copy is known.
    """

    slug: Slug
    guid: str
    title: Line
    summary: Text = ""
    notes: Text = ""
    starts: AwareDatetime
    ends: AwareDatetime | None = None
    season: int | None = None
    language: Language | None = None
    tags: tuple[str, ...] = ()
    link: Url | None = None
    location: Location | None = None
    credits: tuple[PublicCredit, ...] = ()
    hidden: bool = False
    over: bool = Field(default=False, description="Whether it had ended when a publish last looked.")
    since: AwareDatetime = Field(description="When this text was announced (DTSTAMP of its calendar entry).")
    fingerprints: tuple[Sha256, ...]
    revision: int = Field(ge=1)

    @property
    def until(self) -> datetime:
        """Its end; an hour after it begins, where nobody said."""
        return self.ends or self.starts + timedelta(hours=1)


class PublicShow(Value):
    """The channel as it is public."""

    title: Line
    summary: Text
    language: Language
    timezone: Zone
    link: Url
    author: Line
    owner: Owner | None = None
    categories: tuple[str, ...]
    explicit: bool = False
    type: Literal["episodic", "serial"] = "episodic"
    copyright: Line | None = None
    support: Url | None = None
    locked: bool = True
    medium: Medium = "podcast"
    credits: tuple[PublicCredit, ...] = ()
    license: License | None = None
    funding: tuple[Funding, ...] = ()
    location: Location | None = None
    rhythm: Line | None = None
    rrule: str | None = None
    complete: bool = False
    seasons: Seasons | None = None
    season_names: dict[SeasonKey, Line] = Field(default_factory=dict)
    discussions: tuple[Discussion, ...] = ()
    recommends: tuple[RemoteFeed, ...] = ()
    publisher: RemoteFeed | None = None
    txt: tuple[Txt, ...] = ()
    hidden: bool = False
    hidden_from: tuple[str, ...] = ()
    hubs: tuple[Url, ...] = Field(default=(), description="WebSub hubs that tell of changes (atom:link rel hub).")
    feeds: FeedSettings = Field(default_factory=FeedSettings)
    former_urls: tuple[Url, ...] = Field(
        default=(), description="Public addresses the show had before, oldest first (itunes:new-feed-url)."
    )
    former_feeds: tuple[Url, ...] = Field(
        default=(), description="Addresses the feed had at other hosts (itunes:new-feed-url)."
    )
    directories: dict[str, Url] = Field(default_factory=dict, description="Where the show is listed, by directory.")
    colour: str | None = Field(
        default=None, pattern=r"^#[0-9a-f]{6}$", description="The cover's main colour, of which the pages' are made."
    )
    sized: tuple[Sized, ...] = Field(default=(), description="Smaller copies of cover and portraits, for pages.")
    icons: tuple[Sized, ...] = Field(default=(), description="The cover as small square icons (favicon).")
    overrides: str | None = Field(default=None, description="Key of the show's own templates and style (the pages).")
    artwork: str = Field(description="Key of the 3000 px cover, content hash in its name (ART-NEW-URL).")
    public_url: Url = Field(description="Base address of the public root, without a trailing slash.")
    podcast_guid: UUID | None = Field(
        default=None, description="podcast:guid, from the first public https address, then kept (NS-GUID-FOREVER)."
    )
    fingerprints: tuple[Sha256, ...] = Field(description="Of show.toml's public part and the cover, oldest first.")
    revision: int = Field(ge=1, description="The catalog revision that last changed the show.")

    def object_keys(self) -> frozenset[str]:
        """Return every immutable public key it names."""
        sized = (s.key for s in (*self.sized, *self.icons))
        return _ours((self.artwork, *(c.image for c in self.credits), *sized, self.overrides))

    def season_name(self, season: int) -> str | None:
        """Return what the organisers call a season, or the year it stands for."""
        named = self.season_names.get(str(season))
        if named is None and self.seasons:
            return SEASON_NAMES[self.seasons].format(season, (season + 1) % 100)
        return named


def utc_second(moment: datetime) -> datetime:
    """Return ``moment`` in UTC without fractions: the resolution of an RFC 2822 date (IT-PUBDATE)."""
    return moment.astimezone(UTC).replace(microsecond=0)
