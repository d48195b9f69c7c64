"""An inbox that is a prefix of a bucket: what came lately, copied to ``.sessioncast`` where it can be looked into."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from sessioncast.errors import ContentError, ObjectMissing
from sessioncast.events import Finished, Report, Started
from sessioncast.inbox.names import MEDIA, read_name

if TYPE_CHECKING:
    from sessioncast.project import Project
    from sessioncast.store.port import Store

_COMPANIONS = ("transcript", "captions", "metadata")
_ATTEMPTS = 6


def mirrored(project: Project, since: datetime, report: Report) -> Path:
    """Return a folder with the recordings and transcripts put there after ``since``; an object is there whole or not at all.

    Read with the show's own endpoint and boto3's credentials. Raises ContentError for an address that can't be, StoreError.
    """
    named = project.inbox.folder or ""
    name, _, prefix = named.removeprefix("s3://").strip("/").partition("/")
    if not name:
        raise ContentError(
            f"feed/show.toml: inbox.folder: found {named!r}, expected s3://bucket/prefix", hint="name the bucket"
        )
    from sessioncast.store.s3 import S3Store, make_client

    return copied(
        S3Store(name, prefix, make_client(project.store, _ATTEMPTS)), project.room("inbox") / "bucket", since, report
    )


def copied(store: Store, into: Path, since: datetime, report: Report) -> Path:
    """Copy what is new below ``into``; what changed is copied again. Raises StoreError."""
    into.mkdir(parents=True, exist_ok=True)
    for found in store.scan():
        target = into.joinpath(*found.key.split("/"))
        if found.modified < since or not _is_wanted(PurePath(found.key)):
            continue
        if target.is_file() and target.stat().st_size == found.size:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        report(Started("fetch", found.key, found.size, "bytes"))
        try:
            store.read(found.key, into=target)
        except ObjectMissing:
            continue  # somebody took it away again
        report(Finished("fetch", found.key))
    return into


def _is_wanted(path: PurePath) -> bool:
    return path.suffix.casefold() in MEDIA or read_name(path).role in _COMPANIONS
