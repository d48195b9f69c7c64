"""An inbox of recordings → takes: files read by name, folder and header, those of one press of the record button together."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path, PurePath
from typing import Any

from sessioncast.audio.probe import Probed, probe
from sessioncast.errors import ContentError
from sessioncast.events import Finished, Report, Started, silent
from sessioncast.inbox.beside import read_beside
from sessioncast.inbox.names import MEDIA, NameFacts, read_name
from sessioncast.inbox.place import MOST, Folder, Listed, Place
from sessioncast.inbox.units import best_file
from sessioncast.inbox.value import File, Role, Take
from sessioncast.scratch import write_whole

SETTLED = timedelta(minutes=2)
"""How long a file must have been left alone before it counts as whole."""

_UNFINISHED = (".part", ".partial", ".crdownload", ".download", ".tmp", ".filepart", ".aria2", ".opdownload")
_COMPANIONS: tuple[Role, ...] = ("transcript", "captions", "chat", "metadata")


@dataclass(frozen=True, slots=True)
class _Seen:
    """A file as the inbox lists it: ``path`` in the inbox, what its name says, and whether somebody is still writing it."""

    path: PurePath
    facts: NameFacts
    size: int
    stamp: str
    growing: bool


def scan(
    inbox: Place | Path,
    *,
    now: datetime,
    kept: Path | None = None,
    settle: timedelta = SETTLED,
    report: Report = silent,
) -> tuple[Take, ...]:
    """Return what lies in an inbox, by name; files that are no recording and belong to none are passed over.

    ``kept`` is where lengths are remembered, so that looking again costs nothing. Links to folders are not followed. Raises ContentError for
    a folder that isn't there or can't be read, and a store's errors for a bucket.
    """
    place = Folder(inbox) if isinstance(inbox, Path) else inbox
    groups: dict[str, list[_Seen]] = defaultdict(list)
    for seen in _listed(place, now - settle):
        groups[seen.facts.stem or seen.path.as_posix()].append(seen)
    groups = _with_metadata(groups)
    media = [s for some in groups.values() for s in some if _is_media(s) and not s.growing]
    known = _Lengths(place, kept)
    report(Started("look", place.where, total=len(media), unit="objects"))
    try:
        known.look(media)
        takes = [_take(place, some, known.found) for some in groups.values()]
    finally:
        place.tidy()
    report(Finished("look", place.where))
    return tuple(sorted((take for take in takes if take is not None), key=lambda take: take.name))


# --- the list ---------------------------------------------------------------------------------------------------------


def _listed(place: Place, settled: datetime) -> Iterator[_Seen]:
    for number, listed in enumerate(place.listed(), 1):
        if number > MOST:
            raise ContentError(
                f"{place.where}: found more than {MOST} files, expected an inbox of recordings",
                hint="name the folder recordings arrive in: sessioncast inbox FOLDER",
            )
        seen = _seen(listed, settled)
        if seen is not None:
            yield seen


def _seen(listed: Listed, settled: datetime) -> _Seen | None:
    path = listed.path
    begun = path.suffix.casefold() in _UNFINISHED
    facts = read_name(path.with_suffix("") if begun and path.stem else path)
    if not (facts.role in _COMPANIONS or path.suffix.casefold() in MEDIA or (begun and facts.role != "other")):
        return None
    young = listed.modified is not None and listed.modified > settled
    return _Seen(path, facts, listed.size, listed.stamp, begun or young)


def _with_metadata(groups: Mapping[str, list[_Seen]]) -> dict[str, list[_Seen]]:
    """Put what only describes a folder with the one recording that lies there."""
    made = dict(groups)
    for stem, some in groups.items():
        if any(s.facts.role != "metadata" for s in some):
            continue
        home = some[0].path.parent
        others = [k for k, seen in made.items() if k != stem and any(s.path.parent == home for s in seen)]
        del made[stem]
        if len(others) == 1:
            made[others[0]] = [*made[others[0]], *some]
    return made


def _is_media(seen: _Seen) -> bool:
    return seen.facts.role not in (*_COMPANIONS, "other")


# --- what the headers say ---------------------------------------------------------------------------------------------


class _Lengths:
    """What was found in files, kept by path, size and time of change."""

    def __init__(self, place: Place, kept: Path | None) -> None:
        self._place = place
        self._kept = kept
        self._known: dict[str, Any] = _read(kept)
        self.found: dict[PurePath, Probed] = {}

    def look(self, files: Iterable[_Seen]) -> None:
        """Look into every file that isn't known as it is now."""
        where = str(Path(self._place.where).absolute()) if isinstance(self._place, Folder) else self._place.where
        keys = {s.path: f"{where}|{s.path.as_posix()}|{s.size}|{s.stamp}" for s in files}
        new = [path for path, key in keys.items() if key not in self._known]
        for path, said in self._probed(new).items():
            self._known[keys[path]] = [said.seconds, said.sound, said.pictures, said.refused]
        self.found = {path: Probed(*self._known[key]) for path, key in keys.items()}
        if self._kept is not None and new:
            write_whole(self._kept, json.dumps(self._known, sort_keys=True).encode())

    def _probed(self, paths: Sequence[PurePath]) -> dict[PurePath, Probed]:
        """Look at what is enough of each file; where that doesn't say how long it is, at the whole."""
        enough = {path: self._place.enough(path) for path in paths}
        told = probe(list(enough.values()))
        found = {path: told[local] for path, local in enough.items()}
        if not isinstance(self._place, Folder):
            for path, said in found.items():
                if said.refused or not said.sound or said.seconds is None:
                    whole = self._place.whole(path)
                    found[path] = probe([whole])[whole]
        return found


def _read(kept: Path | None) -> dict[str, Any]:
    try:
        plain = json.loads(kept.read_text("utf-8")) if kept is not None else {}
    except (OSError, ValueError):
        return {}
    return plain if isinstance(plain, dict) else {}


# --- one press of the record button -----------------------------------------------------------------------------------


def _take(place: Place, some: list[_Seen], probed: Mapping[PurePath, Probed]) -> Take | None:
    """Return the files as one take; None where nothing of them was ever to be played."""
    if not any(_is_media(s) for s in some):
        return None
    files = tuple(_file(s, probed.get(s.path)) for s in some)
    facts = {s.path: s.facts for s in some}
    take = Take(name=next(f.path for f in files if f.role not in _COMPANIONS).as_posix(), files=files)
    best = best_file(take) or next(f for f in files if f.role not in _COMPANIONS)
    first = facts[best.path]
    every = [first, *facts.values()]
    said = read_beside(place.whole(s.path) for s in some if s.facts.role == "metadata")
    return replace(
        take,
        name=best.path.as_posix(),
        began=next((f.began for f in every if f.began), None),
        seconds=best.seconds,
        recorder=first.recorder,
        topic=said.topic or next((f.topic for f in every if f.topic), ""),
        meeting=said.meeting or next((f.meeting for f in every if f.meeting), ""),
        room=first.room,
    )


def _file(seen: _Seen, probed: Probed | None) -> File:
    file = File(seen.path, seen.facts.role, seen.size)
    if seen.growing:
        return replace(file, trouble="still growing", why="it changed a moment ago")
    if probed is None:
        return file
    if probed.refused:
        return replace(file, trouble="not media", why=probed.refused)
    if not probed.sound:
        return replace(file, seconds=probed.seconds, trouble="not media", why="holds no sound")
    return replace(file, seconds=probed.seconds)
