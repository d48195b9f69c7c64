"""Matches carried out: recordings and transcripts into the sessions' folders, and ``recording`` written into session.toml.

Files come first, session.toml after them, and the inbox is emptied last: a crash in between leaves a file too many, never a session
that names none. Nothing is overwritten, and running it again changes nothing.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path, PurePath

from sessioncast.errors import ContentError, ObjectMissing, SessioncastError
from sessioncast.inbox.elsewhere import restored
from sessioncast.inbox.match import Match, Matching
from sessioncast.inbox.place import Folder, Place
from sessioncast.model import Session
from sessioncast.model.session import TRANSCRIPT_FILES, Trim
from sessioncast.project import Project, edit_session, inspect, load
from sessioncast.project.value import SESSION_FILE
from sessioncast.scratch import sha256_of, unfinished


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of a match: the ``recordings`` now in the session's folder, its ``transcript`` if one came along.

    ``why`` says why nothing was to be done, ``error`` what failed: nothing was put then, or all but what it names.
    """

    session: str
    recordings: tuple[str, ...] = ()
    transcript: str = ""
    why: str = ""
    error: SessioncastError | None = None


def apply(
    folder: Path, inbox: Place | Path, matching: Matching, *, move: bool = False, trim: bool = False
) -> tuple[Applied, ...]:
    """Put every match of ``inbox`` into the show at ``folder``; a session that has a recording by now is left alone.

    One whose recording lies on another machine gets it under the name that session.toml says.

    The files are linked where the disk allows it, else copied; ``move`` then takes them out of the inbox. ``trim`` writes the cut of a
    recording that several sessions share. What lies in a bucket stays there and is named by its address; ``move`` is for folders. Chats
    stay where they are: they hold what people wrote in private. Neither a broken session nor a file that is gone or can't be read, nor a
    folder that can't be written, stops the others. Raises ContentError for a show that would not load, and a store's errors.
    """
    project = inspect(folder)[0] or load(folder)
    hands = _Hands(project, Folder(inbox) if isinstance(inbox, Path) else inbox, trim=trim)
    try:
        done = [hands.tried(match) for match in matching.matches]
    finally:
        hands.place.tidy()
    if move and isinstance(hands.place, Folder):
        done = [_emptied(hands.place, one, hands.put_from.get(one.session, ())) for one in done]
    return tuple(done)


@dataclass
class _Hands:
    """Puts one match after the other; ``put_from`` are the files of the inbox that a session has by now."""

    project: Project
    place: Place
    trim: bool
    put_from: dict[str, list[PurePath]] = field(default_factory=dict)

    def tried(self, match: Match) -> Applied:
        """Put one match, or say what was wrong with it. Raises a store's errors, for what is gone from there apart."""
        try:
            return self.put(match)
        except (ContentError, ObjectMissing) as e:
            return Applied(match.session, error=e)

    def put(self, match: Match) -> Applied:
        """Put one match into its session's folder. Raises ContentError, and a store's errors."""
        place, session = self.place, self.project.session(match.session)
        if session is None:
            return Applied(match.session, why="is no session any more")
        again = restored(self.project, session, match.files)
        if session.recordings and not again:
            return Applied(match.session, why="has its recording already")
        home = self.project.session_folder(match.session)
        own = session.recordings if again else tuple(path.name for path in match.files)
        names = tuple(
            place.stays_at(path) or _put(_inside(place, path), home, name)
            for path, name in zip(map(_plain, match.files), own, strict=True)
        )
        transcript, error = self._with_transcript(match, session, home)
        changes: dict[str, object] = {"recording": names[0] if len(names) == 1 else names}
        if self.trim and match.cut and session.trim is None:
            changes["trim"] = Trim(start=match.cut.start, end=match.cut.end)
        if names != session.recordings or "trim" in changes:  # what came back under its own name changes no word
            with _handling(home / SESSION_FILE):
                edit_session(self.project.folder, match.session, changes)
        self.put_from[match.session] = [*match.files, *([match.transcript] if transcript and match.transcript else [])]
        return Applied(match.session, names, transcript, error=error)

    def _with_transcript(self, match: Match, session: Session, home: Path) -> tuple[str, SessioncastError | None]:
        """Put the transcript too; that it can't be had must not keep the recording."""
        try:
            return _put_transcript(self.place, match, session, home), None
        except (ContentError, ObjectMissing) as e:
            return "", e


def _emptied(place: Folder, one: Applied, files: Iterable[PurePath]) -> Applied:
    """Take files out of the inbox that a session has by now."""
    try:
        for path in files:
            with _handling(place.whole(path)):
                place.whole(path).unlink(missing_ok=True)
    except ContentError as e:
        return replace(one, error=one.error or e)
    return one


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
