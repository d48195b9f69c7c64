"""The story of telling the world: what is owed, told in turn, cleared in the catalog. With nothing owed it makes no request at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sessioncast import layout
from sessioncast.announce import mailing, pings, posting
from sessioncast.announce.channels import PASSWORD, USER, Channel, channels, owed_news, owed_pings, speakers
from sessioncast.announce.ledger import Ledger, Standing
from sessioncast.announce.outcome import End, Outcome, refused
from sessioncast.announce.wording import News, alarm, said, trial
from sessioncast.commit import commit, read_catalog
from sessioncast.errors import ObjectMissing, SessioncastError, SourceError
from sessioncast.events import Finished, Report, silent
from sessioncast.feed import rss

if TYPE_CHECKING:
    from sessioncast.catalog import Catalog, Untold
    from sessioncast.model import PublicShow, PublishedEpisode
    from sessioncast.project import Project
    from sessioncast.store.port import Roots

AT_ONCE = 8
PATIENCE = timedelta(days=30)
"""How much longer than the show's own limit of days people are owed news that nobody takes."""

_AGAIN = "sessioncast announce tries again, as every publish does"
_DROP = "mend it and run: sessioncast announce; or let it be: sessioncast publish --no-announce"
_NOT_SET = "set it where sessioncast runs; it is a secret and stands in no file"


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
class Announcer:
    """The hands: the environment (secrets), the clock, and how long one attempt may take in seconds."""

    environ: Mapping[str, str] = field(repr=False)
    clock: Callable[[], datetime]
    seconds: float = posting.SECONDS

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
        return (*run.pings(catalog), *(Due(c.name, e.slug) for _, e, c in run.news(catalog) if run.free(e, c)))

    def try_out(self, project: Project, channel: Channel, show: PublicShow | None) -> Outcome:
        """Send a test message to people, or tell a machine of the feed as it is; ``show`` may be missing for people."""
        if channel.is_machine:
            assert show is not None
            return self.ping(channel, show, 0)
        title = show.title if show else project.show.title
        if channel.kind == "webhook":
            assert channel.shape is not None
            body = {"event": "test", "show": title} if channel.shape == "json" else said(channel.shape, trial(title))
            return self._post(channel, body)
        return self._mail(
            project, channel, (f"Test: {title}", trial(title) + "\n"), f"test-{self.clock():%Y%m%d%H%M%S}"
        )

    def alarm(self, project: Project, channel: Channel, subject: str, text: str) -> Outcome:
        """Tell people that something wants mending, or is mended; the channel is none of a machine's."""
        if channel.kind == "webhook":
            assert channel.shape is not None
            return self._post(channel, alarm(channel.shape, project.show.title, subject, text))
        id_ = f"alarm-{layout.sha256(f'{channel.name} {self.clock():%Y%m%d%H%M%S} {text}'.encode())[:24]}"
        return self._mail(project, channel, (subject, text + "\n"), id_)

    # --- one attempt -------------------------------------------------------------------------------------------------

    def ping(self, channel: Channel, show: PublicShow, revision: int) -> Outcome:
        """Tell a machine that the feed has this revision."""
        if missing := self.missing(channel):
            return missing
        return posting.send(pings.ping(channel, show, revision, self.clock(), self.environ), self.seconds)

    def missing(self, channel: Channel) -> Outcome | None:
        """Return a refusal where a secret that the channel needs is not in the environment."""
        for name in pings.needs(channel):
            if not self.environ.get(name):
                return refused(f"{name} is not set in the environment", _NOT_SET)
        return None

    def news(self, project: Project, channel: Channel, news: News) -> Outcome:
        """Tell people of one talk."""
        if channel.kind == "webhook":
            assert channel.shape is not None
            return self._post(channel, news.post(channel.shape))
        id_ = layout.sha256(f"{news.episode.guid} {channel.name}".encode())[:32]
        return self._mail(project, channel, news.mail(channel.to), id_)

    def _post(self, channel: Channel, body: object) -> Outcome:
        return self.missing(channel) or posting.send(posting.Call(self.environ[channel.where], json=body), self.seconds)

    def _mail(self, project: Project, channel: Channel, text: tuple[str, str], id_: str) -> Outcome:
        assert project.announce.mail is not None
        user, password = (self.environ.get(name, "") for name in (USER, PASSWORD))
        postman = mailing.Postman(project.announce.mail, user, password, self.seconds)
        letter = mailing.Letter(channel.where, channel.to, *text, id_)
        return postman.send(letter, self.clock(), project.show.title)


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

    hands: Announcer
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

    def news(self, catalog: Catalog) -> list[tuple[Untold, PublishedEpisode, Channel]]:
        """Return each talk that people are owed, with each of those people."""
        live = self._live()
        owed = ((news, catalog.by_guid(news.guid)) for news in owed_news(catalog, live))
        return [(news, e, c) for news, e in owed if e is not None for c in self._people(catalog, e)]

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
            told = News(catalog.show, episode) if episode else None
            ends = [self._tell(told, c) for c in self._people(catalog, told.episode)] if told else []
            if all(ends):
                settled.append(news)

    def _tell(self, news: News, channel: Channel) -> bool:
        """Tell people of one talk, at most once; return whether nothing is owed them any more."""
        guid, slug = news.episode.guid, news.episode.slug
        ledger = self._ledger()
        if ledger.look(guid, channel.name).standing is Standing.TOLD:
            return True
        if missing := self.hands.missing(channel):
            return self._refused(channel, news, missing)
        entry = ledger.take(guid, channel.name)
        if entry.standing is Standing.LOST:
            self._unclear(channel, slug, "an earlier run ended before it said whether it had told them")
            return True
        if entry.standing is not Standing.MINE:
            return entry.standing is Standing.TOLD
        outcome = self.hands.news(self.project, channel, news)
        ledger.finish(guid, channel.name, entry, outcome)
        if outcome.end is End.REFUSED:
            return self._refused(channel, news, outcome)
        if outcome.end is End.UNCLEAR:
            self._unclear(channel, slug, outcome.why)
        else:
            self._did(Due(channel.name, slug))
        return True

    def _refused(self, channel: Channel, news: News, outcome: Outcome) -> bool:
        """Say that they were not told; return whether that is given up."""
        limit = timedelta(days=self.project.announce.days) + PATIENCE
        over = self.hands.clock() - news.episode.published > limit
        then = "and will not be any more" if over else "and is owed it still"
        what = f"{channel.name}: {outcome.why}: was not told of {news.episode.slug}, {then}"
        self.failures.append(SourceError(what, hint="" if over else outcome.hint or _DROP))
        return over

    def _unclear(self, channel: Channel, slug: str, why: str) -> None:
        what = f"{channel.name}: {why}: may have been told of {slug}, and is not told again"
        self.failures.append(SourceError(what, hint="look whether it arrived; if not, tell them by hand"))

    def _did(self, due: Due) -> None:
        self.done.append(due)
        self.report(Finished("announce", due.channel, due.slug or f"revision {due.revision}"))
