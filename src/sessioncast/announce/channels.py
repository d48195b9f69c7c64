"""Who is told, as values: machines at every revision, people once a talk. Pure."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from sessioncast import layout

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sessioncast.catalog import Catalog, Untold
    from sessioncast.model import AnnounceSettings, Person, PublishedEpisode
    from sessioncast.model.telling import Shape

Kind = Literal["websub", "podping", "podcastindex", "webhook", "organiser", "speaker"]

_HOSTS = ("host", "co-host", "guest host")
"""Roles of those who make the show: they know that the talk is out."""


@dataclass(frozen=True, slots=True)
class Channel:
    """One way to tell somebody. ``name`` is its own for ever: what was told stands in the store under it.

    ``where`` is an address or, for a webhook, the name of the environment variable that holds it; ``to`` a person's name.
    """

    name: str
    kind: Kind
    where: str
    shape: Shape | None = None
    to: str = ""

    @property
    def is_machine(self) -> bool:
        """Whether it is told of every revision, rather than once of a new talk."""
        return self.kind in ("websub", "podping", "podcastindex") or self.shape == "ping"


def channels(settings: AnnounceSettings, public_url: str) -> tuple[Channel, ...]:
    """Return the channels of a show at this address, speakers aside.

    A show on this machine alone has no use for the world: only hubs and pings, which somebody wrote down as addresses, are told of it.
    """
    return tuple(_all(settings, local=is_local(public_url)))


def _all(settings: AnnounceSettings, *, local: bool) -> Iterator[Channel]:
    for hub in settings.hubs:
        host = (urlsplit(hub).hostname or "").replace(":", "-")
        yield Channel(f"websub-{host}-{layout.hash8(layout.sha256(hub.encode()))}", "websub", hub)
    if settings.podping and not local:
        yield Channel("podping", "podping", settings.podping_url)
    if settings.podcastindex and not local:
        yield Channel("podcastindex", "podcastindex", settings.podcastindex_url)
    for hook in settings.webhooks:
        if hook.shape == "ping" or not local:
            name = f"{hook.shape}-{hook.env.lower().replace('_', '-')}"
            yield Channel(name, "webhook", hook.env, hook.shape)
    if settings.mail and not local:
        for address in settings.mail.to:
            mailbox = re.sub(r"[^a-z0-9]+", "-", address.lower().partition("@")[0])[:40].strip("-")
            yield Channel(
                f"mail-{mailbox}-{layout.hash8(layout.sha256(address.lower().encode()))}", "organiser", address
            )


def speakers(
    settings: AnnounceSettings, episode: PublishedEpisode, people: Mapping[str, Person], public_url: str
) -> tuple[Channel, ...]:
    """Return the speakers of a talk who can be written to: of the cast, hosts aside, with an address in people.toml."""
    if settings.mail is None or not settings.mail.speakers or is_local(public_url):
        return ()
    found: dict[str, Channel] = {}
    for credit in episode.credits:
        person = people.get(credit.person)
        if credit.group == "cast" and credit.role not in _HOSTS and person is not None and person.email:
            found[credit.person] = Channel(f"speaker-{credit.person}", "speaker", person.email, to=person.name)
    return tuple(found.values())


def find(known: tuple[Channel, ...], name: str) -> tuple[Channel, ...]:
    """Return the channels a person means by a name: its own, its kind, its shape, or the variable it is kept in."""
    wanted = name.lower()
    kinds = {"mail": "organiser"}.get(wanted, wanted)
    return tuple(c for c in known if wanted == c.name or kinds == c.kind or wanted == c.shape or name == c.where)


def owed_pings(catalog: Catalog, known: tuple[Channel, ...], live: int) -> tuple[Channel, ...]:
    """Return the machines that don't know yet that the live feed has this revision."""
    return tuple(c for c in known if c.is_machine and catalog.pinged.get(c.name, 0) < live)


def owed_news(catalog: Catalog, live: int) -> tuple[Untold, ...]:
    """Return the talks people are to be told of, as far as the live feed has them."""
    return tuple(news for news in catalog.untold if news.revision <= live)


def is_local(url: str) -> bool:
    """Whether an address leads to this very machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
