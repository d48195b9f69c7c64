"""What of a show folder can't be read now, and which new drafts might be just that: written again they would be there twice."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from sessioncast import project as folder_of
from sessioncast.errors import ContentError
from sessioncast.ingest.draft import Draft
from sessioncast.ingest.slugs import session_slug
from sessioncast.project import Project
from sessioncast.project.value import EPISODES, PEOPLE_FILE, SESSION_FILE, session_file


@dataclass(frozen=True, slots=True)
class Broken:
    """The folders of sessions that are left out, and whether people.toml has problems."""

    sessions: tuple[Path, ...] = ()
    people: bool = False

    def __bool__(self) -> bool:
        """Whether anything is broken."""
        return bool(self.sessions) or self.people

    def refuse(self, draft: Draft) -> None:
        """Raise ContentError for a draft that might be a session that is left out, or whose people nobody can tell."""
        where = draft.origin or draft.source or draft.title
        if self.people and draft.people and not draft.cancelled:
            raise ContentError(
                f"{where}: found people for {PEOPLE_FILE}, which can't be read, expected to know who is in it already; not imported",
                hint=f"mend {PEOPLE_FILE}: sessioncast check",
            )
        for inside in self.sessions:
            if _might_be(draft, inside):
                file = session_file(inside.name)
                raise ContentError(
                    f"{where}: found what might be {file}, which can't be read, expected to know it; not imported a second time",
                    hint=f"mend {file}: sessioncast check",
                )


def good_ones(folder: Path) -> tuple[Project, Broken]:
    """Return the show with its good sessions, and what is broken. Raises ContentError where the show itself is wrong."""
    show, problems = folder_of.inspect(folder)
    if show is None:
        raise ContentError(f"{folder}: the show can't be used", problems=problems)
    if not problems:
        return show, Broken()
    good = {session.slug for session in show.sessions}
    inside = sorted((show.folder / EPISODES).glob("[!.]*"))
    left = tuple(path for path in inside if path.is_dir() and path.name not in good)
    return show, Broken(left, any(problem.file == PEOPLE_FILE for problem in problems))


def _might_be(draft: Draft, inside: Path) -> bool:
    """Whether a folder has the draft's name, or its file says what tells the draft apart; one that is no TOML might be anything."""
    if inside.name in (draft.slug, session_slug(draft)):
        return True
    try:
        said = tomllib.loads((inside / SESSION_FILE).read_text("utf-8"))
    except FileNotFoundError:
        return False
    except (OSError, ValueError):
        return True
    source = draft.source.partition("#")[0] if draft.by_name else draft.source
    same = (said.get("guid") == draft.guid, said.get("title") == draft.title)
    return any(same) or bool(source and str(said.get("source", "")).startswith(source))
