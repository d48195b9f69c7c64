"""One process at a time in a folder: a lock that the system lets go of when its holder dies, however it dies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import BaseFileLock, FileLock, Timeout

from sessioncast.errors import StoreError
from sessioncast.store.files import disk_errors


@contextmanager
def alone(lock: Path) -> Iterator[bool]:
    """Yield whether nobody else on this disk holds ``lock``; it is held while the block runs, and nobody is waited for.

    Raises StoreError where the file system can't lock or the folder can't be written.
    """
    with disk_errors(lock):
        lock.parent.mkdir(parents=True, exist_ok=True)
    held = FileLock(lock, blocking=False)
    ours = _taken(held, lock)
    try:
        yield ours
    finally:
        held.release()


def _taken(held: BaseFileLock, lock: Path) -> bool:
    with disk_errors(lock):
        try:
            held.acquire()
        except Timeout:  # which is an OSError too
            return False
        except NotImplementedError as e:
            hint = "keep the show folder on a local disk"
            raise StoreError(f"{lock}: the file system can't lock files", hint=hint) from e
    return True
