"""Recordings and transcripts on their way into the sessions' folders: from recorder clouds and from inboxes.

Only sure matches are taken. A recording of the cloud is matched before it is fetched, and claimed while it is.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from sessioncast import queue
from sessioncast.automate import captions
from sessioncast.automate.bucket import lately
from sessioncast.automate.clouds import fetch, shelf
from sessioncast.automate.doubted import Doubted
from sessioncast.automate.lacking import Lacking
from sessioncast.automate.lengths import Lengths
from sessioncast.errors import ContentError, ObjectMissing, SessioncastError, SourceError
from sessioncast.inbox.apply import apply
from sessioncast.inbox.elsewhere import are_named, opened
from sessioncast.inbox.match import Match, Matching, match
from sessioncast.inbox.place import Folder
from sessioncast.inbox.scan import scan
from sessioncast.project.value import session_file

if TYPE_CHECKING:
    from sessioncast.automate.claims import Claims
    from sessioncast.automate.clouds import Cloud, Shelf
    from sessioncast.automate.story import Unattended
    from sessioncast.catalog import Catalog
    from sessioncast.inbox.place import Place
    from sessioncast.inbox.value import Take
    from sessioncast.model import Session
    from sessioncast.project import Project

_NO_NEWS = ("missing", "settled", "duplicate", "restarted", "still growing", "no session")

Tell = Callable[[str, str, str], None]


@dataclass(slots=True)
class Taker:
    """Takes in what one pass finds; ``did``, ``wait`` and ``fail`` are told."""

    hands: Unattended
    at: datetime
    catalog: Catalog | None
    claims: Claims
    did: Tell
    wait: Tell
    fail: Callable[[SessioncastError], None]
    growing: bool = False
    _done: list[queue.Queued] = field(default_factory=list)
    _since: datetime | None = None
    _unfinished: bool = False

    # --- the queue ---------------------------------------------------------------------------------------------------

    def queued(self) -> Iterable[queue.Queued]:
        """Return the work that a webhook left."""
        return queue.pending(self.hands.roots.private)

    def note(self, item: queue.Queued) -> None:
        """Look into a cloud as far back as this says; what can't be read is told once and goes, what is for others stays.

        The kind of such work is the cloud's name in small letters, and ``starts`` in its body when the recording began.
        """
        if item.kind == queue.UNREADABLE:
            self.fail(SourceError(f"queue/{item.id}: found what can't be read, expected work to do; it was dropped"))
            queue.done(self.hands.roots.private, item)
        elif item.kind in {cloud.recorder.name.casefold() for cloud in self.hands.clouds}:
            self._done.append(item)
            began = _moment(item.body.get("starts"))
            if began is not None:
                self._since = min(began, self._since or began)

    def finish(self) -> None:
        """Take off the queue what was looked after; what failed, or was left to another machine, stays for the next pass."""
        if not self._unfinished:
            for item in self._done:
                queue.done(self.hands.roots.private, item)

    # --- clouds ------------------------------------------------------------------------------------------------------

    def from_cloud(self, project: Project, cloud: Cloud) -> None:
        """Fetch the recordings of sessions that have none, and the transcripts of those without.

        Raises SourceError for a cloud that fails, ContentError for a show that can't be used.
        """
        try:
            self._from_cloud(project, cloud)
        except SessioncastError:
            self._unfinished = True
            raise

    def _from_cloud(self, project: Project, cloud: Cloud) -> None:
        recorder = cloud.recorder
        until = self.at + timedelta(hours=1)
        since = min(self.at - cloud.look_back, self._since or self.at, self._lacking(project).far)
        held = shelf(recorder.name, recorder.recordings(since, until))
        inbox = project.room("inbox") / _plain(recorder.name)

        def get(path: PurePath) -> str:
            return fetch(recorder, held.files[path], inbox / path, self.hands.report)

        def got(path: PurePath) -> Path:
            get(path)
            return inbox / path

        doubted = Doubted(project)
        for found in self._matches(project, held.takes, f"in {recorder.name}"):
            if self._waits_for_a_person(found, held, doubted):
                continue  # what was fetched once is claimed and fetched no more
            if not self.claims.take(found.session):
                self._unfinished = True  # the machine at work on it may die, and then somebody must look again
            elif self._brought(found, held, get, doubted):
                # the transcript is fetched by itself: that it can't be had yet must not keep the recording
                self._apply(project, inbox, [replace(found, transcript=None)], recorder.name, move=True)
        self._transcripts(self.hands.show()[0], held.takes, got)

    def _brought(self, found: Match, held: Shelf, get: Callable[[PurePath], str], doubted: Doubted) -> bool:
        """Fetch what a match needs; what fails waits for the next pass, what may not be whole for a person."""
        try:
            for path in found.files:
                if why := get(path):
                    doubted.remember(held.files[path], why)
        except SourceError as e:
            self._unfinished = True
            self.fail(e)
            return False
        return not self._waits_for_a_person(found, held, doubted)

    def _waits_for_a_person(self, found: Match, held: Shelf, doubted: Doubted) -> bool:
        """Whether part of a match came far shorter than its cloud says, and nobody pinned it; that is told."""
        short = {} if found.by_hand else {path: why for path in found.files if (why := doubted.why(held.files[path]))}
        for path, why in short.items():
            pin = f"pin = {_toml(found.takes)} in {session_file(found.session)}"
            self.wait(found.session, f"{path} {why}", f"if it is whole, since it was paused: {pin}")
        return bool(short)

    # --- inboxes -----------------------------------------------------------------------------------------------------

    def from_inbox(self, project: Project) -> None:
        """Put what lies in ``[inbox] folder``, a folder or a prefix of a bucket, into the sessions' folders."""
        named = project.inbox.folder
        if named is None:
            return
        inbox: Place = Folder(project.folder / Path(named).expanduser())
        if named.lower().startswith("s3://"):
            inbox = lately(project, self._lacking(project).since)
        kept = project.scratch / "inbox.json"
        takes = scan(inbox, now=self.hands.here(), kept=kept, settle=self.hands.settle, report=self.hands.report)
        found = self._matches(project, takes, f"in {Path(named).name or named}")
        self._apply(project, inbox, found, "the inbox", move=False)
        try:
            self._transcripts(self.hands.show()[0], takes, inbox.whole)
        finally:
            inbox.tidy()

    # --- shared ------------------------------------------------------------------------------------------------------

    def _matches(self, project: Project, takes: Sequence[Take], where: str) -> list[Match]:
        """Return the sure matches of sessions that still need a recording, and tell what a person should look at."""
        if not takes:
            return []
        show = project.show
        lacking = self._lacking(project)
        sessions = [opened(s) if lacking.is_elsewhere(s) else s for s in project.sessions]
        found = match(takes, sessions, project.people, project.inbox, show.timezone, now=self.at, series=show.title)
        settled = {s.slug for s in sessions if lacking.is_settled(s)}
        self.growing = self.growing or any(case.kind == "still growing" for case in found.cases)
        for case in found.cases:
            if case.kind == "still growing" and not settled.issuperset(case.sessions):
                self._unfinished = True  # the recorder may say that it is there only once
            for slug in () if case.kind in _NO_NEWS else case.sessions:
                if slug not in settled:
                    self.wait(slug, f"{case.kind}: {case.words}", case.hint)
        sure = []
        for one in found.matches:
            if one.session in settled or not self._may_have(project, one, where):
                continue
            if one.by_hand or (one.score or 0.0) >= project.auto.score:
                sure.append(one)
            else:
                words = f"{one.takes[0]} {where} fits by {one.score:.0f} of the {project.auto.score:g} wanted"
                self.wait(one.session, words, f'if it is the one, pin = "{one.takes[0]}" in its session.toml')
        return sure

    def _may_have(self, project: Project, one: Match, where: str) -> bool:
        """Whether a match is the recording its session names, or the session names none; what else it names is told."""
        session = project.session(one.session)
        if session is None or not session.recordings or are_named(session, one.files):
            return True
        words = f"{_listed(session.recordings)} is named in its session.toml and not here; {_listed(one.takes)} {where} fits it"
        self.wait(one.session, words, f"if that is the one, take recording out of {session_file(one.session)}")
        return False

    def _lacking(self, project: Project) -> Lacking:
        return Lacking(project, self.catalog, self.at)

    def _apply(self, project: Project, inbox: Place | Path, found: Sequence[Match], name: str, *, move: bool) -> None:
        if not found:
            return
        for done in apply(project.folder, inbox, Matching(tuple(found), (), ()), move=move):
            if done.recordings:
                self.did("match", done.session, f"{', '.join(done.recordings)} from {name}")
            if done.error:
                self._unfinished = True
                self.fail(done.error)

    def _transcripts(self, project: Project, takes: Sequence[Take], get: Callable[[PurePath], Path]) -> None:
        """Give sessions without a transcript the one that came, where it was made of the recording they have."""
        among = self._lacking(project).words
        lengths = Lengths(project)
        for one in captions.late(project, takes, among, project.auto.score, self.at):
            session = project.session(one.session)
            if session is None or not _same_recording(session, one, lengths):
                continue
            try:
                parts = [(get(path), seconds) for path, seconds in one.parts]
                name = captions.put(project, session, parts, named=lambda path: path.name)
            except (SourceError, ObjectMissing) as e:
                self._unfinished = True
                self.fail(e)
            except OSError as e:
                self._unfinished = True
                self.fail(_unreadable(e, session.slug))
            except ContentError as e:
                self.wait(
                    session.slug, f"its transcript can't be read: {e.message}", "put a better one beside session.toml"
                )
            else:
                if name:
                    self.did("transcript", session.slug, f"{name} came")


