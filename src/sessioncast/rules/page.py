"""``docs/rules.md``: every rule, how much it weighs, and where it is judged; written from the table alone."""

from __future__ import annotations

from itertools import groupby

from sessioncast.rules.table import DIRECTORIES, Rule, all_rules

_MARKS = {"apple": "A", "spotify": "S", "youtube": "Y", "amazon": "Z", "podcastindex": "P"}
_HEAD = """# What directories demand, and where it is judged

Written by `python -m sessioncast.rules > docs/rules.md` from `src/sessioncast/rules/table.toml`; a test keeps it true.

- **For**: {legend}; – none of these five.
- **Weighs**: an *error* stops a publish; a *warning* or *note* is said. An error with `*` rests on somebody's reading of
  a rule, not on its own text: `accept = ["RULE-ID"]` under `[check]` in `feed/show.toml` switches it off.
- **Judged**: `check` before publishing (and again by `verify`, on what is public), `verify` on the network, or not at
  all, with the reason. *Settled* says what we do where rule makers disagree.

{count}
"""


def page() -> str:
    """Return the page as Markdown, newline-terminated."""
    rules = all_rules()
    places = {place: sum(r.place == place for r in rules) for place in ("check", "verify", "no")}
    legend = ", ".join(f"{_MARKS[short]} {name}" for short, name in DIRECTORIES.items())
    count = (
        f"{len(rules)} rules: {places['check']} judged by `check`, {places['verify']} by `verify`, "
        f"{places['no']} by neither."
    )
    parts = [_HEAD.format(legend=legend, count=count)]
    for section, members in groupby(rules, key=lambda r: r.section):
        parts.append(
            f"\n## {section.capitalize()}\n\n| Rule | For | Weighs | Judged | What it says |\n|---|---|---|---|---|\n"
        )
        parts += [_row(r) for r in members]
    return "".join(parts)


def _row(rule: Rule) -> str:
    marks = " ".join(_MARKS[d] for d in rule.directories) or "–"
    level = rule.level + ("*" if rule.level == "error" and rule.can_be_switched_off else "")
    judged = f"`{rule.place}`" if rule.place != "no" else f"not: {rule.why}"
    says = rule.says + (f". *Settled:* {rule.settled}" if rule.settled else "")
    cells = (f"`{rule.id}`", marks, level, judged, says)
    return "| " + " | ".join(cell.replace("|", "\\|").replace("<", "&lt;") for cell in cells) + " |\n"
