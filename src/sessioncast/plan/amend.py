"""The next catalog: what a commit makes of the one it read. Pure; the clock's value is an argument."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sessioncast.catalog import Catalog, Untold, sort_episodes
from sessioncast.errors import ConflictError
from sessioncast.model import PublicShow, PublishedEpisode, utc_second
from sessioncast.plan.afterwards import owing
from sessioncast.plan.changes import Addition, Art, Changes, Texts
from sessioncast.plan.notices import keep_in_step

if TYPE_CHECKING:
    from datetime import datetime

    from sessioncast.model import Session
    from sessioncast.plan.wanted import WantedEpisode

BACK_CATALOGUE = timedelta(days=30)


def publication_date(session: Session, now: datetime, *, as_new: bool) -> datetime:
    """Return the pubDate: an imported item's own; ``publish_at``; the end of a session long over; else the later of end and ``now`` (IT-PUBDATE).

    Apps hide items dated before ones they have seen, so a talk published late is dated when it goes out, unless it is
    back-catalogue: over for more than 30 days, and not ``as_new``.
    """
    if session.imported is not None and session.imported.published is not None:
        return utc_second(session.imported.published)
    if session.publish_at is not None:
        return utc_second(session.publish_at)
    if session.ends is None:
        return utc_second(now)
    if now - session.ends > BACK_CATALOGUE and not as_new:
        return utc_second(session.ends)
    return utc_second(max(session.ends, now))


def apply(catalog: Catalog | None, changes: Changes, now: datetime) -> Catalog:
    """Return the catalog with the changes in it, one revision on.

    Raises ConflictError where another publisher got there first with the same talk.
    """
    revision = 1 if catalog is None else catalog.revision + 1
    floor = (
        revision
        if catalog is not None and (changes.edits or changes.show or changes.late)
        else (catalog.floor if catalog else 0)
    )
    episodes = {e.guid: e for e in catalog.episodes} if catalog else {}
    taken = {e.published for e in episodes.values()}
    dates = dict(catalog.dates) if catalog else {}
    for addition in sorted(changes.additions, key=_latest_first, reverse=True):
        session = addition.wanted.session
        if session.guid in episodes:
            raise ConflictError(
                f"episodes/{session.slug}: was published by somebody else meanwhile", hint="sessioncast status"
            )
        published = dates.pop(session.guid, None) or publication_date(session, now, as_new=changes.as_new)
        # distinct, so that every app sorts alike (IT-PUBDATE-DISTINCT), never into the future; but an imported item's
        # date is known to apps already
        while published in taken and session.imported is None:
            published -= timedelta(seconds=1)
        taken.add(published)
        episodes[session.guid] = PublishedEpisode(
            slug=session.slug,
            guid=session.guid,
            **addition.wanted.origin,
            **_pictured(addition.wanted.public_part(), addition.art),
            **addition.audio.fields(),
            **addition.texts.fields(),
            published=published,
            fingerprints=(addition.wanted.fingerprint,),
            revision=revision,
        )
    for guid, late in changes.late.items():
        episodes[guid] = episodes[guid].model_copy(
            update={
                "transcripts": late.transcripts,
                "fingerprints": _appended(episodes[guid].fingerprints, late.fingerprint),
                "revision": revision,
            }
        )
    forgotten: set[str] = set()
    for wanted in changes.edits:
        before = episodes[wanted.session.guid]
        after, gone = _edited(before, wanted, changes, revision)
        episodes[before.guid] = after
        forgotten |= gone
    show = _show(catalog, changes, revision)
    sorted_ = sort_episodes(tuple(episodes.values()))
    if catalog is None:
        catalog = Catalog(show_id=changes.show_id, show=show)
    after_all = catalog.model_copy(
        update={"revision": revision, "floor": floor, "show": show, "episodes": sorted_, "dates": dates}
    )
    after_all = keep_in_step(_telling(after_all, changes, now), changes)
    return owing(after_all, sorted(forgotten - after_all.object_keys()))


def _telling(catalog: Catalog, changes: Changes, now: datetime) -> Catalog:
    """Return the catalog owing people the news of what is new and recent.

    Nobody wants a hundred mails of an archive that goes out late, and what was public elsewhere before is no news at all.
    """
    if changes.tell is None:
        return catalog
    new = tuple(
        Untold(guid=a.wanted.session.guid, revision=catalog.revision)
        for a in changes.additions
        if a.wanted.session.imported is None
        and ((ended := a.wanted.session.ends or a.wanted.session.starts) is None or now - ended <= changes.tell)
    )
    return catalog.model_copy(update={"untold": (*catalog.untold, *new)})


def _edited(
    before: PublishedEpisode, wanted: WantedEpisode, changes: Changes, revision: int
) -> tuple[PublishedEpisode, set[str]]:
    """Return the episode with its new text, and audio where that was remade; and the keys to delete."""
    art = changes.art.get(before.guid, Art())
    audio = changes.remade.get(before.guid)
    after = before.model_copy(
        update={
            **_pictured(wanted.public_part(), art),
            **(audio.fields() if audio else {}),
            **changes.texts.get(before.guid, Texts()).fields(),
            "fingerprints": _appended(before.fingerprints, wanted.fingerprint),
            "revision": revision,
        }
    )
    superseded = ({*before.replaced} | before.object_keys()) - after.object_keys()
    if audio and audio.forget:
        return after.model_copy(update={"replaced": ()}), superseded
    # An earlier transcript may hold what was corrected for somebody's sake: it goes as soon as nothing names it.
    texts = before.text_keys() & superseded
    return after.model_copy(update={"replaced": tuple(sorted(superseded - texts))}), set(texts)


def _latest_first(addition: Addition) -> tuple[float, str]:
    starts = addition.wanted.session.starts
    return (starts.timestamp() if starts else 0.0, addition.wanted.session.guid)


def _appended(fingerprints: tuple[str, ...], new: str) -> tuple[str, ...]:
    return (*(f for f in fingerprints if f != new), new)


def _show(catalog: Catalog | None, changes: Changes, revision: int) -> PublicShow:
    if changes.show is None:
        if catalog is None:
            raise ConflictError("the store was emptied meanwhile", hint="sessioncast status")
        return catalog.show
    before = catalog.show if catalog else None
    former = before.former_urls if before else ()
    if before and before.podcast_guid and before.public_url != changes.show.public_url:
        former = (*(url for url in former if url != before.public_url), before.public_url)
    return PublicShow(
        **changes.show.public_part() | {"credits": changes.show_art.portraits.placed(changes.show.credits)},
        **changes.show_art.fields(),
        former_urls=former,
        artwork=changes.artwork,
        podcast_guid=(before.podcast_guid if before else None) or changes.podcast_guid,
        fingerprints=_appended(before.fingerprints if before else (), changes.show.fingerprint),
        revision=revision,
    )


def _pictured(part: dict[str, Any], art: Art) -> dict[str, Any]:
    slides = part.get("slides") or art.slides  # an address, or the file that was put
    return {**part, **art.fields(), "slides": slides, "credits": art.placed(part["credits"])}
