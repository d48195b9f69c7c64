"""Who speaks at an event: performers as nodes, lists or names in a string, with what is said of them."""

from __future__ import annotations

import re

from sessioncast.ingest.draft import DraftPerson
from sessioncast.ingest.html import plain_text
from sessioncast.ingest.names import HONORIFICS, people_in
from sessioncast.ingest.nodes import Node, Nodes, types_of

_WEB = re.compile(r"https?://[^\s/]+\S*")
_GROUPS = frozenset({"Organization", "PerformingGroup", "MusicGroup", "TheaterGroup", "DanceGroup", "EducationalOrganization",
                     "CollegeOrUniversity", "Corporation", "NGO"})  # fmt: skip


def people_of(nodes: Nodes, event: Node) -> tuple[tuple[DraftPerson, ...], tuple[str, ...]]:
    """Return the speakers in order, and remarks on groups and on organisers, who are not taken for speakers."""
    found: dict[str, DraftPerson] = {}
    remarks: list[str] = []
    for value in nodes.values(event, "performer", "performers", "speaker", "actor", "instructor"):
        if isinstance(value, str):
            said = () if _WEB.fullmatch(value) else people_in(plain_text(value), labelled=True)
            if not said and not _WEB.fullmatch(value):
                remarks.append(f"can't tell who performs from {value[:80]!r}")
        elif _GROUPS & set(types_of(value)):
            remarks.append(
                f"the performer {plain_text(nodes.text(value, 'name'))!r} is a group, no person: name its speakers by hand"
            )
            continue
        else:
            said = _person(nodes, value)
        for person in said:
            found.setdefault(person.name.casefold(), person)
    if not found:
        hosts = [v for v in nodes.values(event, "organizer") if isinstance(v, dict) and "Person" in types_of(v)]
        names = [plain_text(nodes.text(host, "name")) for host in hosts]
        remarks += [f"{name} is named as organiser, not as a speaker" for name in names if name]
    return tuple(found.values()), tuple(remarks)


def _person(nodes: Nodes, node: Node) -> tuple[DraftPerson, ...]:
    parts = (nodes.text(node, "givenName"), nodes.text(node, "familyName"))
    name = plain_text(nodes.text(node, "name")) or " ".join(filter(None, parts))
    name = HONORIFICS.sub("", " ".join(name.split()))[:255]
    if not name:
        return ()
    links = [url for url in (*nodes.texts(node, "url"), *nodes.texts(node, "sameAs")) if _WEB.fullmatch(url)]
    works = (plain_text(nodes.text(node, key)).replace("\n", " ") for key in ("jobTitle", "affiliation"))
    at = [work for work in works if work] or [plain_text(nodes.text(node, "worksFor"))]
    bio = plain_text(nodes.text(node, "description", "disambiguatingDescription"))
    return (DraftPerson(name, bio, ", ".join(filter(None, at)), next(iter(links), "")),)
