"""Which takes are to be weighed, and which of them belong together: copies, parts of one session, one take of several."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import PurePath

from sessioncast.inbox.cases import Cut
from sessioncast.inbox.evidence import JUNK_SECONDS, LATEST, overlap
from sessioncast.inbox.programme import Slot, meeting_keys
from sessioncast.inbox.value import File, Take
from sessioncast.inbox.weighing import Scales, Weighed, Weights

PREFERENCE = ("audio", "mixed", "speaker", "screen")
"""Roles whose sound is everybody's, the best first: what was mixed without a picture lost least."""
_MEDIA = (*PREFERENCE, "gallery", "person")

_PAUSE = timedelta(minutes=20)
_TOUCH = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Unit:
    """What is matched as one: a take, or several in order that are one session; ``weights`` are of all of them laid end to end."""

    takes: tuple[Take, ...]
    weights: Weights

    @property
    def names(self) -> tuple[str, ...]:
        """The takes' names, in order."""
        return tuple(take.name for take in self.takes)


def best_file(take: Take) -> File | None:
    """Return the file whose sound is to be published; None where there is none that may be taken unless named."""
    fit = [file for file in take.files if file.role in PREFERENCE and not file.trouble]
    return min(fit, key=lambda f: (PREFERENCE.index(f.role), -f.size, str(f.path)), default=None)


def growing(take: Take) -> bool:
    """Whether a sound or film of the take is not complete."""
    return any(file.role in _MEDIA and file.trouble == "still growing" for file in take.files)


def unfit(take: Take) -> str:
    """Return why the take holds nothing to play, in words; empty where it does."""
    media = [file for file in take.files if file.role in _MEDIA]
    if any(not file.trouble for file in media):
        return ""
    if not media:
        return "it holds no sound"
    return next((file.why for file in media if file.why), media[0].trouble)


def copies(takes: Iterable[Take]) -> dict[str, str]:
    """Return the takes that are copies of another, and of which: the same beginning, length, size and words."""
    same: dict[tuple[object, ...], list[str]] = defaultdict(list)
    for take in takes:
        file = best_file(take)
        if file and file.size and take.seconds is not None:
            told = (take.recorder, take.meeting, take.topic, file.role, file.size, round(take.seconds))
            same[(take.began.at if take.began else None, *told)].append(take.name)
    found = {}
    for names in same.values():
        kept = min(names, key=lambda name: (len(name), name))
        found.update({name: kept for name in names if name != kept})
    return found


def units(weighed: Mapping[str, Weights], scales: Scales) -> tuple[Unit, ...]:
    """Return the takes as units, parts of one session joined; sorted by name."""
    members: dict[tuple[object, ...], list[Weights]] = defaultdict(list)
    for weights in weighed.values():
        home = _home(weights)
        if home:
            members[home.slug, *_source(weights.take)].append(weights)
    chains = [parts for found in members.values() if (parts := _in_turn(found))]
    joined = {weights.take.name for parts in chains for weights in parts}
    found = [Unit((w.take,), w) for w in weighed.values() if w.take.name not in joined]
    found += [Unit(tuple(w.take for w in parts), scales.weigh(_end_to_end(parts))) for parts in chains]
    return tuple(sorted(found, key=lambda unit: unit.names))


def _source(take: Take) -> tuple[object, ...]:
    """Return what parts of one session have in common; those that say nothing of themselves lie in one folder at least."""
    told = (meeting_keys(take.meeting), take.topic, take.room)
    return (take.recorder, *told, "" if any(told) else PurePath(take.name).parent)


def _home(weights: Weights) -> Slot | None:
    """Return the one session that a take lies in; a last part may run over by twice what it holds of the session."""
    seconds = weights.take.seconds
    if seconds is None or seconds < JUNK_SECONDS:
        return None
    inside = []
    for found in weights.ranked:
        common = None if found.contradicted else overlap(weights.reading, seconds, found.slot)
        if common and common.total_seconds() > seconds / 3:
            inside.append((common, found.slot))
    inside.sort(key=lambda pair: -pair[0])
    return inside[0][1] if inside and (len(inside) == 1 or inside[0][0] > inside[1][0]) else None


def _in_turn(found: Sequence[Weights]) -> list[Weights]:
    """Return the takes in order where there are several, none runs during another and no pause is long; else none."""
    parts = sorted(found, key=lambda w: (_span(w)[0], w.take.name))
    pauses = [_span(after)[0] - _span(before)[1] for before, after in pairwise(parts)]
    return parts if pauses and all(-_TOUCH <= pause <= _PAUSE for pause in pauses) else []


def _span(weights: Weights) -> tuple[datetime, datetime]:
    begins, seconds = weights.reading.at, weights.take.seconds
    if begins is None or seconds is None:
        raise AssertionError("a take in a session has a time and a length")
    return begins, begins + timedelta(seconds=seconds)


def _end_to_end(parts: Sequence[Weights]) -> Take:
    seconds = (_span(parts[-1])[1] - _span(parts[0])[0]).total_seconds()
    return replace(parts[0].take, seconds=seconds)


def held(weights: Weights) -> tuple[Slot, ...]:
    """Return the sessions that one take holds where they are several, by start; empty else.

    A topic names the first talk of a long recording as often as the series, so it rules out only where it knows none of them.
    """
    inside = [w for w in weights.ranked if _holds(weights, w) and not _elsewhere(w)]
    slots = sorted((w.slot for w in inside), key=lambda slot: (slot.starts is None, slot.starts, slot.slug))
    foreign = all(w.weight("words") < 0 or w.weight("show") < 0 for w in inside) and not weights.clear
    apart = any(_apart(one, other) for one, other in pairwise(slots))
    return tuple(slots) if apart and not foreign else ()


def _holds(weights: Weights, found: Weighed) -> bool:
    begins, seconds, slot = weights.reading.at, weights.take.seconds, found.slot
    if begins is None or seconds is None or slot.starts is None or slot.starts >= begins + timedelta(seconds=seconds):
        return False
    if slot.length is None:
        rest = begins + timedelta(seconds=seconds) - slot.starts
        return slot.starts >= begins - LATEST / 2 and rest >= LATEST
    common = overlap(weights.reading, seconds, slot)
    return common is not None and common >= slot.length / 2


def _elsewhere(found: Weighed) -> bool:
    return found.weight("meeting") < 0 or found.weight("room") < 0


def _apart(one: Slot, other: Slot) -> bool:
    if one.starts is None or other.starts is None:
        return False
    ends = one.ends or one.starts + LATEST
    return other.starts >= ends - timedelta(minutes=5)


def in_sequence(slots: Sequence[Slot]) -> bool:
    """Whether sessions, by start, follow one another, as in one room."""
    return all(_apart(one, other) for one, other in pairwise(slots))


def cuts(weights: Weights, slots: Sequence[Slot]) -> tuple[Cut, ...]:
    """Return where the programme puts each of these sessions in the recording; each ends at the latest where the next begins."""
    begins, ends = _span(weights)
    found = []
    for place, slot in enumerate(slots):
        following = slots[place + 1].starts if place + 1 < len(slots) else None
        last = min(moment for moment in (slot.ends, following, ends) if moment is not None)
        start = max(0.0, ((slot.starts or begins) - begins).total_seconds())
        found.append(Cut(slot.slug, start, (last - begins).total_seconds()))
    return tuple(found)
