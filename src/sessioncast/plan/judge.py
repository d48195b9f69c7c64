"""One look at show folder and catalog: what was asked for, and a decision for every session it concerns. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sessioncast.errors import ContentError
from sessioncast.model import FeedSettings
from sessioncast.plan.announce import Announcing, announce
from sessioncast.plan.decide import Decision, Fate, Remake, decide, number_clashes, same_show, show_fate
from sessioncast.plan.wanted import WantedEpisode, WantedShow, wanted_episode, wanted_show

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sessioncast.catalog import Catalog
    from sessioncast.model import Person, Session, Show


@dataclass(frozen=True, slots=True)
class Request:
    """What a person asked for: all that is new (no slugs, no settings), or the named sessions and the settings.

    ``silent``: people are told of none of it.
    """

    slugs: frozenset[str] = frozenset()
    settings: bool = False
    as_new: bool = False
    even_if_older: bool = False
    remake: Remake | None = None
    silent: bool = False
    new: frozenset[str] | None = None
    """Where nobody is at the keyboard: only these may be made public, and nothing of them changes that is public already."""
    late: frozenset[str] = frozenset()
    """Public episodes that may take the transcript that came since, where nothing else of them differs."""

    @property
    def everything(self) -> bool:
        """Whether no session is named in any way."""
        return not (self.slugs or self.settings or self.late) and self.new is None

    @property
    def concerns(self) -> frozenset[str]:
        """The sessions that are named in any way."""
        return self.slugs | self.late | (self.new or frozenset())


@dataclass(frozen=True, slots=True)
class Folder:
    """The show folder's values, and what is not in them: the address, and SHA-256 of the pictures by path."""

    show: Show
    people: Mapping[str, Person]
    sessions: tuple[Session, ...]
    public_url: str
    cover_sha256: str
    feeds: FeedSettings = field(default_factory=FeedSettings)
    pictures: Mapping[str, str] = field(default_factory=dict)
    directories: Mapping[str, str] = field(default_factory=dict)
    overrides_sha256: str = ""
    require_consent: bool = False
    hubs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """All decisions of one look."""

    decisions: tuple[Decision, ...]
    show: WantedShow
    settings: Fate
    announcing: Announcing = field(default_factory=Announcing)

    @property
    def additions(self) -> tuple[Decision, ...]:
        """The sessions to be made public for the first time."""
        return tuple(d for d in self.decisions if d.fate is Fate.ADD)

    @property
    def edits(self) -> tuple[WantedEpisode, ...]:
        """The named sessions whose new text becomes public."""
        return tuple(d.wanted for d in self.decisions if d.fate is Fate.EDIT)

    @property
    def late(self) -> tuple[WantedEpisode, ...]:
        """The public episodes that take a transcript, and nothing else."""
        return tuple(d.wanted for d in self.decisions if d.fate is Fate.LATE)

    @property
    def remakes(self) -> tuple[WantedEpisode, ...]:
        """The named sessions whose public audio is made anew or tagged anew."""
        return tuple(d.wanted for d in self.decisions if d.fate is Fate.EDIT and d.remake)

    @property
    def writes_show(self) -> bool:
        """Whether the channel is written: at the first publish, or when named."""
        return self.settings in (Fate.ADD, Fate.EDIT)


def judge(folder: Folder, catalog: Catalog | None, request: Request, now: datetime, *, where: str) -> Judged:
    """Return what may happen to every session the request concerns.

    Raises ConflictError for another show's store at ``where`` or for settings older than the public ones, ContentError
    for a name that is no session of the folder.
    """
    same_show(catalog, folder.show.id, where)
    known = {session.slug for session in folder.sessions}
    for slug in sorted(request.concerns - known):
        raise ContentError(f"episodes/{slug}: found no such session", hint="sessioncast status")
    decisions = [
        decide(
            wanted_episode(session, folder.people, folder.show, folder.pictures),
            catalog,
            now=now,
            named=request.slugs,
            even_if_older=request.even_if_older,
            remake=request.remake,
            late=request.late,
            require_consent=folder.require_consent,
        )
        for session in folder.sessions
        if request.everything or session.slug in request.concerns
    ]
    show = wanted_show_of(folder)
    judged = number_clashes(decisions, catalog)
    going_out = {d.wanted.session.guid for d in judged if d.fate is Fate.ADD}
    # What is to come is kept in step with nobody at the keyboard too; only where sessions are named, it is these alone.
    in_step = request.everything or request.new is not None
    known_to_all = (wanted_episode(session, folder.people, folder.show, folder.pictures) for session in folder.sessions)
    heard = (d.wanted for d in judged) if request.new is None else known_to_all
    return Judged(
        judged,
        show,
        show_fate(show, catalog, named=request.settings, even_if_older=request.even_if_older),
        announce(
            ((wanted.session, wanted.credits) for wanted in heard),
            catalog,
            now,
            even_if_older=request.even_if_older,
            everything=in_step,
            going_out=going_out,
        ),
    )


def wanted_show_of(folder: Folder) -> WantedShow:
    """Return the channel as the folder wants it."""
    return wanted_show(
        folder.show,
        folder.public_url,
        folder.cover_sha256,
        folder.feeds,
        folder.people,
        folder.pictures,
        folder.directories,
        folder.overrides_sha256,
        folder.hubs,
    )
