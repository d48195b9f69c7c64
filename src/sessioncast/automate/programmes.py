"""What programmes say, into the show folder: refusals first and whatever else is broken, then new sessions, then what differs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from sessioncast import project as folder_of_show
from sessioncast.automate.sources import read_source, shown
from sessioncast.bring_in import Gathered, bring_in, one_error, refused
from sessioncast.errors import ContentError

if TYPE_CHECKING:
    from sessioncast.automate.story import Unattended
    from sessioncast.bring_in.outcome import Outcome
    from sessioncast.errors import SessioncastError
    from sessioncast.ingest.draft import Draft
    from sessioncast.project import Project

Tell = Callable[[str, str, str], None]


@dataclass(slots=True)
class Programmes:
    """The programmes that one pass reads; ``did``, ``wait`` and ``fail`` are told."""

    hands: Unattended
    at: datetime
    did: Tell
    wait: Tell
    fail: Callable[[SessioncastError], None]
    _said: list[Sequence[Draft]] = field(default_factory=list)

    def take(self, source: str) -> None:
        """Write what a source says of new sessions; what it says otherwise of known ones is told, and only a refusal applied.

        Raises ContentError or SourceError for one that can't be read, once the refusals in what could be read are applied.
        """
        project = self.hands.show()[0]  # each source sees what the one before it wrote
        read = self.hands.read
        said = Gathered(tuple(read(project, source))) if read else read_source(project, source, self.at)
        self._said.append(said.drafts)
        self._refuse(project, said.drafts, shown(source))
        if (wrong := one_error(said.wrong)) is not None:
            raise wrong
        for outcome in bring_in(project.folder, said.drafts, failed=self.fail):
            self._imported(outcome, shown(source))

    def heeded(self, project: Project) -> Project:
        """Return the show with every session refused of which a programme of this pass says so.

        A refusal that could not be written, or whose session could not be read at the time, counts all the same.
        """
        final = {session.guid for drafts in self._said for session in refused(project, drafts)}
        sessions = (s.model_copy(update={"consent": "refused"}) if s.guid in final else s for s in project.sessions)
        return replace(project, sessions=tuple(sessions)) if final else project

    def _refuse(self, project: Project, drafts: Sequence[Draft], source: str) -> None:
        """Write refusals down: a programme that says "do not record" is final, even over a person's own yes."""
        for session in refused(project, drafts):
            if session.consent == "refused":
                continue
            try:
                folder_of_show.edit_session(project.folder, session.slug, {"consent": "refused"})
            except ContentError as e:
                self.fail(e)
            else:
                self.did("import", session.slug, f"consent refused, says {source}")

    def _imported(self, outcome: Outcome, source: str) -> None:
        if outcome.word == "written":
            self.did("import", outcome.slug, f"written from {source}")
        elif outcome.word == "differs":
            fields = ", ".join(d.field for d in outcome.differences if not d.yours)
            self.wait(
                outcome.slug,
                f"{source} says otherwise: {fields}",
                f"sessioncast import {source} --update takes it over",
            )
