"""What became of a draft, as values: what was written, what differs, what is still missing, what else was seen."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

SHORT = 60
"""Characters of a long text shown around the place where two begin to differ."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which the folder and the source differ, both as text; empty where one has nothing."""

    field: str
    ours: str
    theirs: str
    yours: bool = False
    """Whether a person wrote what stands here: then it stays, whatever is asked."""

    def __str__(self) -> str:
        """Return the difference as one line, long texts from where they begin to differ."""
        pairs = zip(self.ours, self.theirs, strict=False)
        same = next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(self.ours), len(self.theirs)))
        start = max(same - 15, 0)
        told = f"{self.field}: here {_excerpt(self.ours, start)}, the source says {_excerpt(self.theirs, start)}"
        return f"{told} (written by hand: it stays)" if self.yours else told


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one draft: the session's slug, the files it concerns, and what a person should know."""

    slug: str
    paths: tuple[Path, ...]
    differences: tuple[Difference, ...] = ()
    missing: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    word: ClassVar[str] = ""
    verb: ClassVar[str] = ""

    @property
    def hint(self) -> str:
        """What a person may do next; empty where nothing is to be done."""
        return ""

    def lines(self) -> tuple[str, ...]:
        """Return the outcome as lines for a person."""
        return (
            f"{self.slug}: {self.word}",
            *(f"  {self.verb} {path}" for path in self.paths if self.verb),
            *(f"  {difference}" for difference in self.differences),
            *(f"  a draft until filled in: {item}" for item in self.missing),
            *(f"  note: {remark}" for remark in self.remarks),
            *([f"  {self.hint}"] if self.hint else []),
        )

    def record(self) -> dict[str, object]:
        """Return the outcome as plain data for ``--json``."""
        return {
            "session": self.slug,
            "outcome": self.word,
            "paths": [str(path) for path in self.paths],
            "differences": [
                {"field": d.field, "ours": d.ours, "theirs": d.theirs, "by_hand": d.yours} for d in self.differences
            ],
            "missing": list(self.missing),
            "remarks": list(self.remarks),
        }


@dataclass(frozen=True, slots=True)
class Written(Outcome):
    """A new session; ``differences`` are those of people who were known before: they stay as they are without update."""

    word: ClassVar[str] = "written"
    verb: ClassVar[str] = "wrote"


@dataclass(frozen=True, slots=True)
class CalledOff(Outcome):
    """A session that doesn't take place and was not here: nothing was written."""

    word: ClassVar[str] = "cancelled, nothing written"


@dataclass(frozen=True, slots=True)
class Unchanged(Outcome):
    """The session was here already, and the source says nothing new but perhaps where a person wrote otherwise."""

    word: ClassVar[str] = "unchanged"


@dataclass(frozen=True, slots=True)
class Differs(Outcome):
    """The session was here already, and the source says something else: nothing was written."""

    word: ClassVar[str] = "differs"

    @property
    def hint(self) -> str:
        """Name the way to take over what the source says."""
        return "to take over what the source says, import it again with --update"


@dataclass(frozen=True, slots=True)
class Updated(Outcome):
    """The session was here already and now says what the source says."""

    word: ClassVar[str] = "updated"
    verb: ClassVar[str] = "wrote"


def _excerpt(text: str, start: int) -> str:
    if not text:
        return "nothing"
    flat = text if len(text) <= SHORT else ("…" if start else "") + text[start : start + SHORT]
    return repr(flat + ("…" if len(text) > SHORT and start + SHORT < len(text) else ""))
