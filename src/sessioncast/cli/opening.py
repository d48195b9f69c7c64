"""From the command line's options to the values stories take: the show folder, its store, a listener, the clock."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sessioncast.errors import ContentError

if TYPE_CHECKING:
    from sessioncast.cli.options import Options
    from sessioncast.errors import Problem
    from sessioncast.project import Project
    from sessioncast.store.port import Roots
    from sessioncast.verify import Listener


@dataclass(frozen=True, slots=True)
class Opened:
    """A show folder whose good sessions can be used, what is wrong with the others, and its store."""

    project: Project
    problems: tuple[Problem, ...]
    roots: Roots
    listener: Listener
    public_url: str


def clock() -> datetime:
    """Return the time now, or SOURCE_DATE_EPOCH where a reproducible run sets it."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(fixed), UTC) if fixed.isdigit() else datetime.now(UTC)


def due_clock(opened: Opened) -> Callable[[], datetime]:
    """Return the clock by which things are due: the store's, or SOURCE_DATE_EPOCH where that is set."""
    return clock if os.environ.get("SOURCE_DATE_EPOCH", "").isdigit() else opened.roots.private.now


def folder(options: Options) -> Path:
    """Return the show folder: the one named, or here, or the nearest above that holds feed/show.toml."""
    start = (options.project or Path()).absolute()
    if options.project is None:
        for above in (start, *start.parents):
            if (above / "feed" / "show.toml").is_file():
                return above
    return start


def read_show(options: Options) -> tuple[Project, tuple[Problem, ...]]:
    """Return the show folder with its good sessions, and what is wrong with the others.

    Raises ContentError when the show itself is wrong.
    """
    from sessioncast import project as project_

    where = folder(options)
    project, problems = project_.inspect(where)
    if project is None:
        raise ContentError(f"{where}: the show can't be used", problems=problems)
    return project, problems


def open_show(options: Options) -> Opened:
    """Open the show folder and its store. Raises ContentError when the show itself (not one session) is wrong."""
    from sessioncast.store.opening import open_roots, public_address
    from sessioncast.verify import FolderListener, WebListener

    project, problems = read_show(options)
    roots = open_roots(project.store, project.folder)
    address = public_address(project.store)
    listener: Listener = WebListener(address) if project.store.is_s3 else FolderListener(roots.public)
    return Opened(project, problems, roots, listener, address)


def problems_error(problems: tuple[Problem, ...]) -> ContentError | None:
    """Return the sessions' problems as one error, None where there are none."""
    wrong = [p for p in problems if p.level == "error"]
    if not wrong:
        return None
    return ContentError(f"{len(wrong)} problem{'s' if len(wrong) > 1 else ''} in the show folder", problems=wrong)
