"""The old feed and ours, item by item: what differs, and whether a move means it to.

Both were read by the same reader, so that dates, flags and durations are compared by what they mean.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC
from itertools import pairwise
from typing import TYPE_CHECKING

from sessioncast import layout
from sessioncast.notes import to_html
from sessioncast.oldfeed.markup import words_of

if TYPE_CHECKING:
    from sessioncast.oldfeed.value import OldFeed, OldItem, OldPerson, OldShow

HERE = "it lies in your store now"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference; ``item`` is a title, empty for the channel. ``why`` says what a move means by it; empty: it is not meant."""

    item: str
    field: str
    before: str
    after: str
    why: str = ""

    @property
    def intended(self) -> bool:
        """Whether a move makes this difference on purpose."""
        return bool(self.why)

    def __str__(self) -> str:
        """Return it as one line."""
        where = f"item {self.item!r}" if self.item else "channel"
        told = f"{where}: {self.field}: {_short(self.before)} → {_short(self.after)}"
        return f"{told} ({self.why})" if self.why else told


def compare(old: OldFeed, new: OldFeed, base: str) -> tuple[Change, ...]:
    """Return every difference between the old feed and ours, which is public below ``base``."""
    changes = [*_channels(old, new, base)]
    by_guid = {item.guid: item for item in new.items}
    by_sound = {(item.audio.url, item.title): item for item in new.items}
    met: list[tuple[OldItem, OldItem]] = []
    for was in old.items:
        is_ = by_guid.get(was.guid)
        if was.twin:
            is_ = by_sound.get((layout.ascii_address(was.audio.url), was.title)) or next(
                (i for i in new.items if i.title == was.title and i.published == was.published), None
            )
        if is_ is None:
            changes.append(Change(was.title, "guid", was.guid or was.said_guid, "not in the feed"))
            continue
        if was.twin:
            changes.append(Change(was.title, "guid", was.said_guid, is_.guid, "two items had that guid"))
        met.append((was, is_))
        changes += _items(was, is_, old, new, base)
    known = {id(is_) for _, is_ in met}
    changes += [
        Change(i.title, "item", "not in the old feed", i.guid, "it was published here")
        for i in new.items
        if id(i) not in known
    ]
    changes += _order(met, new)
    return tuple(changes)


def _channels(old: OldFeed, new: OldFeed, base: str) -> Iterator[Change]:
    was, is_ = old.show, new.show
    for name in ("title", "language", "link", "author", "owner_email", "type", "copyright"):
        before, after = getattr(was, name), getattr(is_, name)
        if before and not _same_address(before, after):
            yield Change("", name, before, after)
    if _words(was.summary) != _words(is_.summary):
        yield Change("", "description", was.summary, is_.summary, "" if was.summary else "it had none")
    if was.categories != is_.categories:
        why = "" if was.categories else "it had none of Apple's"
        yield Change("", "itunes:category", ", ".join(was.categories), ", ".join(is_.categories), why)
    if bool(was.explicit) != bool(is_.explicit):
        some = any(_explicit(item, old.show) for item in old.items)
        why = "one of its episodes is explicit" if some and is_.explicit else ""
        yield Change("", "itunes:explicit", str(was.explicit), str(is_.explicit), why)
    if was.podcast_guid != is_.podcast_guid:
        yield Change("", "podcast:guid", was.podcast_guid, is_.podcast_guid, "" if was.podcast_guid else "it had none")
    yield from _people(was.people, is_.people, "")
    yield from _extras(was.more, is_.more, "")
    if was.artwork != is_.artwork:
        why = HERE if is_.artwork.startswith(f"{base}/") else ""
        yield Change("", "itunes:image", was.artwork, is_.artwork, why)
    yield Change("", "address", was.address, is_.address, "the feed's new address")
    if was.new_address != is_.new_address:
        why = "tells apps where the feed is now" if is_.new_address == is_.address else ""
        yield Change("", "itunes:new-feed-url", was.new_address, is_.new_address, why)
    if was.locked is not None and was.locked != is_.locked:
        yield Change("", "podcast:locked", str(was.locked), str(is_.locked))


