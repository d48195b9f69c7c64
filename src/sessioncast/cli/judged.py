"""Findings as a person reads them: directories across, what is wrong below, a line a directory at the end."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from sessioncast.cli.drawing import record, say, table
from sessioncast.cli.failing import vars_of
from sessioncast.rules import DIRECTORIES, summary

if TYPE_CHECKING:
    from sessioncast.cli.options import Options
    from sessioncast.rules import Finding

_ORDER = {"error": 0, "warning": 1, "note": 2}


def tell_findings(
    found: Collection[Finding], directory: str, options: Options, *, strict: bool, notes: Sequence[str] = ()
) -> bool:
    """Print the findings that concern ``directory`` (empty: all five) and return whether they stop anything."""
    columns = (directory,) if directory else tuple(DIRECTORIES)
    shown = [f for f in found if set(columns) & set(f.directories)]
    shown.sort(key=lambda f: _ORDER[f.level])
    stops = any(f.level == "error" or (strict and f.level == "warning") for f in shown)
    lines = summary(shown, columns, strict=strict)
    if options.json:
        for f in shown:
            record(vars_of(f))
        for note in notes:
            record({"level": "note", "found": note})
        for short in columns:
            mine = [f for f in shown if short in f.directories]
            counts = {level: sum(f.level == level for f in mine) for level in ("error", "warning")}
            ready = not counts["error"] and not (strict and counts["warning"])
            record({"directory": short, "errors": counts["error"], "warnings": counts["warning"], "ready": ready})
        return stops
    if shown and not options.quiet:
        table(
            (*(DIRECTORIES[short].partition(" / ")[0] for short in columns), "rule", "what"),
            [(*(f.level if short in f.directories else "" for short in columns), f.rule, _what(f)) for f in shown],
        )
        say("", options)
    for note in notes:
        say(f"note: {note}", options)
    for line in lines.values():
        say(line, options)
    return stops


def _what(f: Finding) -> str:
    where = f"{f.file}: {f.key}" if f.key else f.file
    mend = f"\nmend: {f.mend}" if f.mend else ""
    return f"{where}\nfound {f.found}, wanted {f.wanted}{mend}"
