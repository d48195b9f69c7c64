"""What became of a draft, as values: what was written, what differs, what is still missing, what else was seen."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from sessioncast.ingest.draft import Draft

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
class Told:
    """What a source says of one field, in short, and the place that says it; empty where the source's reader didn't keep it."""

    field: str
    text: str
    place: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one draft: the session's slug, the files it concerns, and what a person should know.

    ``origin`` is where a person finds the draft (file and line), ``told`` everything it says.
    """

    slug: str
    paths: tuple[Path, ...]
    differences: tuple[Difference, ...] = ()
    missing: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    told: tuple[Told, ...] = ()
    origin: str = ""

    word: ClassVar[str] = ""
    verb: ClassVar[str] = ""

    @property
    def hint(self) -> str:
        """What a person may do next; empty where nothing is to be done."""
        return ""

    def lines(self, *, dry: bool = False, verbose: bool = False) -> tuple[str, ...]:
        """Return the outcome as lines for a person; ``dry``: nothing was written, ``verbose``: what the source says, and where."""
        changed = bool(self.verb)
        told = self.told if verbose or (dry and changed) else ()
        origin = f" ({self.origin})" if self.origin and verbose else ""
        return (
            f"{self.slug}: {'would be ' if dry and changed else ''}{self.word}{origin}",
            *(f"  {'would write' if dry else self.verb} {path}" for path in self.paths if changed),
            *(f"  {t.field}: {t.text}" + (f"  [{t.place}]" if t.place and verbose else "") for t in told),
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
            "origin": self.origin,
            "told": [{"field": t.field, "says": t.text, "where": t.place} for t in self.told],
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


def told_of(draft: Draft) -> tuple[Told, ...]:
    """Return what a draft says, field by field."""
    where = dict(draft.told)
    said: dict[str, str] = {
        "title": draft.title,
        "starts": draft.starts.isoformat() if draft.starts else "",
        "ends": draft.ends.isoformat() if draft.ends else "",
        "people": ", ".join(p.name + (f" ({p.affiliation})" if p.affiliation else "") for p in draft.people),
        "notes": draft.notes,
        "summary": draft.summary,
        "language": draft.language,
        "tags": ", ".join(draft.tags),
        "link": draft.link or "",
        "room": draft.room,
        "meeting": draft.meeting,
        "license": draft.license,
        "slides": draft.slides,
        "links": ", ".join(url for _, url in draft.links),
        "season": str(draft.season or ""),
        "number": str(draft.number or ""),
        "cancelled": "yes" if draft.cancelled else "",
        "do_not_record": "yes: it must never be published" if draft.do_not_record else "",
    }
    return tuple(Told(field, _one_line(text), where.get(field, "")) for field, text in said.items() if text)


def _one_line(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= 2 * SHORT else f"{flat[: 2 * SHORT]}…"


def _excerpt(text: str, start: int) -> str:
    if not text:
        return "nothing"
    flat = text if len(text) <= SHORT else ("…" if start else "") + text[start : start + SHORT]
    return repr(flat + ("…" if len(text) > SHORT and start + SHORT < len(text) else ""))