def _same_recording(session: Session, late: captions.Late, lengths: Lengths) -> bool:
    """Whether a session's recording is the one the transcript was made of: by its file's name, else by its length.

    Where the recording isn't on this machine, it is taken for the one that matches.
    """
    if not session.recordings:
        return True
    stems = [re.sub(r"-\d+$", "", PurePath(name).stem) for name in session.recordings]
    if stems == [re.sub(r"-\d+$", "", path.stem) for path in late.files]:
        return True
    measured, seconds = lengths.of(session)
    total = sum(length for _, length in late.parts)
    return measured and seconds is not None and abs(seconds - total) < 2


def _toml(names: Sequence[str]) -> str:
    return json.dumps(names[0] if len(names) == 1 else names, ensure_ascii=False)


def _unreadable(error: OSError, slug: str) -> ContentError:
    found = f"found a transcript that can't be put beside its session.toml ({error.strerror or error})"
    hint = f"ls -l '{error.filename}'" if error.filename else f"ls -ld episodes/{slug}"
    return ContentError(f"{error.filename or f'episodes/{slug}'}: {found}, expected one that can be read", hint=hint)


def _listed(names: Sequence[str]) -> str:
    return " and ".join(names)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-") or "cloud"


def _moment(said: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(said) if isinstance(said, str) else None
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment is not None and moment.tzinfo is not None else None
