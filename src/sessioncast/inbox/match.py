"""Which recording is which session's: every pair is weighed, and a match is made only where nothing else comes near.

A take is matched with a session where the pair reaches the bound and leads by so much both among the take's sessions and among the
session's takes. Nothing is matched because it is all that is left: that is no evidence. So no order of work can matter, no two matches
can collide, and a take that fits no session changes nothing. Whatever is in doubt is a named case for a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath

from sessioncast.inbox.cases import Ambiguous, Case, Cut, Duplicate, Growing, Merged, NotMedia, NotShared, Restarted
from sessioncast.inbox.leftover import Desk, missing, name_unit
from sessioncast.inbox.pins import Pinned, pinned
from sessioncast.inbox.programme import Slot, programme
from sessioncast.inbox.units import Unit, best_file, copies, cuts, growing, held, in_sequence, unfit, units
from sessioncast.inbox.value import Take
from sessioncast.inbox.weighing import Scales, Weighed, Weights
from sessioncast.model import Person, Session
from sessioncast.project.value import InboxSettings


@dataclass(frozen=True, slots=True)
class Match:
    """A session and its recording: ``takes`` in order, with the best file of each.

    ``score`` in bits, None where a person decided ``by_hand``; ``reasons`` in words. ``cut``: where a person pinned one take to several
    sessions. ``transcript``: the recorder's, where one take is all of the recording.
    """

    session: str
    takes: tuple[str, ...]
    files: tuple[PurePath, ...]
    score: float | None
    reasons: tuple[str, ...]
    by_hand: bool = False
    cut: Cut | None = None
    transcript: PurePath | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One take in the table: the session that fits best (empty where none does at all), how well, why, and what became of it."""

    take: str
    session: str
    score: float
    reasons: tuple[str, ...]
    outcome: str


@dataclass(frozen=True, slots=True)
class Matching:
    """All of an inbox: matches by session, cases by kind, and a row for every take by name."""

    matches: tuple[Match, ...]
    cases: tuple[Case, ...]
    rows: tuple[Row, ...]


def match(
    takes: Iterable[Take],
    sessions: Iterable[Session],
    people: Mapping[str, Person],
    settings: InboxSettings,
    zone: str,
    *,
    now: datetime,
    series: str = "",
) -> Matching:
    """Return which takes are which sessions', and a named case for everything else.

    ``zone`` is the show's, ``series`` words by which the show itself is known (its title), so that a topic that says the series alone
    is not held against a take; ``now`` tells which sessions are over.
    """
    book = programme(sessions, people, zone, series)
    every = tuple(sorted(takes, key=lambda take: take.name))
    hand, bad = pinned(book.slots, every)
    by_hand = {take.name for pin in hand for take in pin.takes}
    scales = Scales(book, settings, zone)
    weighed = {take.name: scales.weigh(take) for take in every}
    free = {name: weights for name, weights in weighed.items() if name not in by_hand}
    unready, ready = _readiness(free)
    twins = copies(weights.take for weights in ready.values())
    long = {name: found for name, w in ready.items() if name not in twins and (found := held(w))}
    single = {name: w for name, w in ready.items() if name not in twins and name not in long}
    desk = Desk(
        units=units(single, scales),
        settled={slot.slug: "has its recording already" for slot in book.slots if slot.session.recordings}
        | {case.session: "waits for a pin that names one file" for case in bad}
        | {pin.slot.slug: f"is pinned to {pin.takes[0].name}" for pin in hand}
        | {slot.slug: "its speaker does not want published" for slot in book.slots if slot.session.is_refused}
        | {slot.slug: "was cancelled" for slot in book.slots if slot.called_off},
        waiting=frozenset(slug for case in unready if isinstance(case, Growing) for slug in case.sessions),
    )
    made, pending = _pins_kept(hand, weighed)
    matches = [*made, *(_of(unit, found) for unit, found in desk.matched)]
    cases: list[Case] = [*bad, *pending, *unready]
    cases += [_several(ready[name], found) for name, found in long.items()]
    cases += [Restarted(m.takes, (m.session,)) for m in matches if len(m.takes) > 1]
    for unit in desk.units:
        cases += name_unit(unit, desk)
    cases += [_twin(name, of, desk) for name, of in twins.items()]
    cases += missing(book.slots, {m.session for m in matches}, desk, cases, now)
    named = tuple(sorted(dict.fromkeys(cases), key=lambda case: (case.kind, case.sessions, case.takes)))
    ordered = tuple(sorted(matches, key=lambda m: m.session))
    return Matching(ordered, named, tuple(_row(w, ordered, named) for w in weighed.values()))


