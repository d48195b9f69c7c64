"""The story of a publish: read, judge, make, put, verify, commit, renew, settle (ARCHITECTURE.md, "The publish argument").

Killed at any write, run again: it goes on. One bad recording doesn't stop the good ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from sessioncast import gate, layout, site
from sessioncast.announce import forget, is_local
from sessioncast.bundles import tracked
from sessioncast.commit import commit, read_catalog
from sessioncast.errors import ConflictError, ContentError, SessioncastError
from sessioncast.events import Noted, Report, silent
from sessioncast.feed.rss import is_public_https, podcast_guid
from sessioncast.pictures import Drawn, folder_of
from sessioncast.plan.amend import apply
from sessioncast.plan.changes import Addition, Changes, Late, ShowArt
from sessioncast.plan.decide import at_home
from sessioncast.plan.judge import Judged, Request, judge
from sessioncast.produce import KEPT_BESIDE, Cover, Produced, cover_of, made_here
from sessioncast.publish.last_look import last_look
from sessioncast.publish.making import SHOW, Maker, key_name
from sessioncast.publish.overtaken import Base
from sessioncast.publish.putting import Hands
from sessioncast.publish.result import Clock, Result, Write
from sessioncast.renew import planned, read_feed, read_index, renew, shelf_of
from sessioncast.settle import settle
from sessioncast.store.capability import ensure_conditional
from sessioncast.store.port import Artifact, Roots

if TYPE_CHECKING:
    from sessioncast.catalog import Catalog
    from sessioncast.plan.wanted import WantedEpisode
    from sessioncast.project import Project
    from sessioncast.site import Shelf
    from sessioncast.verify import Listener

Announce = Callable[["Roots", "Project", "Catalog", Report], "Sequence[SessioncastError]"]
"""Tells the world what the catalog says it is owed, and returns what failed; never raises (``sessioncast.announce.Announcer``)."""

_CHECK = "sessioncast check says who would refuse it; docs/rules.md what may be switched off"


@dataclass(frozen=True, slots=True)
class Publisher:
    """The hands of a publish: the show folder, the two roots, a listener's eyes, the clock, whom to tell, and who tells the world.

    Without ``announce`` nobody is told now; what is owed stands in the catalog for whoever tells next.
    """

    project: Project
    roots: Roots
    listener: Listener
    public_url: str
    clock: Clock
    request: Request = field(default_factory=Request)
    report: Report = silent
    announce: Announce | None = None

    def publish(self) -> Result:
        """Make public what is new and due, and what the request names; return what was done.

        Raises ConflictError for another show's store or a newer catalog, StoreError when the store fails, ContentError
        for a name that is no session here. What is wrong with a single session stands in the result's failures.
        """
        hands = Hands(self.roots, self.listener, self.clock, self.report)
        catalog = read_catalog(self.roots.private).catalog
        judged = self._judge(catalog)
        failures = _refused(judged)
        if catalog is not None and hands.emptied():
            hands.mend(catalog, made_here(self.project))
        produced, drawn = self._make(judged, catalog, failures)
        committed = False
        if produced or judged.announcing or (catalog is not None and _changes_public(judged)):
            if catalog is None:
                ensure_conditional(self.roots.private, single_writer=self.project.store.single_writer)
            cover = cover_of(self.project)
            produced = self._pass(judged, catalog, produced, cover, drawn, failures)
            if judged.writes_show and (catalog is not None or produced or judged.announcing):
                for note in filter(None, cover.notes.splitlines()):
                    self.report(Noted("warning", note))
                hands.put(Artifact(cover.key, cover.public), catalog)
                self.listener.check(cover.key, cover.public.stat().st_size)
            changed = (*judged.edits, *judged.late)
            written = {*(p.wanted.session.guid for p in produced), *(w.session.guid for w in changed), SHOW}
            for artifact in (a for guid in sorted(drawn) if guid in written for a in drawn[guid].objects):
                hands.put(artifact, catalog)
            ready = [p for p in produced if hands.put_and_verify(p, catalog, failures)]
            judged, catalog, committed = self._commit(Base(catalog, judged), ready, cover, drawn, failures)
            if catalog is not None:
                hands.clear_away(ready, drawn, catalog)
        if catalog is None:
            return Result(judged, tuple(failures))
        live = renew(self.roots, catalog.revision, self.report, self.project.scratch / KEPT_BESIDE)
        deleted = settle(self.roots, live, self.report) if catalog.owed else ()
        if self.request.silent:
            forget(self.roots, catalog)
        telling = self.announce if not self.request.silent else None
        unannounced = tuple(telling(self.roots, self.project, catalog, self.report)) if telling else ()
        return Result(judged, tuple(failures), catalog, committed, deleted, unannounced)

    def plan(self) -> tuple[Result, tuple[Write, ...]]:
        """Return what ``publish`` would do now, and every write in order; nothing leaves this machine."""
        catalog = read_catalog(self.roots.private).catalog
        judged = self._judge(catalog)
        failures = _refused(judged)
        produced, drawn = self._make(judged, catalog, failures)
        writes: list[Write] = []
        after = catalog
        if produced or judged.announcing or (catalog is not None and _changes_public(judged)):
            cover = cover_of(self.project)
            produced = self._pass(judged, catalog, produced, cover, drawn, failures)
            if judged.writes_show:
                writes.append(Write("put", cover.key, cover.public.stat().st_size))
            writes += [Write("put", a.key, a.size) for guid in sorted(drawn) for a in drawn[guid].objects]
            writes += [Write("put", a.key, a.size) for p in produced for a in p.objects]
            writes.append(Write("commit", layout.CATALOG))
            edits = tuple(w for w in judged.edits if w.session.guid in drawn)
            after = apply(catalog, self._changes(judged, produced, edits, cover, drawn, catalog), self.clock())
            after = tracked(catalog, after)
        if after is not None and read_feed(self.roots.public)[0] < after.revision:
            writes += [Write("put", key) for key in planned(after, read_index(self.roots.private), self._shelf())]
        if after is not None:
            writes += [Write("delete", debt.delete) for debt in after.owed]
        return Result(judged, tuple(failures), after), tuple(writes)

    def _shelf(self) -> Shelf:
        """Return what pages are made of, on this machine or in the store."""
        return shelf_of(self.roots.public, self.project.scratch / KEPT_BESIDE)

    # --- the steps ---------------------------------------------------------------------------------------------------

    def _judge(self, catalog: Catalog | None) -> Judged:
        at_home(catalog, self.project.store.home, self.project.store.url)
        folder = folder_of(self.project, self.public_url)
        return judge(folder, catalog, self.request, self.clock(), where=self.roots.public.where)

    def _make(
        self, judged: Judged, catalog: Catalog | None, failures: list[SessioncastError]
    ) -> tuple[list[Produced], dict[str, Drawn]]:
        """Return the audio and the pictures of all that may change, less what could not be made whole."""
        maker = Maker(self.project, self.roots.public, self.report)
        made = maker.audio(judged, catalog, failures)
        drawn = maker.beside(judged, made, catalog, failures)
        return [p for p in made if p.wanted.session.guid in drawn], drawn

    def _pass(
        self,
        judged: Judged,
        catalog: Catalog | None,
        produced: list[Produced],
        cover: Cover,
        drawn: dict[str, Drawn],
        failures: list[SessioncastError],
    ) -> list[Produced]:
        """Hold what would be public against the directories' rules and return the talks they would take.

        A transcript that came late and that they would refuse is left out of ``drawn``.

        Raises ContentError where they would refuse the show itself, or a change to a talk. What is public already and
        not asked for is not held against the others.
        """
        edits = tuple(w for w in judged.edits if w.session.guid in drawn)
        changes = self._changes(judged, produced, edits, cover, drawn, catalog)
        if not changes.touches_feed:
            return produced
        now = self.clock()
        after = apply(catalog, changes, now)
        templates = self.project.templates if judged.writes_show else {}
        if templates and (faults := site.faults(after, templates)):
            raise ContentError("the show's own templates can't be used", hint="sessioncast check", problems=faults)
        if catalog is None and not produced:
            return produced  # sessions are announced before there is anything to hear
        facts = gate.facts_of(now, self.project.audio.loudness, self.project.directories.known)
        facts = replace(facts, files=_texts(drawn))
        found = gate.hold(after, facts, accept=self.project.check.accept).findings
        new = {p.wanted.session.guid for p in produced}
        changed = {w.session.guid for w in (*judged.edits, *judged.late)}
        asked = {"", *new, *changed} - ({""} if not judged.writes_show else set())
        for finding in found:
            if finding.level == "warning" and finding.item in asked:
                self.report(Noted("warning", str(finding), finding.mend))
        wrong = gate.errors(found)
        late = {w.session.guid for w in judged.late}
        if ours := [f for f in wrong if f.item in asked - new - late]:
            raise ContentError("directories would refuse this", hint=_CHECK, problems=gate.problems(ours))
        for guid in sorted({f.item for f in wrong} & late & drawn.keys()):
            own = gate.problems(f for f in wrong if f.item == guid)
            failures.append(ContentError("a transcript that came late", hint=_CHECK, problems=own))
            del drawn[guid]
        bad = {f.item for f in wrong} & new
        for p in produced:
            if p.wanted.session.guid in bad:
                own = gate.problems(f for f in wrong if f.item == p.wanted.session.guid)
                failures.append(ContentError(f"episodes/{p.wanted.session.slug}", hint=_CHECK, problems=own))
        return [p for p in produced if p.wanted.session.guid not in bad]

    def _changes(
        self,
        judged: Judged,
        ready: list[Produced],
        edits: tuple[WantedEpisode, ...],
        cover: Cover,
        drawn: Mapping[str, Drawn],
        catalog: Catalog | None,
    ) -> Changes:
        new = {d.wanted.session.guid for d in judged.additions}
        remade = {w.session.guid for w in judged.remakes}
        made = {p.wanted.session.guid: p for p in ready}
        feed = layout.address(self.public_url, layout.FEED)
        told, quiet = self.project.announce, self.request.silent or is_local(self.public_url)
        return Changes(
            show_id=self.project.show.id,
            additions=tuple(
                Addition(p.wanted, p.audio, drawn[guid].art, drawn[guid].texts)
                for guid, p in made.items()
                if guid in new
            ),
            edits=tuple(w for w in edits if w.session.guid not in remade or _differs(w, made, catalog)),
            remade={guid: made[guid].audio for guid in remade & made.keys()},
            show=judged.show if judged.writes_show else None,
            artwork=cover.key,
            podcast_guid=self.project.show.podcast_guid or (podcast_guid(feed) if is_public_https(feed) else None),
            as_new=self.request.as_new,
            art={guid: pictures.art for guid, pictures in drawn.items()},
            texts={guid: beside.texts for guid, beside in drawn.items()},
            show_art=drawn[SHOW].show if SHOW in drawn else ShowArt(),
            announcing=judged.announcing,
            late={
                guid: Late(w.fingerprint, drawn[guid].texts.transcripts)
                for w in judged.late
                if (guid := w.session.guid) in drawn and _fits(drawn[guid], catalog, guid)
            },
            tell=timedelta(days=told.days) if told.tells_people and not quiet else None,
        )

    def _commit(
        self,
        base: Base,
        ready: list[Produced],
        cover: Cover,
        drawn: Mapping[str, Drawn],
        failures: list[SessioncastError],
    ) -> tuple[Judged, Catalog | None, bool]:
        """Commit once, judged again on every catalog that turns out to stand there, and on what people have said since."""
        last, committed = base.judged, False
        refused: list[SessioncastError] = []

        def change(catalog: Catalog | None) -> Catalog | None:
            nonlocal last, committed
            last, gone = last_look(self.project, self._judge(catalog), self.clock())
            overtaken = base.overtaken(last, catalog)
            refused[:] = [*_refused(last), *gone, *overtaken.values(), *_outlived(ready, last, catalog)]
            still = [p for p in ready if _still(p, catalog)]
            edits = tuple(w for w in last.edits if w.session.guid not in overtaken and w.session.guid in drawn)
            changes = self._changes(last, still, edits, cover, drawn, catalog)
            if base.show_overtaken(catalog) and changes.show:
                changes = replace(changes, show=None)
                refused.append(
                    ConflictError("feed/show.toml: somebody else changed the show while this ran", hint="git pull")
                )
            committed = bool(changes.additions or changes.announcing or (catalog is not None and changes))
            return apply(catalog, changes, self.clock()) if committed else None

        catalog = commit(self.roots, change)
        known = {str(f) for f in failures}
        failures += [error for error in refused if str(error) not in known]
        return last, catalog, committed


def _texts(drawn: Mapping[str, Drawn]) -> dict[str, bytes]:
    """Return transcripts and chapters by key, for the rules that read them (TR-*, CP-*)."""
    named = {
        key for d in drawn.values() for key in (*(t.key for t in d.texts.transcripts), d.texts.chapters_key) if key
    }
    objects = (a for d in drawn.values() for a in d.objects)
    return {a.key: a.body for a in objects if a.key in named and isinstance(a.body, bytes)}


def _differs(wanted: WantedEpisode, made: Mapping[str, Produced], catalog: Catalog | None) -> bool:
    """Whether remaking an episode changes anything: run again after a kill it may be public already."""
    now = catalog.by_guid(wanted.session.guid) if catalog else None
    new = made.get(wanted.session.guid)
    if now is None or new is None:
        return False
    return now.fingerprints[-1] != wanted.fingerprint or any(
        getattr(now, name) != value for name, value in new.audio.fields().items()
    )


def _fits(drawn: Drawn, catalog: Catalog | None, guid: str) -> bool:
    """Whether a late transcript has the times of the audio that is public now: somebody may have replaced that meanwhile."""
    episode = catalog.by_guid(guid) if catalog else None
    name = layout.name_of_media(episode.enclosure.key) if episode else ""
    return all(t.key.startswith(f"episodes/{name}/") for t in drawn.texts.transcripts)


def _outlived(ready: list[Produced], now: Judged, catalog: Catalog | None) -> list[ConflictError]:
    """Return an error for every audio whose key belongs to an earlier life: taken down and put back while this ran."""
    wanted = {d.wanted.session.guid for d in now.additions}
    return [
        ConflictError(
            f"episodes/{p.wanted.session.slug}: was taken down and put back while this ran",
            hint="run the same command again",
        )
        for p in ready
        if p.wanted.session.guid in wanted and not _still(p, catalog)
    ]


def _still(produced: Produced, catalog: Catalog | None) -> bool:
    """Whether the audio's key belongs to the life the talk has in this catalog; audio remade says so by itself."""
    session = produced.wanted.session
    if catalog is not None and catalog.by_guid(session.guid) is not None:
        return True
    return produced.name == key_name(session, catalog)


def _refused(judged: Judged) -> list[SessioncastError]:
    return [d.error for d in judged.decisions if d.error is not None]


def _changes_public(judged: Judged) -> bool:
    return bool(judged.edits or judged.late or judged.writes_show)
