"""A folder of recordings → takes: files read by name, folder and header, those of one press of the record button together."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePath
from typing import Any

from sessioncast.audio.probe import Probed, probe
from sessioncast.errors import ContentError
from sessioncast.events import Finished, Report, Started, silent
from sessioncast.inbox.beside import read_beside
from sessioncast.inbox.names import MEDIA, NameFacts, read_name
from sessioncast.inbox.units import best_file
from sessioncast.inbox.value import File, Role, Take
from sessioncast.scratch import write_whole

SETTLED = timedelta(minutes=2)
"""How long a file must have been left alone before it counts as whole."""

_UNFINISHED = (".part", ".partial", ".crdownload", ".download", ".tmp", ".filepart", ".aria2", ".opdownload")
_COMPANIONS: tuple[Role, ...] = ("transcript", "captions", "chat", "metadata")
_MOST = 20_000


@dataclass(frozen=True, slots=True)
class _Seen:
    """A file as the folder lists it: ``path`` in the inbox, what its name says, and whether somebody is still writing it."""

    path: PurePath
    facts: NameFacts
    size: int
    stamp: int
    growing: bool


def scan(
    folder: Path, *, now: datetime, kept: Path | None = None, settle: timedelta = SETTLED, report: Report = silent
) -> tuple[Take, ...]:
    """Return what lies in an inbox, by name; files that are no recording and belong to none are passed over.

    ``kept`` is where lengths are remembered, so that looking again costs nothing. Links to folders are not followed. Raises ContentError for
    a folder that isn't there or can't be read.
    """
    groups: dict[str, list[_Seen]] = defaultdict(list)
    for seen in _listed(folder, now - settle):
        groups[seen.facts.stem or seen.path.as_posix()].append(seen)
    groups = _with_metadata(groups)
    media = [s for some in groups.values() for s in some if _is_media(s) and not s.growing]
    known = _Lengths(folder, kept)
    report(Started("look", str(folder), total=len(media), unit="objects"))
    known.look(media)
    report(Finished("look", str(folder)))
    takes = (_take(folder, some, known.found) for some in groups.values())
    return tuple(sorted((take for take in takes if take is not None), key=lambda take: take.name))


# --- the folder -------------------------------------------------------------------------------------------------------


def _listed(folder: Path, settled: datetime) -> Iterator[_Seen]:
    if not folder.is_dir():
        raise ContentError(
            f"{folder}: found no folder, expected the inbox that recordings arrive in",
            hint="sessioncast inbox FOLDER, or folder under [inbox] in feed/show.toml",
        )

    def refuse(error: OSError) -> None:
        raise ContentError(
            f"{error.filename}: found a folder that can't be read ({error.strerror})", hint=f"ls -ld '{error.filename}'"
        ) from error

    number = 0
    for where, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if name.startswith("."):
                continue
            number += 1
            if number > _MOST:
                raise ContentError(
                    f"{folder}: found more than {_MOST} files, expected an inbox of recordings",
                    hint="name the folder recordings arrive in: sessioncast inbox FOLDER",
                )
            seen = _seen(folder, Path(where) / name, settled)
            if seen is not None:
                yield seen


def _seen(folder: Path, file: Path, settled: datetime) -> _Seen | None:
    path = PurePath(file.relative_to(folder))
    begun = path.suffix.casefold() in _UNFINISHED
    facts = read_name(path.with_suffix("") if begun and path.stem else path)
    if not (facts.role in _COMPANIONS or path.suffix.casefold() in MEDIA or (begun and facts.role != "other")):
        return None
    try:
        found = file.stat()
    except OSError:
        return None  # it went while the folder was read, or is a link to nothing
    young = datetime.fromtimestamp(found.st_mtime, UTC) > settled
    return _Seen(path, facts, found.st_size, found.st_mtime_ns, begun or young)


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

    def __init__(self, folder: Path, kept: Path | None) -> None:
        self._folder = folder
        self._kept = kept
        self._known: dict[str, Any] = _read(kept)
        self.found: dict[PurePath, Probed] = {}

    def look(self, files: Iterable[_Seen]) -> None:
        """Look into every file that isn't known as it is now."""
        keys = {s.path: f"{self._folder.absolute()}|{s.path.as_posix()}|{s.size}|{s.stamp}" for s in files}
        new = [path for path, key in keys.items() if key not in self._known]
        probed = probe([self._folder / path for path in new])
        for path in new:
            said = probed[self._folder / path]
            self._known[keys[path]] = [said.seconds, said.sound, said.pictures, said.refused]
        self.found = {path: Probed(*self._known[key]) for path, key in keys.items()}
        if self._kept is not None and new:
            write_whole(self._kept, json.dumps(self._known, sort_keys=True).encode())


def _read(kept: Path | None) -> dict[str, Any]:
    try:
        plain = json.loads(kept.read_text("utf-8")) if kept is not None else {}
    except (OSError, ValueError):
        return {}
    return plain if isinstance(plain, dict) else {}


# --- one press of the record button -----------------------------------------------------------------------------------


def _take(folder: Path, some: list[_Seen], probed: Mapping[PurePath, Probed]) -> Take | None:
    """Return the files as one take; None where nothing of them was ever to be played."""
    if not any(_is_media(s) for s in some):
        return None
    files = tuple(_file(s, probed.get(s.path)) for s in some)
    facts = {s.path: s.facts for s in some}
    take = Take(name=next(f.path for f in files if f.role not in _COMPANIONS).as_posix(), files=files)
    best = best_file(take) or next(f for f in files if f.role not in _COMPANIONS)
    first = facts[best.path]
    every = [first, *facts.values()]
    said = read_beside(folder, [s.path for s in some if s.facts.role == "metadata"])
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
