"""``[auto] sources``: programmes read at every pass, and how they are named where others may read it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sessioncast.errors import SourceError
from sessioncast.ingest.page import read_page
from sessioncast.project.value import address_scheme

if TYPE_CHECKING:
    from sessioncast.ingest.draft import Draft
    from sessioncast.project import Project

Reader = Callable[["Project", str], "Sequence[Draft]"]
"""Reads one source of ``[auto]`` and raises ContentError or SourceError for one that can't be read."""

_PAGES = frozenset({".txt", ".html", ".htm", ".md"})


def read_source(project: Project, source: str) -> Sequence[Draft]:
    """Return what a file says, or all pages of a folder by name; a path counts from the show's folder."""
    if address_scheme(source):
        raise SourceError(
            f"{shown(source)}: found an address, expected a file or a folder",
            hint="save the page, name the file under sources in [auto], or: sessioncast import FILE",
        )
    path = project.folder / Path(source).expanduser()
    files = sorted(p for p in path.iterdir() if _is_page(p)) if path.is_dir() else [path]
    return [draft for file in files for draft in read_page(file, file.name, zone=project.show.timezone)]


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


def _is_page(path: Path) -> bool:
    return path.is_file() and not path.name.startswith(".") and path.suffix.lower() in _PAGES
