"""The speakers of a draft ⇄ people.toml: found by name or key, added when new, changed only when asked to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from sessioncast.bring_in.hands import Hands
from sessioncast.bring_in.memory import Memory
from sessioncast.bring_in.outcome import Difference
from sessioncast.errors import ContentError
from sessioncast.ingest.draft import Draft, DraftPerson
from sessioncast.ingest.same_person import same_person
from sessioncast.ingest.slugs import person_key
from sessioncast.kinds import SLUG
from sessioncast.model import Credit, Person
from sessioncast.project import Project
from sessioncast.project.explain import check
from sessioncast.project.value import PEOPLE_FILE


@dataclass(frozen=True, slots=True)
class Member:
    """A speaker of the draft and the entry of people.toml that is theirs, if there is one."""

    key: str
    said: DraftPerson
    known: Person | None
    roles: tuple[tuple[str, str], ...] = ()

    @property
    def credits(self) -> tuple[Credit, ...]:
        """Return what they are credited with in this session, once for each role."""
        return tuple(Credit(person=self.key, role=role, group=group) for role, group in self.roles)

    @property
    def of(self) -> str:
        """What they are called in the memory of what sources said."""
        return f"people/{self.key}"

    def says(self) -> dict[str, str]:
        """Return what the source says of them, by field of people.toml."""
        theirs = {
            "name": self.said.name.strip(),
            "affiliation": self.said.affiliation.strip(),
            "bio": self.said.bio.strip(),
            "link": self.said.link.strip(),
            "image": self.said.image.strip(),
        }
        alias = self.known is not None and _folded(self.said.name) in map(_folded, self.known.also)
        return {field: value for field, value in theirs.items() if value and not (alias and field == "name")}

    def changes(self, memory: Memory, *, applied: bool = False) -> dict[str, str]:
        """Return what the source says otherwise than people.toml; only what may be ``applied``: a person's own words stay."""
        if self.known is None:
            return {}
        now = {field: getattr(self.known, field) or "" for field in self.says()}
        return {
            field: value
            for field, value in self.says().items()
            if value != now[field] and not (applied and memory.is_yours(self.of, field, now[field]))
        }


def cast_of(show: Project, draft: Draft) -> tuple[Member, ...]:
    """Return the draft's speakers, each once, found in people.toml by name (the organisers' own key), by ``also``, or by key."""
    by_name = {_folded(name): key for key, person in show.people.items() for name in person.also}
    by_name |= {_folded(person.name): key for key, person in show.people.items()}
    members: dict[str, Member] = {}
    for said in draft.people:
        key = _own_key(show, said) or by_name.get(_folded(said.name)) or person_key(said.name)
        member = members.get(key, Member(key, said, show.people.get(key)))
        role = said.role, said.group or "cast"
        members[key] = member if role in member.roles else replace(member, roles=(*member.roles, role))
    return tuple(members.values())


def _own_key(show: Project, said: DraftPerson) -> str:
    """Return the key an export of ours names, unless it is somebody else's in this show."""
    known = show.people.get(said.key)
    fits = SLUG.fullmatch(said.key) and (known is None or _folded(said.name) in map(_folded, (known.name, *known.also)))
    return said.key if fits else ""


def _folded(name: str) -> str:
    return " ".join(name.split()).casefold()


def proposals(show: Project, cast: Iterable[Member]) -> tuple[str, ...]:
    """Return a remark for everybody new who may be somebody known, written differently, with the line that would say so."""
    found = []
    for member in cast:
        if member.known is None:
            for key, person in show.people.items():
                why = same_person(member.said.name, person.name)
                if why:
                    also = ", ".join(f'"{name}"' for name in (*person.also, member.said.name.strip()))
                    found.append(
                        f"{member.said.name} may be {person.name} ({why}): if so, sessioncast people --same {key} {member.key}; "
                        f"or write also = [{also}] under [{key}] in {PEOPLE_FILE} before importing"
                    )
    return tuple(found)


def people_differences(cast: Iterable[Member], memory: Memory) -> tuple[Difference, ...]:
    """Return everything the draft says of known people that people.toml says otherwise."""
    found = []
    for member in cast:
        may = member.changes(memory, applied=True)
        for field, value in member.changes(memory).items():
            ours = getattr(member.known, field) or ""
            found.append(Difference(f"people.{member.key}.{field}", ours, value, yours=field not in may))
    return tuple(found)


def write_people(
    show: Project, cast: Iterable[Member], memory: Memory, hands: Hands, *, update: bool
) -> tuple[dict[str, Person], tuple[Path, ...]]:
    """Add who is new; change who is known only with ``update``. Returns everybody, and people.toml if it was written."""
    people = dict(show.people)
    for member in cast:
        if member.known is None:
            person = check(Person, {**member.says(), "name": member.said.name}, PEOPLE_FILE, under=member.key)
            if not isinstance(person, Person):
                raise ContentError("", problems=person)
            hands.add_person(member.key, person)
            people[member.key] = person
        elif update and (changes := member.changes(memory, applied=True)):
            people[member.key] = hands.edit_person(member.key, people[member.key], changes)
        if member.known is None or update:
            now = people[member.key]
            memory.remember(member.of, {f: v for f, v in member.says().items() if (getattr(now, f) or "") == v})
    return people, (() if people == show.people else (show.folder / PEOPLE_FILE,))
