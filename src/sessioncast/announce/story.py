"""The story of telling the world: what is owed, told in turn, cleared in the catalog. With nothing owed it makes no request at all."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from sessioncast import layout
from sessioncast.announce.attempts import Attempts
from sessioncast.announce.channels import Channel, channels, owed_news, owed_pings, speakers
from sessioncast.announce.ledger import Ledger, Standing
from sessioncast.announce.outcome import End, Outcome
from sessioncast.announce.wording import News
from sessioncast.commit import commit, read_catalog
from sessioncast.errors import ObjectMissing, SessioncastError, SourceError
from sessioncast.events import Finished, Report, silent
from sessioncast.feed import rss

if TYPE_CHECKING:
    from sessioncast.catalog import Catalog, Untold
    from sessioncast.model import PublishedEpisode
    from sessioncast.project import Project
    from sessioncast.store.port import Roots

AT_ONCE = 8
PATIENCE = timedelta(days=30)
"""How much longer than the show's own limit of days a talk is news that people are owed."""

_AGAIN = "sessioncast announce tries again, as every publish does"
_DROP = "mend it and run: sessioncast announce; or let it be: sessioncast publish --no-announce"


@dataclass(frozen=True, slots=True)
class Due:
    """One thing owed: a channel, and the talk people are told of, or the revision a machine is."""

    channel: str
    slug: str = ""
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """Who was told of what, and what failed; failures that may be tried again are still owed."""

    done: tuple[Due, ...] = ()
    failures: tuple[SessioncastError, ...] = ()


@dataclass(frozen=True, slots=True)
class Announcer(Attempts):
    """Who tells the world: attempts, made as the catalog owes them."""

    def __call__(
        self, roots: Roots, project: Project, catalog: Catalog, report: Report
    ) -> tuple[SessioncastError, ...]:
        """Tell everybody who is owed it and return what failed; nothing is raised."""
        return self.tell(roots, project, catalog, report).failures

    def tell(self, roots: Roots, project: Project, catalog: Catalog, report: Report = silent) -> Told:
        """Tell everybody who is owed it, clear what was told, and return both; nothing is raised.

        A machine that did not take it is owed it still. People are told once: what was refused stays owed, what may have arrived does not.
        """
        if not _owes(catalog, project):
            return Told()
        run = _Run(self, roots, project, report)
        try:
            run.go()
        except SessioncastError as e:
            run.failures.append(e)
        return Told(tuple(run.done), tuple(run.failures))

    def owed(self, roots: Roots, project: Project, catalog: Catalog) -> tuple[Due, ...]:
        """Return what ``tell`` would do now; what a process is at work on is not owed."""
        if not _owes(catalog, project):
            return ()
        run = _Run(self, roots, project, silent)
        return (*run.pings(catalog), *(Due(c.name, e.slug) for e, c in run.news(catalog) if run.free(e, c)))


def _owes(catalog: Catalog, project: Project) -> bool:
    known = channels(project.announce, catalog.show.public_url)
    return bool(catalog.untold or owed_pings(catalog, known, catalog.revision))


def forget(roots: Roots, catalog: Catalog) -> None:
    """Owe nobody the news this catalog owes: deliberately not told, now or later. Pings stay owed."""
    dropped = catalog.untold
    if dropped:
        _clear(roots, {}, dropped)


def _clear(roots: Roots, pinged: Mapping[str, int], settled: tuple[Untold, ...]) -> None:
    """Take what is done off the catalog's debts. Nothing public changes, so the revision stays."""

    def cleared(now: Catalog | None) -> Catalog | None:
        if now is None:
            return None
        newer = {name: revision for name, revision in pinged.items() if now.pinged.get(name, 0) < revision}
        untold = tuple(news for news in now.untold if news not in settled)
        if not newer and untold == now.untold:
            return None
        return now.model_copy(update={"pinged": {**now.pinged, **newer}, "untold": untold})

    commit(roots, cleared)


