"""Two entries of people.toml that are one person: proposed by how the names are written, made one when a person says so."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from sessioncast import project as folder_of
from sessioncast.errors import ContentError
from sessioncast.ingest.same_person import same_person
from sessioncast.model import Credit
from sessioncast.project import Project
from sessioncast.project.explain import closest
from sessioncast.project.value import PEOPLE_FILE, SESSION_FILE, SHOW_FILE


@dataclass(frozen=True, slots=True)
class Pair:
    """Two keys that may be one person's: ``key`` has the fuller name."""

    key: str
    other: str
    why: str

    @property
    def hint(self) -> str:
        """The command that makes them one."""
        return f"sessioncast people --same {self.key} {self.other}"


def appearances(show: Project) -> dict[str, tuple[str, ...]]:
    """Return the sessions in which each person of people.toml is credited, with the role where it isn't a guest's."""
    found: dict[str, list[str]] = {key: [] for key in show.people}
    for credit in show.show.credits:
        found[credit.person].append(f"the show ({credit.role})")
    for session in show.sessions:
        for credit in session.credits:
            found[credit.person].append(session.slug + ("" if credit.role == "guest" else f" ({credit.role})"))
    return {key: tuple(where) for key, where in found.items()}


def same_people(show: Project) -> tuple[Pair, ...]:
    """Return the pairs of entries whose names may be one person's, written differently."""
    pairs = []
    for (a, one), (b, two) in combinations(show.people.items(), 2):
        why = same_person(one.name, two.name)
        if why:
            fuller = (a, b) if _fullness(one.name) >= _fullness(two.name) else (b, a)
            pairs.append(Pair(*fuller, why))
    return tuple(pairs)


def _fullness(name: str) -> tuple[bool, int]:
    """Return how well a name serves for the entry: in its natural order first, then the longer one."""
    return "," not in name, len(name)


def make_one(folder: Path, key: str, other: str) -> tuple[Path, ...]:
    """Let ``other`` be ``key``: its name goes under ``also``, what only it says is kept, every credit is rewritten, its entry goes.

    Sessions come first and the entry goes last: killed in between, the same command again goes on. Returns the files written. Raises
    ContentError for a key that isn't there, and where show.toml credits ``other``.
    """
    show = folder_of.load(folder)
    for wanted in (key, other):
        if wanted not in show.people:
            near = closest(wanted, show.people)
            raise ContentError(
                f"{PEOPLE_FILE}: found no {wanted}, expected a key of this file",
                hint=f"did you mean {near}?" if near else "sessioncast people",
            )
    if key == other:
        raise ContentError(f"found {key} twice, expected two keys of {PEOPLE_FILE}", hint="sessioncast people")
    if any(credit.person == other for credit in show.show.credits):
        raise ContentError(
            f"{SHOW_FILE}: found {other} among the show's credits, expected {key} there first",
            hint=f'write person = "{key}" in {SHOW_FILE}, then run this again',
        )
    kept, gone = show.people[key], show.people[other]
    names = [name for name in (*kept.also, gone.name, *gone.also) if name.casefold() != kept.name.casefold()]
    blank = {
        f: getattr(gone, f)
        for f in ("affiliation", "bio", "link", "image")
        if getattr(gone, f) and not getattr(kept, f)
    }
    folder_of.edit_person(folder, key, {"also": tuple(dict.fromkeys(names)), **blank})
    touched = [show.folder / PEOPLE_FILE]
    for session in show.sessions:
        if any(credit.person == other for credit in session.credits):
            credited = (
                Credit(person=key, role=c.role, group=c.group) if c.person == other else c for c in session.credits
            )
            folder_of.edit_session(folder, session.slug, {"credits": tuple(dict.fromkeys(credited))})
            touched.append(show.session_folder(session.slug) / SESSION_FILE)
    folder_of.remove_person(folder, other)
    return tuple(touched)
