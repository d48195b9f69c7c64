"""What one commit changes, as values: new episodes, edits, remade sound, late words, announcements, the show itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sessioncast.plan.announce import Announcing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta
    from uuid import UUID

    from sessioncast.extras import Alternate, Attached, Chapter, Sized, TextFile
    from sessioncast.model import Enclosure, PublicCredit
    from sessioncast.plan.wanted import WantedEpisode, WantedShow


@dataclass(frozen=True, slots=True)
class Art:
    """Keys of an episode's pictures and attachments: its own picture, each portrait by its path in the show folder, smaller copies."""

    artwork: str | None = None
    portraits: Mapping[str, str] = field(default_factory=dict)
    sized: tuple[Sized, ...] = ()
    slides: str | None = None
    attachments: tuple[Attached, ...] = ()

    def fields(self) -> dict[str, Any]:
        """Return them as fields of ``PublishedEpisode``, people's portraits aside."""
        attached = {"slides": self.slides, "attachments": self.attachments}
        return {"artwork": self.artwork, "sized": self.sized, **attached}

    def placed(self, credited: tuple[PublicCredit, ...]) -> tuple[PublicCredit, ...]:
        """Return the credits with portraits named by key; one that was not put is left out."""
        return tuple(
            c
            if c.image is None or c.image.startswith("https://")
            else c.model_copy(update={"image": self.portraits.get(c.image)})
            for c in credited
        )


@dataclass(frozen=True, slots=True)
class ShowArt:
    """Keys of the show's pictures for pages: portraits, smaller copies, icons, its colour; and its own templates."""

    portraits: Art = field(default_factory=Art)
    icons: tuple[Sized, ...] = ()
    colour: str | None = None
    overrides: str | None = None

    def fields(self) -> dict[str, Any]:
        """Return them as fields of ``PublicShow``."""
        own = {"icons": self.icons, "colour": self.colour, "overrides": self.overrides}
        return {"sized": self.portraits.sized, **own}


@dataclass(frozen=True, slots=True)
class Texts:
    """An episode's transcripts and chapters, and where the chapters lie as JSON."""

    transcripts: tuple[TextFile, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    chapters_key: str | None = None

    def fields(self) -> dict[str, Any]:
        """Return them as fields of ``PublishedEpisode``."""
        return {"transcripts": self.transcripts, "chapters": self.chapters, "chapters_key": self.chapters_key}


@dataclass(frozen=True, slots=True)
class Audio:
    """What an episode sounds like: the enclosure, the same in other formats, and which recording it was made from.

    ``pieces`` are the stretches of the recording that are heard (``PublishedEpisode.pieces``), ``cuts`` the fingerprint
    of what was taken out. ``forget``: what it takes the place of is deleted, since somebody may be heard in it who
    should not be.
    """

    enclosure: Enclosure
    fingerprint: str
    alternates: tuple[Alternate, ...] = ()
    waveform: str | None = None
    pieces: tuple[tuple[int, int, int], ...] = ()
    cuts: str | None = None
    forget: bool = False

    def fields(self) -> dict[str, Any]:
        """Return it as fields of ``PublishedEpisode``."""
        return {
            "enclosure": self.enclosure,
            "audio_fingerprint": self.fingerprint,
            "alternates": self.alternates,
            "waveform": self.waveform,
            "pieces": self.pieces,
            "cuts": self.cuts,
        }


@dataclass(frozen=True, slots=True)
class Addition:
    """A new episode whose objects lie in the store, verified."""

    wanted: WantedEpisode
    audio: Audio
    art: Art = field(default_factory=Art)
    texts: Texts = field(default_factory=Texts)


@dataclass(frozen=True, slots=True)
class Late:
    """Transcripts that came after the talk was public, and the fingerprint of its text with them."""

    fingerprint: str
    transcripts: tuple[TextFile, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """All that one commit changes: ``show`` with its artwork's key, edits with pictures and remade audio by guid.

    ``tell``: people are to be told of a new talk that ended at most so long ago; None, of no talk.
    """

    show_id: UUID
    additions: tuple[Addition, ...] = ()
    edits: tuple[WantedEpisode, ...] = ()
    remade: Mapping[str, Audio] = field(default_factory=dict)
    show: WantedShow | None = None
    artwork: str = ""
    podcast_guid: UUID | None = None
    as_new: bool = False
    art: Mapping[str, Art] = field(default_factory=dict)
    texts: Mapping[str, Texts] = field(default_factory=dict)
    show_art: ShowArt = field(default_factory=ShowArt)
    announcing: Announcing = field(default_factory=Announcing)
    late: Mapping[str, Late] = field(default_factory=dict)
    tell: timedelta | None = None

    @property
    def touches_feed(self) -> bool:
        """Whether the feed changes, and not the announcements alone."""
        return bool(self.additions or self.edits or self.show or self.late)

    def __bool__(self) -> bool:
        """Whether there is anything to commit."""
        return self.touches_feed or bool(self.announcing)
