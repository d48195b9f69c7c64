"""Announcements in the catalog: made, moved, turned into episodes, called off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sessioncast.catalog import CalledOff, Catalog

if TYPE_CHECKING:
    from sessioncast.model import Announced, PublishedEpisode
    from sessioncast.plan.changes import Changes


def keep_in_step(catalog: Catalog, changes: Changes) -> Catalog:
    """Return the catalog with its announcements in step: what became public is announced no more.

    Pages only gain by a new announcement or a talk that goes out, so their revisions grow by themselves. Whatever else
    happens takes something from some page: that raises the floor, as an edit does (the publish argument).
    """
    announcing = changes.announcing
    announced = {a.guid: a for a in catalog.announced}
    renamed = dict(catalog.renamed)
    loses = announcing.takes_away
    for entry in (*announcing.added, *announcing.changed, *announcing.over):
        before = announced.get(entry.guid)
        if before is not None and before.slug != entry.slug:
            renamed = {**{old: new for old, new in renamed.items() if old != entry.slug}, before.slug: entry.slug}
        announced[entry.guid] = entry.model_copy(update={"revision": catalog.revision})
    for entry in (*announcing.called_off, *announcing.dropped):
        announced.pop(entry.guid, None)
    for addition in changes.additions:
        session = addition.wanted.session
        entry_ = announced.pop(session.guid, None)
        if entry_ is not None and entry_.slug != session.slug:
            renamed[entry_.slug] = session.slug
        loses = loses or (entry_ is not None and not _shown_of(entry_) <= _shown_of(catalog.by_guid(session.guid)))
    back = {e.guid for e in (*announcing.added, *announcing.called_off)} | {e.guid for e in catalog.episodes}
    off = (CalledOff(slug=e.slug, guid=e.guid, fingerprints=e.fingerprints) for e in announcing.called_off)
    return catalog.model_copy(
        update={
            "announced": tuple(sorted(announced.values(), key=lambda a: (a.starts, a.guid))),
            "called_off": (*(c for c in catalog.called_off if c.guid not in back), *off),
            "renamed": renamed,
            "floor": catalog.revision if loses and catalog.revision > 1 else catalog.floor,
        }
    )


def _shown_of(talk: Announced | PublishedEpisode | None) -> set[tuple[str, str]]:
    """Return the people and topics whose pages show a talk; none where it is listed nowhere."""
    if talk is None or talk.hidden:
        return set()
    return {("person", c.person) for c in talk.credits if c.group == "cast"} | {("tag", tag) for tag in talk.tags}


def call_off(catalog: Catalog, slug: str) -> Catalog:
    """Return the catalog without the announcement at ``slug``; its texts are remembered, so that no old copy brings it back."""
    revision = catalog.revision + 1
    gone = tuple(a for a in catalog.announced if a.slug == slug)
    guids = {a.guid for a in gone}
    off = (CalledOff(slug=a.slug, guid=a.guid, fingerprints=a.fingerprints) for a in gone)
    return catalog.model_copy(
        update={
            "revision": revision,
            "floor": revision,
            "announced": tuple(a for a in catalog.announced if a.slug != slug),
            "called_off": (*(c for c in catalog.called_off if c.guid not in guids), *off),
        }
    )
