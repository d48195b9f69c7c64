"""Frozen values that walk the street from an announced session to a public episode. No I/O here.

Files people write become ``Show``, ``Settings``, ``Person`` and ``Session`` (unknown keys refused); what is
public is made of the ``Public…`` values. Every field says which RSS element or ID3 frame it becomes.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Literal
from urllib.parse import urlsplit
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from sessioncast import vocabulary

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def _slug(text: str) -> str:
    if not SLUG.fullmatch(text) or len(text) > 100:
        raise ValueError("lower-case letters a-z, digits and single hyphens, at most 100 characters")
    return text


def _plain(text: str) -> str:
    if any(
        (ord(c) < 32 and c not in "\n\t") or 0x7F <= ord(c) < 0xA0 or 0xD800 <= ord(c) < 0xE000 or c in "\ufffe\uffff"
        for c in text
    ):
        raise ValueError("text without control characters")
    return text


def _url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or any(c.isspace() for c in text):
        raise ValueError("an absolute http(s) URL")
    return text


def _zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("a zone of the IANA database, such as America/Toronto") from None
    return text


def _language(text: str) -> str:
    if not re.fullmatch(r"[a-z]{2}(-[a-z]{2}|-[a-z]{4}(-[a-z]{2})?)?", text):
        raise ValueError("a language tag in lower case, such as en or en-ca (CH-LANG)")
    return text


def _category(text: str) -> str:
    if not vocabulary.is_category(text):
        raise ValueError(
            "one of Apple's categories to the letter, such as 'Education' or 'Health & Fitness > Medicine' (CH-CATEGORY)"
        )
    return text


def _email(text: str) -> str:
    if not re.fullmatch(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+", text):
        raise ValueError("an e-mail address")
    return text


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


Slug = Annotated[str, AfterValidator(_slug)]
Text = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_plain)]
Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=255, pattern=r"^[^\n\r\t]*$"),
    AfterValidator(_plain),
]
Url = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_url)]
Zone = Annotated[str, AfterValidator(_zone)]
Language = Annotated[str, AfterValidator(_language)]
Category = Annotated[str, AfterValidator(_category)]
Email = Annotated[str, AfterValidator(_email)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]

Seconds = Annotated[float, BeforeValidator(_seconds), Field(ge=0, allow_inf_nan=False)]

Kind = Literal["full", "trailer", "bonus"]
Consent = Literal["given", "pending", "refused"]


class Value(BaseModel):
    """A frozen value; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=False)


# --- what people write -----------------------------------------------------------------------------------------------


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
    guid: Annotated[str, StringConstraints(min_length=1, max_length=1000, pattern=r"^\S+$")] = Field(
        description="Minted once, never changed (item guid)."
    )
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
    enclosure: Enclosure
    published: AwareDatetime = Field(description="pubDate: set by the commit that made it public, kept ever after.")
    fingerprints: tuple[Sha256, ...] = Field(
        description="Of the text sources, oldest first; the last is what is public."
    )
    audio_fingerprint: Sha256 = Field(description="Of the recording and the settings the audio was made from.")
    revision: int = Field(ge=1, description="The catalog revision that last changed this episode.")


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
