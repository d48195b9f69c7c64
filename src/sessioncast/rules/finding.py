"""What is wrong, as a value: which rule, how bad, for whom, where, what was found, what is wanted, how to mend it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from sessioncast.errors import Level
from sessioncast.rules.table import DIRECTORIES, rule

_SHOWN = 120  # characters of what was found


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong; ``key`` is a place in ``file``, ``item`` the guid of the item it is in, empty for the show."""

    rule: str
    level: Level
    directories: tuple[str, ...]
    file: str
    key: str
    found: str
    wanted: str
    mend: str = ""
    item: str = ""

    def __str__(self) -> str:
        """Return the finding as one line: ``file: key: found …, expected … [rule]``."""
        where = f"{self.file}: {self.key}" if self.key else self.file
        return f"{where}: found {self.found}, expected {self.wanted} [{self.rule}]"


def finding(id_: str, file: str, key: str, found: str, wanted: str = "", *, item: str = "", mend: str = "") -> Finding:
    """Return a finding that weighs what its rule weighs; ``wanted`` is the rule's own sentence where nothing is said."""
    of = rule(id_)
    shown = found if len(found) <= _SHOWN else found[: _SHOWN - 1] + "…"
    return Finding(id_, of.level, of.directories, file, key, shown, wanted or of.says, mend or of.mend, item)


def summary(findings: Iterable[Finding], directories: Collection[str], *, strict: bool = False) -> dict[str, str]:
    """Return for each directory its name and how it stands: ``ready``, ``2 errors, 1 warning``."""
    found = list(findings)
    lines = {}
    for short in directories:
        counts = []
        for level in ("error", "warning"):
            number = sum(f.level == level and short in f.directories for f in found)
            if number:
                counts.append(f"{number} {level}{'s' if number != 1 else ''}")
        stops = [c for c in counts if "error" in c or strict]
        lines[short] = f"{DIRECTORIES[short]}: " + (
            ", ".join(counts) if stops else "ready" + (f" ({counts[0]})" if counts else "")
        )
    return lines
