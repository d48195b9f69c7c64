"""All evidence of one take against all sessions, for every moment its clock may mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sessioncast.inbox import evidence
from sessioncast.inbox.clocks import Reading, readings
from sessioncast.inbox.evidence import Evidence, Kind
from sessioncast.inbox.programme import Programme, Slot
from sessioncast.inbox.value import Take
from sessioncast.project.value import InboxSettings

BOUND = 14.0
"""Bits a match needs: more than the clock alone can give (12), so that two kinds of evidence agree."""
LEAD = 4.0
"""Bits between a match and the next best session of the take, and the next best take of the session."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """One take against one session."""

    slot: Slot
    evidence: tuple[Evidence, ...]
    score: float = field(init=False)
    """The sum of all evidence, in bits."""

    def __post_init__(self) -> None:
        """Add up once what is asked for often."""
        object.__setattr__(self, "score", sum(e.weight for e in self.evidence))

    @property
    def reasons(self) -> tuple[str, ...]:
        """What was looked at, in words."""
        return tuple(e.reason for e in self.evidence)

    @property
    def contradicted(self) -> bool:
        """Whether meeting, room, topic or the show speak clearly against it, whatever the clock says."""
        return any(e.weight <= -6 for e in self.evidence if e.kind not in ("start", "length"))

    def weight(self, kind: Kind) -> float:
        """Return the bits of one kind of evidence."""
        return sum(e.weight for e in self.evidence if e.kind == kind)


@dataclass(frozen=True, slots=True)
class Weights:
    """One take against all sessions, best first; ``doubts``: the same for the other moments its clock may mean."""

    take: Take
    reading: Reading
    ranked: tuple[Weighed, ...]
    doubts: tuple[tuple[Reading, tuple[Weighed, ...]], ...] = ()
    _by_slug: dict[str, Weighed] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Index what is looked up by session."""
        object.__setattr__(self, "_by_slug", {found.slot.slug: found for found in self.ranked})

    @property
    def best(self) -> Weighed | None:
        """The session that fits best, fit or not."""
        return self.ranked[0] if self.ranked else None

    @property
    def clear(self) -> bool:
        """Whether the best session reaches the bound and leads."""
        if not self.ranked or self.ranked[0].score < BOUND:
            return False
        return len(self.ranked) == 1 or self.ranked[0].score - self.ranked[1].score >= LEAD

    def of(self, slug: str) -> Weighed:
        """Return it against this session."""
        return self._by_slug[slug]


class Scales:
    """Weighs takes against a programme, by the show's settings."""

    def __init__(self, programme: Programme, settings: InboxSettings, zone: str) -> None:
        """``zone``: the show's, for clocks without one unless ``[inbox] zone`` names theirs."""
        self.programme = programme
        self._settings = settings
        self._zone = settings.zone or zone

    def weigh(self, take: Take) -> Weights:
        """Return the take against all sessions."""
        moments = readings(take.began, self._zone, told=self._settings.zone is not None)
        lasting = self._lasting(take)
        tables = [(moment, self._ranked(take, moment, lasting)) for moment in moments]
        return Weights(take, *tables[0], tuple(tables[1:]))

    def _lasting(self, take: Take) -> dict[str, tuple[Evidence, ...]]:
        """Return what no clock changes, by slug."""
        topics = evidence.topics(take, self.programme)
        room = evidence.room_of(take, self._settings.rooms)
        foreign = evidence.shared_inbox(take, self._settings.only) if self._settings.only else None
        found = {}
        for slot in self.programme.slots:
            every = (
                evidence.meeting(take, slot, self.programme),
                evidence.room(room, slot, self.programme),
                topics.get(slot.slug),
            )
            told = tuple(e for e in every if e)
            ours = any(e.weight > 0 and e.kind in ("meeting", "words") for e in told)
            found[slot.slug] = (*told, foreign) if foreign and not ours else told
        return found

    def _ranked(self, take: Take, moment: Reading, lasting: dict[str, tuple[Evidence, ...]]) -> tuple[Weighed, ...]:
        found = []
        for slot in self.programme.slots:
            timed = (evidence.start(moment, slot), evidence.length(moment, take.seconds, slot))
            found.append(Weighed(slot, (*(e for e in timed if e), *lasting[slot.slug])))
        return tuple(sorted(found, key=lambda w: (-w.score, w.slot.slug)))


def in_order(names: Sequence[str]) -> tuple[str, ...]:
    """Return names once each, sorted."""
    return tuple(sorted(frozenset(names)))
