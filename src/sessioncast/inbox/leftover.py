"""Which units are clear matches, and what the case is of each that is not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sessioncast.inbox.cases import Ambiguous, Case, Duplicate, Missing, NoSession, NoZone, Settled, TooShort
from sessioncast.inbox.clocks import Reading
from sessioncast.inbox.evidence import JUNK_SECONDS, LATEST, overlap
from sessioncast.inbox.programme import Slot
from sessioncast.inbox.units import Unit
from sessioncast.inbox.value import Take
from sessioncast.inbox.weighing import BOUND, LEAD, Weighed

_WORTH_ASKING = 6.0
"""Bits from which a take that reaches no bound is put to a person rather than passed over."""
_SETTLES = timedelta(hours=6)
_UNKNOWN_LENGTH = timedelta(hours=3)


@dataclass
class Desk:
    """Everything a decision needs: the units, sessions ``settled`` already with the reason, and those ``waiting`` for a growing take."""

    units: tuple[Unit, ...]
    settled: Mapping[str, str]
    waiting: Collection[str]
    matched: list[tuple[Unit, Weighed]] = field(init=False)

    def __post_init__(self) -> None:
        """Find the clear matches; each looks at all the others, none at what has been decided before it."""
        self.matched = [
            (unit, best) for unit in self.units if (best := unit.weights.best) and self._is_clear(unit, best)
        ]

    def _is_clear(self, unit: Unit, best: Weighed) -> bool:
        slug = best.slot.slug
        return (
            unit.weights.clear
            and slug not in self.settled
            and slug not in self.waiting
            and not doubts(unit)
            and not self.rivals(unit, best)
            and not self.loose_ends(unit, best)
        )

    def winner(self, slug: str) -> Unit | None:
        """Return the unit that is this session's."""
        return next((unit for unit, found in self.matched if found.slot.slug == slug), None)

    def rivals(self, unit: Unit, found: Weighed) -> tuple[Unit, ...]:
        """Return the other units that fit the session so well that this one has no clear lead."""
        slug = found.slot.slug
        return tuple(o for o in self.units if o is not unit and o.weights.of(slug).score > found.score - LEAD)

    def loose_ends(self, unit: Unit, found: Weighed) -> tuple[Unit, ...]:
        """Return units that may hold the rest of a session which this one does not wholly cover."""
        slot, begins, seconds = found.slot, unit.weights.reading.at, unit.weights.take.seconds
        common = overlap(unit.weights.reading, seconds, slot)
        if slot.length and common is not None and common >= 0.9 * slot.length:
            return ()
        ends = begins + timedelta(seconds=seconds or 0) if begins else None
        return tuple(o for o in self.units if o is not unit and _may_go_on(o, slot, begins, ends, unit.takes[0]))


def _may_go_on(other: Unit, slot: Slot, begins: datetime | None, ends: datetime | None, first: Take) -> bool:
    weights = other.weights
    at, seconds = weights.reading.at, weights.take.seconds
    best = weights.best
    elsewhere = best is not None and weights.clear and best.slot is not slot
    alike = (weights.take.recorder, weights.take.topic) == (first.recorder, first.topic)
    if elsewhere or at is None or slot.starts is None or (weights.of(slot.slug).contradicted and not alike):
        return False
    if seconds is not None and seconds < JUNK_SECONDS:
        return False
    length = timedelta(seconds=seconds or 0)
    common = min(at + length, ends) - max(at, begins) if begins and ends else timedelta(0)
    if common > length / 2:
        return False
    latest = slot.ends or slot.starts + _UNKNOWN_LENGTH
    return slot.starts - LATEST <= at < latest


def doubts(unit: Unit) -> tuple[tuple[Reading, Weighed], ...]:
    """Return the other readings of the clock by which the unit would fit another session as well."""
    best = unit.weights.best
    clear = unit.weights.clear
    found = []
    for reading, table in unit.weights.doubts:
        other = next((w for w in table if not clear or best is None or w.slot is not best.slot), None)
        if other and other.score >= (best.score - LEAD if clear and best else BOUND):
            found.append((reading, other))
    return tuple(found)


def name_unit(unit: Unit, desk: Desk) -> list[Case]:
    """Return the cases of a unit; none for one that is matched."""
    best = unit.weights.best
    if any(unit is matched for matched, _ in desk.matched):
        return []
    if best is None:
        return [NoSession((name,), (), "the programme has no sessions") for name in unit.names]
    if unsure := doubts(unit):
        first = (unit.weights.reading.said, best.slot.slug if best.score >= BOUND else "")
        read = (first, *((reading.said, found.slot.slug) for reading, found in unsure))
        slugs = tuple(dict.fromkeys(slug for _, slug in read if slug))
        return [NoZone((name,), slugs, read) for name in unit.names]
    if unit.weights.clear:
        return _name_clear(unit, best, desk)
    if best.score >= BOUND:
        near = [w.slot.slug for w in unit.weights.ranked if w.score > best.score - LEAD]
        return [Ambiguous(unit.names, tuple(sorted(near)), "it fits them about equally well")]
    return _name_weak(unit, best, desk)


