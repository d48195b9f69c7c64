"""What pages need and the catalog names by hash alone: transcripts, the show's own templates. A page is a function of both."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sessioncast.errors import Problem


def _nothing(_key: str) -> bytes | None:
    return None


def _unheard(_what: Problem) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Shelf:
    """``read`` gives an immutable object's bytes, None where it is gone; ``told`` hears of the show's templates that failed.

    ``bundles`` are those of search that stand in the store; None: all that the catalog names.
    """

    read: Callable[[str], bytes | None] = _nothing
    told: Callable[[Problem], None] = _unheard
    bundles: tuple[str, ...] | None = None

    def searchable(self, named: Iterable[str]) -> list[str]:
        """Return those of the bundles named that a page may lead to."""
        return [b for b in named if self.bundles is None or b in self.bundles]


EMPTY = Shelf()
