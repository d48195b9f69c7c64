"""The story of a publish: read, judge, produce, put, verify, commit, renew, settle (ARCHITECTURE.md, "The publish argument").

Killed at any write, run again: it goes on. One bad recording doesn't stop the good ones.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from sessioncast import gate, layout
from sessioncast.commit import commit, read_catalog
from sessioncast.errors import ContentError, ObjectMissing, SessioncastError, StoreError
from sessioncast.events import Advanced, Finished, Noted, Report, Started, silent
from sessioncast.feed.rss import is_public_https, podcast_guid
from sessioncast.plan.amend import Addition, Changes, apply
from sessioncast.plan.judge import Folder, Judged, Request, judge
from sessioncast.produce import Cover, Produced, cover_of, produce, sha256_of
from sessioncast.renew import planned, read_index, renew
from sessioncast.settle import settle
from sessioncast.store.capability import ensure_conditional
from sessioncast.store.port import Artifact, Roots

if TYPE_CHECKING:
    from sessioncast.catalog import Catalog
    from sessioncast.plan.decide import Decision
    from sessioncast.project import Project
    from sessioncast.verify import Listener

_CHECK = "sessioncast check says who would refuse it; docs/rules.md what may be switched off"

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Write:
    """One write of the plan: what happens, to which key, and how many bytes where known."""

    action: str
    key: str
    size: int = 0


@dataclass(frozen=True, slots=True)
class Result:
    """What a publish did: its decisions, every failure, and what is now public."""

    judged: Judged
    failures: tuple[SessioncastError, ...] = ()
    catalog: Catalog | None = None
    committed: bool = False
    deleted: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """0, or the worst exit code among the failures."""
        return max((f.exit_code for f in self.failures), default=0)

    @property
    def feed(self) -> str:
        """The feed's public address; empty while nothing is public."""
        return layout.address(self.catalog.show.public_url, layout.FEED) if self.catalog else ""


