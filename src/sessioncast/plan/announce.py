"""Which sessions the pages announce: what is to come, what was moved, called off or is over. Pure; the clock is an argument.

An announcement needs no command of its own: publish keeps it in step with the folder. So the folder's text has to be told
from an older copy of it, as episodes' texts are: one equal to an earlier fingerprint never wins over a newer one. A session
that is missing from a folder, or a draft in it, may be an older copy too: it says nothing, and the announcement stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sessioncast.chapters.reading import without_marks
from sessioncast.model import Announced, utc_second
from sessioncast.plan.wanted import digest

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet
    from datetime import datetime

    from sessioncast.catalog import Catalog
    from sessioncast.model import PublicCredit, Session

KEPT = timedelta(days=30)
"""How long a session that is over stays up while its recording is to come."""

_LENGTH = timedelta(hours=1)
"""How long a session is taken to last that doesn't say when it ends."""

_NEW = 1
"""The revision of an announcement that no commit has taken up yet."""


@dataclass(frozen=True, slots=True)
class Announcing:
    """What one pass does to the announcements. ``notes`` are slug, what was found, and what to type, where a person decides."""

    added: tuple[Announced, ...] = ()
    changed: tuple[Announced, ...] = ()
    over: tuple[Announced, ...] = ()
    called_off: tuple[Announced, ...] = ()
    dropped: tuple[Announced, ...] = ()
    notes: tuple[tuple[str, str, str], ...] = ()

    def __bool__(self) -> bool:
        """Whether there is anything to commit."""
        return bool(self.added or self.changed or self.over or self.called_off or self.dropped)

    @property
    def takes_away(self) -> bool:
        """Whether pages lose or change something, rather than gain."""
        return bool(self.changed or self.called_off or self.dropped)


def announce(
    sessions: Iterable[tuple[Session, tuple[PublicCredit, ...]]],
    catalog: Catalog | None,
    now: datetime,
    *,
    even_if_older: bool = False,
    everything: bool = True,
    going_out: AbstractSet[str] = frozenset(),
) -> Announcing:
    """Return what happens to the announcements of these sessions, with their people resolved.

    ``everything``: these are all there are, so that announcements of sessions elsewhere grow old too. ``going_out`` are
    the guids that this run makes public: the commit takes their announcements.
    """
    made: dict[str, list[Announced]] = {name: [] for name in ("added", "changed", "over", "called_off", "dropped")}
    notes: list[tuple[str, str, str]] = []
    seen = set[str]()
    for session, people in sessions:
        seen.add(session.guid)
        if session.guid in going_out or (catalog and (catalog.by_guid(session.guid) or _buried(catalog, session))):
            continue
        fate, entry, note = _fate(session, people, catalog, now, even_if_older=even_if_older)
        if fate and entry:
            made[fate].append(entry)
        if note:
            notes.append((session.slug, *note))
    for entry in catalog.announced if catalog and everything else ():
        if entry.guid not in seen:
            fate = _aged(entry, now)
            if fate:
                made[fate].append(entry.model_copy(update={"over": True}))
            else:
                notes.append((entry.slug, "announced, but no session here", f"sessioncast unpublish {entry.slug}"))
    return Announcing(**{name: tuple(entries) for name, entries in made.items()}, notes=tuple(notes))


def _fate(
    session: Session, people: tuple[PublicCredit, ...], catalog: Catalog | None, now: datetime, *, even_if_older: bool
) -> tuple[str, Announced | None, tuple[str, str] | None]:
    entry = catalog.announcement(session.guid) if catalog else None
    off = session.hold or session.consent == "refused" or session.starts is None
    again = f"git pull; or, to announce it as it is here: sessioncast publish {session.slug} --even-if-older"
    if off:
        if entry is None:
            return "", None, None
        print_ = _print(session, people, off=True)
        if print_ in entry.fingerprints and not even_if_older:
            return "", None, ("your copy is old: it was announced since", again)
        return "called_off", entry.model_copy(update={"fingerprints": _appended(entry.fingerprints, print_)}), None
    if session.draft or session.missing:
        found = ("a draft here, and announced", f"hold = true in episodes/{session.slug}/session.toml takes it off")
        return "", None, found if entry else None
    print_ = _print(session, people)
    if entry is None:
        if now >= _end(session) or (catalog and not _free(catalog, session)):
            return "", None, None
        known = catalog.fingerprints_called_off(session.guid) if catalog else ()
        if print_ in known and not even_if_older:
            return "", None, ("was called off", again)
        return "added", _announced(session, people, (*known, print_), now), None
    if print_ == entry.fingerprints[-1]:
        return _aged(entry, now), entry.model_copy(update={"over": True}), None
    if print_ in entry.fingerprints and not even_if_older:
        return "", None, ("your copy is old: a newer text is announced", again)
    return "changed", _announced(session, people, _appended(entry.fingerprints, print_), now), None


def _announced(
    session: Session, people: tuple[PublicCredit, ...], fingerprints: tuple[str, ...], now: datetime
) -> Announced:
    return Announced.model_validate(
        {
            **_text(session, people),
            "over": now >= _end(session),
            "since": utc_second(now),
            "fingerprints": fingerprints,
            "revision": _NEW,
        }
    )


def _text(session: Session, people: tuple[PublicCredit, ...]) -> dict[str, object]:
    """Return what is announced of a session. Portraits come with the episode."""
    same = (
        "slug",
        "guid",
        "title",
        "summary",
        "starts",
        "ends",
        "season",
        "language",
        "tags",
        "link",
        "location",
        "hidden",
    )
    return {
        **{name: getattr(session, name) for name in same},
        "notes": without_marks(session.notes),
        "credits": tuple(c.model_copy(update={"image": None}) for c in people),
    }


def _print(session: Session, people: tuple[PublicCredit, ...], *, off: bool = False) -> str:
    text = {**_text(session, people), "credits": [c.model_dump(mode="json", exclude_defaults=True) for c in people]}
    plain = {
        name: value.model_dump(mode="json")
        if hasattr(value, "model_dump")
        else str(value)
        if name in ("starts", "ends")
        else value
        for name, value in text.items()
        if value not in (None, "", (), False)
    }
    return digest({**plain, **({"off": True} if off else {})})


def _aged(entry: Announced, now: datetime) -> str:
    if now - entry.until > KEPT:
        return "dropped"
    return "over" if now >= entry.until and not entry.over else ""


def _end(session: Session) -> datetime:
    assert session.starts is not None
    return session.ends or session.starts + _LENGTH


def _buried(catalog: Catalog, session: Session) -> bool:
    tombstone = catalog.tombstone(session.guid)
    return tombstone is not None and not tombstone.lifted


def _free(catalog: Catalog, session: Session) -> bool:
    """Whether no other talk has, or had, the session's name: its address would be theirs."""
    taken = {e.slug: e.guid for e in catalog.episodes}
    taken |= {a.slug: a.guid for a in catalog.announced} | {t.slug: t.guid for t in catalog.tombstones}
    return session.slug not in catalog.renamed and taken.get(session.slug, session.guid) == session.guid


def _appended(fingerprints: tuple[str, ...], new: str) -> tuple[str, ...]:
    return (*(f for f in fingerprints if f != new), new)
