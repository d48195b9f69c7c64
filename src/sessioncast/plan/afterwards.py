"""What becomes of a talk that is public: taken down, let back, renamed, put back as it was. Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sessioncast.catalog import Catalog, Debt, Tombstone

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sessioncast.model import PublishedEpisode

PRUNE_AFTER = timedelta(days=14)
"""An object that nothing names may belong to a publish that is still running; after this long it does not."""


def withdraw(catalog: Catalog, slugs: Iterable[str]) -> Catalog:
    """Return the catalog with these talks buried: guid and slug stay, their objects are owed for deletion."""
    revision = catalog.revision + 1
    gone = [e for e in catalog.episodes if e.slug in set(slugs)]
    guids = {e.guid for e in gone}
    stays = tuple(e for e in catalog.episodes if e.guid not in guids)
    after = catalog.model_copy(
        update={
            "revision": revision,
            "floor": revision,
            "episodes": stays,
            "tombstones": (
                *(t for t in catalog.tombstones if t.guid not in guids),
                *(Tombstone(guid=e.guid, slug=e.slug, revision=revision) for e in gone),
            ),
            "dates": {**catalog.dates, **{e.guid: e.published for e in gone}},
        }
    )
    replaced = {key for e in gone for key in e.replaced}
    return owing(after, sorted((catalog.object_keys() | replaced) - after.object_keys()))


def owing(catalog: Catalog, keys: Sequence[str]) -> Catalog:
    """Return the catalog with these keys owed for deletion."""
    debts = (Debt(delete=key, revision=catalog.revision) for key in keys)
    return catalog.model_copy(update={"owed": (*catalog.owed, *debts)})


def lift(catalog: Catalog, slug: str) -> Catalog:
    """Return the catalog with the tombstone at ``slug`` lifted: its session may be published again."""
    revision = catalog.revision + 1
    lifted = tuple(t.model_copy(update={"lifted": True}) if t.slug == slug else t for t in catalog.tombstones)
    return catalog.model_copy(update={"revision": revision, "floor": revision, "tombstones": lifted})


def rename(catalog: Catalog, old: str, new: str) -> Catalog:
    """Return the catalog with an episode's page moved: guid, date and audio stay, the old address points on."""
    revision = catalog.revision + 1
    episodes = tuple(
        e.model_copy(update={"slug": new, "revision": revision}) if e.slug == old else e for e in catalog.episodes
    )
    renamed = {was: (new if to == old else to) for was, to in catalog.renamed.items() if was != new}
    return catalog.model_copy(
        update={"revision": revision, "floor": revision, "episodes": episodes, "renamed": {**renamed, old: new}}
    )


def _with_todays_sound(kept: PublishedEpisode, current: Catalog) -> PublishedEpisode:
    """Return an earlier text of an episode with the audio it has now: what was redacted since must not come back."""
    now = current.by_guid(kept.guid)
    if now is None or (now.enclosure.key == kept.enclosure.key and now.sound_keys() == kept.sound_keys()):
        return kept
    same = ("enclosure", "audio_fingerprint", "alternates", "waveform", "pieces", "cuts")
    texts = ("transcripts", "chapters_key", "chapters")  # their times are those of the audio
    return kept.model_copy(update={name: getattr(now, name) for name in (*same, *texts)})


def put_back(current: Catalog, kept: Catalog) -> Catalog:
    """Return an earlier catalog as the next revision; what was taken down since then stays down.

    Identity only ever grows: guids, dates, old addresses and podcast:guid that were given since stay given.
    """
    revision = current.revision + 1
    buried = {t.guid for t in current.tombstones if not t.lifted}
    tombstones = (*current.tombstones, *(t for t in kept.tombstones if current.tombstone(t.guid) is None))
    public = {e.guid for e in kept.episodes if e.guid not in buried}
    dates = {**kept.dates, **current.dates, **{e.guid: e.published for e in current.episodes}}
    podcast_guid = current.show.podcast_guid or kept.show.podcast_guid
    return kept.model_copy(
        update={
            "revision": revision,
            "floor": revision,
            "episodes": tuple(_with_todays_sound(e, current) for e in kept.episodes if e.guid not in buried),
            "tombstones": tombstones,
            "owed": current.owed,
            "untold": current.untold,
            "pinged": current.pinged,
            "renamed": {**current.renamed, **kept.renamed},
            "dates": {guid: date for guid, date in dates.items() if guid not in public},
            "moved_to": None,
            # What is to come is no matter of an earlier text either.
            "announced": tuple(a for a in current.announced if a.guid not in public),
            "called_off": current.called_off,
            # Where the show lives is no matter of an earlier text.
            "show": kept.show.model_copy(
                update={
                    "podcast_guid": podcast_guid,
                    "revision": revision,
                    "public_url": current.show.public_url,
                    "former_urls": current.show.former_urls,
                }
            ),
        }
    )