def _name_clear(unit: Unit, best: Weighed, desk: Desk) -> list[Case]:
    slug = best.slot.slug
    if slug in desk.settled:
        return [Settled((name,), (slug,), desk.settled[slug]) for name in unit.names]
    if winner := desk.winner(slug):
        return [Duplicate((name,), (slug,), winner.names[0], identical=False) for name in unit.names]
    if slug in desk.waiting:
        return [Ambiguous(unit.names, (slug,), "another take that may be of it is still growing")]
    if rivals := desk.rivals(unit, best):
        names = sorted({*unit.names, *(name for rival in rivals for name in rival.names)})
        return [Ambiguous(tuple(names), (slug,), "they fit it about equally well")]
    rest = [name for other in desk.loose_ends(unit, best) for name in other.names]
    return [Ambiguous((*unit.names, *rest), (slug,), f"the rest of it may be in {' and '.join(rest)}")]


def _name_weak(unit: Unit, best: Weighed, desk: Desk) -> list[Case]:
    if short := _too_short(unit):
        return short
    slug = best.slot.slug
    if best.score < _WORTH_ASKING or best.contradicted:
        return [NoSession((name,), (), _nearest(unit)) for name in unit.names]
    if slug in desk.settled:
        return [Settled((name,), (slug,), desk.settled[slug]) for name in unit.names]
    if winner := desk.winner(slug):
        return [Duplicate((name,), (slug,), winner.names[0], identical=False) for name in unit.names]
    near = [w.slot.slug for w in unit.weights.ranked if w.score > best.score - LEAD and w.score >= _WORTH_ASKING]
    if len(near) > 1:
        return [Ambiguous(unit.names, tuple(sorted(near)), "nothing tells them apart")]
    return [Ambiguous(unit.names, (slug,), f"too little speaks for it: {', '.join(best.reasons)}")]


def _too_short(unit: Unit) -> list[Case]:
    """Return the case of a take that ran at a session's time for less than a fifth of it."""
    take, at = unit.weights.take, unit.weights.reading.at
    if take.seconds is None or at is None:
        return []
    for found in sorted(unit.weights.ranked, key=lambda w: -w.weight("start")):
        slot = found.slot
        if slot.starts is None or found.contradicted:
            continue
        least = slot.length.total_seconds() / 5 if slot.length else JUNK_SECONDS
        if take.seconds < max(least, JUNK_SECONDS) and _around(at, slot):
            return [TooShort((name,), (slot.slug,), take.seconds) for name in unit.names]
    return []


def _around(at: datetime, slot: Slot) -> bool:
    starts = slot.starts or at
    return starts - timedelta(minutes=45) <= at <= (slot.ends or starts + _UNKNOWN_LENGTH) + LATEST


def _nearest(unit: Unit) -> str:
    ranked = unit.weights.ranked
    timed = max(ranked, key=lambda w: (w.weight("start"), w.score))
    worded = max(ranked, key=lambda w: (w.weight("words"), w.score))
    told = []
    if timed.weight("start") > 0:
        told.append(f"nearest by time is {timed.slot.slug}: {', '.join(timed.reasons)}")
    if worded.weight("words") > 2 and worded is not timed:
        told.append(f"nearest by words is {worded.slot.slug}: {', '.join(worded.reasons)}")
    if not told and unit.weights.reading == Reading():
        return "it says no time, and no words that fit one session alone"
    return "; ".join(told) or "no session starts near its beginning"


def missing(
    slots: Sequence[Slot], matched: Collection[str], desk: Desk, cases: Iterable[Case], now: datetime
) -> list[Missing]:
    """Return the sessions that are over and that no take may be of."""
    open_: set[str] = set()
    near: dict[str, list[str]] = {}
    for case in cases:
        if case.kind in ("too short", "not taken unless named"):
            for slug in case.sessions:
                near.setdefault(slug, []).extend(case.takes)
        else:
            open_.update(case.sessions)
    found = []
    for slot in slots:
        ends = slot.ends or (slot.starts + _UNKNOWN_LENGTH if slot.starts else None)
        if ends and now - ends > _SETTLES and slot.slug not in {*matched, *desk.settled, *open_}:
            found.append(Missing(tuple(sorted(near.get(slot.slug, ()))), (slot.slug,)))
    return found
