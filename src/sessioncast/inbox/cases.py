"""What an inbox holds besides clear matches: every case has a name, words for it, and what to type next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from sessioncast.inbox.evidence import length_in_words
from sessioncast.project.value import SHOW_FILE, session_file


@dataclass(frozen=True, slots=True)
class Missing:
    """The session is over and nothing recorded it; ``near``: takes that should have, and why they don't count is their own case."""

    session: str
    title: str
    near: tuple[str, ...] = ()
    kind: ClassVar[str] = "missing"

    @property
    def takes(self) -> tuple[str, ...]:
        """The takes it is about."""
        return self.near

    @property
    def sessions(self) -> tuple[str, ...]:
        """The sessions it is about."""
        return (self.session,)

    @property
    def words(self) -> str:
        """What is the case, in one sentence without full stop."""
        seen = f"; only {_names(self.near)} came near it" if self.near else ""
        return f"{self.session} is over and nothing recorded it{seen}"

    @property
    def hint(self) -> str:
        """What to type next."""
        return f'ask who recorded it; then put the file into the inbox, or set recording = "…" in {session_file(self.session)}'


@dataclass(frozen=True, slots=True)
class _OfTake:
    take: str

    @property
    def takes(self) -> tuple[str, ...]:
        """The takes it is about."""
        return (self.take,)

    @property
    def sessions(self) -> tuple[str, ...]:
        """The sessions it is about."""
        return ()


@dataclass(frozen=True, slots=True)
class _OfPair(_OfTake):
    session: str

    @property
    def sessions(self) -> tuple[str, ...]:
        """The sessions it is about."""
        return (self.session,)


@dataclass(frozen=True, slots=True)
class TooShort(_OfPair):
    """The take ran while the session did, or just before, for too short a time to be its recording."""

    seconds: float
    kind: ClassVar[str] = "too short"

    @property
    def words(self) -> str:
        """What is the case, in one sentence without full stop."""
        return f"{self.take} lasts {length_in_words(self.seconds)}, too short to be {self.session}"

    @property
    def hint(self) -> str:
        """What to type next."""
        return f"delete it, or {_pin(self.take, self.session)}"


@dataclass(frozen=True, slots=True)
class Restarted:
    """Several takes in order are one session; it is matched with all of them."""

    parts: tuple[str, ...]
    session: str
    kind: ClassVar[str] = "restarted"

    @property
    def takes(self) -> tuple[str, ...]:
        """The takes it is about, in order."""
        return self.parts

    @property
    def sessions(self) -> tuple[str, ...]:
        """The sessions it is about."""
        return (self.session,)

    @property
    def words(self) -> str:
        """What is the case, in one sentence without full stop."""
        return f"{self.session} was recorded in {len(self.parts)} parts: {_names(self.parts)}"

    @property
    def hint(self) -> str:
        """What to type next."""
        return "sessioncast inbox --apply takes them in this order"


