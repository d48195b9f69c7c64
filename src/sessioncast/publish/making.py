"""Everything a publish makes on this machine before it touches the store: audio on all cores, and pictures.

One bad recording doesn't stop the good ones: what can't be made is a failure among others.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sessioncast import layout
from sessioncast.errors import SessioncastError, from_disk
from sessioncast.events import Noted
from sessioncast.pictures import Drawn, episode_pictures, show_pictures
from sessioncast.plan.changes import Texts
from sessioncast.plan.decide import Fate, Remake
from sessioncast.produce import KEPT_BESIDE, Produced, as_it_was, cover_of, facts_of, produce, retag
from sessioncast.scratch import write_whole
from sessioncast.store.port import Artifact
from sessioncast.texts import Sound, episode_texts

if TYPE_CHECKING:
    from sessioncast.catalog import Catalog
    from sessioncast.events import Event, Report
    from sessioncast.model import PublishedEpisode, Session
    from sessioncast.plan.decide import Decision
    from sessioncast.plan.judge import Judged
    from sessioncast.plan.wanted import WantedEpisode
    from sessioncast.project import Project
    from sessioncast.store.port import Store

SHOW = ""
"""Where the show's own pictures stand among those of the episodes, which have a guid."""

_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Maker:
    """The show folder, the public root that tags anew what it holds, and whom to tell."""

    project: Project
    public: Store
    report: Report

    def audio(self, judged: Judged, catalog: Catalog | None, failures: list[SessioncastError]) -> list[Produced]:
        """Return what new sessions, and public ones whose audio is remade, sound like; several are made at once."""
        wanted = [d for d in judged.decisions if d.fate is Fate.ADD or d.remake]
        if not wanted:
            return []
        cover = cover_of(self.project)

        def make(decision: Decision, report: Report) -> Produced:
            session = decision.wanted.session
            episode = catalog.by_guid(session.guid) if catalog and decision.remake else None
            came, wanted_ = session.as_it_was, decision.wanted
            if episode is None and came:
                return as_it_was(self.project, wanted_, came, key_name=key_name(session, catalog), report=report)
            if episode is None:
                return produce(self.project, wanted_, cover, key_name=key_name(session, catalog), report=report)
            name = f"{session.slug}-r{episode.revision}"  # used by nothing before it: see key_name
            if decision.remake is Remake.RETAG:
                made = retag(self.project, decision.wanted, episode, cover, self.public, key_name=name)
            elif came:
                made = as_it_was(self.project, wanted_, came, key_name=name, report=report).in_place_of_the_old()
            else:
                made = produce(self.project, decision.wanted, cover, key_name=name, report=report)
                made = made.in_place_of_the_old()
            return made.unless_same(episode)

        made = _all(wanted, make, self.report, failures)
        self._keep(artifact for produced in made for artifact in produced.objects)
        return made

    def beside(
        self, judged: Judged, made: Sequence[Produced], catalog: Catalog | None, failures: list[SessioncastError]
    ) -> dict[str, Drawn]:
        """Return pictures, transcripts and chapters of all that will be written, by guid; the show's own under no guid."""
        names = {w.session.guid: key_name(w.session, catalog) for w in judged.edits}
        found = {e.guid: e.enclosure for e in _edited(judged, catalog).values()}
        found |= {p.wanted.session.guid: p.audio.enclosure for p in made}
        names |= {p.wanted.session.guid: p.name for p in made}
        names |= {guid: layout.name_of_media(e.key) for guid, e in found.items() if not e.elsewhere}
        sounds = {
            guid: Sound.of(e.pieces, e.enclosure.duration, self._markers(e.guid))
            for guid, e in _edited(judged, catalog).items()
        }
        sounds |= {p.wanted.session.guid: p.sound for p in made}
        made_anew = {d.wanted.session.guid for d in judged.decisions if d.remake} - names.keys()
        drawn = {}
        for wanted in _once((*(p.wanted for p in made), *judged.edits)):
            guid = wanted.session.guid
            if guid in made_anew:
                continue  # its audio could not be made: nothing of it changes
            try:
                drawn[guid] = self._beside(wanted, names[guid], sounds[guid])
            except SessioncastError as e:
                failures.append(e)
            except OSError as e:
                failures.append(from_disk(e))
        drawn |= self._late(judged, catalog, failures)
        if judged.writes_show:
            cover = cover_of(self.project)
            drawn[SHOW] = show_pictures(self.project, judged.show.credits, Artifact(cover.key, cover.public))
            self._keep(drawn[SHOW].objects)
        return drawn

    def _late(self, judged: Judged, catalog: Catalog | None, failures: list[SessioncastError]) -> dict[str, Drawn]:
        """Return the transcripts alone of public episodes that have none yet."""
        found = {}
        for wanted in judged.late:
            episode = catalog.by_guid(wanted.session.guid) if catalog else None
            if episode is None:
                continue
            sound = Sound.of(episode.pieces, episode.enclosure.duration)
            try:
                written = episode_texts(
                    self.project, wanted.session, layout.name_of_media(episode.enclosure.key), sound
                )
            except SessioncastError as e:
                failures.append(e)
                continue
            except OSError as e:
                failures.append(from_disk(e))
                continue
            keys = {t.key for t in written.texts.transcripts}
            objects = tuple(a for a in written.objects if a.key in keys)
            self._keep(objects)
            if objects:
                found[episode.guid] = Drawn(objects=objects, texts=Texts(written.texts.transcripts))
        return found

    def _beside(self, wanted: WantedEpisode, name: str, sound: Sound) -> Drawn:
        """Return one episode's pictures, transcripts and chapters, and tell what a person should look at."""
        drawn = episode_pictures(self.project, wanted, name)
        written = episode_texts(self.project, wanted.session, name, sound)
        if written.remarks:
            slug = wanted.session.slug
            self.report(
                Noted(
                    "note",
                    f"episodes/{slug}: {len(written.remarks)} changes to the transcript, such as {written.remarks[0].what}",
                    hint=f"sessioncast transcript {slug} --review lists them",
                )
            )
        self._keep(written.objects)
        return replace(drawn, objects=(*drawn.objects, *written.objects), texts=written.texts)

    def _keep(self, objects: Iterable[Artifact]) -> None:
        """Keep what was made in memory, should the public root lose it."""
        for artifact in objects:
            if isinstance(artifact.body, bytes):
                name = f"{layout.hash_of(artifact.key)}.{artifact.key.rpartition('.')[2]}"
                write_whole(self.project.room(KEPT_BESIDE) / name, artifact.body)

    def _markers(self, guid: str) -> tuple[tuple[int, str], ...]:
        """Return the recordings' own chapter marks, where the audio was made on this machine."""
        session = next((s for s in self.project.sessions if s.guid == guid), None)
        facts = facts_of(self.project, session) if session else None
        return tuple((at, title) for at, title in facts["markers"]) if facts else ()