def _items(was: OldItem, is_: OldItem, old: OldFeed, new: OldFeed, base: str) -> Iterator[Change]:
    title = was.title

    def change(field: str, before: object, after: object, why: str = "") -> Change:
        return Change(title, field, "" if before is None else str(before), "" if after is None else str(after), why)

    for field, before, after in (
        ("title", was.title, is_.title),
        ("isPermaLink", was.permalink, is_.permalink),
        ("itunes:season", was.season, is_.season),
        ("itunes:episode", was.number, is_.number),
        ("itunes:episodeType", was.kind, is_.kind),
        ("itunes:explicit", _explicit(was, old.show), _explicit(is_, new.show)),
    ):
        if before != after:
            yield change(field, before, after)
    if was.published != is_.published:
        said = is_.published.astimezone(UTC).isoformat() if is_.published else None
        yield change("pubDate", was.said_date, said, "" if was.published else "it could not be read")
    if _words(was.notes) not in _words(is_.notes):
        yield change("description", was.notes, is_.notes)
    yield from _sounds(was, is_, base, change)
    shared = {p.name for p in new.show.people} - {p.name for p in was.people}
    yield from _people(was.people, tuple(p for p in is_.people if p.name not in shared), title)
    yield from _extras(was.more, is_.more, title)
    own = was.artwork if was.artwork != old.show.artwork else ""
    its = is_.artwork if is_.artwork != new.show.artwork else ""
    if own != its:
        why = HERE if own and its.startswith(f"{base}/") else ""
        yield change("itunes:image", own, its, why)
    for text in was.transcripts:
        if (text.language or old.show.language) not in {t.language or new.show.language for t in is_.transcripts}:
            yield change("podcast:transcript", text.url, None)
    moved = [t.url for t in is_.transcripts if t.url not in {w.url for w in was.transcripts}]
    if was.transcripts and moved:
        yield change("podcast:transcript", was.transcripts[0].url, moved[0], HERE)
    if was.chapters != is_.chapters:
        had = bool(was.chapters or was.marks)
        why = HERE if had and is_.chapters.startswith(f"{base}/") else ""
        yield change("podcast:chapters", was.chapters or f"{len(was.marks)} in the feed", is_.chapters, why)
    if was.link != is_.link:
        yield change("link", was.link, is_.link, "the episode's page here" if is_.link.startswith(f"{base}/") else "")


def _sounds(was: OldItem, is_: OldItem, base: str, change: Callable[..., Change]) -> Iterator[Change]:
    ours = is_.audio.url.startswith(f"{base}/")
    if not _same_address(was.audio.url, is_.audio.url):
        yield change("enclosure", was.audio.url, is_.audio.url, HERE if ours else "")
    found = "the file's own" if ours else ""
    for field, before, after in (
        ("enclosure length", was.audio.length, is_.audio.length),
        ("enclosure type", was.audio.media_type, is_.audio.media_type),
        ("itunes:duration", was.audio.duration, is_.audio.duration),
    ):
        if before != after and not (field == "itunes:duration" and abs(int(before) - int(after)) <= 1):
            yield change(field, before, after, found or ("" if before else "the old feed did not say"))


def _explicit(item: OldItem, show: OldShow) -> bool:
    return bool(show.explicit if item.explicit is None else item.explicit)


def _people(before: tuple[OldPerson, ...], after: tuple[OldPerson, ...], title: str) -> Iterator[Change]:
    was, is_ = ({(p.name, p.group, p.role) for p in people} for people in (before, after))
    if was != is_:
        told = [", ".join(sorted(f"{name} ({role})" for name, _, role in some)) for some in (was, is_)]
        yield Change(title, "podcast:person", *told)


def _extras(before: Mapping[str, object], after: Mapping[str, object], title: str) -> Iterator[Change]:
    for name, value in before.items():
        if after.get(name) != value:
            yield Change(title, name, str(value), str(after.get(name, "")))


def _order(met: list[tuple[OldItem, OldItem]], new: OldFeed) -> Iterator[Change]:
    """Yield a change where apps would show the episodes in another order than by their dates."""
    place = {id(item): number for number, item in enumerate(new.items, 1)}
    shown = sorted(((place[id(is_)], was) for was, is_ in met if was.published), key=lambda one: one[0])
    for (at, was), (after, below) in pairwise(shown):
        if was.published and below.published and was.published < below.published:
            yield Change(below.title, "order", f"above {was.title!r}", f"place {after}, below place {at}")


def _words(markdown: str) -> str:
    return words_of(to_html(markdown))


def _same_address(before: str, after: str) -> bool:
    return before == after or ("://" in before and layout.ascii_address(before) == after)


def _short(said: str) -> str:
    text = " ".join(said.split())
    return text[:100] + "…" if len(text) > 100 else text or "nothing"
