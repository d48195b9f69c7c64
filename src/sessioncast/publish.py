"""The story of a publish: read, judge, produce, put, verify, commit, renew, settle (ARCHITECTURE.md, "The publish argument").

Killed at any write, run again: it goes on. One bad recording doesn't stop the good ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from sessioncast import gate, layout
from sessioncast.commit import commit, read_catalog
from sessioncast.errors import ConflictError, ContentError, ObjectMissing, SessioncastError, StoreError, VerifyError
from sessioncast.events import Advanced, Finished, Noted, Report, Started, silent
from sessioncast.feed.rss import is_public_https, podcast_guid
from sessioncast.pictures import Drawn, episode_pictures, folder_of, show_pictures
from sessioncast.plan.amend import PRUNE_AFTER, Addition, Art, Changes, apply
from sessioncast.plan.decide import at_home
from sessioncast.plan.judge import Judged, Request, judge
from sessioncast.produce import Cover, Produced, cover_of, made_here, produce
from sessioncast.renew import planned, read_feed, read_index, renew
from sessioncast.settle import settle
from sessioncast.store.capability import ensure_conditional
from sessioncast.store.port import Artifact, Roots

if TYPE_CHECKING:
    from sessioncast.catalog import Catalog
    from sessioncast.model import Session
    from sessioncast.plan.wanted import WantedEpisode
    from sessioncast.project import Project
    from sessioncast.verify import Listener

SHOW = ""
"""Where the show's own pictures stand among those of the episodes, which have a guid."""
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
        if catalog is not None:
            self._mend(catalog)
        produced = self._produce(judged, catalog, failures)
        drawn = self._draw(judged, produced, catalog, failures)
        produced = [p for p in produced if p.wanted.session.guid in drawn]
        committed = False
        if produced or (catalog is not None and _changes_public(judged)):
            if catalog is None:
                ensure_conditional(self.roots.private, single_writer=self.project.store.single_writer)
            cover = cover_of(self.project)
            produced = self._pass(judged, catalog, produced, cover, drawn, failures)
            if judged.writes_show and (catalog is not None or produced):
                for note in filter(None, cover.notes.splitlines()):
                    self.report(Noted("warning", note))
                self._put(Artifact(cover.key, cover.public), catalog)
                self.listener.check(cover.key, cover.public.stat().st_size)
            written = {*(p.wanted.session.guid for p in produced), *(w.session.guid for w in judged.edits), SHOW}
            for artifact in (a for guid in sorted(drawn) if guid in written for a in drawn[guid].objects):
                self._put(artifact, catalog)
            ready = [p for p in produced if self._put_and_verify(p, catalog, failures)]
            judged, catalog, committed = self._commit(_Base(catalog, judged), ready, cover, drawn, failures)
        if catalog is None:
            return Result(judged, tuple(failures))
        live = renew(self.roots, catalog.revision, self.report)
        deleted = settle(self.roots, live, self.report) if catalog.owed else ()
        return Result(judged, tuple(failures), catalog, committed, deleted)

    def plan(self) -> tuple[Result, tuple[Write, ...]]:
        """Return what ``publish`` would do now, and every write in order; nothing leaves this machine."""
        catalog = read_catalog(self.roots.private).catalog
        judged = self._judge(catalog)
        failures = _refused(judged)
        produced = self._produce(judged, catalog, failures)
        drawn = self._draw(judged, produced, catalog, failures)
        produced = [p for p in produced if p.wanted.session.guid in drawn]
        writes: list[Write] = []
        after = catalog
        if produced or (catalog is not None and _changes_public(judged)):
            cover = cover_of(self.project)
            produced = self._pass(judged, catalog, produced, cover, drawn, failures)
            if judged.writes_show:
                writes.append(Write("put", cover.key, cover.public.stat().st_size))
            writes += [Write("put", a.key, a.size) for guid in sorted(drawn) for a in drawn[guid].objects]
            writes += [Write("put", p.enclosure.key, p.enclosure.length) for p in produced]
            writes.append(Write("commit", layout.CATALOG))
            edits = tuple(w for w in judged.edits if w.session.guid in drawn)
            after = apply(catalog, self._changes(judged, produced, edits, cover, drawn), self.clock())
        if after is not None and read_feed(self.roots.public)[0] < after.revision:
            writes += [Write("put", key) for key in planned(after, read_index(self.roots.private))]
        if after is not None:
            writes += [Write("delete", debt.delete) for debt in after.owed]
        return Result(judged, tuple(failures), after), tuple(writes)

    # --- the steps ---------------------------------------------------------------------------------------------------

    def _judge(self, catalog: Catalog | None) -> Judged:
        at_home(catalog, self.project.store.home, self.project.store.url)
        folder = folder_of(self.project, self.public_url)
        return judge(folder, catalog, self.request, self.clock(), where=self.roots.public.where)

    def _produce(self, judged: Judged, catalog: Catalog | None, failures: list[SessioncastError]) -> list[Produced]:
        if not judged.additions:
            return []
        cover = cover_of(self.project)
        made = []
        for decision in judged.additions:
            name = _key_name(decision.wanted.session, catalog)
            try:
                made.append(produce(self.project, decision.wanted, cover, key_name=name, report=self.report))
            except SessioncastError as e:
                failures.append(e)
        return made

    def _mend(self, catalog: Catalog) -> None:
        """Put again what the catalog names, where the public root was emptied: before a feed names it once more.

        Raises VerifyError when something is neither there nor made on this machine.
        """
        try:
            self.roots.public.head(layout.FEED)
        except ObjectMissing:
            made = made_here(self.project)
            for key in sorted(catalog.object_keys()):
                try:
                    self.roots.public.head(key)
                except ObjectMissing:
                    if layout.hash_of(key) not in made:
                        raise VerifyError(
                            f"{self.roots.public.where}/{key}: found nothing, expected what the catalog names",
                            hint="put the public folder back from a copy, or publish from the machine that made it",
                        ) from None
                    self._put(Artifact(key, made[layout.hash_of(key)]), catalog)

    def _draw(
        self,
        judged: Judged,
        produced: list[Produced],
        catalog: Catalog | None,
        failures: list[SessioncastError],
    ) -> dict[str, Drawn]:
        """Return the pictures of everything that will be written, by guid; the show's own stand under no guid."""
        names = {p.wanted.session.guid: layout.name_of_media(p.enclosure.key) for p in produced}
        edited = {w.session.guid: catalog.by_guid(w.session.guid) for w in judged.edits} if catalog else {}
        names |= {guid: layout.name_of_media(e.enclosure.key) for guid, e in edited.items() if e}
        drawn = {}
        for wanted in (*(p.wanted for p in produced), *judged.edits):
            guid = wanted.session.guid
            try:
                drawn[guid] = episode_pictures(self.project, wanted, names[guid])
            except SessioncastError as e:
                failures.append(e)
        if judged.writes_show:
            drawn[SHOW] = show_pictures(self.project, judged.show.credits)
        return drawn

    def _pass(
        self,
        judged: Judged,
        catalog: Catalog | None,
        produced: list[Produced],
        cover: Cover,
        drawn: Mapping[str, Drawn],
        failures: list[SessioncastError],
    ) -> list[Produced]:
        """Hold what would be public against the directories' rules and return the talks they would take.

        Raises ContentError where they would refuse the show itself, or a change to a talk. What is public already and
        not asked for is not held against the others.
        """
        edits = tuple(w for w in judged.edits if w.session.guid in drawn)
        changes = self._changes(judged, produced, edits, cover, drawn)
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

    def _put_and_verify(self, produced: Produced, catalog: Catalog | None, failures: list[SessioncastError]) -> bool:
        """Put the audio and fetch it as an app would; what a listener can't have never enters the catalog."""
        try:
            self._put(Artifact(produced.enclosure.key, produced.master), catalog)
            self.listener.check(produced.enclosure.key, produced.enclosure.length)
        except StoreError:
            raise
        except SessioncastError as e:
            failures.append(e)
            return False
        return True

    def _put(self, artifact: Artifact, catalog: Catalog | None) -> None:
        try:
            found = self.roots.public.head(artifact.key)
            named = catalog is not None and artifact.key in catalog.object_keys()
            fresh = self.clock() - found.modified < PRUNE_AFTER / 2
            if found.size == artifact.size and (named or fresh):
                return  # content-addressed: the same key is the same bytes
            # An old object that nothing names may be pruned by another machine at any moment: put again, it is young.
        except ObjectMissing:
            pass
        work = ("upload", artifact.key)
        self.report(Started(*work, artifact.size, "bytes"))
        self.roots.public.put(artifact, on_bytes=lambda n: self.report(Advanced(*work, n)))
        self.report(Finished(*work))

    def _changes(
        self,
        judged: Judged,
        ready: list[Produced],
        edits: tuple[WantedEpisode, ...],
        cover: Cover,
        drawn: Mapping[str, Drawn],
    ) -> Changes:
        wanted = {d.wanted.session.guid for d in judged.additions}
        feed = layout.address(self.public_url, layout.FEED)
        return Changes(
            show_id=self.project.show.id,
            additions=tuple(
                Addition(p.wanted, p.enclosure, p.audio_fingerprint, drawn[p.wanted.session.guid].art)
                for p in ready
                if p.wanted.session.guid in wanted
            ),
            edits=edits,
            show=judged.show if judged.writes_show else None,
            artwork=cover.key,
            podcast_guid=podcast_guid(feed) if is_public_https(feed) else None,
            as_new=self.request.as_new,
            art={guid: pictures.art for guid, pictures in drawn.items()},
            show_art=drawn[SHOW].art if SHOW in drawn else Art(),
        )

    def _commit(
        self,
        base: _Base,
        ready: list[Produced],
        cover: Cover,
        drawn: Mapping[str, Drawn],
        failures: list[SessioncastError],
    ) -> tuple[Judged, Catalog | None, bool]:
        """Commit once, judged again on every catalog that turns out to stand there."""
        last, committed = base.judged, False
        refused: list[SessioncastError] = []

        def change(catalog: Catalog | None) -> Catalog | None:
            nonlocal last, committed
            last = self._judge(catalog)
            overtaken = base.overtaken(last, catalog)
            refused[:] = [*_refused(last), *overtaken.values(), *_outlived(ready, last, catalog)]
            still = [p for p in ready if p.enclosure.key == _media_key(p, catalog)]
            edits = tuple(w for w in last.edits if w.session.guid not in overtaken and w.session.guid in drawn)
            changes = self._changes(last, still, edits, cover, drawn)
            if base.show_overtaken(catalog) and changes.show:
                changes = replace(changes, show=None)
                refused.append(
                    ConflictError("feed/show.toml: somebody else changed the show while this ran", hint="git pull")
                )
            committed = bool(changes.additions or (catalog is not None and changes))
            return apply(catalog, changes, self.clock()) if committed else None

        catalog = commit(self.roots, change)
        known = {str(f) for f in failures}
        failures += [error for error in refused if str(error) not in known]
        if catalog is not None:
            self._clear_away(ready, drawn, catalog)
        return last, catalog, committed

    def _clear_away(self, ready: list[Produced], drawn: Mapping[str, Drawn], catalog: Catalog) -> None:
        """Delete what was put for a talk that somebody took down meanwhile."""
        named = catalog.object_keys()
        for produced in ready:
            guid = produced.wanted.session.guid
            tombstone = catalog.tombstone(guid)
            if tombstone and not tombstone.lifted:
                for key in sorted({produced.enclosure.key, *drawn[guid].art.keys} - named):
                    self.roots.public.delete(key)


