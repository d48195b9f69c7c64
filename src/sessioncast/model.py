"""Frozen values that walk the street from an announced session to a public episode. No I/O here.

Files people write become ``Show``, ``Settings``, ``Person`` and ``Session`` (unknown keys refused); what is
public is made of the ``Public…`` values. Every field says which RSS element or ID3 frame it becomes.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Literal
from uuid import UUID, uuid5

from pydantic import AwareDatetime, BeforeValidator, Field, StringConstraints, model_validator

from sessioncast import vocabulary
from sessioncast.extras import (
    Alternate,
    Chapter,
    Discussion,
    Funding,
    License,
    Link,
    Location,
    Recurrence,
    RemoteFeed,
    Soundbite,
    TextFile,
    Txt,
)
from sessioncast.kinds import (
    Category,
    Consent,
    Email,
    Guid,
    Kind,
    Label,
    Language,
    Line,
    Sha256,
    Slug,
    Text,
    Url,
    Value,
    Zone,
)

Medium = Literal["podcast", "music", "video", "film", "audiobook", "newsletter", "blog", "course"]
Seasons = Literal["calendar", "academic"]
SeasonKey = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,5}$")]
Service = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]{2,40}$")]


def _seconds(value: object) -> object:
    """Read a place in a recording: seconds, or a clock such as "3:20" or "1:02:03.5"."""
    if not isinstance(value, str):
        return value
    if not re.fullmatch(r"(?:\d{1,2}:)?\d{1,3}:[0-5]\d(?:\.\d{1,3})?", value):
        raise ValueError('seconds, or minutes and seconds such as "3:20" or "1:02:03"')
    total = 0.0
    for part in value.split(":"):
        total = total * 60 + float(part)
    return total


Seconds = Annotated[float, BeforeValidator(_seconds), Field(ge=0, allow_inf_nan=False)]

# --- what people write -----------------------------------------------------------------------------------------------


class Owner(Value):
    """Whom a directory mails its verification code (itunes:owner)."""

    name: Line
    email: Email


class Credit(Value):
    """``[[credits]]`` of a session: a person and what they did."""

    person: Slug = Field(description="A key of feed/people.toml.")
    role: str = Field(default="guest", description="A role of the podcast taxonomy, such as host or guest.")
    group: str = Field(default="cast", description="Its group, such as cast or writing.")

    @model_validator(mode="after")
    def _known_role(self) -> Credit:
        if vocabulary.find_role(self.group, self.role) is None:
            raise ValueError(f"a role of the podcast taxonomy; {self.role!r} in {self.group!r} is none (NS-PERSON)")
        return self


class Show(Value):
    """``[show]`` of ``feed/show.toml``."""

    id: UUID = Field(description="Minted once by `sessioncast init`; ties the store to this show, never public.")
    title: Line = Field(description="The show's name only (channel title, ID3 TALB).")
    summary: Annotated[Text, Field(min_length=1)] = Field(
        description="At most 4000 bytes, plain text or Markdown (channel description)."
    )
    language: Language = Field(description="Such as en or en-ca (channel language).")
    timezone: Zone = Field(description="Where the sessions take place, such as America/Toronto.")
    link: Url = Field(description="The series' own home page (channel link).")
    author: Line = Field(description="Who makes the show (itunes:author, ID3 TPE1 where nobody is credited).")
    owner: Owner | None = Field(default=None, description="Whom directories write to (itunes:owner).")
    categories: tuple[Category, ...] = Field(
        min_length=1, max_length=2, description="One or two of Apple's categories, best first."
    )
    explicit: bool = Field(default=False, description="Whether episodes need an advisory mark (itunes:explicit).")
    type: Literal["episodic", "serial"] = Field(
        default="episodic", description="serial: to be heard in order (itunes:type)."
    )
    artwork: str = Field(
        default="cover.png", description="A square picture of at least 1400 px beside show.toml, best 3000."
    )
    copyright: Line | None = Field(
        default=None, description="The holder's name only, no sign and no year (CH-COPYRIGHT, ID3 TCOP)."
    )
    support: Url | None = Field(default=None, description="Where listeners and speakers get in touch.")
    locked: bool = Field(
        default=True, description="Whether other hosts are told not to import the feed (podcast:locked)."
    )
    medium: Medium = Field(default="podcast", description="What kind of series it is (podcast:medium).")
    credits: tuple[Credit, ...] = Field(
        default=(), description="Who makes the show as a whole, such as its host (channel podcast:person)."
    )
    license: License | None = Field(
        default=None, description="What others may do with it, such as CC-BY-4.0 (podcast:license, show notes)."
    )
    funding: tuple[Funding, ...] = Field(
        default=(), max_length=20, description="Where listeners can give, address and words (podcast:funding)."
    )
    location: Location | None = Field(default=None, description="Where the series is at home (podcast:location).")
    rhythm: Label | None = Field(
        default=None, description="How often sessions come, in words (podcast:updateFrequency)."
    )
    rrule: Recurrence | None = Field(
        default=None, description="The same for machines, as a recurrence rule of RFC 5545 (updateFrequency rrule)."
    )
    complete: bool = Field(
        default=False, description="Whether no session will follow, ever (itunes:complete, updateFrequency complete)."
    )
    seasons: Seasons | None = Field(
        default=None, description="How new sessions get their season: calendar or academic year; left out, by hand."
    )
    season_starts: int = Field(default=9, ge=2, le=12, description="The month in which the academic year starts.")
    season_names: dict[SeasonKey, Label] = Field(
        default_factory=dict, description="Names of seasons by number (podcast:season name)."
    )
    episode_art: Literal["drawn", "none"] = Field(
        default="drawn",
        description="What an episode without a picture of its own gets: one drawn from its speaker, or none.",
    )
    discussions: tuple[Discussion, ...] = Field(
        default=(), max_length=20, description="Where listeners talk about the show (podcast:socialInteract)."
    )
    recommends: tuple[RemoteFeed, ...] = Field(
        default=(), max_length=100, description="Other podcasts worth hearing (podcast:podroll)."
    )
    publisher: RemoteFeed | None = Field(
        default=None, description="The publisher feed that lists this show (podcast:publisher)."
    )
    txt: tuple[Txt, ...] = Field(
        default=(), max_length=20, description="Texts for machines, such as an ownership code (podcast:txt)."
    )
    hidden: bool = Field(
        default=False, description="Whether directories are asked not to list the show (itunes:block, podcast:block)."
    )
    hidden_from: tuple[Service, ...] = Field(
        default=(), max_length=50, description="Single services that are asked not to list it (podcast:block id)."
    )


class FeedSettings(Value):
    """``[feeds]`` of ``feed/show.toml``: feeds beside the main one, and how long a feed may get."""

    by: tuple[Literal["season", "tag", "speaker"], ...] = Field(
        default=(), max_length=3, description="A feed of its own for every season, tag or speaker."
    )
    listed: bool = Field(default=False, description="Whether directories may list those feeds too (else itunes:block).")
    max_items: int | None = Field(
        default=None, ge=2, description="Episodes in the main feed at most; older ones go to archive pages (RFC 5005)."
    )


class StoreSettings(Value):
    """``[store]`` of ``feed/show.toml``: where the podcast lives. Secrets never stand here."""

    url: str = Field(default="public", description="A folder, or s3://bucket/prefix.")
    public_url: Url | None = Field(default=None, description="The address under which listeners reach the public root.")
    state: str | None = Field(
        default=None, description="The private root: .sessioncast/state, or s3://bucket/<prefix>-state."
    )
    endpoint_url: Url | None = Field(default=None, description="For object stores other than AWS.")
    region: str | None = Field(default=None, description="The bucket's region.")
    addressing: Literal["auto", "path", "virtual"] = Field(
        default="auto", description="How the bucket is named in requests."
    )
    checksums: Literal["when_supported", "when_required"] = Field(
        default="when_supported", description="when_required: for stores that refuse new checksums."
    )
    single_writer: bool = Field(
        default=False, description="Publish to a store without conditional writes; only ever one machine may."
    )
    home: str | None = Field(
        default=None,
        description="Written by sessioncast: where the show has been published; an empty store elsewhere is refused.",
    )

    @property
    def is_s3(self) -> bool:
        """Whether the podcast lives in a bucket."""
        return self.url.startswith("s3://")


class AudioSettings(Value):
    """``[audio]`` of ``feed/show.toml``."""

    format: Literal["mp3"] = Field(default="mp3", description="The enclosure's format.")
    loudness: float = Field(
        default=-16.0, ge=-24, le=-12, description="Integrated loudness in LUFS, mono and stereo alike."
    )
    true_peak: float = Field(
        default=-1.0, ge=-6, le=-0.5, description="Highest true peak in dBTP, on the encoded file."
    )
    levelling: bool = Field(
        default=True, description="Whether a quiet voice is raised, by 10 dB at most, beside a much louder one."
    )


class Person(Value):
    """One entry of ``feed/people.toml``; the key is used in credits and addresses."""

    name: Line = Field(description="podcast:person, at most 128 characters.", max_length=128)
    affiliation: Text = Field(default="", description="Where the person works, in show notes.")
    bio: Text = Field(default="", description="Plain text or Markdown; paragraphs are kept.")
    link: Url | None = Field(default=None, description="The person's page (podcast:person href).")
    image: Annotated[Line, StringConstraints(max_length=1000)] | None = Field(
        default=None, description="A picture in feed/people, or an https address (podcast:person img, episode art)."
    )


class Trim(Value):
    """``trim`` of a session: which part of the recording is published, as places in the recording."""

    start: Seconds = Field(default=0.0, description='Where it begins: seconds, or a clock such as "3:20".')
    end: Seconds | None = Field(default=None, description="Where it ends; left out, at the recording's end.")

    @model_validator(mode="after")
    def _something_left(self) -> Trim:
        if self.end is not None and self.end <= self.start:
            raise ValueError("an end later than the start")
        return self


class Session(Value):
    """``session.toml`` and ``notes.md`` of one folder in ``episodes/``; ``slug`` is the folder's name."""

    slug: Slug
    guid: Guid = Field(description="Minted once, never changed (item guid).")
    source: str | None = Field(
        default=None, description="What finds this session again on import: a URL, calendar UID or file name."
    )
    title: Line = Field(description="The talk's title alone (item title, ID3 TIT2).")
    summary: Text = Field(
        default="", description="One or two plain sentences; left out, the notes' first paragraph serves."
    )
    notes: Text = Field(default="", description="notes.md: Markdown show notes (description, content:encoded).")
    starts: AwareDatetime | None = Field(default=None, description="When the session starts, with offset.")
    ends: AwareDatetime | None = Field(default=None, description="When the session ends, with offset.")
    season: int | None = Field(default=None, ge=1, description="itunes:season, ID3 TPOS.")
    number: int | None = Field(default=None, ge=1, description="itunes:episode, ID3 TRCK.")
    kind: Kind = Field(default="full", description="itunes:episodeType.")
    language: Language | None = Field(default=None, description="Where it differs from the show's (ID3 TLAN).")
    tags: tuple[Line, ...] = Field(default=(), description="Topics.")
    link: Url | None = Field(default=None, description="The session's own page (ID3 WOAF, show notes).")
    explicit: bool | None = Field(default=None, description="itunes:explicit, where it differs from the show's.")
    ai_content: bool = Field(
        default=False, description="Whether a voice is synthetic (podcast:txt purpose=ai-content)."
    )
    draft: bool = Field(default=False, description="A draft never goes out.")
    missing: tuple[str, ...] = Field(
        default=(), description="What an import had to leave open; empty it when filled in."
    )
    hold: bool = Field(default=False, description="Wait until a person says otherwise.")
    consent: Consent | None = Field(default=None, description="Whether the speaker agrees to publication.")
    publish_at: AwareDatetime | None = Field(default=None, description="Not before this time; becomes the pubDate.")
    recording: str | None = Field(default=None, description="The recording: a path in this folder, or an address.")
    number_label: Annotated[Line, StringConstraints(max_length=32)] | None = Field(
        default=None, description="Shown in the number's place, such as Ch. 3 (podcast:episode display)."
    )
    artwork: Annotated[Line, StringConstraints(max_length=255)] | None = Field(
        default=None, description="A square picture in this folder; left out, one is drawn (itunes:image)."
    )
    slides: Url | None = Field(default=None, description="The address of the slides (show notes).")
    links: tuple[Link, ...] = Field(default=(), max_length=100, description="Title and address (show notes).")
    license: License | None = Field(default=None, description="Where it differs from the show's (podcast:license).")
    location: Location | None = Field(default=None, description="Where, or about what place (podcast:location).")
    funding: tuple[Funding, ...] = Field(
        default=(), max_length=20, description="Where listeners can give for this talk (podcast:funding)."
    )
    soundbites: tuple[Soundbite, ...] = Field(
        default=(), max_length=20, description="Passages to promote it with, in seconds (podcast:soundbite)."
    )
    discussions: tuple[Discussion, ...] = Field(
        default=(), max_length=20, description="Where listeners talk about it (podcast:socialInteract)."
    )
    hidden: bool = Field(default=False, description="Public, but listed nowhere (item itunes:block).")
    trim: Trim | None = Field(
        default=None, description="Which part of the recording is published; left out, all of it."
    )
    credits: tuple[Credit, ...] = Field(default=(), description="Who speaks, hosts, produces.")

    @model_validator(mode="after")
    def _in_order(self) -> Session:
        if self.starts and self.ends and self.ends <= self.starts:
            raise ValueError("ends later than starts")
        return self


