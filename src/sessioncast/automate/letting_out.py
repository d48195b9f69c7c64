"""Which sessions go out by themselves now, and for every other one why not and what lets it out. Looks, and changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sessioncast.automate.lengths import Lengths
from sessioncast.automate.rules import Heard, bars, transcript_due
from sessioncast.automate.value import Waiting
from sessioncast.pictures import folder_of
from sessioncast.plan.decide import Decision, Fate
from sessioncast.plan.judge import Request, judge
from sessioncast.plan.wanted import held_back

if TYPE_CHECKING:
    from sessioncast.automate.lengths import Fetch
    from sessioncast.automate.rules import Bar
    from sessioncast.catalog import Catalog
    from sessioncast.errors import SessioncastError
    from sessioncast.model import Session
    from sessioncast.project import Project


@dataclass(frozen=True, slots=True)
class Look:
    """The sessions that may go out, the public ones that may take their transcript, and the others.

    ``due`` are the times at which time alone lets something out.
    """

    new: tuple[str, ...] = ()
    late: tuple[str, ...] = ()
    waits: tuple[Waiting, ...] = ()
    failures: tuple[SessioncastError, ...] = ()
    due: tuple[datetime, ...] = ()


class Gate:
    """The rules of one show at one moment."""

    def __init__(
        self,
        project: Project,
        catalog: Catalog | None,
        public_url: str,
        where: str,
        now: datetime,
        fetch: Fetch | None = None,
    ) -> None:
        """Judge every session; ``fetch`` brings recordings here whose length decides. Raises ConflictError for another show's store."""
        self._project = project
        self._catalog = catalog
        self._now = now
        self._lengths = Lengths(project, fetch)
        self.judged = judge(folder_of(project, public_url), catalog, Request(), now, where=where)

    def look(self) -> Look:
        """Return what may go out now, and why the rest doesn't."""
        new: list[str] = []
        late: list[str] = []
        waits: list[Waiting] = []
        failures: list[SessioncastError] = []
        due: list[datetime] = []
        for decision in self.judged.decisions:
            session = decision.wanted.session
            due += self._times(session)
            if decision.fate is Fate.ADD:
                barred = self.bars(session)
                due += [bar.until for bar in barred if bar.until]
                if barred:
                    waits.append(_waiting(session, barred))
                else:
                    new.append(session.slug)
            elif decision.fate is Fate.WAITS and not self.is_to_come(session) and not self._is_public(session):
                waits.append(Waiting(session.slug, decision.why, mend(session)))
            elif self._is_public(session):
                if self._takes_transcript(decision):
                    late.append(session.slug)
                elif (why := self._differs(decision)) is not None:
                    waits.append(why)
            elif decision.error is not None:
                failures.append(decision.error)
        failures += self._lengths.failures
        return Look(tuple(new), tuple(late), tuple(waits), tuple(failures), tuple(due))

    def bars(self, session: Session) -> tuple[Bar, ...]:
        """Return why a session that could be published waits for the rules of ``[auto]``."""
        return self._barred(session, captions=bool(self._project.captions(session)))

    def to_transcribe(self) -> tuple[Session, ...]:
        """Return the sessions that only wait for a transcript which nobody will bring any more."""
        settings = self._project.auto
        if settings.transcribe is None:
            return ()
        found = []
        for decision in self.judged.decisions:
            session = decision.wanted.session
            due = transcript_due(session, settings)
            if decision.fate is not Fate.ADD or self._project.captions(session) or due is None or self._now < due:
                continue
            if not self._barred(session, captions=True):
                found.append(session)
        return tuple(found)

    def _barred(self, session: Session, *, captions: bool) -> tuple[Bar, ...]:
        """Return what bars it; it is measured only where nothing else does, since that may mean fetching its recording."""
        settings = self._project.auto
        found = bars(session, settings, Heard(captions), self._now)
        if found or session.released:
            return found
        return bars(session, settings, self._lengths.heard(session, captions=captions), self._now)

    def _times(self, session: Session) -> list[datetime]:
        """Return when time lets a session go further that is not public."""
        if self._is_public(session) or held_back(session):
            return []
        return [moment for moment in (session.ends, session.publish_at) if moment is not None and moment > self._now]

    def _is_public(self, session: Session) -> bool:
        return self._catalog is not None and self._catalog.by_guid(session.guid) is not None

    def is_to_come(self, session: Session) -> bool:
        """Whether it is not over yet: that it waits is no news."""
        return session.ends is not None and session.ends > self._now

    def _takes_transcript(self, decision: Decision) -> bool:
        public = self._catalog.by_guid(decision.wanted.session.guid) if self._catalog else None
        return (
            public is not None
            and not public.transcripts
            and public.slug == decision.slug
            and public.fingerprints[-1] in decision.wanted.without_captions
            and not held_back(decision.wanted.session)
        )

    def _differs(self, decision: Decision) -> Waiting | None:
        """Return what a person should know of a public episode whose folder says something else; None where that is no news.

        A folder without the captions of a public episode is a copy that never had them, and no edit.
        """
        session = decision.wanted.session
        public = self._catalog.by_guid(session.guid) if self._catalog else None
        if decision.fate is Fate.UNCHANGED or public is None:
            return None
        if session.is_refused:
            return Waiting(session.slug, "consent refused, and it is public", f"sessioncast unpublish {session.slug}")
        if public.transcripts and not self._project.captions(session):
            return None
        hint = decision.error.hint if decision.error else f"sessioncast publish {session.slug}"
        return Waiting(session.slug, decision.why or "differs from what is public", hint)


def mend(session: Session) -> str:
    """Return what lets a session out that people hold back or that lacks its recording."""
    if session.is_refused:
        return "nothing: what was refused stays in"
    if session.is_called_off:
        return f"nothing, unless it takes place after all: then take draft and missing out of episodes/{session.slug}/session.toml"
    if session.missing:
        return f"fill in what is missing in episodes/{session.slug}/session.toml"
    if not session.recording:
        return f'put its recording into the inbox, or recording = "…" in episodes/{session.slug}/session.toml'
    return f"sessioncast release {session.slug}"


def _waiting(session: Session, barred: tuple[Bar, ...]) -> Waiting:
    return Waiting(session.slug, "; ".join(bar.why for bar in barred), barred[0].mend)
