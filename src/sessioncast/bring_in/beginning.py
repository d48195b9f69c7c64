"""The channel of an old feed → the show.toml of a new show, its people and its cover."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from sessioncast.audio.cover import draw_cover
from sessioncast.errors import ContentError
from sessioncast.ingest.slugs import person_key
from sessioncast.model import Person, Show
from sessioncast.oldfeed import Loss
from sessioncast.project.explain import check
from sessioncast.project.value import SHOW_FILE

if TYPE_CHECKING:
    from urllib.parse import SplitResult

    from sessioncast.bring_in.carrying import Carrier
    from sessioncast.oldfeed import OldFeed, OldPerson, OldShow


def show_of(
    feed: OldFeed, address: str, timezone: str, owner: str, show_id: UUID, carrier: Carrier, losses: list[Loss]
) -> tuple[Show, dict[str, Person], bytes]:
    """Return the show, its own people by key, and its cover. What the feed leaves open gets a stand-in, and is named.

    ``owner`` is the e-mail address of whoever imports, for a feed without one. Raises ContentError where no show can be
    made of it.
    """
    said = feed.show
    plain = _plain(said, feed, address, losses)
    plain |= {"id": str(show_id), "timezone": timezone, "title": said.title}
    if email := said.owner_email or owner:
        plain["owner"] = {"name": said.owner_name or plain["author"], "email": email}
    else:
        why = "it has none: write owner in feed/show.toml, or import with --owner: directories mail a code there"
        losses.append(Loss("", "itunes:owner", "", why))
    if timezone == "UTC":
        losses.append(
            Loss("", "timezone", "", 'kept as UTC: write the show\'s own in feed/show.toml, such as "Europe/London"')
        )
    people = {person_key(p.name): p for p in said.people}
    if people:
        plain["credits"] = [{"person": key, "role": p.role, "group": p.group} for key, p in people.items()]
    extension, cover = carrier.picture(said.artwork, "") if said.artwork else ("", b"")
    if not cover:
        losses.append(
            Loss("", "itunes:image", said.artwork, "a cover was drawn: put the show's own into feed/cover.png")
        )
        extension, cover = "png", draw_cover(said.title, str(plain["author"]))
    plain["artwork"] = f"cover.{extension}"
    for name, value in said.more.items():
        if isinstance(check(Show, {**plain, name: value}, SHOW_FILE), Show):
            plain[name] = value
        else:
            losses.append(Loss("", name, str(value), "is not kept: show.toml can't hold it"))
    show = check(Show, plain, SHOW_FILE, under="show")
    if not isinstance(show, Show):
        raise ContentError("no show can be made of this feed", problems=show)
    return show, {key: _person(p) for key, p in people.items()}, cover


def _plain(said: OldShow, feed: OldFeed, address: str, losses: list[Loss]) -> dict[str, object]:
    """Return the fields of show.toml that every feed has, each with a stand-in."""

    def instead(name: str, value: str, stand_in: str) -> str:
        if not value:
            losses.append(Loss("", name, "", f"it has none: feed/show.toml says {stand_in!r} until you write your own"))
        return value or stand_in

    author = instead("itunes:author", said.author or said.owner_name, said.title)
    plain: dict[str, object] = {
        "summary": instead("description", said.summary, said.title),
        "language": instead("language", said.language, "en"),
        "link": instead("link", said.link, _site(address or feed.items[0].audio.url)),
        "author": author,
        "categories": list(said.categories) or [instead("itunes:category", "", "Education")],
        "explicit": bool(said.explicit),
        "type": said.type,
        "episode_art": "none",
    }
    if said.copyright:
        plain["copyright"] = said.copyright
    if said.locked is not None:
        plain["locked"] = said.locked
    if said.podcast_guid:
        plain["podcast_guid"] = said.podcast_guid
    if said.season_names:
        plain["season_names"] = dict(said.season_names)
    former = [url for url in dict.fromkeys((said.address, address)) if url.startswith("http")]
    if former:
        plain["former_feeds"] = former
    return plain


def _site(address: str) -> str:
    from urllib.parse import urlsplit

    parts: SplitResult = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}/"


def _person(said: OldPerson) -> Person:
    return Person(name=said.name, link=said.link or None, image=said.image or None)
