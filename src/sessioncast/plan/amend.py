"""The next catalog: what a commit makes of the one it read. Pure; the clock's value is an argument."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sessioncast.catalog import CalledOff, Catalog, Debt, Tombstone, sort_episodes
from sessioncast.errors import ConflictError
from sessioncast.model import PublicShow, PublishedEpisode, utc_second
from sessioncast.plan.announce import Announcing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from sessioncast.extras import Alternate, Attached, Chapter, Sized, TextFile
    from sessioncast.model import Announced, Enclosure, PublicCredit, Session
    from sessioncast.plan.wanted import WantedEpisode, WantedShow

BACK_CATALOGUE = timedelta(days=30)

PRUNE_AFTER = timedelta(days=14)
"""An object that nothing names may belong to a publish that is still running; after this long it does not."""


@dataclass(frozen=True, slots=True)
class Art:
    """Keys of an episode's pictures and attachments: its own picture, each portrait by its path in the show folder, smaller copies."""

    artwork: str | None = None
    portraits: Mapping[str, str] = field(default_factory=dict)
    sized: tuple[Sized, ...] = ()
    slides: str | None = None
    attachments: tuple[Attached, ...] = ()

    def fields(self) -> dict[str, Any]:
        """Return them as fields of ``PublishedEpisode``, people's portraits aside."""
        attached = {"slides": self.slides, "attachments": self.attachments}
        return {"artwork": self.artwork, "sized": self.sized, **attached}

    def placed(self, credited: tuple[PublicCredit, ...]) -> tuple[PublicCredit, ...]:
        """Return the credits with portraits named by key; one that was not put is left out."""
        return tuple(
            c
            if c.image is None or c.image.startswith("https://")
            else c.model_copy(update={"image": self.portraits.get(c.image)})
            for c in credited
        )


@dataclass(frozen=True, slots=True)
class ShowArt:
    """Keys of the show's pictures for pages: portraits, smaller copies, icons, its colour; and its own templates."""

    portraits: Art = field(default_factory=Art)
    icons: tuple[Sized, ...] = ()
    colour: str | None = None
    overrides: str | None = None

    def fields(self) -> dict[str, Any]:
        """Return them as fields of ``PublicShow``."""
        own = {"icons": self.icons, "colour": self.colour, "overrides": self.overrides}
        return {"sized": self.portraits.sized, **own}


@dataclass(frozen=True, slots=True)
class Texts:
    """An episode's transcripts and chapters, and where the chapters lie as JSON."""

    transcripts: tuple[TextFile, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    chapters_key: str | None = None

    def fields(self) -> dict[str, Any]:
        """Return them as fields of ``PublishedEpisode``."""
        return {"transcripts": self.transcripts, "chapters": self.chapters, "chapters_key": self.chapters_key}


@dataclass(frozen=True, slots=True)
class Audio:
    """What an episode sounds like: the enclosure, the same in other formats, and which recording it was made from.

    ``pieces`` are the stretches of the recording that are heard (``PublishedEpisode.pieces``), ``cuts`` the fingerprint
    of what was taken out. ``forget``: what it takes the place of is deleted, since somebody may be heard in it who
    should not be.
    """

    enclosure: Enclosure
    fingerprint: str
    alternates: tuple[Alternate, ...] = ()
    waveform: str | None = None
    pieces: tuple[tuple[int, int, int], ...] = ()
    cuts: str | None = None
    forget: bool = False

    def fields(self) -> dict[str, Any]:
        """Return it as fields of ``PublishedEpisode``."""
        return {
            "enclosure": self.enclosure,
            "audio_fingerprint": self.fingerprint,
            "alternates": self.alternates,
            "waveform": self.waveform,
            "pieces": self.pieces,
            "cuts": self.cuts,
        }


@dataclass(frozen=True, slots=True)
class Addition:
    """A new episode whose objects lie in the store, verified."""

    wanted: WantedEpisode
    audio: Audio
    art: Art = field(default_factory=Art)
    texts: Texts = field(default_factory=Texts)


@dataclass(frozen=True, slots=True)
class Changes:
    """All that one commit changes: ``show`` with its artwork's key, edits with pictures and remade audio by guid."""

    show_id: UUID
    additions: tuple[Addition, ...] = ()
    edits: tuple[WantedEpisode, ...] = ()
    remade: Mapping[str, Audio] = field(default_factory=dict)
    show: WantedShow | None = None
    artwork: str = ""
    podcast_guid: UUID | None = None
    as_new: bool = False
    art: Mapping[str, Art] = field(default_factory=dict)
    texts: Mapping[str, Texts] = field(default_factory=dict)
    show_art: ShowArt = field(default_factory=ShowArt)
    announcing: Announcing = field(default_factory=Announcing)

    @property
    def touches_feed(self) -> bool:
        """Whether the feed changes, and not the announcements alone."""
        return bool(self.additions or self.edits or self.show)

    def __bool__(self) -> bool:
        """Whether there is anything to commit."""
        return self.touches_feed or bool(self.announcing)


def publication_date(session: Session, now: datetime, *, as_new: bool) -> datetime:
    """Return the pubDate: ``publish_at``; the end of a session long over; else the later of end and ``now`` (IT-PUBDATE).

    Apps hide items dated before ones they have seen, so a talk published late is dated when it goes out, unless it is
    back-catalogue: over for more than 30 days, and not ``as_new``.
    """
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
    floor = revision if catalog is not None and (changes.edits or changes.show) else (catalog.floor if catalog else 0)
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
        while (
            published in taken
        ):  # distinct, so that every app sorts alike (IT-PUBDATE-DISTINCT); never into the future
            published -= timedelta(seconds=1)
        taken.add(published)
        episodes[session.guid] = PublishedEpisode(
            slug=session.slug,
            guid=session.guid,
            **_pictured(addition.wanted.public_part(), addition.art),
            **addition.audio.fields(),
            **addition.texts.fields(),
            published=published,
            fingerprints=(addition.wanted.fingerprint,),
            revision=revision,
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
    after_all = _announcing(after_all, changes)
    return owing(after_all, sorted(forgotten - after_all.object_keys()))


def _announcing(catalog: Catalog, changes: Changes) -> Catalog:
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
    if now is None or now.sound_keys() == kept.sound_keys():
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
