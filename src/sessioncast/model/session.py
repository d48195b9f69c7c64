"""What people write in ``episodes/<slug>/session.toml``: one talk and what becomes of its recording. No I/O here."""

from __future__ import annotations

import re
from typing import Annotated, Literal
from uuid import UUID, uuid5

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    Field,
    StringConstraints,
    TypeAdapter,
    model_validator,
)

from sessioncast.extras import Discussion, Funding, License, Link, Location, Soundbite
from sessioncast.kinds import Consent, Guid, Https, Kind, Label, Language, Line, Slug, Text, Url, Value
from sessioncast.model.imported import Imported
from sessioncast.model.person import Credit


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


def _file_or_address(text: str) -> str:
    if "://" in text:
        return _address(text)
    return text


_address = TypeAdapter[str](Url).validate_python

TRANSCRIPT_FILES = ("transcript.vtt", "transcript.srt", "transcript.json", "transcript.txt")
"""Where a transcript is looked for, the first that is there, unless ``[transcript] file`` names another."""

CHAPTERS_FILE = "chapters.txt"

Seconds = Annotated[float, BeforeValidator(_seconds), Field(ge=0, allow_inf_nan=False)]


class Trim(Value):
    """``trim`` of a session: which part of the recording is published, as places in the recording."""

    start: Seconds = Field(default=0.0, description='Where it begins: seconds, or a clock such as "3:20".')
    end: Seconds | None = Field(default=None, description="Where it ends; left out, at the recording's end.")

    @model_validator(mode="after")
    def _something_left(self) -> Trim:
        if self.end is not None and self.end <= self.start:
            raise ValueError("an end later than the start")
        return self


class Redaction(Value):
    """``[[redact]]`` of a session: a stretch of the recording that nobody shall hear or read, as places in the recording."""

    start: Seconds = Field(description='Where it begins: seconds, or a clock such as "41:07".')
    end: Seconds = Field(description="Where it ends.")
    cut: bool = Field(default=False, description="Whether the stretch is cut out; else it is silence.")

    @model_validator(mode="after")
    def _some_time(self) -> Redaction:
        if self.end <= self.start:
            raise ValueError("an end later than the start")
        return self


class ChapterMark(Value):
    """``[[chapters]]`` of a session: where a chapter begins, as a place in the recording."""

    start: Seconds = Field(description='Where it begins: seconds, or a clock such as "12:30".')
    title: Line = Field(description="Short: many apps show 40 characters (podcast:chapters, ID3 CHAP).")
    link: Https | None = Field(default=None, description="Where it leads (JSON chapters url).")


ATTACHABLE = ("pdf", "odp", "pptx", "odt", "docx", "ods", "xlsx", "csv", "txt", "epub", "zip", "jpg", "png")
"""What may be attached: nothing that a browser would run on the show's own pages."""


class Attachment(Value):
    """``[[attachments]]`` of a session: a file of this folder that listeners can have."""

    file: Annotated[Line, StringConstraints(max_length=255)] = Field(description="Its name, such as handout.pdf.")
    title: Label | None = Field(default=None, description="What it is called; left out, its name.")


class OtherTranscript(Value):
    """A transcript in another language."""

    file: Annotated[Line, StringConstraints(max_length=255)] = Field(description="A caption file in this folder.")
    language: Language = Field(description="Such as fr (podcast:transcript language).")


