"""A store in a folder: every write is a new file moved into place under one lock.

Files being written and the lock live in ``.sessioncast`` inside the root. No key may have a segment that starts with
a dot, so nothing there can be listed, read or served; the folder is closed to other users besides.
It knows nothing of media types: a folder has no metadata, whoever serves it asks ``layout``.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from filelock import FileLock, Timeout

from sessioncast import layout
from sessioncast.errors import ObjectMissing, PreconditionFailed, StoreDenied, StoreError, StoreUnavailable
from sessioncast.store.files import CHUNK, disk_error, disk_errors, move, read_chunks, write_part, write_whole
from sessioncast.store.port import ABSENT, ANYTHING, Artifact, Blob, Expected, Found, OnBytes

HIDDEN = ".sessioncast"
_LOCK_SECONDS = 60.0
_STALE_SECONDS = 24 * 3600.0


class LocalStore:
    """The folder ``root``, made by the first put. A version is the SHA-256 of the bytes."""

    def __init__(self, root: Path) -> None:
        """Name the folder; nothing is read or made yet."""
        self._root = root
        self._hidden = root / HIDDEN
        self._swept = False

    @property
    def root(self) -> Path:
        """The folder, for whoever serves it."""
        return self._root

    @property
    def where(self) -> str:
        """The folder's path."""
        return str(self._root)

    def head(self, key: str) -> Found:
        """Return size, version and time of the file. Raises ObjectMissing, StoreDenied, StoreUnavailable."""
        path = self._path(key)
        with self._reading(path):
            return self._look(path, key)

    def scan(self, prefix: str = "") -> Iterator[Found]:
        """Yield every file whose key starts with ``prefix``, ascending; a root not made yet lists nothing.

        Raises StoreDenied, StoreUnavailable.
        """
        yield from self._walk("", prefix)

    def read(self, key: str, into: Path | None = None) -> Blob:
        """Return the whole file as it was at one moment. Raises ObjectMissing, StoreDenied, StoreUnavailable."""
        path = self._path(key)
        with self._reading(path):
            _regular(path)
            file = path.open("rb")
        with file:
            # A put replaces the file and never writes into it, so an open file keeps its bytes.
            if into is None:
                with disk_errors(path):
                    body = file.read()
                return Blob(body, hashlib.sha256(body).hexdigest())
            return Blob(b"", write_whole(into, iter(lambda: file.read(CHUNK), b"")))

    def put(self, artifact: Artifact, expect: Expected = ANYTHING, on_bytes: OnBytes | None = None) -> str:
        """Write the file whole or not at all and return its SHA-256.

        Raises PreconditionFailed, StoreDenied, StoreUnavailable; StoreError for a key or source file that can't be.
        """
        path = self._path(artifact.key)
        part = self._make_hidden() / f"{uuid4().hex}.part"
        version = write_part(part, _told(artifact, on_bytes))
        try:
            with self._lock(), disk_errors(path):
                if expect is not ANYTHING:
                    self._check(path, expect)
                path.parent.mkdir(parents=True, exist_ok=True)
                move(part, path)
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)
        return version

    def delete(self, key: str) -> None:
        """Remove the file and the folders it leaves empty; absent is success. Raises StoreDenied, StoreUnavailable."""
        path = self._path(key)
        try:
            with self._reading(path):
                _regular(path)
        except ObjectMissing:
            return
        self._make_hidden()
        with self._lock(), disk_errors(path):
            path.unlink(missing_ok=True)
            # Puts make folders under the same lock, so none vanishes under a file on its way in.
            for folder in path.parents:
                if folder == self._root or not folder.is_relative_to(self._root):
                    break
                try:
                    folder.rmdir()
                except OSError:
                    break

    def now(self) -> datetime:
        """Return the time of the disk the folder is on: a file server's clock, where it is on one.

        Raises StoreDenied, StoreUnavailable.
        """
        mark = self._make_hidden() / f"{uuid4().hex}.part"
        with disk_errors(self._hidden):
            try:
                mark.touch()
                return datetime.fromtimestamp(mark.stat().st_mtime, UTC)
            finally:
                mark.unlink(missing_ok=True)

    # --- looking ---

    def _path(self, key: str) -> Path:
        if not layout.is_valid(key):
            raise StoreError(f"{self.where}: found the key {key!r:.200}, expected one that every store can keep")
        return self._root.joinpath(*key.split("/"))

    @contextmanager
    def _reading(self, path: Path) -> Iterator[None]:
        """Tell missing from unreadable."""
        try:
            yield
        except (FileNotFoundError, NotADirectoryError) as e:
            if self._root.exists() and not self._root.is_dir():
                raise self._no_folder() from e
            raise ObjectMissing(f"{path}: there is no such file") from None
        except OSError as e:
            raise disk_error(e, path) from e

    def _no_folder(self) -> StoreError:
        return StoreUnavailable(
            f"{self._root}: found a file, expected a folder", hint="name another folder: [store] url in feed/show.toml"
        )

    def _look(self, path: Path, key: str) -> Found:
        _regular(path)
        with path.open("rb") as file:
            info = os.fstat(file.fileno())
            version = hashlib.file_digest(file, "sha256").hexdigest()
        return Found(key, info.st_size, version, datetime.fromtimestamp(info.st_mtime, UTC))

    def _walk(self, folder: str, prefix: str) -> Iterator[Found]:
        try:
            with os.scandir(self._root / folder) as entries:
                names = [e.name + "/" if e.is_dir(follow_symlinks=False) else e.name for e in entries]
        except FileNotFoundError:
            return
        except NotADirectoryError as e:
            raise self._no_folder() from e
        except OSError as e:
            raise disk_error(e, self._root / folder) from e
        # With its slash a folder sorts where its keys belong: a-b before a/b, although a comes before a-b.
        for name in sorted(names):
            key = folder + name
            if not layout.is_valid(key.removesuffix("/")):
                continue
            if name.endswith("/") and (key.startswith(prefix) or prefix.startswith(key)):
                yield from self._walk(key, prefix)
            elif not name.endswith("/") and key.startswith(prefix):
                # A file deleted since the folder was read, or a pipe, is no object.
                with suppress(ObjectMissing):
                    yield self.head(key)

    # --- writing ---

    def _check(self, path: Path, expect: Expected) -> None:
        try:
            found = self._look(path, "").version
        except (FileNotFoundError, NotADirectoryError):
            found = None
        if found != (None if expect is ABSENT else expect):
            raise PreconditionFailed(
                f"{path}: found {'no file' if found is None else 'a file of another version'}, "
                f"expected {'no file' if expect is ABSENT else 'the version read before'}"
            )

    def _make_hidden(self) -> Path:
        if self._root.exists() and not self._root.is_dir():
            raise self._no_folder()
        with disk_errors(self._hidden):
            self._root.mkdir(parents=True, exist_ok=True)
            self._hidden.mkdir(mode=0o770, exist_ok=True)
        if not self._swept:
            self._swept = True
            self._sweep()
        return self._hidden

    def _sweep(self) -> None:
        """Drop what a killed process left half-written; nobody writes one file for a day."""
        with suppress(OSError):
            for part in self._hidden.glob("*.part"):
                with suppress(OSError):
                    if time.time() - part.stat().st_mtime > _STALE_SECONDS:
                        part.unlink()

    @contextmanager
    def _lock(self) -> Iterator[None]:
        # One lock for the root, not one a key: it is held for a rename, and a file system that ignores case can't
        # make two locks of one file. Every write takes it, or a blind put could slip between a check and its rename.
        lock = FileLock(self._hidden / "lock", timeout=_LOCK_SECONDS, poll_interval=0.005)
        try:
            lock.acquire()
        except Timeout:
            raise StoreUnavailable(
                f"{self.where}: another process kept the folder locked for {_LOCK_SECONDS:.0f} s",
                hint="see whether another sessioncast hangs, then run the same command again",
            ) from None
        except NotImplementedError as e:
            raise StoreError(f"{self.where}: the file system can't lock files", hint="use a local disk or S3") from e
        except PermissionError as e:
            raise StoreDenied(f"{self._hidden}: permission denied") from e
        except OSError as e:
            raise disk_error(e, self._hidden) from e
        try:
            yield
        finally:
            lock.release()


def _regular(path: Path) -> None:
    if not stat.S_ISREG(path.stat().st_mode):
        raise FileNotFoundError(path)


def _told(artifact: Artifact, on_bytes: OnBytes | None) -> Iterator[bytes]:
    chunks = iter((artifact.body,)) if isinstance(artifact.body, bytes) else read_chunks(artifact.body)
    for chunk in chunks:
        yield chunk
        if on_bytes is not None:
            on_bytes(len(chunk))
