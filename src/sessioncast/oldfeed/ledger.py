"""What can't be kept, written down while a feed is read; and values that are made only of what holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from pydantic import ValidationError

from sessioncast.kinds import Value
from sessioncast.notes import legal
from sessioncast.oldfeed.value import Loss
from sessioncast.rules.document import name_of, value

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from lxml.etree import _Element as Element

V = TypeVar("V", bound=Value)

NOT_KEPT = "is not kept"
_MOST = 20_000
"""Losses that are written down; what has more is no feed somebody wrote."""


class Ledger:
    """The losses so far; ``item`` is the title of the item that is being read, empty for the channel."""

    def __init__(self) -> None:
        self.losses: list[Loss] = []
        self.item = ""

    def lost(self, element: str, said: str, why: str = NOT_KEPT, *, item: str | None = None) -> None:
        """Write down that something isn't kept, or is kept otherwise."""
        if len(self.losses) < _MOST:
            where = self.item if item is None else item
            self.losses.append(Loss(where, element, legal(said).strip()[:2000], why))

    def made(self, kind: type[V], plain: Mapping[str, object], element: str, said: str) -> V | None:
        """Return a value made of what is given in ``plain``; a loss where the model refuses it."""
        try:
            return kind.model_validate({key: one for key, one in plain.items() if one not in (None, "")})
        except ValidationError as e:
            expected = str(e.errors()[0]["msg"]).removeprefix("Value error, ")
            self.lost(element, said, f"{NOT_KEPT}: expected {expected}")
            return None

    def leave_out(self, parent: Element, known: Collection[str]) -> None:
        """Write down every child that nobody reads."""
        for child in parent.iterchildren("*"):
            name = name_of(child)
            if name not in known:
                self.lost(_short(name), value(child) or " ".join(f'{k}="{v}"' for k, v in child.attrib.items()))


def _short(name: str) -> str:
    """Return a tag of an unknown namespace by its local name and where that is from."""
    uri, brace, local = name[1:].partition("}") if name.startswith("{") else ("", "", name)
    return f"{local} ({uri})" if brace else local
