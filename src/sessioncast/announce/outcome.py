"""How an attempt to tell somebody ended, and that no secret stands in what is said of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum


class End(Enum):
    """Arrived; surely not arrived, so that it may be tried again; or nobody knows."""

    DONE = "done"
    REFUSED = "refused"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Outcome:
    """The end of one attempt, and why in words that hold no address and no password.

    ``wait``: the other side is in trouble, so that whatever else there is for it should wait for the next run.
    """

    end: End
    why: str = ""
    hint: str = ""
    wait: bool = False


DONE = Outcome(End.DONE)


def refused(why: str, hint: str = "", *, wait: bool = False) -> Outcome:
    """Return that it surely did not arrive."""
    return Outcome(End.REFUSED, why, hint, wait)


def unclear(why: str) -> Outcome:
    """Return that it may have arrived."""
    return Outcome(End.UNCLEAR, why, wait=True)


def without(text: str, secrets: Iterable[str]) -> str:
    """Return one line of somebody else's words with secrets struck out, cut short."""
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = text.replace(secret, "…")
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:200]
