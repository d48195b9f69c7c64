"""Recordings that a session names and that lie on another machine: words are shared through git, recordings are not.

Such a session is open for its recording again, under the name that stands in session.toml. A name that a person mistyped looks the
same from here; so nothing is ever put in the place of a name that is not the recording's own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sessioncast.model import Session
    from sessioncast.project import Project


def is_elsewhere(project: Project, session: Session) -> bool:
    """Whether a session names recordings of its own folder and not one of them is there; addresses are never elsewhere."""
    places = project.recordings(session)
    plain = all(PurePath(name).name == name for name in session.recordings)
    return bool(places) and plain and not any(isinstance(p, str) or p.exists() for p in places)


def opened(session: Session) -> Session:
    """Return the session as if it had no recording yet, to be matched anew."""
    return session.model_copy(update={"recording": None})


def are_named(session: Session, files: Sequence[PurePath]) -> bool:
    """Whether these files, in order, are those a session names: by their own names, or numbered where another file had that."""
    names = session.recordings
    return len(names) == len(files) and all(map(_is_named, names, files))


def restored(project: Project, session: Session, files: Sequence[PurePath]) -> bool:
    """Whether putting these files into the session's folder gives it the recordings it names and that are not here."""
    return is_elsewhere(project, session) and are_named(session, files)


def _is_named(name: str, file: PurePath) -> bool:
    return name == file.name or bool(re.fullmatch(rf"{re.escape(file.stem)}-\d+{re.escape(file.suffix)}", name))