@dataclass(slots=True)
class _Run:
    """One telling under way."""

    hands: Attempts
    roots: Roots
    project: Project
    report: Report
    done: list[Due] = field(default_factory=list)
    failures: list[SessioncastError] = field(default_factory=list)
    live: int = -1

    def go(self) -> None:
        """Tell machines, then people, of what the live feed has; clear as much as was told even where something fails."""
        catalog = read_catalog(self.roots.private).catalog
        if catalog is None:
            return
        pinged: dict[str, int] = {}
        settled: list[Untold] = []
        try:
            self._tell_machines(catalog, pinged)
            self._tell_people(catalog, settled)
        except SessioncastError as e:
            self.failures.append(e)
        _clear(self.roots, pinged, tuple(settled))

    def pings(self, catalog: Catalog) -> tuple[Due, ...]:
        """Return the machines that are owed the live feed's revision."""
        live = self._live()
        return tuple(Due(c.name, revision=live) for c in owed_pings(catalog, self._known(catalog), live))

    def news(self, catalog: Catalog) -> list[tuple[PublishedEpisode, Channel]]:
        """Return each talk that people are owed, with each of those people."""
        owed = (catalog.by_guid(news.guid) for news in owed_news(catalog, self._live()))
        return [(e, c) for e in owed if e and not self._stale(e) for c in self._people(catalog, e)]

    def free(self, episode: PublishedEpisode, channel: Channel) -> bool:
        """Whether nobody told these people yet."""
        return self._ledger().look(episode.guid, channel.name).standing is Standing.MINE

    def _live(self) -> int:
        """Return the revision of the live feed, read once."""
        if self.live < 0:
            try:
                self.live = rss.revision_of(self.roots.public.read(layout.FEED).body) or 0
            except ObjectMissing:
                self.live = 0
        return self.live

    def _known(self, catalog: Catalog) -> tuple[Channel, ...]:
        return channels(self.project.announce, catalog.show.public_url)

    def _people(self, catalog: Catalog, episode: PublishedEpisode) -> tuple[Channel, ...]:
        settings, url = self.project.announce, catalog.show.public_url
        general = (c for c in self._known(catalog) if not c.is_machine)
        return (*general, *speakers(settings, episode, self.project.people, url))

    def _ledger(self) -> Ledger:
        return Ledger(self.roots.private, self.hands.clock())

    # --- telling -----------------------------------------------------------------------------------------------------

    def _tell_machines(self, catalog: Catalog, pinged: dict[str, int]) -> None:
        live = self._live()
        owed = owed_pings(catalog, self._known(catalog), live)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            ends = pool.map(lambda c: self.hands.ping(c, catalog.show, live), owed)
            for channel, outcome in zip(owed, ends, strict=True):
                if outcome.end is End.DONE:
                    pinged[channel.name] = live
                    self._did(Due(channel.name, revision=live))
                else:
                    what = f"{channel.name}: {outcome.why}: was not told of revision {live}, and is owed it still"
                    self.failures.append(SourceError(what, hint=outcome.hint or _AGAIN))

    def _tell_people(self, catalog: Catalog, settled: list[Untold]) -> None:
        for news in owed_news(catalog, self._live()):
            episode = catalog.by_guid(news.guid)
            if episode is None:
                settled.append(news)  # taken down since
            elif self._stale(episode):
                what = f"{episode.slug}: is no news any more: whoever could not be told of it yet will not be"
                self.failures.append(SourceError(what))
                settled.append(news)
            else:
                told = News(catalog.show, episode)
                ends = [self._tell(told, channel) for channel in self._people(catalog, episode)]
                if all(ends):
                    settled.append(news)

    def _stale(self, episode: PublishedEpisode) -> bool:
        return self.hands.clock() - episode.published > timedelta(days=self.project.announce.days) + PATIENCE

    def _tell(self, news: News, channel: Channel) -> bool:
        """Tell people of one talk, at most once; return whether nothing is owed them any more."""
        guid, slug = news.episode.guid, news.episode.slug
        ledger = self._ledger()
        if ledger.look(guid, channel.name).standing is Standing.TOLD:
            return True
        if missing := self.hands.missing(channel):
            self._refused(channel, news, missing)
            return False
        entry = ledger.take(guid, channel.name)
        if entry.standing is Standing.LOST:
            self._unclear(channel, slug, "an earlier run ended before it said whether it had told them")
            return True
        if entry.standing is not Standing.MINE:
            return entry.standing is Standing.TOLD
        outcome = self.hands.news(self.project, channel, news)
        ledger.finish(guid, channel.name, entry, outcome)
        if outcome.end is End.REFUSED:
            self._refused(channel, news, outcome)
            return False
        if outcome.end is End.UNCLEAR:
            self._unclear(channel, slug, outcome.why)
        else:
            self._did(Due(channel.name, slug))
        return True

    def _refused(self, channel: Channel, news: News, outcome: Outcome) -> None:
        what = f"{channel.name}: {outcome.why}: was not told of {news.episode.slug}, and is owed it still"
        self.failures.append(SourceError(what, hint=outcome.hint or _DROP))

    def _unclear(self, channel: Channel, slug: str, why: str) -> None:
        what = f"{channel.name}: {why}: may have been told of {slug}, and is not told again"
        self.failures.append(SourceError(what, hint="look whether it arrived; if not, tell them by hand"))

    def _did(self, due: Due) -> None:
        self.done.append(due)
        self.report(Finished("announce", due.channel, due.slug or f"revision {due.revision}"))
