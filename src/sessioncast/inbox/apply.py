"""Matches carried out: recordings and transcripts into the sessions' folders, and ``recording`` written into session.toml.

Files come first, session.toml after them, and the inbox is emptied last: a crash in between leaves a file too many, never a session
that names none. Nothing is overwritten, and running it again changes nothing.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path, PurePath

from sessioncast.errors import ContentError
from sessioncast.inbox.elsewhere import restored
from sessioncast.inbox.match import Match, Matching
from sessioncast.inbox.place import Folder, Place
from sessioncast.model import Session
from sessioncast.model.session import TRANSCRIPT_FILES, Trim
from sessioncast.project import edit_session, inspect, load
from sessioncast.scratch import sha256_of, unfinished


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of a match: the ``recordings`` now in the session's folder, its ``transcript`` if one came along.

    ``why`` says why nothing was done, empty where something was.
    """

    session: str
    recordings: tuple[str, ...] = ()
    transcript: str = ""
    why: str = ""


def apply(
    folder: Path, inbox: Place | Path, matching: Matching, *, move: bool = False, trim: bool = False
) -> tuple[Applied, ...]:
    """Put every match of ``inbox`` into the show at ``folder``; a session that has a recording by now is left alone.

    One whose recording lies on another machine gets it under the name that session.toml says.

    The files are linked where the disk allows it, else copied; ``move`` then takes them out of the inbox. ``trim`` writes the cut of a
    recording that several sessions share. What lies in a bucket stays there and is named by its address; ``move`` is for folders. Chats
    stay where they are: they hold what people wrote in private. A broken session doesn't stop the others. Raises ContentError for a file
    that is gone or can't be read, a folder that can't be written, and a show or session.toml that would not load.
    """
    project = inspect(folder)[0] or load(folder)
    place = Folder(inbox) if isinstance(inbox, Path) else inbox
    done: list[Applied] = []
    emptied: list[Path] = []
    for match in matching.matches:
        session = project.session(match.session)
        again = session is not None and restored(project, session, match.files)
        if session is None or (session.recordings and not again):
            done.append(
                Applied(match.session, why="has its recording already" if session else "is no session any more")
            )
            continue
        home = project.session_folder(match.session)
        own = session.recordings if again else tuple(path.name for path in match.files)
        names = tuple(
            place.stays_at(path) or _put(_inside(place, path), home, name)
            for path, name in zip(map(_plain, match.files), own, strict=True)
        )
        transcript = _put_transcript(place, match, session, home)
        changes: dict[str, object] = {"recording": names[0] if len(names) == 1 else names}
        if trim and match.cut and session.trim is None:
            changes["trim"] = Trim(start=match.cut.start, end=match.cut.end)
        if names != session.recordings or "trim" in changes:  # what came back under its own name changes no word
            edit_session(folder, match.session, changes)
        if move and isinstance(place, Folder):
            emptied += [_inside(place, path) for path in match.files]
            emptied += [_inside(place, match.transcript)] if transcript and match.transcript else []
        done.append(Applied(match.session, names, transcript))
    place.tidy()
    for path in emptied:
        with _handling(path):
            path.unlink(missing_ok=True)
    return tuple(done)


def _put_transcript(place: Place, match: Match, session: Session, home: Path) -> str:
    """Put the recorder's transcript beside the recording, where the session has none."""
    if match.transcript is None or session.transcript.file:
        return ""
    name = f"transcript{match.transcript.suffix.lower()}"
    if name not in TRANSCRIPT_FILES or any((home / known).exists() for known in TRANSCRIPT_FILES):
        return ""
    return _put(_inside(place, match.transcript), home, name)


def _inside(place: Place, path: PurePath) -> Path:
    return place.whole(_plain(path))


def _plain(path: PurePath) -> PurePath:
    if path.is_absolute() or ".." in path.parts:
        raise ContentError(f"{path}: found a path that leads out of the inbox, expected one inside")
    return path


def _put(source: Path, home: Path, name: str) -> str:
    """Put a file into a folder under its name, or the next free one where another file has that; return the name."""
    stem, suffix = PurePath(name).stem, PurePath(name).suffix
    for number in count(1):
        target = home / (name if number == 1 else f"{stem}-{number}{suffix}")
        with _handling(source):
            if _same(source, target) or _put_new(source, target):
                return target.name
    raise AssertionError("there is always another number")


def _same(source: Path, target: Path) -> bool:
    if not target.exists():
        return False
    if target.samefile(source):
        return True
    return target.stat().st_size == source.stat().st_size and sha256_of(target) == sha256_of(source)


def _put_new(source: Path, target: Path) -> bool:
    """Link or copy, whole or not at all; False where the name is taken."""
    try:
        os.link(source.resolve(), target)
    except FileExistsError:
        return False
    except OSError:
        return _copied(source, target)
    return True


def _copied(source: Path, target: Path) -> bool:
    partial = unfinished(target)
    try:
        shutil.copy2(source, partial)
        with partial.open("rb+") as file:
            os.fsync(file.fileno())
        if target.exists():
            return False
        partial.rename(target)
    finally:
        partial.unlink(missing_ok=True)
    return True


@contextmanager
def _handling(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as e:
        raise ContentError(
            f"{path}: found a file that can't be put into its session's folder ({e.strerror or e}), expected one that can be read",
            hint="sessioncast inbox again shows what is there now",
        ) from e
