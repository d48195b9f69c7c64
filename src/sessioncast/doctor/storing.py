"""The store: whether it can still be written safely, whether strangers see what they should and nothing else, clocks and disks."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sessioncast import layout
from sessioncast.doctor.value import Found
from sessioncast.store.capability import HINT, probe
from sessioncast.store.opening import folders, places, public_address
from sessioncast.store.port import Artifact

if TYPE_CHECKING:
    from sessioncast.catalog import Catalog
    from sessioncast.project import Project
    from sessioncast.store.port import Store

Status = Callable[[str], int | str]
"""Asks for an address as a stranger would; the status, or in words why there is none."""

_TRIAL = "probe/doctor.txt"
SKEW = timedelta(minutes=5)
"""How far clocks may differ: S3 refuses a quarter of an hour, Zoom's messages five minutes."""


def writable(project: Project, private: Store) -> Iterator[Found]:
    """Yield what keeps the private root from being written, or from being written by two safely."""
    if project.store.single_writer:
        private.put(Artifact(_TRIAL, b"tried\n"))
        private.delete(_TRIAL)
        return
    outcome = probe(private)
    if outcome != "kept":
        how = "refuses conditional writes" if outcome == "refused" else "silently ignores the conditions of writes"
        yield Found("store", private.where, f"the store {how}: two passes at once could lose an episode", HINT)


def clocks(private: Store, here: datetime) -> Iterator[Found]:
    """Yield how far this machine's clock is from the store's, where that is too far."""
    apart = here - private.now()
    if abs(apart) > SKEW:
        minutes = round(abs(apart).total_seconds() / 60)
        way = "ahead of" if apart > timedelta(0) else "behind"
        what = f"this machine's clock is {minutes} min {way} the store's"
        yield Found("clock", private.where, what, "set this machine's clock, for instance: timedatectl set-ntp true")


def strangers(project: Project, catalog: Catalog | None, status: Status) -> Iterator[Found]:
    """Yield what a stranger can't read of the public root, or can read of the private one; asks a bucket only."""
    if not project.store.is_s3:
        return
    public, private = places(project.store)
    if catalog is not None:
        address = layout.address(public_address(project.store), layout.FEED)
        answer = status(address)
        if answer != 200:
            what = f"a stranger can't read the feed: found {_said(answer)} for {address}, expected 200"
            yield Found("public root", public.url, what, "sessioncast store setup")
    hidden = project.store.model_copy(update={"url": private.url, "public_url": None})
    answer = status(layout.address(public_address(hidden), layout.CATALOG))
    if answer == 200:
        what = "anybody can read the private root, drafts of the catalog and queue included"
        yield Found("private root", private.url, what, "sessioncast store setup; then look at the bucket's own policy")


def _said(answer: int | str) -> str:
    return f"status {answer}" if isinstance(answer, int) else answer


def disks(project: Project) -> Iterator[Found]:
    """Yield the disks with less room than ``[doctor] space``: of a folder store, and of ``.sessioncast``, each disk once."""
    rooms = {"scratch": project.scratch}
    if not project.store.is_s3:
        public, private = folders(project.store, project.folder)
        rooms = {"store": public, "private store": private, **rooms}
    known: set[int] = set()
    for name, room in rooms.items():
        where = _there(room)
        disk = where.stat().st_dev
        if disk in known:
            continue
        known.add(disk)
        free = shutil.disk_usage(where).free / 1e9
        if free < project.doctor.space:
            what = f"{free:.1f} GB are free for the {name}, expected {project.doctor.space:g} or more"
            mend = f"make room on the disk of {where}, for instance: sessioncast prune"
            yield Found("disk", str(where), what, mend)


def _there(path: Path) -> Path:
    """Return the folder, or the nearest above it that is there."""
    return next(p for p in (path.resolve(), *path.resolve().parents) if p.exists())
