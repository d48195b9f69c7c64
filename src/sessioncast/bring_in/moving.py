"""The story of moving house: another host's feed in, a show folder out that publishes the same episodes.

Nothing that apps know an episode by changes: guid, date and audio are written down as the feed states them. What
can't be kept is named.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from sessioncast import project as folder_of
from sessioncast.bring_in.beginning import show_of
from sessioncast.bring_in.carrying import Carrier
from sessioncast.bring_in.drafting import draft_of
from sessioncast.bring_in.story import bring_in
from sessioncast.errors import ContentError
from sessioncast.events import Advanced, Finished, Report, Started, silent
from sessioncast.oldfeed import Loss
from sessioncast.project.value import SHOW_FILE

if TYPE_CHECKING:
    from sessioncast.bring_in.outcome import Outcome
    from sessioncast.ingest.draft import Draft
    from sessioncast.oldfeed import OldFeed, OldItem
    from sessioncast.project import Project

AT_ONCE = 8
"""Items whose pictures and texts are fetched together, and held in memory."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person asked for. ``owner`` is their e-mail address; ``offline``: nothing is fetched at all; ``private``: what the feed
    names may lie on this machine's own network.
    """  # noqa: D205 - one sentence

    fetch: bool = False
    offline: bool = False
    update: bool = False
    i_own_it: bool = False
    owner: str = ""
    timezone: str = "UTC"
    private: bool = False


@dataclass(frozen=True, slots=True)
class MovedIn:
    """What became of it: the files of a new show, each item's outcome, and everything that could not be kept."""

    begun: tuple[Path, ...]
    outcomes: tuple[Outcome, ...]
    losses: tuple[Loss, ...]


def move_in(
    folder: Path, feed: OldFeed, address: str, wishes: Wishes, show_id: UUID, report: Report = silent
) -> MovedIn:
    """Write every item of a feed as a session, and the show itself where the folder holds none yet.

    ``address`` is where the feed is public (empty where nobody knows). Raises ContentError for a feed that is locked by
    somebody else, one without episodes, and a show folder with problems.
    """
    losses: list[Loss] = []
    here = (folder / SHOW_FILE).is_file()
    ours = folder_of.load(folder) if here else None
    _allowed(feed, ours, wishes)
    carrier = Carrier(report, losses, offline=wishes.offline, private=wishes.private)
    begun: tuple[Path, ...] = ()
    if ours is None:
        show, people, cover = show_of(feed, address, wishes.timezone, wishes.owner, show_id, carrier, losses)
        begun = folder_of.begin(folder, show, cover, people)
        ours = folder_of.load(folder)
    else:
        _sent_on(ours, feed, address, losses)
    work = ("import", address or feed.show.title)
    report(Started(*work, len(feed.items)))

    def drafts() -> Iterator[Draft]:
        waiting = iter(feed.items)
        while some := tuple(islice(waiting, AT_ONCE)):
            yield from _drafts(some, feed, ours, carrier, wishes)
            report(Advanced(*work, len(some)))

    outcomes = bring_in(folder, drafts(), update=wishes.update)
    report(Finished(*work, f"{len(outcomes)} episodes"))
    return MovedIn(begun, outcomes, (*feed.losses, *losses))


def _drafts(
    items: tuple[OldItem, ...], feed: OldFeed, ours: Project, carrier: Carrier, wishes: Wishes
) -> Iterator[Draft]:
    known = {session.guid: session for session in ours.sessions}
    by_source = {session.source: session for session in ours.sessions}
    found = [known.get(item.guid) if item.guid else by_source.get(item.audio.url) for item in items]
    looked_at = [i for i, s in zip(items, found, strict=True) if s is None or (wishes.update and not wishes.offline)]
    carrier.fetch_beside(looked_at, feed.show)
    carrier.ask_after(looked_at)
    for item, session in zip(items, found, strict=True):
        anew = item in looked_at
        yield draft_of(item, feed.show, ours, session, carrier, anew=anew, fetch=anew and wishes.fetch)


def _allowed(feed: OldFeed, ours: Project | None, wishes: Wishes) -> None:
    """Raise ContentError for a feed without episodes, or one whose owner forbids others to take it (podcast:locked)."""
    if not feed.items:
        raise ContentError("the feed: found no item with audio, expected a podcast's episodes")
    show = feed.show
    owners = {one.casefold() for one in (show.locked_owner, show.owner_email) if one}
    mine = {wishes.owner.casefold()} | ({ours.show.owner.email.casefold()} if ours and ours.show.owner else set())
    if show.locked and not wishes.i_own_it and not owners & mine:
        whose = show.locked_owner or show.owner_email
        raise ContentError(
            f"the feed: podcast:locked: found yes{f', owner {whose}' if whose else ''}, expected a feed that its owner lets go",
            hint="unlock it at the old host, or say who you are: sessioncast import-feed FEED --owner "
            + (whose or "EMAIL --i-own-it"),
        )


def _sent_on(ours: Project, feed: OldFeed, address: str, losses: list[Loss]) -> None:
    """Remember in a show that is here already where listeners come from, and say what of the channel it doesn't take."""
    known = ours.show.former_feeds
    new = tuple(
        url for url in dict.fromkeys((feed.show.address, address)) if url.startswith("http") and url not in known
    )
    if new:
        folder_of.change_show(ours.folder, {"former_feeds": (*known, *new)})
    guid, ours_ = feed.show.podcast_guid, str(ours.show.podcast_guid or "")
    if guid and guid != ours_:
        losses.append(Loss("", "podcast:guid", guid, "is not kept: this show has its own"))
    for name, theirs in (("title", feed.show.title), ("link", feed.show.link), ("author", feed.show.author)):
        if theirs and theirs != getattr(ours.show, name):
            losses.append(Loss("", name, theirs, f"is not kept: this show says {getattr(ours.show, name)!r}"))
