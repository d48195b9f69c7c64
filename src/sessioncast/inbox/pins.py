"""What people decided by hand: ``pin`` in session.toml, and the takes it means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from sessioncast.inbox.cases import BadPin
from sessioncast.inbox.programme import Slot
from sessioncast.inbox.units import best_file
from sessioncast.inbox.value import Take


@dataclass(frozen=True, slots=True)
class Pinned:
    """The ``takes`` a session is pinned to, in order, and the file of each: the one named, or its best."""

    slot: Slot
    takes: tuple[Take, ...]
    files: tuple[PurePath, ...]


def pinned(slots: Sequence[Slot], takes: Sequence[Take]) -> tuple[tuple[Pinned, ...], tuple[BadPin, ...]]:
    """Return what is pinned, and the pins that mean no file or several. Sessions with a recording need none."""
    good: list[Pinned] = []
    bad: list[BadPin] = []
    for slot in slots:
        pins = slot.session.pin or ()
        if slot.session.recordings:
            continue
        found: list[tuple[Take, PurePath]] = []
        for pin in (pins,) if isinstance(pins, str) else pins:
            means = _meant(pin, takes)
            if len(means) == 1:
                found.append(means[0])
            else:
                bad.append(BadPin(tuple(sorted(str(path) for _, path in means)), (slot.slug,), pin))
        if found and not any(case.session == slot.slug for case in bad):
            good.append(Pinned(slot, tuple(take for take, _ in found), tuple(path for _, path in found)))
    return tuple(good), tuple(bad)


def _meant(pin: str, takes: Sequence[Take]) -> list[tuple[Take, PurePath]]:
    """Return what ``pin`` means: a take by name, else a file by its path, else files by their name alone."""
    plain = pin.replace("\\", "/").removeprefix("./").rstrip("/")
    files = [(take, file) for take in takes for file in take.files]
    named = [(take, file.path) for take, file in files if file.path.as_posix() == plain]
    named = named or [(take, _best_of(take)) for take in takes if take.name == pin]
    return named or [(take, file.path) for take, file in files if file.path.name == plain]


def _best_of(take: Take) -> PurePath:
    file = best_file(take)
    return file.path if file else PurePath(take.name)
