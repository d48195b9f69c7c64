"""What sessions still lack, judged by the show folder and what is public; and how far back it is looked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sessioncast.automate import captions
from sessioncast.inbox.elsewhere import is_elsewhere
from sessioncast.plan.wanted import waits

if TYPE_CHECKING:
    from sessioncast.catalog import Catalog
    from sessioncast.model import Session
    from sessioncast.project import Project

_BACK = timedelta(days=30)
_FAR = timedelta(days=180)


@dataclass(frozen=True, slots=True)
class Lacking:
    """The sessions of a show at one moment; ``catalog`` is what is public."""

    project: Project
    catalog: Catalog | None
    at: datetime

    def is_settled(self, session: Session) -> bool:
        """Whether a session needs no recording here: it is public, was taken down, or must not go out."""
        if session.is_refused:
            return True
        if self.catalog is None:
            return False
        tombstone = self.catalog.tombstone(session.guid)
        return self.catalog.by_guid(session.guid) is not None or (tombstone is not None and not tombstone.lifted)

    def is_elsewhere(self, session: Session) -> bool:
        """Whether a session may go out by what people have said, and its recording lies on another machine.

        One that is held back is left alone: a job in CI would fetch its recording at every pass, and throw it away.
        """
        if self.is_settled(session) or waits(session, self.at, require_consent=self.project.auto.require_consent):
            return False
        return is_elsewhere(self.project, session)

    @property
    def words(self) -> frozenset[str]:
        """The sessions without a transcript, here and in public."""
        public = self.catalog.episodes if self.catalog else ()
        return captions.wordless(self.project, (e.guid for e in public if e.transcripts))

    @property
    def since(self) -> datetime:
        """Since when recordings or transcripts may be missing, a month at most: a bucket holds years of them."""
        words = self.words
        open_ = [s.starts for s in self.project.sessions if s.starts and (s.slug in words or self._is_open(s))]
        earliest = min(open_, default=self.at)
        return min(max(earliest - timedelta(days=1), self.at - _BACK), self.far)

    @property
    def far(self) -> datetime:
        """Since when recordings are wanted that are known to be there, half a year at most; now, where there are none.

        Another machine took them in, or a person has decided at last which it is; the talk may have been held back since.
        """
        wanted = (s for s in self.project.sessions if self.is_elsewhere(s) or (s.pin and self._is_open(s)))
        known = [s.starts for s in wanted if s.starts]
        return max(min(known) - timedelta(days=1), self.at - _FAR) if known else self.at

    def _is_open(self, session: Session) -> bool:
        return not session.recordings and not self.is_settled(session)
