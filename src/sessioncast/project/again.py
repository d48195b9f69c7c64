"""One session read again, as its folder is now: a person may have changed it while something long was under way."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sessioncast.project.files import read_session

if TYPE_CHECKING:
    from sessioncast.errors import Problem
    from sessioncast.model import Session
    from sessioncast.project.value import Project


def again(project: Project, slug: str) -> tuple[Session | None, tuple[Problem, ...]]:
    """Return a session as it is now, or None and what is wrong with it; the show's settings are those that were read."""
    session, problems = read_session(project.session_folder(slug), ZoneInfo(project.show.timezone), None)
    return session, tuple(problems)
