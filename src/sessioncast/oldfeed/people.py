"""Who is credited: podcast:person, and the author elements of older feeds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sessioncast import vocabulary
from sessioncast.oldfeed import words
from sessioncast.oldfeed.markup import line_of
from sessioncast.oldfeed.value import OldPerson
from sessioncast.rules.document import attribute, tags, value

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from sessioncast.oldfeed.ledger import Ledger

DC_CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
_MAIL = re.compile(r"^\s*\S+@\S+\s*\((?P<name>[^)]+)\)\s*$")
_ACCOUNT = re.compile(r"[a-z0-9._-]+")
"""What content systems write as an author where nobody gave a name: ``admin``."""
_NAME_MOST = 128
_SAID_MOST = 500


def credited(parent: Element, ledger: Ledger) -> tuple[OldPerson, ...]:
    """Return the people of ``podcast:person``, each once."""
    found: dict[str, OldPerson] = {}
    for tag in tags(parent, "podcast:person"):
        said = value(tag).strip()
        name = line_of(said)[:_NAME_MOST].strip()
        if not name:
            ledger.lost("podcast:person", said or attribute(tag, "href"), "is not kept: it names nobody")
            continue
        group, role = attribute(tag, "group") or "cast", attribute(tag, "role") or "host"
        known = vocabulary.find_role(group, role)
        if known is None:
            ledger.lost("podcast:person", f"{name} ({group}: {role})", "kept as a guest: no such role in the taxonomy")
        group, role = known or ("cast", "guest")
        image, link = attribute(tag, "img").strip(), attribute(tag, "href").strip()
        if image and not (image.startswith("https://") and words.address(image) and len(image) <= 1000):
            ledger.lost("podcast:person img", image, "is not kept: no https address")
            image = ""
        if link and not words.address(link):
            ledger.lost("podcast:person href", link, "is not kept: no http(s) address")
            link = ""
        person = OldPerson(name, role.lower(), group.lower(), link, image)
        if name in found:
            ledger.lost("podcast:person", f"{name} ({group}: {role})", "is not kept: credited once already")
        found.setdefault(name, person)
    return tuple(found.values())


def by_author(parent: Element, known: str, ledger: Ledger) -> tuple[OldPerson, ...]:
    """Return whom an item's author elements name, where that is not the show's own author ``known``."""
    names = []
    for tag in (*tags(parent, "itunes:author"), *tags(parent, "author"), *parent.findall(DC_CREATOR)):
        said = value(tag).strip()[:_SAID_MOST]
        mail = _MAIL.match(said)
        name = line_of(mail["name"] if mail else said)[:_NAME_MOST].strip()
        if "@" in name or _ACCOUNT.fullmatch(name):
            ledger.lost("itunes:author", said, "is not kept: an address or account, and no name")
        elif name and name.casefold() != known.casefold() and name not in names:
            names.append(name)
    for name in names:
        ledger.lost("itunes:author", name, "kept as a guest: an item's author says no role")
    return tuple(OldPerson(name) for name in names)