def key_name(session: Session, catalog: Catalog | None) -> str:
    """Return what stands in a new talk's keys: the slug, or slug and revision for one that was taken down and put back.

    A machine that still owes the deletion of the old key, however late, must not hit the new one.
    """
    tombstone = catalog.tombstone(session.guid) if catalog else None
    return f"{session.slug}-r{tombstone.revision}" if tombstone else session.slug


def _edited(judged: Judged, catalog: Catalog | None) -> dict[str, PublishedEpisode]:
    found = ((w.session.guid, catalog.by_guid(w.session.guid)) for w in judged.edits) if catalog else ()
    return {guid: episode for guid, episode in found if episode}


def _once(wanted: Sequence[WantedEpisode]) -> list[WantedEpisode]:
    return list({w.session.guid: w for w in wanted}.values())


class _GivenUpError(Exception):
    """Raised in the threads that are still at work when the run is interrupted."""


def _all(
    wanted: Sequence[Decision],
    make: Callable[[Decision, Report], Produced],
    report: Report,
    failures: list[SessioncastError],
) -> list[Produced]:
    """Make several at once, as many as there are cores, and return them in order."""
    lock, stop = threading.Lock(), threading.Event()

    def told(event: Event) -> None:
        if stop.is_set():
            raise _GivenUpError
        with lock:
            report(event)

    made = []
    with ThreadPoolExecutor(min(len(wanted), os.cpu_count() or 1, _AT_ONCE)) as pool:
        try:
            for future in [pool.submit(make, decision, told) for decision in wanted]:
                try:
                    made.append(future.result())
                except SessioncastError as e:
                    failures.append(e)
                except OSError as e:
                    failures.append(from_disk(e))
        except BaseException:
            stop.set()
            pool.shutdown(cancel_futures=True)
            raise
    return made
