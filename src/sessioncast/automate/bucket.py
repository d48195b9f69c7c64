"""An inbox that is a prefix of a bucket: listed and matched where it lies, and nothing but what matches comes to this machine.

A recording that its owner took out of the bucket is gone for us too, and everybody else's never were here.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import PurePath
from typing import TYPE_CHECKING

from sessioncast.errors import ContentError
from sessioncast.inbox.place import Bucket, Listed
from sessioncast.store.shelf import Shelf

if TYPE_CHECKING:
    from pathlib import Path

    from sessioncast.project import Project


class Lately(Bucket):
    """What was put into a bucket since some time; what is taken comes into its session's folder, where its length is looked at."""

    def __init__(self, shelf: Shelf, room: Path, since: datetime) -> None:
        """Name the place; nothing is asked yet."""
        super().__init__(shelf, room)
        self._since = since

    def listed(self) -> Iterator[Listed]:
        """Yield the objects put there since."""
        for listed in super().listed():
            if self.put_at(listed.path) >= self._since:
                yield listed

    def stays_at(self, path: PurePath) -> str:
        """Return nothing: whether a talk may go out depends on its recording, so it is fetched before."""
        del path
        return ""


def lately(project: Project, since: datetime) -> Lately:
    """Return what was put into the show's inbox, a bucket, after ``since``; nothing is asked yet.

    Read with the show's own endpoint and boto3's credentials. What a killed pass left of it on this machine is removed. Raises
    ContentError for an address that can't be.
    """
    named = project.inbox.folder or ""
    if not named[len("s3://") :].strip("/"):
        raise ContentError(
            f"feed/show.toml: inbox.folder: found {named!r}, expected s3://bucket/prefix", hint="name the bucket"
        )
    room = project.room("inbox") / "bucket"
    shutil.rmtree(room, ignore_errors=True)
    return Lately(Shelf(named, project.store), room, since)
