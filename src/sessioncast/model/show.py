"""What people write in ``feed/show.toml``: the show, its store, its sound, its feeds. No I/O here."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field, StringConstraints

from sessioncast.extras import Discussion, Funding, License, Location, Recurrence, RemoteFeed, Txt
from sessioncast.kinds import Category, Email, Label, Language, Line, Text, Url, Value, Zone
from sessioncast.model.person import Credit

Medium = Literal["podcast", "music", "video", "film", "audiobook", "newsletter", "blog", "course"]
Seasons = Literal["calendar", "academic"]
SeasonKey = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,5}$")]
Service = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]{2,40}$")]
Container = Literal["mp3", "m4a", "opus", "mp4"]
"""What an episode can come in: MP3 or M4A as the enclosure, all of them as alternates beside it; MP4 is the film."""

HIGHPASS = 80
DENOISE = 10


def _switch(modest: int) -> BeforeValidator:
    """Read a measure that may be switched on and off: true is a modest one, false none."""

    def read(value: object) -> object:
        return (modest if value else 0) if isinstance(value, bool) else value

    return BeforeValidator(read)


class Owner(Value):
    """Whom a directory mails its verification code (itunes:owner)."""

    name: Line
    email: Email


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
    former_feeds: tuple[Url, ...] = Field(
        default=(), max_length=20, description="Addresses the feed had at other hosts (itunes:new-feed-url)."
    )
    podcast_guid: UUID | None = Field(
        default=None, description="The podcast:guid it had at another host; left out, made of its first address."
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

    format: Literal["mp3", "m4a"] = Field(default="mp3", description="The enclosure's format.")
    also: tuple[Container, ...] = Field(
        default=(),
        max_length=3,
        description="Formats offered beside it: mp3, m4a, opus, or mp4 for the recording's pictures as they are (podcast:alternateEnclosure).",
    )
    loudness: float = Field(
        default=-16.0, ge=-24, le=-12, description="Integrated loudness in LUFS, mono and stereo alike."
    )
    true_peak: float = Field(
        default=-1.0, ge=-6, le=-0.5, description="Highest true peak in dBTP, on the encoded file."
    )
    levelling: bool = Field(
        default=True, description="Whether a quiet voice is raised, by 10 dB at most, beside a much louder one."
    )
    highpass: Annotated[int, _switch(HIGHPASS), Field(ge=0, le=300)] = Field(
        default=0, description="Takes out rumble below so many Hz; true is 80."
    )
    denoise: Annotated[int, _switch(DENOISE), Field(ge=0, le=30)] = Field(
        default=0, description="Takes steady noise down by so many dB; true is 10."
    )
    intro: Annotated[Line, StringConstraints(max_length=255)] | None = Field(
        default=None, description="A sound file in feed/, played before every talk, as loud as the talk."
    )
    outro: Annotated[Line, StringConstraints(max_length=255)] | None = Field(
        default=None, description="A sound file in feed/, played after every talk."
    )
    crossfade: float = Field(
        default=1.0, ge=0, le=10, description="Seconds in which intro, talk and outro pass into each other."
    )

    @property
    def beside(self) -> tuple[Container, ...]:
        """The formats asked for beside the enclosure's own, each once."""
        return tuple(c for c in dict.fromkeys(self.also) if c != self.format)
