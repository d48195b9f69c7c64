"""The story of one unattended pass: read programmes, take recordings in, judge, transcribe, publish, look, announce, report.

It can be run as often as anybody likes, by several machines at once, and killed anywhere: what is done stands in the show folder, the
catalog and the queue, and the next pass goes on from there. It only ever adds (see the package).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sessioncast import layout
from sessioncast import project as folder_of_show
from sessioncast.automate import reports
from sessioncast.automate.claims import LEASE, Claims, place_of
from sessioncast.automate.clouds import Cloud
from sessioncast.automate.hands import Announce, Clock, Look, Transcribe, nothing_seen
from sessioncast.automate.letting_out import Gate, mend
from sessioncast.automate.programmes import Programmes
from sessioncast.automate.sources import Reader
from sessioncast.automate.taking_in import Taker
from sessioncast.automate.value import Run, Step, Waiting
from sessioncast.commit import read_catalog
from sessioncast.errors import ContentError, ObjectMissing, SessioncastError, SourceError, StoreError, from_disk
from sessioncast.events import Finished, Report, silent
from sessioncast.fetch import fetched
from sessioncast.inbox.scan import SETTLED
from sessioncast.plan.decide import Fate, at_home, same_show
from sessioncast.plan.judge import Request
from sessioncast.publish import Publisher
from sessioncast.scratch import write_whole
from sessioncast.store.alone import alone
from sessioncast.store.capability import ensure_conditional
from sessioncast.store.port import Artifact

if TYPE_CHECKING:
    from sessioncast.catalog import Catalog
    from sessioncast.project import Project
    from sessioncast.publish.result import Result
    from sessioncast.store.port import Roots
    from sessioncast.verify import Listener


@dataclass(frozen=True, slots=True)
class Unattended:
    """The hands of a pass: the show folder, its store, a listener's eyes, the clouds to look into, and whom to tell.

    ``clock`` judges what is due, and is the store's: claims always run by the store's own. ``here`` is this machine's clock, by which
    files in an inbox have settled. ``scrub`` strikes secrets out of what is told.
    """

    folder: Path
    roots: Roots
    listener: Listener
    public_url: str
    clock: Clock
    here: Clock = lambda: datetime.now(UTC)
    clouds: tuple[Cloud, ...] = ()
    read: Reader | None = None
    transcribe: Transcribe | None = None
    look: Look = nothing_seen
    announce: tuple[Announce, ...] = ()
    settle: timedelta = SETTLED
    lease: timedelta = LEASE
    scrub: Callable[[str], str] = str
    report: Report = silent

    def run(self, id_: str = "") -> Run:
        """Do everything that is due, once, and return the story; what fails stops nothing but itself. ``id_`` names the run.

        Where another pass is at work in this folder, nothing is done. Raises ContentError where the show itself is wrong, ConflictError
        for another show's store or a newer catalog, StoreError where the store can't be used at all.
        """
        project = self.show()[0]
        at = self.clock()
        with alone(project.room("auto") / "lock") as ours:
            if not ours:
                return Run(id_ or reports.new_run(at), at, at, elsewhere=True)
            return _Pass(self, id_ or reports.new_run(at), at).go()

    def show(self) -> tuple[Project, tuple[SessioncastError, ...]]:
        """Return the show folder as it is now with its good sessions, and what is wrong with the others.

        Raises ContentError where the show itself is wrong.
        """
        project, problems = folder_of_show.inspect(self.folder)
        if project is None:
            raise ContentError(f"{self.folder}: the show can't be used", problems=problems)
        wrong = [p for p in problems if p.level == "error"]
        return project, (ContentError(f"{len(wrong)} problems in the show folder", problems=wrong),) if wrong else ()


@dataclass(slots=True)
class _Pass:
    """One pass under way, and what there is to tell of it so far."""

    hands: Unattended
    id: str
    at: datetime
    steps: list[Step] = field(default_factory=list)
    waits: list[Waiting] = field(default_factory=list)
    failures: list[SessioncastError] = field(default_factory=list)
    due: list[datetime] = field(default_factory=list)
    growing: bool = False
    revision: int = 0

    def go(self) -> Run:
        """Go through the steps in order."""
        try:
            self._steps()
        except StoreError as e:
            self._fail(e)  # nothing more can be done now; the next pass goes on
        except OSError as e:
            self._fail(from_disk(e))
        return self._told()

    def _steps(self) -> None:
        hands = self.hands
        begun = hands.folder / ".sessioncast" / "auto" / "begun"
        killed = begun.exists()  # the last pass here never came to its end
        begun.touch()
        catalog = self._open()
        claims = Claims(hands.roots.private, self.id, place_of(hands.folder), hands.lease)
        with claims.kept():
            programmes = self._import()
            catalog = self._take_in(catalog, claims)
            catalog = self._let_out(catalog, claims, programmes)
        self.revision = catalog.revision if catalog else 0
        if catalog is not None and self._seen(catalog):
            self._announce(catalog)
        if self.steps or killed:
            claims.sweep()
        begun.unlink(missing_ok=True)

    # --- the steps ---------------------------------------------------------------------------------------------------

    def _open(self) -> Catalog | None:
        """Return the catalog, once it is sure that the store is this show's and can keep a claim."""
        project, broken = self.hands.show()
        for failure in broken:
            self._fail(failure)
        private = self.hands.roots.private
        catalog = read_catalog(private).catalog
        same_show(catalog, project.show.id, self.hands.roots.public.where)
        at_home(catalog, project.store.home, project.store.url)
        if catalog is None:
            ensure_conditional(private, single_writer=project.store.single_writer)
        return catalog

    def _import(self) -> Programmes:
        """Write what programmes say of new sessions; what they say otherwise of known ones is told, and only a refusal applied."""
        programmes = Programmes(self.hands, self.at, self._did, self._wait, self._fail)
        for source in self.hands.show()[0].auto.sources:
            with self._trying():
                programmes.take(source)
        return programmes

    def _take_in(self, catalog: Catalog | None, claims: Claims) -> Catalog | None:
        """Put recordings and late transcripts into their sessions' folders, from clouds, the inbox and the queue."""
        taker = Taker(self.hands, self.at, catalog, claims, self._did, self._wait, self._fail)
        for queued in taker.queued():
            taker.note(queued)
        for cloud in self.hands.clouds:
            with self._trying():
                taker.from_cloud(self.hands.show()[0], cloud)
        with self._trying():
            self._from_inbox(taker)
        taker.finish()
        self.growing = taker.growing
        return catalog

    def _from_inbox(self, taker: Taker) -> None:
        """Take in what lies in the inbox. Its bucket is a source like another: that it fails keeps nothing in that is due."""
        project = self.hands.show()[0]
        try:
            taker.from_inbox(project)
        except StoreError as e:
            said = (
                f"feed/show.toml: inbox.folder: found {project.inbox.folder!r} and can't read it, expected recordings"
            )
            raise SourceError(f"{said} ({e.message})", hint=e.hint or "sessioncast doctor") from e

    def _let_out(self, catalog: Catalog | None, claims: Claims, programmes: Programmes) -> Catalog | None:
        """Publish what the rules let out, late transcripts too, and finish what a killed run left half-done."""
        hands = self.hands
        project = programmes.heeded(hands.show()[0])
        gate = self._gate(project, catalog)
        for session in gate.to_transcribe() if hands.transcribe else ():
            if claims.take(session.slug):
                with self._trying():
                    hands.transcribe(project, session, hands.report) if hands.transcribe else None
                    self._did("transcribe", session.slug, "a transcript was written by this machine")
        project = programmes.heeded(hands.show()[0])  # what was transcribed stands in it
        gate = self._gate(project, catalog)
        look = gate.look()
        self.waits += look.waits
        for failure in look.failures:
            self._fail(failure)
        self.due += look.due
        new = frozenset(slug for slug in sorted(look.new) if claims.take(slug))
        late = frozenset(slug for slug in sorted(look.late) if claims.take(slug))
        request = Request(new=new, late=late)
        publisher = Publisher(
            project, hands.roots, hands.listener, hands.public_url, lambda: self.at, request, hands.report
        )
        try:
            result = publisher.publish()
        except StoreError:
            raise
        except SessioncastError as e:
            self._fail(e)
            return catalog
        except OSError as e:
            self._fail(from_disk(e))
            return catalog
        self._published(result, new, late)
        return result.catalog

    def _gate(self, project: Project, catalog: Catalog | None) -> Gate:
        """Return the rules, which fetch a recording to measure it to where publishing then finds it."""
        hands = self.hands

        def fetch(address: str) -> Path:
            return fetched(address, project.scratch / "recordings", project.store, hands.report)

        return Gate(project, catalog, hands.public_url, hands.roots.public.where, self.at, fetch)

    def _published(self, result: Result, new: frozenset[str], late: frozenset[str]) -> None:
        for failure in result.failures:
            self._fail(failure)
        for decision in result.judged.decisions:
            if decision.fate is Fate.WAITS and decision.slug in new | late:  # somebody said so while its audio was made
                self._wait(decision.slug, decision.why, mend(decision.wanted.session))
        if not result.committed or result.catalog is None:
            return
        for decision in result.judged.decisions:
            episode = result.catalog.by_guid(decision.wanted.session.guid)
            if episode is None or episode.revision != result.catalog.revision:
                continue
            if decision.slug in new:
                minutes, seconds = divmod(round(episode.enclosure.duration), 60)
                words = ", with transcript" if episode.transcripts else ", no transcript"
                self._did("publish", decision.slug, f"{minutes}:{seconds:02d}{words}")
            elif decision.slug in late:
                self._did("transcript", decision.slug, "added to the public episode")

    def _seen(self, catalog: Catalog) -> bool:
        """Return whether what is public was seen from outside as it should be, looking where nobody has since it changed."""
        private = self.hands.roots.private
        try:
            seen = int(json.loads(private.read(layout.VERIFIED).body)["revision"])
        except ObjectMissing:
            seen = 0
        except (ValueError, KeyError, TypeError):
            seen = 0
        if seen >= catalog.revision:
            return True
        found = self.hands.look(catalog, self.hands.report)
        for failure in found:
            self._fail(failure)
        if not found:
            body = json.dumps({"revision": catalog.revision, "run": self.id}) + "\n"
            private.put(Artifact(layout.VERIFIED, body.encode()))
            self._did("verify", self.hands.public_url, f"revision {catalog.revision} is public as it should be")
        return not found

    def _announce(self, catalog: Catalog) -> None:
        project = self.hands.show()[0]
        for tell in self.hands.announce:
            with self._trying():
                for failure in tell(self.hands.roots, project, catalog, self.hands.report):
                    self._fail(failure)

    def _told(self) -> Run:
        """Return the story, and keep it where anything was done or stands otherwise than after the last pass in this folder."""
        try:
            return self._kept(self._run())
        except OSError as e:
            self._fail(from_disk(e))
            return self._run()  # told all the same, by whoever ran it

    def _run(self) -> Run:
        due = min((moment for moment in self.due if moment > self.at), default=None)
        waits, failures = tuple(dict.fromkeys(self.waits)), tuple(self.failures)
        return Run(self.id, self.at, self.at, tuple(self.steps), waits, failures, self.revision, due, self.growing)

    def _kept(self, run: Run) -> Run:
        last = self.hands.folder / ".sessioncast" / "auto" / "last"
        quiet = Run(self.id, self.at, self.at, revision=self.revision)
        before = last.read_text("utf-8") if last.exists() else quiet.state
        if run.steps or before != run.state:
            with suppress(StoreError):
                run = replace(run, ended=self.hands.clock())
                reports.keep(self.hands.roots.private, run)
                write_whole(last, run.state.encode())
        return run

    # --- telling -----------------------------------------------------------------------------------------------------

    @contextmanager
    def _trying(self) -> Iterator[None]:
        """Keep what fails for the end, this machine's disk too; only a store that fails ends the pass."""
        try:
            yield
        except StoreError:
            raise
        except SessioncastError as e:
            self._fail(e)
        except OSError as e:
            self._fail(from_disk(e))

    def _did(self, step: str, subject: str, what: str) -> None:
        done = Step(step, self.hands.scrub(subject), self.hands.scrub(what))
        self.steps.append(done)
        self.hands.report(Finished(done.step, done.subject, done.what))

    def _wait(self, session: str, why: str, mend: str) -> None:
        self.waits.append(Waiting(session, self.hands.scrub(why), self.hands.scrub(mend)))

    def _fail(self, error: SessioncastError) -> None:
        error.scrub(self.hands.scrub)
        if str(error) not in {str(known) for known in self.failures}:
            self.failures.append(error)