def _readiness(weighed: Mapping[str, Weights]) -> tuple[list[Case], dict[str, Weights]]:
    """Return cases for what can't be taken now, and the takes that can."""
    cases: list[Case] = []
    ready: dict[str, Weights] = {}
    for name, weights in weighed.items():
        take = weights.take
        if growing(take):
            cases.append(Growing((name,), _likely(weights)))
        elif why := unfit(take):
            cases.append(NotMedia((name,), (), why))
        elif best_file(take) is None:
            gallery = any(file.role == "gallery" for file in take.files)
            what = "the gallery view" if gallery else "one participant's microphone"
            cases.append(NotShared((name,), _likely(weights), what))
        else:
            ready[name] = weights
    return cases, ready


def _likely(weights: Weights) -> tuple[str, ...]:
    """Return the sessions an incomplete take may be of by its beginning, in any reading, or by its words."""
    tables = (weights.ranked, *(table for _, table in weights.doubts))
    fit = {
        found.slot.slug
        for table in tables
        for found in table
        if not found.contradicted and (_began_near(found) or found.weight("words") >= 5)
    }
    return tuple(sorted(fit))


def _began_near(found: Weighed) -> bool:
    common = any(e.kind == "length" and e.weight > -6 for e in found.evidence)
    return found.weight("start") > 0 or common


def _pins_kept(hand: Iterable[Pinned], weighed: Mapping[str, Weights]) -> tuple[list[Match], list[Case]]:
    """Return the matches that people made, and cases for pinned takes that are not ready."""
    made: list[Match] = []
    cases: list[Case] = []
    hand = tuple(hand)
    for pin in hand:
        troubles: list[Case] = []
        for take, path in zip(pin.takes, pin.files, strict=True):
            file = next((file for file in take.files if file.path == path), None)
            if growing(take):
                troubles.append(Growing((take.name,), (pin.slot.slug,)))
            elif file is None or file.trouble:
                troubles.append(
                    NotMedia(
                        (take.name,), (pin.slot.slug,), (file and (file.why or file.trouble)) or "it holds no sound"
                    )
                )
        cases += troubles
        if not troubles:
            cut = _cut(pin, hand, weighed) if len(pin.takes) == 1 else None
            names = tuple(take.name for take in pin.takes)
            made.append(
                Match(pin.slot.slug, names, pin.files, None, ("pinned by hand",), True, cut, _transcript(pin.takes))
            )
    return made, cases


def _cut(pin: Pinned, hand: tuple[Pinned, ...], weighed: Mapping[str, Weights]) -> Cut | None:
    take = pin.takes[0]
    slots = sorted(
        (other.slot for other in hand if other.takes == pin.takes and other.slot.starts),
        key=lambda slot: (slot.starts, slot.slug),
    )
    weights = weighed[take.name]
    if len(slots) < 2 or weights.reading.at is None or take.seconds is None:
        return None
    proposed = (cut for cut in cuts(weights, slots) if cut.session == pin.slot.slug)
    return next((cut for cut in proposed if cut.end > cut.start), None)


def _of(unit: Unit, found: Weighed) -> Match:
    files = tuple(file.path for take in unit.takes if (file := best_file(take)))
    said = unit.weights.reading.said
    reasons = (*found.reasons, *((f"time from {said}",) if said else ()))
    return Match(found.slot.slug, unit.names, files, found.score, reasons, transcript=_transcript(unit.takes))


def _transcript(takes: tuple[Take, ...]) -> PurePath | None:
    """Return the transcript of a recording that is in one piece: those of several would have to be joined."""
    files = [f.path for f in takes[0].files if f.role == "transcript" and not f.trouble] if len(takes) == 1 else []
    return min(files, default=None)


def _several(weights: Weights, slots: tuple[Slot, ...]) -> Case:
    slugs = tuple(slot.slug for slot in slots)
    if in_sequence(slots):
        return Merged((weights.take.name,), slugs, cuts(weights, slots))
    return Ambiguous((weights.take.name,), slugs, "it runs through all of them, which were not in one room")


def _twin(name: str, of: str, desk: Desk) -> Duplicate:
    session = next((found.slot.slug for unit, found in desk.matched if of in unit.names), "")
    return Duplicate((name,), (session,) if session else (), of, identical=True)


def _row(weights: Weights, matches: Iterable[Match], cases: Iterable[Case]) -> Row:
    name, best = weights.take.name, weights.best
    mine = next((m for m in matches if name in m.takes), None)
    kind = next(
        (case.kind for case in cases if name in case.takes and case.kind not in ("missing", "restarted")), "no session"
    )
    if mine:
        reasons = mine.reasons
        score = weights.of(mine.session).score if mine.score is None else mine.score
        return Row(name, mine.session, score, reasons, "match")
    if best is None or best.score <= 0:
        return Row(name, "", best.score if best else 0.0, best.reasons if best else (), kind)
    return Row(name, best.slot.slug, best.score, best.reasons, kind)
