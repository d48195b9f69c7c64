"""The speakers of a draft ⇄ people.toml: found by name or key, added when new, changed only when asked to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sessioncast import project as folder_of
from sessioncast.bring_in.outcome import Difference
from sessioncast.errors import ContentError
from sessioncast.ingest.draft import Draft, DraftPerson
from sessioncast.ingest.slugs import person_key
from sessioncast.model import Person
from sessioncast.project import Project
from sessioncast.project.explain import check
from sessioncast.project.value import PEOPLE_FILE


@dataclass(frozen=True, slots=True)
class Member:
    """A speaker of the draft and the entry of people.toml that is theirs, if there is one."""

    key: str
    said: DraftPerson
    known: Person | None

    def changes(self) -> dict[str, str]:
        """Return what the source says otherwise than people.toml."""
        if self.known is None:
            return {}
        theirs = {
            "name": self.said.name.strip(),
            "affiliation": self.said.affiliation.strip(),
            "bio": self.said.bio.strip(),
        }
        return {field: value for field, value in theirs.items() if value and value != getattr(self.known, field)}


def cast_of(show: Project, draft: Draft) -> tuple[Member, ...]:
    """Return the draft's speakers, each once, found in people.toml by name (the organisers' own key) or by key."""
    by_name = {person.name.casefold(): key for key, person in show.people.items()}
    members: dict[str, Member] = {}
    for said in draft.people:
        key = by_name.get(said.name.strip().casefold()) or person_key(said.name)
        members.setdefault(key, Member(key, said, show.people.get(key)))
    return tuple(members.values())


def people_differences(cast: Iterable[Member]) -> tuple[Difference, ...]:
    """Return everything the draft says of known people that people.toml says otherwise."""
    return tuple(
        Difference(f"people.{member.key}.{field}", getattr(member.known, field), value)
        for member in cast
        for field, value in member.changes().items()
    )


def write_people(show: Project, cast: Iterable[Member], update: bool) -> tuple[dict[str, Person], tuple[Path, ...]]:
    """Add who is new; change who is known only with ``update``. Returns everybody, and people.toml if it was written."""
    people = dict(show.people)
    for member in cast:
        if member.known is None:
            said = {"name": member.said.name, "affiliation": member.said.affiliation, "bio": member.said.bio}
            person = check(Person, said, PEOPLE_FILE, under=member.key)
            if not isinstance(person, Person):
                raise ContentError("", problems=person)
            folder_of.add_person(show.folder, member.key, person)
            people[member.key] = person
        elif update and (changes := member.changes()):
            people[member.key] = folder_of.edit_person(show.folder, member.key, changes)
    return people, (() if people == show.people else (show.folder / PEOPLE_FILE,))
