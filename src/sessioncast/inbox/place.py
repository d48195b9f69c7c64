"""Where recordings arrive: a folder on this machine, or a place in a bucket.

Of a bucket the names, sizes and times are listed. To learn how long a recording is, its first and its last bytes are fetched into a file that
is otherwise empty: there recorders write it. Only where those say nothing is the whole fetched.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path, PurePath, PurePosixPath
from typing import Protocol

from sessioncast.errors import ContentError
from sessioncast.model import StoreSettings
from sessioncast.scratch import unfinished
from sessioncast.store.shelf import Shelf

MOST = 20_000
HEAD = 1 << 20
TAIL = 4 << 20


@dataclass(frozen=True, slots=True)
class Listed:
    """A file as it is listed: ``path`` in the inbox, ``size`` in bytes, ``stamp`` differs once its bytes do.

    ``modified`` is when it was last written; None where a file can only appear whole, as objects do.
    """

    path: PurePath
    size: int
    stamp: str
    modified: datetime | None = None


class Place(Protocol):
    """An inbox."""

    @property
    def where(self) -> str:
        """The inbox as a person names it."""

    def listed(self) -> Iterator[Listed]:
        """Yield every file but hidden ones. Raises ContentError for what isn't there or can't be read, and a store's errors."""

    def enough(self, path: PurePath) -> Path:
        """Return a file on this machine whose header says how long the recording is; of a small file all."""

    def whole(self, path: PurePath) -> Path:
        """Return the whole file on this machine."""

    def stays_at(self, path: PurePath) -> str:
        """Return the address at which a recording can stay; empty where it has to be put into its session's folder."""

    def tidy(self) -> None:
        """Remove what was fetched to be looked into."""


def place_at(named: str, settings: StoreSettings, room: Path) -> Place:
    """Return the inbox at an s3:// address or in a folder; ``room`` is where pieces are kept while they are looked into."""
    return Bucket(Shelf(named, settings), room) if named.lower().startswith("s3://") else Folder(Path(named))


@dataclass(frozen=True, slots=True)
class Folder:
    """An inbox on this machine."""

    folder: Path

    @property
    def where(self) -> str:
        """Its path."""
        return str(self.folder)

    def listed(self) -> Iterator[Listed]:
        """Yield every file; links to folders are not followed."""
        if not self.folder.is_dir():
            raise ContentError(
                f"{self.folder}: found no folder, expected the inbox that recordings arrive in",
                hint="sessioncast inbox FOLDER, or folder under [inbox] in feed/show.toml",
            )

        def refuse(error: OSError) -> None:
            found = f"found a folder that can't be read ({error.strerror})"
            raise ContentError(f"{error.filename}: {found}", hint=f"ls -ld '{error.filename}'") from error

        for where, folders, names in os.walk(self.folder, onerror=refuse):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                if name.startswith("."):
                    continue
                try:
                    found = (Path(where) / name).stat()
                except OSError:
                    continue  # it went while the folder was read, or is a link to nothing
                path = PurePath((Path(where) / name).relative_to(self.folder))
                yield Listed(path, found.st_size, str(found.st_mtime_ns), datetime.fromtimestamp(found.st_mtime, UTC))

    def enough(self, path: PurePath) -> Path:
        """Return the file itself."""
        return self.folder / path

    def whole(self, path: PurePath) -> Path:
        """Return the file itself."""
        return self.folder / path

    def stays_at(self, path: PurePath) -> str:
        """Return nothing: another machine publishes too, and has the session's folder alone."""
        del path
        return ""

    def tidy(self) -> None:
        """Leave everything as it is."""


class Bucket:
    """An inbox in a bucket."""

    def __init__(self, shelf: Shelf, room: Path) -> None:
        """Name the place; nothing is asked yet."""
        self._shelf = shelf
        self._room = room
        self._found: dict[PurePath, tuple[str, int]] = {}
        self._put_at: dict[PurePath, datetime] = {}
        self._fetched: set[Path] = set()

    @property
    def where(self) -> str:
        """Its address."""
        return self._shelf.where

    def listed(self) -> Iterator[Listed]:
        """Yield every object whose key is a path like any other."""
        for found in self._shelf.scan():
            path = PurePosixPath(found.key)
            if path.as_posix() != found.key or any(part.startswith(".") for part in path.parts):
                continue
            self._found[path] = found.key, found.size
            self._put_at[path] = found.modified
            yield Listed(path, found.size, found.version)

    def put_at(self, path: PurePath) -> datetime:
        """Return when an object that was listed was put there."""
        return self._put_at[path]

    def enough(self, path: PurePath) -> Path:
        """Return a file of the recording's size that holds its first and its last bytes."""
        key, size = self._found[path]
        if size <= HEAD + TAIL:
            return self.whole(path)
        target = self._target(path)
        if not target.exists():
            self._room.mkdir(parents=True, exist_ok=True)
            partial = unfinished(target)
            with partial.open("wb") as file:
                file.write(self._shelf.piece(key, 0, HEAD))
                file.seek(size - TAIL)
                file.write(self._shelf.piece(key, size - TAIL, TAIL))
            partial.replace(target)
            self._fetched.add(target)
        return target

    def whole(self, path: PurePath) -> Path:
        """Return the whole object as a file."""
        target = self._target(path)
        self._room.mkdir(parents=True, exist_ok=True)
        self._shelf.read(self._found[path][0], target)
        self._fetched.add(target)
        return target

    def stays_at(self, path: PurePath) -> str:
        """Return the object's address: every machine that publishes can fetch it from there, and no copy fills this one's disk."""
        return self._shelf.address(self._found[path][0])

    def tidy(self) -> None:
        """Remove the pieces."""
        for target in self._fetched:
            target.unlink(missing_ok=True)
        self._fetched.clear()

    def _target(self, path: PurePath) -> Path:
        key = self._found[path][0]
        return self._room / f"{sha256(self._shelf.address(key).encode()).hexdigest()[:16]}{path.suffix}"
