"""What an import writes with: into the folder, or, for ``--dry-run``, nowhere at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from sessioncast import project as folder_of
from sessioncast.errors import ContentError
from sessioncast.kinds import Value
from sessioncast.model import Person, Session
from sessioncast.project.explain import check
from sessioncast.project.value import EPISODES, NOTES_FILE, PEOPLE_FILE, SESSION_FILE, session_file

V = TypeVar("V", bound=Value)


class Hands(Protocol):
    """What may be written, each call returning what then stands there. All raise ContentError for what could not be read back."""

    def write_session(self, session: Session, files: Mapping[str, bytes | Path]) -> tuple[Path, ...]:
        """Write a new session with what lies beside it, and return its files."""

    def put_files(self, inside: Path, files: Mapping[str, bytes | Path]) -> None:
        """Put files into a session's folder."""

    def edit_session(self, known: Session, changes: Mapping[str, object]) -> Session:
        """Change fields of a session."""

    def add_person(self, key: str, person: Person) -> None:
        """Add an entry to people.toml."""

    def edit_person(self, key: str, known: Person, changes: Mapping[str, object]) -> Person:
        """Change fields of an entry."""


@dataclass(frozen=True, slots=True)
class Writing:
    """Hands that write into the show at ``folder``."""

    folder: Path

    def write_session(self, session: Session, files: Mapping[str, bytes | Path]) -> tuple[Path, ...]:
        """Write a new session with what lies beside it, and return its files, session.toml first."""
        return tuple(sorted(folder_of.write_session(self.folder, session, files).iterdir(), reverse=True))

    def put_files(self, inside: Path, files: Mapping[str, bytes | Path]) -> None:
        """Put files into a session's folder."""
        folder_of.put_files(inside, files)

    def edit_session(self, known: Session, changes: Mapping[str, object]) -> Session:
        """Change fields of a session."""
        return folder_of.edit_session(self.folder, known.slug, changes)

    def add_person(self, key: str, person: Person) -> None:
        """Add an entry to people.toml."""
        folder_of.add_person(self.folder, key, person)

    def edit_person(self, key: str, known: Person, changes: Mapping[str, object]) -> Person:
        """Change fields of an entry."""
        del known
        return folder_of.edit_person(self.folder, key, changes)


@dataclass(frozen=True, slots=True)
class Pretending:
    """Hands that say what they would write and write nothing."""

    folder: Path

    def write_session(self, session: Session, files: Mapping[str, bytes | Path]) -> tuple[Path, ...]:
        """Return the files that would be written."""
        names = (SESSION_FILE, *((NOTES_FILE,) if session.notes else ()), *files)
        return tuple(self.folder / EPISODES / session.slug / name for name in names)

    def put_files(self, inside: Path, files: Mapping[str, bytes | Path]) -> None:
        """Do nothing."""

    def edit_session(self, known: Session, changes: Mapping[str, object]) -> Session:
        """Return the session with its changes."""
        return _changed(known, changes, session_file(known.slug))

    def add_person(self, key: str, person: Person) -> None:
        """Do nothing."""

    def edit_person(self, key: str, known: Person, changes: Mapping[str, object]) -> Person:
        """Return the person with their changes."""
        return _changed(known, changes, f"{PEOPLE_FILE}: {key}")


def _changed(known: V, changes: Mapping[str, object], where: str) -> V:
    after = check(type(known), known.model_copy(update=dict(changes)).model_dump(mode="json"), where)
    if isinstance(after, tuple):
        raise ContentError("", problems=after)
    return after
