"""What a session keeps of an episode that was public elsewhere before it came here. No I/O here."""

from __future__ import annotations

from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from sessioncast.kinds import Https, Language, Line, Sha256, Url, Value


class ImportedText(Value):
    """A transcript that stays where it is."""

    url: Https
    media_type: Annotated[Line, StringConstraints(max_length=100)] = Field(description="Its type (podcast:transcript).")
    language: Language | None = None


class Imported(Value):
    """``[imported]`` of a session: an episode that was public elsewhere before, as `sessioncast import-feed` wrote it.

    Its audio is published as it is: named where it lies, or as the ``file`` that was fetched, byte for byte. A
    ``recording`` in session.toml takes its place.
    """

    published: AwareDatetime | None = Field(
        default=None, description="Its date in the old feed, kept for good (pubDate)."
    )
    permalink: bool = Field(
        default=False, description="Whether its guid is an address that can be opened (guid isPermaLink)."
    )
    url: Url = Field(description="Where its audio lies (enclosure url).")
    length: int = Field(default=0, ge=0, description="Bytes; 0 where nobody says (enclosure length).")
    media_type: Annotated[Line, StringConstraints(max_length=100)] = Field(
        default="audio/mpeg", description="Its type (enclosure type)."
    )
    duration: float = Field(
        default=0, ge=0, allow_inf_nan=False, description="Seconds; 0 where nobody says (itunes:duration)."
    )
    file: Annotated[Line, StringConstraints(max_length=255)] | None = Field(
        default=None, description="The audio in this folder, where it was fetched: published byte for byte."
    )
    sha256: Sha256 | None = Field(default=None, description="Of the fetched file's bytes.")
    transcripts: tuple[ImportedText, ...] = Field(
        default=(), max_length=50, description="Transcripts that stay where they are (podcast:transcript)."
    )
    chapters: Https | None = Field(
        default=None, description="JSON chapters that stay where they are (podcast:chapters)."
    )
