"""What happened, as values; drawing them is the CLI's business. ``list.append`` is a complete reporter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Started:
    """Work on ``subject`` (a slug, a key) began; ``total`` is in ``unit``s, 0 where unknown."""

    work: str
    subject: str
    total: int = 0
    unit: Literal["bytes", "seconds", "objects"] = "objects"


@dataclass(frozen=True, slots=True)
class Advanced:
    """``amount`` more units of the named work are done; negative after a retried upload."""

    work: str
    subject: str
    amount: int


@dataclass(frozen=True, slots=True)
class Finished:
    """The named work is done; ``outcome`` says in a few words with what result."""

    work: str
    subject: str
    outcome: str = ""


@dataclass(frozen=True, slots=True)
class Noted:
    """Something a person should read, on its own line."""

    level: Literal["note", "warning", "error"]
    text: str
    hint: str = ""


Event = Started | Advanced | Finished | Noted
Report = Callable[[Event], None]


def silent(_event: Event) -> None:
    """Report to nobody."""