class TranscriptSettings(Value):
    """``[transcript]`` of a session: the recorder's captions, and who is who in them."""

    file: Annotated[Line, StringConstraints(max_length=255)] | None = Field(
        default=None, description="A caption file in this folder; left out, transcript.vtt, .srt, .json or .txt."
    )
    language: Language | None = Field(default=None, description="Where it differs from the session's.")
    others: tuple[OtherTranscript, ...] = Field(default=(), max_length=20, description="The same in other languages.")
    names: dict[str, Line] = Field(
        default_factory=dict, description='What the recorder calls somebody, and their name: "iPhone" = "John Snow".'
    )
    drop_fillers: bool = Field(default=False, description="Whether um and uh are left out.")
    audience_names: bool = Field(
        default=False, description="Whether people who are not credited keep their names; ask them first."
    )
    machine: bool = Field(default=False, description="Whether a machine wrote it and nobody has read it over.")


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
    consent: Consent | None = Field(
        default=None, description="Whether everybody agrees to publication; in [[credits]], whether one person does."
    )
    released: bool = Field(
        default=False,
        description="Written by `sessioncast release`: a person let it out, whatever [auto] in show.toml would wait for.",
    )
    publish_at: AwareDatetime | None = Field(default=None, description="Not before this time; becomes the pubDate.")
    recording: str | tuple[str, ...] | None = Field(
        default=None,
        description="The recording: a path in this folder, or an address; several in order where it was stopped and restarted.",
    )
    pin: str | tuple[str, ...] | None = Field(
        default=None, description="The recording's file name in the inbox, where a person decided which it is."
    )
    room: Line | None = Field(
        default=None, description="Where it takes place, as the schedule says; finds its recording."
    )
    meeting: Annotated[Line, StringConstraints(max_length=1000)] | None = Field(
        default=None, description="The online meeting's id or address; finds its recording."
    )
    number_label: Annotated[Line, StringConstraints(max_length=32)] | None = Field(
        default=None, description="Shown in the number's place, such as Ch. 3 (podcast:episode display)."
    )
    artwork: Annotated[Line, StringConstraints(max_length=255)] | None = Field(
        default=None, description="A square picture in this folder; left out, one is drawn (itunes:image)."
    )
    slides: Annotated[Line, StringConstraints(max_length=1000), AfterValidator(_file_or_address)] | None = Field(
        default=None, description="The slides: a file in this folder, or their address (show notes, the talk's page)."
    )
    attachments: tuple[Attachment, ...] = Field(
        default=(), max_length=50, description="Other files of the talk, in this folder (the talk's page)."
    )
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
    trim: Trim | Literal["auto"] | None = Field(
        default=None,
        description='Which part of the recording is published; left out, all of it; "auto", what `sessioncast trim` proposes.',
    )
    chapters: tuple[ChapterMark, ...] = Field(
        default=(),
        max_length=1000,
        description="Chapters, in the recording's time; or a chapters.txt beside this file.",
    )
    transcript: TranscriptSettings = Field(
        default_factory=TranscriptSettings, description="Captions of the recorder (podcast:transcript)."
    )
    redact: tuple[Redaction, ...] = Field(
        default=(), max_length=500, description="What is taken out of audio, transcript and chapters for good."
    )
    imported: Imported | None = Field(
        default=None, description="An episode that was public elsewhere before, as `sessioncast import-feed` wrote it."
    )
    credits: tuple[Credit, ...] = Field(default=(), description="Who speaks, hosts, produces.")

    @model_validator(mode="after")
    def _in_order(self) -> Session:
        if self.starts and self.ends and self.ends <= self.starts:
            raise ValueError("ends later than starts")
        return self

    @property
    def is_refused(self) -> bool:
        """Whether anybody who matters said no: that is final."""
        return "refused" in self._answers

    @property
    def is_called_off(self) -> bool:
        """Whether its programme says that it does not take place."""
        return any(item.startswith("cancelled") for item in self.missing)

    @property
    def is_agreed(self) -> bool:
        """Whether a yes is written down: for the session as a whole, or for each who is credited."""
        everybody = bool(self.credits) and all(credit.consent == "given" for credit in self.credits)
        return not {"refused", "pending"} & set(self._answers) and (self.consent == "given" or everybody)

    @property
    def _answers(self) -> tuple[Consent | None, ...]:
        return (self.consent, *(credit.consent for credit in self.credits))

    @property
    def caption_files(self) -> tuple[str, ...]:
        """The files beside session.toml that may hold its transcripts."""
        captions = (self.transcript.file,) if self.transcript.file else TRANSCRIPT_FILES
        return (*captions, *(other.file for other in self.transcript.others))

    @property
    def text_files(self) -> tuple[str, ...]:
        """The files beside session.toml that may hold its transcripts and chapters."""
        return (*self.caption_files, CHAPTERS_FILE)

    @property
    def as_it_was(self) -> Imported | None:
        """What it brings along from elsewhere, where its audio is published as it was: no recording took its place."""
        return None if self.recording else self.imported

    @property
    def attached_files(self) -> tuple[str, ...]:
        """The files beside session.toml that are published with the talk: slides and attachments."""
        slides = (self.slides,) if self.slides and "://" not in self.slides else ()
        return (*slides, *(a.file for a in self.attachments))

    @property
    def recordings(self) -> tuple[str, ...]:
        """The recordings in order: none, one, or the parts of one that was stopped and restarted."""
        return (self.recording,) if isinstance(self.recording, str) else self.recording or ()


def mint_guid(show_id: UUID, slug: str) -> str:
    """Return the guid a new session gets: UUIDv5(show id, first slug), written down and never computed again (IT-GUID-FOREVER)."""
    return str(uuid5(show_id, slug))
