"""``[auto] sources``: programmes read at every pass, and how they are named where others may read it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sessioncast.bring_in import Gathered, gather
from sessioncast.project.value import address_scheme

if TYPE_CHECKING:
    from sessioncast.ingest.draft import Draft
    from sessioncast.project import Project

Reader = Callable[["Project", str], "Sequence[Draft]"]
"""Reads one source of ``[auto]`` and raises ContentError or SourceError for one that can't be read."""


def read_source(project: Project, source: str, now: datetime) -> Gathered:
    """Return what a file, a folder or an address says, as `sessioncast import` reads it, and what of it can't be read.

    A path counts from the show's folder.
    """
    named = source
    if not address_scheme(source):
        path = project.folder / Path(source).expanduser()
        if path.is_dir() and not any(path.iterdir()):
            return Gathered(())  # nothing was announced yet
        named = str(path)
    return gather(project, [named], now=now, piped=BytesIO())


def shown(source: str) -> str:
    """Return a source without what may be secret in its address: a password, and everything behind the question mark."""
    if not address_scheme(source):
        return source
    parts = urlsplit(source)
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{parts.path}" + ("?…" if parts.query else "")


def secrets_in(source: str) -> tuple[str, ...]:
    """Return the parts of an address that ``shown`` leaves out, so that they can be struck out of what others say of it."""
    if not address_scheme(source):
        return ()
    parts = urlsplit(source)
    password = parts.netloc.rpartition("@")[0].partition(":")[2]
    values = (pair.partition("=")[2] for pair in parts.query.split("&"))
    return tuple(word for word in (parts.query, password, *values) if len(word) >= 6)