@dataclass(frozen=True, slots=True)
class _Base:
    """What this run saw at its first look: nobody else's later text may be overwritten by it unseen."""

    catalog: Catalog | None
    judged: Judged

    def overtaken(self, now: Judged, catalog: Catalog | None) -> dict[str, ConflictError]:
        """Return, by guid, an error for every edit whose public text somebody else changed or only just made public."""
        errors = {}
        for wanted in now.edits:
            before = self.catalog.by_guid(wanted.session.guid) if self.catalog else None
            after = catalog.by_guid(wanted.session.guid) if catalog else None
            if before is None or after is None or before.fingerprints != after.fingerprints:
                slug = wanted.session.slug
                errors[wanted.session.guid] = ConflictError(
                    f"episodes/{slug}: somebody else changed it while this ran",
                    hint=f"get their text first (git pull), then sessioncast publish {slug}",
                )
        return errors

    def show_overtaken(self, catalog: Catalog | None) -> bool:
        """Whether somebody else changed the channel meanwhile."""
        if self.catalog is None or catalog is None:
            return self.catalog is not None or catalog is not None
        return self.catalog.show.fingerprints != catalog.show.fingerprints


def _outlived(ready: list[Produced], now: Judged, catalog: Catalog | None) -> list[ConflictError]:
    """Return an error for every audio whose key belongs to an earlier life: taken down and put back while this ran."""
    wanted = {d.wanted.session.guid for d in now.additions}
    return [
        ConflictError(
            f"episodes/{p.wanted.session.slug}: was taken down and put back while this ran",
            hint="run the same command again",
        )
        for p in ready
        if p.wanted.session.guid in wanted and p.enclosure.key != _media_key(p, catalog)
    ]


def _media_key(produced: Produced, catalog: Catalog | None) -> str:
    return layout.media(_key_name(produced.wanted.session, catalog), produced.enclosure.sha256)


def _refused(judged: Judged) -> list[SessioncastError]:
    return [d.error for d in judged.decisions if d.error is not None]


def _changes_public(judged: Judged) -> bool:
    return bool(judged.edits or judged.writes_show)


def _key_name(session: Session, catalog: Catalog | None) -> str:
    """Return what stands in the media key: the slug, or slug and revision for a talk that was taken down and put back.

    A machine that still owes the deletion of the old key, however late, must not hit the new one.
    """
    tombstone = catalog.tombstone(session.guid) if catalog else None
    return f"{session.slug}-r{tombstone.revision}" if tombstone else session.slug
