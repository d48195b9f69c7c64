"""Stores that hold many episodes already, made without encoding anything."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from sessioncast import layout
from sessioncast.bundles import tracked
from sessioncast.catalog import Catalog, encode, sort_episodes
from sessioncast.model import Enclosure, PublicCredit, PublicShow, PublishedEpisode
from sessioncast.renew import renew
from sessioncast.store.port import Artifact, Roots
from shows import NOON, SHOW_ID, SPEAKERS


def episode(number: int) -> PublishedEpisode:
    """Return the n-th published episode, a day apart, with notes of its own."""
    slug = f"talk-{number:04d}"
    sha256 = hashlib.sha256(slug.encode()).hexdigest()
    key, name = SPEAKERS[number % 4]
    ends = NOON - timedelta(days=number)
    return PublishedEpisode(
        slug=slug,
        guid=f"guid-{number:04d}",
        title=f"Talk number {number}",
        notes=f"What talk {number} was about.\n\n- one thing\n- another thing\n\nAnd a [link](https://example.org/{number}).",
        starts=ends - timedelta(hours=1),
        ends=ends,
        credits=(PublicCredit(person=key, name=name, role="guest", group="cast", bio=f"{name} changed care."),),
        enclosure=Enclosure(
            key=layout.media(slug, sha256), length=1000, media_type="audio/mpeg", duration=60.0, sha256=sha256
        ),
        published=ends,
        fingerprints=(sha256,),
        audio_fingerprint=sha256,
        revision=1,
    )


def catalog_of(count: int, public_url: str = "http://127.0.0.1:8000") -> Catalog:
    """Return a catalog of so many episodes at revision 1."""
    art = hashlib.sha256(b"cover").hexdigest()
    return Catalog(
        show_id=SHOW_ID,
        revision=1,
        show=PublicShow(
            title="Lives in Medicine",
            summary="Talks about those who changed care.",
            language="en",
            timezone="Europe/London",
            link="https://example.org/",
            author="Lives in Medicine",
            categories=("Education",),
            artwork=layout.artwork("cover", art),
            public_url=public_url,
            fingerprints=(art,),
            revision=1,
        ),
        episodes=sort_episodes(tuple(episode(number) for number in range(count))),
    )


def fill(roots: Roots, count: int, public_url: str = "http://127.0.0.1:8000") -> Catalog:
    """Publish so many episodes to empty roots, with a byte of media each, and return the catalog."""
    catalog = tracked(None, catalog_of(count, public_url))
    for item in catalog.episodes:
        roots.public.put(Artifact(item.enclosure.key, b"."))
    roots.public.put(Artifact(catalog.show.artwork, b"."))
    roots.private.put(Artifact(layout.CATALOG, encode(catalog)))
    renew(roots, 1)
    return catalog
