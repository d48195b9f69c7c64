"""Values that channel and item have in common: people, pictures, licence, places, discussions (rules, section 4.4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sessioncast import layout, vocabulary
from sessioncast.extras import Discussion, Funding, License, Location
from sessioncast.feed.node import Node, given
from sessioncast.model import PublicCredit, PublicShow

NAME_MAX = 128
"""Characters of a text in the podcast namespace (NS_TEXT_MAX)."""


def people(show: PublicShow, credited: Iterable[PublicCredit]) -> Iterator[Node]:
    """Yield ``podcast:person`` elements (NS-PERSON)."""
    for credit in credited:
        group, role = vocabulary.find_role(credit.group, credit.role) or (credit.group, credit.role)
        attributes = {"group": group.lower(), "role": role.lower()}
        if credit.image:
            attributes |= given(img=_https(picture_address(show, credit.image)))
        if credit.link and credit.link.startswith("https://"):  # URL-HTTPS-NS
            attributes["href"] = credit.link
        yield Node(credit.name[:NAME_MAX].strip(), attributes)


def _https(address: str) -> str | None:
    return address if address.startswith("https://") else None  # URL-HTTPS-NS


def picture_address(show: PublicShow, image: str) -> str:
    """Return the address of a picture that is one already, or a key of the public root."""
    return image if image.startswith("https://") else layout.address(show.public_url, image)


def artwork(address: str, alt: str) -> Iterator[Node]:
    """Yield a square ``podcast:image`` (NS-IMAGE), which takes https alone (URL-HTTPS-NS); itunes:image serves at home."""
    if address.startswith("https://"):
        attributes = {"href": address, "alt": alt, "aspect-ratio": "1/1", "type": "image/jpeg", "purpose": "artwork"}
        yield Node(attributes=attributes)


def license_of(value: License | None) -> Iterator[Node]:
    """Yield ``podcast:license`` (NS-LICENSE)."""
    if value:
        yield Node(value.name, given(url=value.url))


def location(value: Location | None) -> Iterator[Node]:
    """Yield ``podcast:location`` (NS-LOCATION)."""
    if value:
        yield Node(value.name, given(rel=value.rel, geo=value.geo, osm=value.osm, country=value.country))


def funding(values: Iterable[Funding]) -> Iterator[Node]:
    """Yield ``podcast:funding`` (NS-FUNDING)."""
    return (Node(value.text, {"url": value.url}) for value in values)


def discussions(values: Iterable[Discussion]) -> Iterator[Node]:
    """Yield ``podcast:socialInteract`` (NS-SOCIAL)."""
    for value in values:
        if value.protocol == "disabled":
            yield Node(attributes={"protocol": "disabled"})
        else:
            where = given(uri=value.uri, accountId=value.account, priority=value.priority)
            yield Node(attributes={"protocol": value.protocol, **where})