@dataclass(frozen=True, slots=True)
class Cut:
    """A proposal: ``session`` is in the recording from ``start`` to ``end``, seconds in its own time."""

    session: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Merged(_OfTake):
    """One take holds several sessions; ``cuts`` by the programme, in order."""

    cuts: tuple[Cut, ...]
    kind: ClassVar[str] = "merged"

    @property
    def sessions(self) -> tuple[str, ...]:
        """The sessions it is about, in order."""
        return tuple(cut.session for cut in self.cuts)

    @property
    def words(self) -> str:
        """What is the case, in one sentence without full stop."""
        places = ", ".join(f"{cut.session} from {_clock(cut.start)} to {_clock(cut.end)}" for cut in self.cuts)
        return f"{self.take} holds {len(self.cuts)} sessions: by the programme {places}"

    @property
    def hint(self) -> str:
        """What to type next."""
        return f'listen at these places, then set pin = "{self.take}" and trim in the session.toml of each'


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Takes and sessions that fit, with nothing that tells clearly which belongs to which; ``why`` in words."""

    candidates: tuple[str, ...]
    among: tuple[str, ...]
    why: str
    kind: ClassVar[str] = "ambiguous"

    @property
    def takes(self) -> tuple[str, ...]:
        """The takes it is about."""
        return self.candidates

    @property
    def sessions(self) -> tuple[str, ...]:
        """The sessions it is about."""
        return self.among

    @property
    def words(self) -> str:
        """What is the case, in one sentence without full stop."""
        return f"{_names(self.candidates)} may be {' or '.join(self.among)}: {self.why}"

    @property
    def hint(self) -> str:
        """What to type next."""
        return _pin(self.candidates[0], self.among[0])


@dataclass(frozen=True, slots=True)
class NoSession(_OfTake):
    """No session fits the take; ``why`` says what came nearest."""

    why: str
    kind: ClassVar[str] = "no session"

    @property
    def words(self) -> str:
        """What is the case, in one sentence without full stop."""
        return f"{self.take} is of no session: {self.why}"

    @property
    def hint(self) -> str:
        """What to type next."""
        return f'if it is one, set pin = "{self.take}" in its session.toml, or import the programme again'


@dataclass(frozen=True, slots=True)
class NoZone(_OfTake):
    """A local time without a zone, and another zone would make it another session; ``readings``: what is read, and the session."""

    readings: tuple[tuple[str, str], ...]
    kind: ClassVar[str] = "local time without a zone"

    @property
    def sessions(self) -> tuple[str, ...]:
        """The sessions it is about."""
        return tuple(dict.fromkeys(session for _, session in self.readings if session))

    @property
    def words(self) -> str:
        """What is the case, in one sentence without full stop."""
        told = "; ".join(f"by {said} it is {session or 'of no session'}" for said, session in self.readings)
        return f"{self.take} says its time without a zone: {told}"

    @property
    def hint(self) -> str:
        """What to type next."""
        return f'set zone = "…" under [inbox] in {SHOW_FILE}, or {_pin(self.take, self.sessions[0])}'


@dataclass(frozen=True, slots=True)
class Growing(_OfTake):
    """A file of the take is still being written or copied."""

    likely: tuple[str, ...] = ()
    kind: ClassVar[str] = "still growing"

    @property
    def sessions(self) -> tuple[str, ...]:
        """The sessions it may be of, which wait for it."""
        return self.likely

    @property
    def words(self) -> str:
        """What is the case, in one sentence without full stop."""
        waits = (
            f"; {' and '.join(self.likely)} {'waits' if len(self.likely) == 1 else 'wait'} for it"
            if self.likely
            else ""
        )
        return f"{self.take} is still growing{waits}"

    @property
    def hint(self) -> str:
        """What to type next."""
        return "sessioncast inbox again when it is complete"


@dataclass(frozen=True, slots=True)
class NotMedia(_OfTake):
    """The take holds nothing that can be played: an error page saved as a recording, a broken file, companions alone."""

    why: str
    kind: ClassVar[str] = "not media"

    @property
    def words(self) -> str:
        """What is the case, in one sentence without full stop."""
        return f"{self.take} is no recording: {self.why}"

    @property
    def hint(self) -> str:
        """What to type next."""
        return "delete it and download it again, signed in"


@dataclass(frozen=True, slots=True)
class NotShared(_OfTake):
    """The take holds only what is not taken unless named: the gallery, which shows the audience, or one participant's microphone."""

    what: str
    likely: tuple[str, ...] = ()
    kind: ClassVar[str] = "not taken unless named"

    @property
    def sessions(self) -> tuple[str, ...]:
        """The sessions it may be of."""
        return self.likely

    @property
    def words(self) -> str:
        """What is the case, in one sentence without full stop."""
        of = f", perhaps of {' or '.join(self.likely)}" if self.likely else ""
        return f"{self.take} holds {self.what} alone{of}"

    @property
    def hint(self) -> str:
        """What to type next."""
        return _pin(self.take, self.likely[0] if self.likely else "<slug>")


@dataclass(frozen=True, slots=True)
class Duplicate(_OfPair):
    """The session has a better or an identical take, ``of``."""

    of: str
    identical: bool
    kind: ClassVar[str] = "duplicate"

    @property
    def words(self) -> str:
        """What is the case, in one sentence without full stop."""
        if self.identical:
            return f"{self.take} is a copy of {self.of}"
        return f"{self.take} is another recording of {self.session}, which {self.of} fits better"

    @property
    def hint(self) -> str:
        """What to type next."""
        return "delete it" if self.identical else f"delete it, or {_pin(self.take, self.session)}"


@dataclass(frozen=True, slots=True)
class Settled(_OfPair):
    """The take fits a session that needs none; ``why``: it has its recording, is pinned to another, or was cancelled."""

    why: str
    kind: ClassVar[str] = "settled"

    @property
    def words(self) -> str:
        """What is the case, in one sentence without full stop."""
        return f"{self.take} fits {self.session}, which {self.why}"

    @property
    def hint(self) -> str:
        """What to type next."""
        return f"nothing; to take it all the same, {_pin(self.take, self.session)} and empty its recording"


@dataclass(frozen=True, slots=True)
class BadPin:
    """A pin names no file of the inbox, or several; ``found`` are those it may mean."""

    session: str
    pin: str
    found: tuple[str, ...] = ()
    kind: ClassVar[str] = "pin"

    @property
    def takes(self) -> tuple[str, ...]:
        """The takes it is about."""
        return self.found

    @property
    def sessions(self) -> tuple[str, ...]:
        """The sessions it is about."""
        return (self.session,)

    @property
    def words(self) -> str:
        """What is the case, in one sentence without full stop."""
        what = f"which may be {_names(self.found)}" if self.found else "which is not in the inbox"
        return f'{session_file(self.session)}: pin names "{self.pin}", {what}'

    @property
    def hint(self) -> str:
        """What to type next."""
        return f"write its path in the inbox as pin in {session_file(self.session)}"


Case = (
    Missing | TooShort | Restarted | Merged | Ambiguous | NoSession | NoZone | Growing | NotMedia | NotShared | Duplicate | Settled
    | BadPin
)  # fmt: skip


def _names(takes: Sequence[str]) -> str:
    return f"{', '.join(takes[:-1])} and {takes[-1]}" if len(takes) > 1 else takes[0]


def _pin(take: str, session: str) -> str:
    return f'set pin = "{take}" in {session_file(session)}'


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}"
