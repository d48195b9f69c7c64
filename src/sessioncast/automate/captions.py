"""Transcripts that come after the recording: found by matching again, as if no session had a recording yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from sessioncast.errors import SourceError, from_disk
from sessioncast.inbox.match import match
from sessioncast.model.session import TRANSCRIPT_FILES
from sessioncast.scratch import write_whole
from sessioncast.transcript import read
from sessioncast.transcript.writing import vtt

if TYPE_CHECKING:
    from sessioncast.inbox.value import Take
    from sessioncast.model import Session
    from sessioncast.project import Project


@dataclass(frozen=True, slots=True)
class Late:
    """A session and the transcripts of its recording's parts in order, each with the seconds its part lasts.

    ``files`` are the recordings they were made of.
    """

    session: str
    parts: tuple[tuple[PurePath, float], ...]
    files: tuple[PurePath, ...]


def wordless(project: Project, published: Iterable[str]) -> frozenset[str]:
    """Return the sessions that have no transcript here and, by guid among ``published``, none in public either."""
    have = frozenset(published)
    return frozenset(s.slug for s in project.sessions if s.guid not in have and not project.captions(s))


def late(
    project: Project, takes: Sequence[Take], among: frozenset[str], bound: float, now: datetime
) -> tuple[Late, ...]:
    """Return the transcripts that takes hold for these sessions, where all parts of the recording have theirs."""
    if not among or not any(_captions(take) for take in takes):
        return ()
    bare = [_bare(s) if s.slug in among else s for s in project.sessions]
    show = project.show
    found = match(takes, bare, project.people, project.inbox, show.timezone, now=now, series=show.title)
    by_name = {take.name: take for take in takes}
    made = []
    for one in found.matches:
        if one.session not in among or not (one.by_hand or (one.score or 0) >= bound):
            continue
        parts = tuple((_captions(by_name[name]), by_name[name].seconds) for name in one.takes)
        whole = tuple((path, seconds or 0.0) for path, seconds in parts if path is not None)
        lengths_known = all(seconds for _, seconds in parts[:-1])
        if len(whole) == len(parts) and lengths_known:
            made.append(Late(one.session, whole, one.files))
    return tuple(made)


def put(
    project: Project, session: Session, parts: Sequence[tuple[Path, float]], *, named: Callable[[Path], str]
) -> str:
    """Write the transcript beside session.toml and return its name; empty where one is there.

    Those of several parts are laid end to end as the recordings are. Raises ContentError for a file that holds no captions, SourceError
    for one that can't be read or put there: nothing is written then.
    """
    home = project.session_folder(session.slug)
    if any((home / name).exists() for name in TRANSCRIPT_FILES) or session.transcript.file:
        return ""
    try:
        return _put(home, parts, named)
    except OSError as e:
        found = from_disk(e)
        raise SourceError(found.message, hint=found.hint) from e


def _put(home: Path, parts: Sequence[tuple[Path, float]], named: Callable[[Path], str]) -> str:
    cues = []
    start = 0
    for path, seconds in parts:
        length = round(seconds * 1000)
        said = read(_bytes(path), named(path))
        cues += [replace(cue, start=cue.start + start, end=cue.end + start) for cue in said]
        start += length
    name = f"transcript{parts[0][0].suffix.lower()}" if len(parts) == 1 else "transcript.vtt"
    if len(parts) == 1 and name in TRANSCRIPT_FILES:
        write_whole(home / name, _bytes(parts[0][0]))
        return name
    write_whole(home / "transcript.vtt", vtt(cues))
    return "transcript.vtt"


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as e:
        raise OSError(e.errno, e.strerror, str(path)) from e  # a disk that fails while it is read names no file


def _captions(take: Take) -> PurePath | None:
    return min((f.path for f in take.files if f.role == "transcript" and not f.trouble), default=None)


def _bare(session: Session) -> Session:
    return session.model_copy(update={"recording": None})