@dataclass(frozen=True, slots=True)
class Publisher:
    """The hands of a publish: the show folder, the two roots, a listener's eyes, the clock, and whom to tell."""

    project: Project
    roots: Roots
    listener: Listener
    public_url: str
    clock: Clock
    request: Request = field(default_factory=Request)
    report: Report = silent

    def publish(self) -> Result:
        """Make public what is new and due, and what the request names; return what was done.

        Raises ConflictError for another show's store or a newer catalog, StoreError when the store fails, ContentError
        for a name that is no session here. What is wrong with a single session stands in the result's failures.
        """
        catalog = read_catalog(self.roots.private).catalog
        judged = self._judge(catalog)
        failures = _refused(judged)
        produced = self._produce(judged, catalog, failures)
        committed = False
        if produced or (catalog is not None and _changes_public(judged)):
            if catalog is None:
                ensure_conditional(self.roots.private, single_writer=self.project.store.single_writer)
            cover = cover_of(self.project)
            produced = self._pass(judged, catalog, produced, cover, failures)
            if judged.writes_show and (catalog is not None or produced):
                self._put(Artifact(cover.key, cover.public))
            ready = [p for p in produced if self._put_and_verify(p, failures)]
            judged, catalog, committed = self._commit(judged, ready, cover)
            failures += [error for error in _refused(judged) if str(error) not in {str(f) for f in failures}]
        if catalog is None:
            return Result(judged, tuple(failures))
        renew(self.roots, catalog.revision, self.report)
        deleted = settle(self.roots, self.report) if catalog.owed else ()
        return Result(judged, tuple(failures), catalog, committed, deleted)

    def plan(self) -> tuple[Result, tuple[Write, ...]]:
        """Return what ``publish`` would do now, and every write in order; nothing leaves this machine."""
        catalog = read_catalog(self.roots.private).catalog
        judged = self._judge(catalog)
        failures = _refused(judged)
        produced = self._produce(judged, catalog, failures)
        writes: list[Write] = []
        after = catalog
        if produced or (catalog is not None and _changes_public(judged)):
            cover = cover_of(self.project)
            produced = self._pass(judged, catalog, produced, cover, failures)
            if judged.writes_show:
                writes.append(Write("put", cover.key, cover.public.stat().st_size))
            writes += [Write("put", p.enclosure.key, p.enclosure.length) for p in produced]
            writes.append(Write("commit", layout.CATALOG))
            after = apply(catalog, self._changes(judged, produced, cover), self.clock())
            writes += [Write("put", key) for key in planned(after, read_index(self.roots.private))]
        if after is not None:
            writes += [Write("delete", debt.delete) for debt in after.owed]
        return Result(judged, tuple(failures), after), tuple(writes)

    # --- the steps ---------------------------------------------------------------------------------------------------

    def _judge(self, catalog: Catalog | None) -> Judged:
        project = self.project
        folder = Folder(project.show, project.people, project.sessions, self.public_url, sha256_of(project.cover))
        return judge(folder, catalog, self.request, self.clock(), where=self.roots.public.where)

    def _produce(self, judged: Judged, catalog: Catalog | None, failures: list[SessioncastError]) -> list[Produced]:
        if not judged.additions:
            return []
        cover = cover_of(self.project)
        made = []
        for decision in judged.additions:
            name = _key_name(decision, catalog)
            try:
                made.append(produce(self.project, decision.wanted, cover, key_name=name, report=self.report))
            except SessioncastError as e:
                failures.append(e)
        return made

    def _pass(
        self,
        judged: Judged,
        catalog: Catalog | None,
        produced: list[Produced],
        cover: Cover,
        failures: list[SessioncastError],
    ) -> list[Produced]:
        """Hold what would be public against the directories' rules and return the talks they would take.

        Raises ContentError where they would refuse the show itself, or a change to a talk. What is public already and
        not asked for is not held against the others.
        """
        changes = self._changes(judged, produced, cover)
        if not changes or (catalog is None and not produced):
            return produced
        now = self.clock()
        facts = gate.facts_of(now, self.project.audio.loudness, self.project.directories.known)
        found = gate.hold(apply(catalog, changes, now), facts, accept=self.project.check.accept).findings
        new = {p.wanted.session.guid for p in produced}
        asked = {"", *new, *(w.session.guid for w in judged.edits)} - ({""} if not judged.writes_show else set())
        for finding in found:
            if finding.level == "warning" and finding.item in asked:
                self.report(Noted("warning", str(finding), finding.mend))
        wrong = gate.errors(found)
        if ours := [f for f in wrong if f.item in asked - new]:
            raise ContentError("directories would refuse this", hint=_CHECK, problems=gate.problems(ours))
        bad = {f.item for f in wrong} & new
        for p in produced:
            if p.wanted.session.guid in bad:
                own = gate.problems(f for f in wrong if f.item == p.wanted.session.guid)
                failures.append(ContentError(f"episodes/{p.wanted.session.slug}", hint=_CHECK, problems=own))
        return [p for p in produced if p.wanted.session.guid not in bad]

    def _put_and_verify(self, produced: Produced, failures: list[SessioncastError]) -> bool:
        """Put the audio and fetch it as an app would; what a listener can't have never enters the catalog."""
        try:
            self._put(Artifact(produced.enclosure.key, produced.master))
            self.listener.check(produced.enclosure.key, produced.enclosure.length)
        except StoreError:
            raise
        except SessioncastError as e:
            failures.append(e)
            return False
        return True

    def _put(self, artifact: Artifact) -> None:
        try:
            if self.roots.public.head(artifact.key).size == artifact.size:
                return  # content-addressed: the same key is the same bytes
        except ObjectMissing:
            pass
        work = ("upload", artifact.key)
        self.report(Started(*work, artifact.size, "bytes"))
        self.roots.public.put(artifact, on_bytes=lambda n: self.report(Advanced(*work, n)))
        self.report(Finished(*work))

    def _changes(self, judged: Judged, ready: list[Produced], cover: Cover) -> Changes:
        wanted = {d.wanted.session.guid for d in judged.additions}
        feed = layout.address(self.public_url, layout.FEED)
        return Changes(
            show_id=self.project.show.id,
            additions=tuple(
                Addition(p.wanted, p.enclosure, p.audio_fingerprint) for p in ready if p.wanted.session.guid in wanted
            ),
            edits=judged.edits,
            show=judged.show if judged.writes_show else None,
            artwork=cover.key,
            podcast_guid=podcast_guid(feed) if is_public_https(feed) else None,
            as_new=self.request.as_new,
        )

    def _commit(self, judged: Judged, ready: list[Produced], cover: Cover) -> tuple[Judged, Catalog | None, bool]:
        """Commit once, judged again on every catalog that turns out to stand there."""
        last, committed = judged, False

        def change(catalog: Catalog | None) -> Catalog | None:
            nonlocal last, committed
            last = self._judge(catalog)
            changes = self._changes(last, ready, cover)
            committed = bool(changes.additions or (catalog is not None and changes))
            return apply(catalog, changes, self.clock()) if committed else None

        catalog = commit(self.roots, change)
        if catalog is not None:
            self._clear_away(ready, catalog)
        return last, catalog, committed

    def _clear_away(self, ready: list[Produced], catalog: Catalog) -> None:
        """Delete what was put for a talk that somebody took down meanwhile."""
        for produced in ready:
            tombstone = catalog.tombstone(produced.wanted.session.guid)
            if tombstone and not tombstone.lifted and produced.enclosure.key not in catalog.object_keys():
                self.roots.public.delete(produced.enclosure.key)


def _refused(judged: Judged) -> list[SessioncastError]:
    return [d.error for d in judged.decisions if d.error is not None]


def _changes_public(judged: Judged) -> bool:
    return bool(judged.edits or judged.writes_show)


def _key_name(decision: Decision, catalog: Catalog | None) -> str:
    """Return what stands in the media key: the slug, or slug and revision for a talk that was taken down and put back.

    A machine that still owes the deletion of the old key, however late, must not hit the new one.
    """
    tombstone = catalog.tombstone(decision.wanted.session.guid) if catalog else None
    return f"{decision.slug}-r{tombstone.revision}" if tombstone else decision.slug
