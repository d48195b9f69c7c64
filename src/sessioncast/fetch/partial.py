"""The beginning of a download that was cut off, and what proves that the rest belongs to it."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sessioncast.scratch import unfinished

if TYPE_CHECKING:
    from collections.abc import Mapping

ABANDONED_S = 120.0
"""A download that lives writes more often than this: no answer is waited for half as long."""


@dataclass(frozen=True, slots=True)
class Partial:
    """A file that is being filled by this run alone, and beside it the validator of the file it is the beginning of."""

    path: Path

    @property
    def tag(self) -> Path:
        """Where the validator stands."""
        return self.path.with_name(f"{self.path.name}.of")

    @property
    def asking(self) -> dict[str, str]:
        """The headers that ask for the rest: the whole comes instead where the file is another by now (RFC 9110, 13.1.5)."""
        try:
            validator, size = self.tag.read_text("utf-8"), self.path.stat().st_size
        except OSError:
            return {}
        return {"Range": f"bytes={size}-", "If-Range": validator} if size and validator else {}

    def begin(self, headers: Mapping[str, str]) -> None:
        """Remember what the file is the beginning of: a strong ETag, else the time of the last change."""
        named = headers.get("etag", "")
        validator = named if named.startswith('"') else headers.get("last-modified", "")
        self.path.unlink(missing_ok=True)
        self.tag.write_text(validator, "utf-8")

    def drop(self) -> None:
        """Take both away."""
        for path in (self.path, self.tag):
            path.unlink(missing_ok=True)

    def finish(self, target: Path) -> None:
        """Make the whole file appear at once."""
        self.path.replace(target)
        self.drop()

    def leave(self, target: Path) -> None:
        """Leave the beginning for the next run."""
        left = Partial(target.with_name(f".{target.name}.part"))
        with suppress(OSError):
            self.tag.replace(left.tag)
            self.path.replace(left.path)
        self.drop()


def claimed(target: Path) -> Partial:
    """Return the partial file of this run; what an earlier one left, even one that was killed, is taken over.

    Taking over is a rename, so that of two runs that meet only one goes on from there.
    """
    mine = Partial(unfinished(target))
    for path in sorted(target.parent.glob(f".{_literal(target.name)}.*part"), key=_size, reverse=True):
        if path.name == f".{target.name}.part" or _idle(path) > ABANDONED_S:
            left = Partial(path)
            with suppress(OSError):
                left.path.replace(mine.path)
                left.tag.replace(mine.tag)
                break
    return mine


def _literal(name: str) -> str:
    return "".join(f"[{c}]" if c in "*?[" else c for c in name)


def _size(path: Path) -> int:
    with suppress(OSError):
        return path.stat().st_size
    return 0


def _idle(path: Path) -> float:
    with suppress(OSError):
        return time.time() - path.stat().st_mtime
    return 0.0
