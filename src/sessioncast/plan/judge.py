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
    """What a person asked for: all that is new (no slugs, no settings), or the named sessions and the settings."""

    slugs: frozenset[str] = frozenset()
    settings: bool = False
    as_new: bool = False
    even_if_older: bool = False
    remake: Remake | None = None


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
    for slug in sorted(request.slugs - known):
        raise ContentError(f"episodes/{slug}: found no such session", hint="sessioncast status")
    everything = not (request.slugs or request.settings)
    decisions = [
        decide(
            wanted_episode(session, folder.people, folder.show, folder.pictures),
            catalog,
            now=now,
            named=request.slugs,
            even_if_older=request.even_if_older,
            remake=request.remake,
        )
        for session in folder.sessions
        if everything or session.slug in request.slugs
    ]
    show = wanted_show_of(folder)
    judged = number_clashes(decisions, catalog)
    going_out = {d.wanted.session.guid for d in judged if d.fate is Fate.ADD}
    return Judged(
        judged,
        show,
        show_fate(show, catalog, named=request.settings, even_if_older=request.even_if_older),
        announce(
            ((d.wanted.session, d.wanted.credits) for d in judged),
            catalog,
            now,
            even_if_older=request.even_if_older,
            everything=everything,
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
    )
