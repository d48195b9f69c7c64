"""What running a show somewhere takes, as values."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Planned:
    """One file to write, by its path in the show folder, and its text."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The files, and the steps that only a person can take."""

    files: tuple[Planned, ...]
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """What of this machine stands in some of the files: the show folder, the sessioncast that was run, the folder's owner.

    ``is_repository``: whether the show folder is the root of a git repository.
    """

    folder: Path
    program: Path
    user: str
    is_repository: bool = True
