"""What an inbox holds besides clear matches: every case has a name, words for it, and what to type next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from sessioncast.inbox.evidence import length_in_words
from sessioncast.project.value import SHOW_FILE, session_file


@dataclass(frozen=True, slots=True)
class Named:
    """A case: the ``takes`` and the ``sessions`` it is about, by name and slug, in order."""

    takes: tuple[str, ...]
    sessions: tuple[str, ...]
    kind: ClassVar[str] = ""

    @property
    def take(self) -> str:
        """The first take."""
        return self.takes[0]

    @property
    def session(self) -> str:
        """The first session."""
        return self.sessions[0]

    @property
    def words(self) -> str:
        """What is the case, in one sentence without full stop."""
        return self._said()[0]

    @property
    def hint(self) -> str:
        """What to type next."""
        return self._said()[1]

    def _said(self) -> tuple[str, str]:
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Missing(Named):
    """The session is over and nothing recorded it; its takes came near, and why they don't count is their own case."""

    kind: ClassVar[str] = "missing"

    def _said(self) -> tuple[str, str]:
        seen = f"; only {_names(self.takes)} came near it" if self.takes else ""
        words = f"{self.session} is over and nothing recorded it{seen}"
        return (
            words,
            f'ask who recorded it; then put the file into the inbox, or set recording = "…" in {session_file(self.session)}',
        )


@dataclass(frozen=True, slots=True)
class TooShort(Named):
    """The take ran while the session did, or just before, for too short a time to be its recording."""

    seconds: float
    kind: ClassVar[str] = "too short"

    def _said(self) -> tuple[str, str]:
        words = f"{self.take} lasts {length_in_words(self.seconds)}, too short to be {self.session}"
        return words, f"delete it, or {_pin(self.take, self.session)}"


@dataclass(frozen=True, slots=True)
class Restarted(Named):
    """Several takes in order are one session; it is matched with all of them."""

    kind: ClassVar[str] = "restarted"

    def _said(self) -> tuple[str, str]:
        words = f"{self.session} was recorded in {len(self.takes)} parts: {_names(self.takes)}"
        return words, "sessioncast inbox --apply takes them in this order"


@dataclass(frozen=True, slots=True)
class Cut:
    """A proposal: ``session`` is in the recording from ``start`` to ``end``, seconds in its own time."""

    session: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Merged(Named):
    """One take holds several sessions; ``cuts`` by the programme, in order."""

    cuts: tuple[Cut, ...]
    kind: ClassVar[str] = "merged"

    def _said(self) -> tuple[str, str]:
        places = ", ".join(f"{cut.session} from {_clock(cut.start)} to {_clock(cut.end)}" for cut in self.cuts)
        words = f"{self.take} holds {len(self.cuts)} sessions: by the programme {places}"
        return words, f'listen at these places, then set pin = "{self.take}" and trim in the session.toml of each'


@dataclass(frozen=True, slots=True)
class Ambiguous(Named):
    """Takes and sessions that fit, with nothing that tells clearly which belongs to which; ``why`` in words."""

    why: str
    kind: ClassVar[str] = "ambiguous"

    def _said(self) -> tuple[str, str]:
        words = f"{_names(self.takes)} may be {' or '.join(self.sessions)}: {self.why}"
        return words, _pin(self.take, self.session)


@dataclass(frozen=True, slots=True)
class NoSession(Named):
    """No session fits the take; ``why`` says what came nearest."""

    why: str
    kind: ClassVar[str] = "no session"

    def _said(self) -> tuple[str, str]:
        words = f"{self.take} is of no session: {self.why}"
        return words, f'if it is one, set pin = "{self.take}" in its session.toml, or import the programme again'


@dataclass(frozen=True, slots=True)
class NoZone(Named):
    """A local time without a zone, and another zone would make it another session; ``readings``: what is read, and the session."""

    readings: tuple[tuple[str, str], ...]
    kind: ClassVar[str] = "local time without a zone"

    def _said(self) -> tuple[str, str]:
        told = "; ".join(f"by {said} it is {session or 'of no session'}" for said, session in self.readings)
        words = f"{self.take} says its time without a zone: {told}"
        return words, f'set zone = "…" under [inbox] in {SHOW_FILE}, or {_pin(self.take, self.session)}'


@dataclass(frozen=True, slots=True)
class Growing(Named):
    """A file of the take is still being written or copied."""

    kind: ClassVar[str] = "still growing"

    def _said(self) -> tuple[str, str]:
        verb = "waits" if len(self.sessions) == 1 else "wait"
        waits = f"; {' and '.join(self.sessions)} {verb} for it" if self.sessions else ""
        words = f"{self.take} is still growing{waits}"
        return words, "sessioncast inbox again when it is complete"


@dataclass(frozen=True, slots=True)
class NotMedia(Named):
    """The take holds nothing that can be played: an error page saved as a recording, a broken file, companions alone."""

    why: str
    kind: ClassVar[str] = "not media"

    def _said(self) -> tuple[str, str]:
        words = f"{self.take} is no recording: {self.why}"
        return words, "delete it and download it again, signed in"


@dataclass(frozen=True, slots=True)
class NotShared(Named):
    """The take holds only what is not taken unless named: the gallery, which shows the audience, or one participant's microphone."""

    what: str
    kind: ClassVar[str] = "not taken unless named"

    def _said(self) -> tuple[str, str]:
        of = f", perhaps of {' or '.join(self.sessions)}" if self.sessions else ""
        words = f"{self.take} holds {self.what} alone{of}"
        return words, _pin(self.take, self.session if self.sessions else "<slug>")


@dataclass(frozen=True, slots=True)
class Duplicate(Named):
    """The session has a better or an identical take, ``of``."""

    of: str
    identical: bool
    kind: ClassVar[str] = "duplicate"

    def _said(self) -> tuple[str, str]:
        if self.identical:
            return f"{self.take} is a copy of {self.of}", "delete it"
        words = f"{self.take} is another recording of {self.session}, which {self.of} fits better"
        return words, f"delete it, or {_pin(self.take, self.session)}"


@dataclass(frozen=True, slots=True)
class Settled(Named):
    """The take fits a session that needs none; ``why``: it has its recording, is pinned to another, is not to be published, or was cancelled."""

    why: str
    kind: ClassVar[str] = "settled"

    def _said(self) -> tuple[str, str]:
        words = f"{self.take} fits {self.session}, which {self.why}"
        return words, f"nothing; to take it all the same, {_pin(self.take, self.session)} and empty its recording"


@dataclass(frozen=True, slots=True)
class BadPin(Named):
    """A pin names no file of the inbox, or several; its takes are those it may mean."""

    pin: str
    kind: ClassVar[str] = "pin"

    def _said(self) -> tuple[str, str]:
        what = f"which may be {_names(self.takes)}" if self.takes else "which is not in the inbox"
        words = f'{session_file(self.session)}: pin names "{self.pin}", {what}'
        return words, f"write its path in the inbox as pin in {session_file(self.session)}"


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
