"""Objects of the public root as files on this machine: a folder's own, a bucket's fetched once into a cache."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from sessioncast import layout
from sessioncast.errors import ObjectMissing
from sessioncast.store.local import LocalStore

if TYPE_CHECKING:
    from datetime import datetime

    from sessioncast.store.port import Found, Store


@dataclass(frozen=True, slots=True)
class File:
    """An object to send: where its bytes lie, its quoted entity tag, and when it was written."""

    path: Path
    etag: str
    modified: datetime


class Files:
    """Objects of ``store``; what is not in a folder is kept in ``cache`` while the preview runs."""

    def __init__(self, store: Store, cache: Path) -> None:
        self._store = store
        self._cache = cache
        self._lock = Lock()
        self._hashed: dict[str, Found] = {}

    def find(self, key: str) -> File:
        """Return the object.

        Raises ObjectMissing, also for keys no store has (hidden, lock and temporary files, ways out of the root),
        StoreDenied and StoreUnavailable.
        """
        if not layout.is_valid(key):
            raise ObjectMissing(f"{self._store.where}: found no object at {key!r:.200}")
        if isinstance(self._store, LocalStore):
            return self._in_folder(self._store, key)
        found = self._store.head(key)
        return File(self._cached(found), _etag(found), found.modified)

    def _in_folder(self, store: LocalStore, key: str) -> File:
        root = store.root.resolve()
        path = (root / key).resolve()
        # A link inside the folder must not show what lies outside it.
        if not path.is_relative_to(root) or not path.is_file():
            raise ObjectMissing(f"{store.where}: found no object at {key!r:.200}")
        # A folder's version is a hash of the whole file, and a player asks for many ranges of one recording.
        found = self._hashed.get(key) or store.head(key)
        if layout.is_immutable(key):
            self._hashed[key] = found
        return File(path, _etag(found), found.modified)

    def _cached(self, found: Found) -> Path:
        path = self._cache / hashlib.sha256(f"{found.version}\n{found.key}".encode()).hexdigest()
        with self._lock:
            if not path.exists():
                self._store.read(found.key, into=path)
        return path


def _etag(found: Found) -> str:
    digest = hashlib.sha256(f"{found.version}\n{found.size}".encode()).hexdigest()
    return f'"{digest[:32]}"'
