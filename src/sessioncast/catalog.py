"""What is public, in one value: ``catalog.json`` in the private root, changed only by compare-and-swap.

Every change returns a new catalog whose revision is one higher; what it changed carries that revision, so that
the feed and the pages, which are pure functions of the catalog, can carry it in their bytes (ARCHITECTURE.md,
"The publish argument").
"""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, Field, ValidationError

from sessioncast.errors import CatalogBroken, ConflictError
from sessioncast.kinds import Slug, Value
from sessioncast.model import Announced, PublicShow, PublishedEpisode

SCHEMA = 3


class Tombstone(Value):
    """A talk that was taken down: nothing of it but its identity. Beats every later upsert until a person lifts it."""

    guid: str
    lifted: bool = Field(
        default=False, description="Put back by `restore SLUG`: may go out again, under new media keys."
    )
    slug: Slug = Field(
        description="Keeps its address answered by 'withdrawn', and the slug from being given to another talk."
    )
    revision: int


class Debt(Value):
    """Something a commit promised that has not happened yet: delete a public key, or all keys below one that ends in a slash.

    Due only once the live feed has ``revision``: an older one still names the key.
    """

    delete: str
    revision: int


class Untold(Value):
    """A new talk of which people are still to be told. What each of them was told stands in ``announced/`` of the private root.

    Due only once the live feed has ``revision``.
    """

    guid: str
    revision: int


class CalledOff(Value):
    """An announcement that was taken back: its texts' fingerprints alone, so that an old copy doesn't announce it again."""

    slug: Slug
    guid: str
    fingerprints: tuple[str, ...]


class Catalog(Value):
    """What is public and what is owed. ``episodes`` are sorted newest first, ties by guid (IT-PUBDATE-DISTINCT)."""

    schema_version: int = SCHEMA
    show_id: UUID
    revision: int = 0
    floor: int = Field(
        default=0, description="The last revision that changed or took away what was public: pages are never older."
    )
    show: PublicShow
    episodes: tuple[PublishedEpisode, ...] = ()
    announced: tuple[Announced, ...] = Field(default=(), description="Sessions to come, the next one first.")
    called_off: tuple[CalledOff, ...] = Field(default=(), description="Announcements that were taken back.")
    tombstones: tuple[Tombstone, ...] = ()
    renamed: dict[Slug, Slug] = Field(default_factory=dict, description="Old slug → slug, for pages that moved.")
    owed: tuple[Debt, ...] = ()
    untold: tuple[Untold, ...] = Field(default=(), description="New talks of which people are still to be told.")
    pinged: dict[str, int] = Field(
        default_factory=dict,
        description="The last revision each hub or index was told of; one that is behind the catalog's is owed a ping.",
    )
    dates: dict[str, AwareDatetime] = Field(
        default_factory=dict, description="guid → pubDate of talks that are not public now, should they come back."
    )
    search: dict[str, str] = Field(
        default_factory=dict, description="Season → bundle that the browser searches it with (a prefix of keys)."
    )
    search_format: str = Field(
        default="", description="What made those bundles; another one indexes every season again."
    )
    searched: dict[str, str] = Field(
        default_factory=dict, description="Season → the bundle before, for pages that readers still have open."
    )
    moved_to: str | None = Field(
        default=None, description="The public address the show moved to: nobody publishes here any more."
    )

    def by_slug(self, slug: str) -> PublishedEpisode | None:
        """Return the public episode at this slug."""
        return next((e for e in self.episodes if e.slug == slug), None)

    def by_guid(self, guid: str) -> PublishedEpisode | None:
        """Return the public episode with this guid, compared case-sensitively (IT-GUID)."""
        return next((e for e in self.episodes if e.guid == guid), None)

    def announcement(self, guid: str) -> Announced | None:
        """Return the announced session with this guid."""
        return next((a for a in self.announced if a.guid == guid), None)

    def fingerprints_called_off(self, guid: str) -> tuple[str, ...]:
        """Return the fingerprints of an announcement that was taken back; none where it never was."""
        return next((c.fingerprints for c in self.called_off if c.guid == guid), ())

    def tombstone(self, guid: str) -> Tombstone | None:
        """Return the tombstone of a talk that was taken down, lifted or not."""
        return next((t for t in self.tombstones if t.guid == guid), None)

    def object_keys(self) -> frozenset[str]:
        """Return every immutable public key the catalog names."""
        return self.show.object_keys().union(*(e.object_keys() for e in self.episodes))


def sort_episodes(episodes: tuple[PublishedEpisode, ...]) -> tuple[PublishedEpisode, ...]:
    """Return the episodes newest first; ties by guid, so that order is the same everywhere."""
    return tuple(sorted(sorted(episodes, key=lambda e: e.guid), key=lambda e: e.published, reverse=True))


def encode(catalog: Catalog) -> bytes:
    """Return the catalog as sorted, newline-terminated JSON: the same catalog gives the same bytes."""
    plain = catalog.model_dump(mode="json", exclude_defaults=False)
    return (json.dumps(plain, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def decode(body: bytes, where: str) -> Catalog:
    """Return the catalog read from ``where``.

    Raises ConflictError for a newer schema (a newer sessioncast wrote it), CatalogBroken for bytes that are no catalog.
    """
    try:
        plain: Any = json.loads(body)
    except ValueError:
        plain = None
    if not isinstance(plain, dict) or not isinstance(plain.get("schema_version"), int):
        raise CatalogBroken(
            f"{where}: found bytes that are no catalog, expected JSON written by sessioncast",
            hint="put an earlier one back: sessioncast restore",
        )
    if plain["schema_version"] > SCHEMA:
        raise ConflictError(
            f"{where}: found catalog schema {plain['schema_version']}, expected at most {SCHEMA}: a newer sessioncast publishes this show",
            hint="pipx upgrade sessioncast",
        )
    try:
        return Catalog.model_validate({**plain, "schema_version": SCHEMA})
    except ValidationError as e:
        first = e.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise CatalogBroken(
            f"{where}: {key}: found {first['input']!r:.60}, expected {first['msg']}",
            hint="put an earlier one back: sessioncast restore",
        ) from None
