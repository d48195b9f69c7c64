"""The table of rules as values: whose each is, how much it weighs, and where it is judged."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, cast

from sessioncast.errors import Level

DIRECTORIES = {
    "apple": "Apple",
    "spotify": "Spotify",
    "youtube": "YouTube Music",
    "amazon": "Amazon Music",
    "podcastindex": "Podcast Index / PSP-1",
}
"""Short name → name, in the order of the columns."""

Place = Literal["check", "verify", "no"]

_EVERYBODY = frozenset({"rss", "w3c", "hosts", "players", "ours"})
_BINDING = frozenset({"required", "forbidden", "if used"})


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. ``evidence`` is a row of marks: P primary, M measured, S secondary, ? from memory."""

    id: str
    section: str
    who: tuple[str, ...]
    demand: str
    evidence: str
    place: Place
    says: str
    mend: str = ""
    why: str = ""
    settled: str = ""

    @property
    def directories(self) -> tuple[str, ...]:
        """Which of the five are concerned, by short name, in the order of the columns."""
        if _EVERYBODY & set(self.who):
            return tuple(DIRECTORIES)
        named = {"podcastindex" if w in ("psp", "podcasting2") else w for w in self.who}
        return tuple(d for d in DIRECTORIES if d in named)

    @property
    def is_sure(self) -> bool:
        """Whether a primary text was read or the effect measured."""
        return bool({"P", "M"} & set(self.evidence))

    @property
    def level(self) -> Level:
        """How much a finding weighs: binding rules that are sure are errors; what is only from memory is a note."""
        if self.evidence == "?" or self.demand == "note":
            return "note"
        if self.demand not in _BINDING:
            return "warning"
        return "error" if self.is_sure or self.demand != "if used" else "warning"

    @property
    def can_be_switched_off(self) -> bool:
        """Whether an organiser may decide to live with it: its evidence is somebody's reading only."""
        return not (self.level == "error" and self.is_sure)


@cache
def _table() -> dict[str, Rule]:
    plain = cast(
        "dict[str, dict[str, dict[str, str]]]", tomllib.loads((files(__package__) / "table.toml").read_text("utf-8"))
    )
    rules = {}
    for section, rows in plain.items():
        for id_, row in rows.items():
            rules[id_] = Rule(
                id=id_,
                section=section,
                who=tuple(row["who"].split()),
                demand=row["level"],
                evidence=row["ev"],
                place=cast("Place", row["at"]),
                says=row["says"],
                mend=row.get("mend", ""),
                why=row.get("why", ""),
                settled=row.get("settled", ""),
            )
    return rules


def all_rules() -> tuple[Rule, ...]:
    """Return all rules in the table's order."""
    return tuple(_table().values())


def rule(id_: str) -> Rule:
    """Return the rule with this id; KeyError where there is none."""
    return _table()[id_]
