"""The small values of the podcast namespace (rules, section 4.4), as people write them and as they are public."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from sessioncast.kinds import Https, Label, Language, Line, Sha256, Text, Url, Value, https

LICENSES = ("ARR", "CC-BY-4.0", "CC-BY-NC-4.0", "CC-BY-NC-ND-4.0", "POD-V4V-1.0")
"""The licences the namespace knows by name (NS-LICENSE)."""


def _recurrence(text: str) -> str:
    if "=" not in text or not text.upper().startswith("FREQ=") or "COUNT=" in text.upper():
        raise ValueError("a recurrence rule of RFC 5545 without COUNT, such as FREQ=WEEKLY;INTERVAL=2;BYDAY=TU")
    return text


Recurrence = Annotated[
    str, StringConstraints(strip_whitespace=True, max_length=255, pattern=r"^[A-Za-z0-9=;,:+-]*$"), AfterValidator(_recurrence)
]  # fmt: skip


class Funding(Value):
    """Where listeners can give (podcast:funding)."""

    url: Https
    text: Label


class Location(Value):
    """A place an episode is about or was made at (podcast:location)."""

    name: Label
    geo: str | None = Field(default=None, pattern=r"^geo:-?\d+(\.\d+)?,-?\d+(\.\d+)?(,-?\d+(\.\d+)?)?(;[!-~]+)?$")
    osm: str | None = Field(default=None, pattern=r"^[NWR]\d+(#\d+)?$")
    country: str | None = Field(default=None, pattern=r"^[A-Z]{2}$")
    rel: Literal["subject", "creator"] | None = None


class License(Value):
    """What others may do with it: a known name, or a name of one's own with the address of its text (podcast:license)."""

    name: Label
    url: Https | None = None

    @model_validator(mode="after")
    def _known_or_linked(self) -> License:
        if self.url is None and self.name.upper() not in LICENSES:
            raise ValueError(f"one of {', '.join(LICENSES)}, or a `url` where the licence can be read (NS-LICENSE)")
        return self


class Link(Value):
    """An address listeners should find in the show notes."""

    title: Line
    url: Url


class Soundbite(Value):
    """A passage to promote the episode with (podcast:soundbite); seconds from the start."""

    start: float = Field(ge=0)
    seconds: float = Field(gt=0)
    title: Label | None = None


class Discussion(Value):
    """Where listeners talk about it (podcast:socialInteract); ``disabled`` says that they shall not."""

    protocol: Literal["disabled", "activitypub", "twitter", "lightning", "atproto", "hive", "matrix", "nostr"]
    uri: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000, pattern=r"^[!-~]+$")] | None = None
    account: Label | None = None
    priority: int | None = Field(default=None, ge=1)

    @model_validator(mode="after")
    def _somewhere(self) -> Discussion:
        if self.uri is None and self.protocol != "disabled":
            raise ValueError("a `uri`, the address of the first post (NS-SOCIAL)")
        if self.uri is not None and self.uri.lower().startswith("http"):
            https(self.uri)
        return self


class Txt(Value):
    """A short text for machines, such as a directory's ownership code (podcast:txt)."""

    text: Annotated[Text, Field(min_length=1, max_length=4000)]
    purpose: Label | None = None


class RemoteFeed(Value):
    """Another podcast, known by its podcast:guid (podcast:remoteItem)."""

    guid: UUID
    url: Https | None = None
    title: Label | None = None


class Chapter(Value):
    """One chapter: seconds from the start, its title, and where it leads (JSON chapters url)."""

    start: float = Field(ge=0)
    title: Line
    link: Https | None = None


class TextFile(Value):
    """A transcript in one format (podcast:transcript); ``key`` in the public root, or an address elsewhere."""

    key: str
    media_type: str
    language: Language | None = None


class Alternate(Value):
    """The same episode as another file (podcast:alternateEnclosure, with source and integrity)."""

    key: str
    media_type: str
    length: int = Field(ge=1)
    sha256: Sha256
    bitrate: int | None = None
    height: int | None = None
    language: Language | None = None
    title: Annotated[Line, StringConstraints(max_length=32)] | None = None
    rel: Annotated[Line, StringConstraints(max_length=32)] | None = None
    codecs: str | None = None
    default: bool = False


class Sized(Value):
    """A smaller copy of a public picture, for pages: ``of`` is the key of the whole, ``width`` in px."""

    of: str
    key: str
    width: int = Field(ge=1)
    media_type: str


class Attached(Value):
    """A file that belongs to a talk, such as its handout; ``key`` in the public root."""

    title: Line
    key: str
    length: int = Field(ge=1)
    media_type: str