def mint_guid(show_id: UUID, slug: str) -> str:
    """Return the guid a new session gets: UUIDv5(show id, first slug), written down and never computed again (IT-GUID-FOREVER)."""
    return str(uuid5(show_id, slug))


# --- what is public --------------------------------------------------------------------------------------------------


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
    """The audio listeners get; ``key`` is relative to the public root and never changes (DL-IMMUTABLE)."""

    key: str
    length: int = Field(ge=1, description="Bytes (enclosure length).")
    media_type: str
    duration: float = Field(gt=0, description="Seconds of decoded audio (itunes:duration, rounded).")
    sha256: Sha256
    bitrate: int = Field(default=0, description="Bits a second, 0 where unknown.")


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
    slides: Url | None = None
    links: tuple[Link, ...] = ()
    license: License | None = None
    location: Location | None = None
    funding: tuple[Funding, ...] = ()
    soundbites: tuple[Soundbite, ...] = ()
    discussions: tuple[Discussion, ...] = ()
    hidden: bool = False
    artwork: str | None = Field(default=None, description="Key of the episode's own picture (item itunes:image).")
    transcripts: tuple[TextFile, ...] = ()
    chapters_key: str | None = Field(default=None, description="Key of the JSON chapters (podcast:chapters).")
    chapters: tuple[Chapter, ...] = Field(default=(), description="The same chapters, for the show notes (CP-AGREE).")
    alternates: tuple[Alternate, ...] = ()
    replaced: tuple[str, ...] = Field(
        default=(), description="Keys that earlier texts of this episode named: a take-down deletes them too."
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
        portraits = {c.image for c in self.credits if c.image and not c.image.startswith("https://")}
        return frozenset(portraits | ({self.artwork} if self.artwork else set()))

    def object_keys(self) -> frozenset[str]:
        """Return every immutable public key it names."""
        beside = {self.enclosure.key, *(t.key for t in self.transcripts), *(a.key for a in self.alternates)}
        return self.picture_keys() | beside | ({self.chapters_key} if self.chapters_key else set())


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
    feeds: FeedSettings = Field(default_factory=FeedSettings)
    former_urls: tuple[Url, ...] = Field(
        default=(), description="Public addresses the show had before, oldest first (itunes:new-feed-url)."
    )
    artwork: str = Field(description="Key of the 3000 px cover, content hash in its name (ART-NEW-URL).")
    public_url: Url = Field(description="Base address of the public root, without a trailing slash.")
    podcast_guid: UUID | None = Field(
        default=None, description="podcast:guid, from the first public https address, then kept (NS-GUID-FOREVER)."
    )
    fingerprints: tuple[Sha256, ...] = Field(description="Of show.toml's public part and the cover, oldest first.")
    revision: int = Field(ge=1, description="The catalog revision that last changed the show.")


def utc_second(moment: datetime) -> datetime:
    """Return ``moment`` in UTC without fractions: the resolution of an RFC 2822 date (IT-PUBDATE)."""
    return moment.astimezone(UTC).replace(microsecond=0)
