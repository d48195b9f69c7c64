"""``python tests/bench [--short] [NAME …]``: run the benches named (all unless said) and print one table.

A bench is a module ``bench_NAME`` beside this file with ``run(short: bool) -> Iterator[Row]``.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))  # a bench imports its neighbours as tests do

from bench.row import Row  # noqa: E402 - after the path is set


def main(arguments: list[str]) -> int:
    """Run and print; rows appear as they are measured."""
    short = "--short" in arguments
    known = sorted(
        m.name.removeprefix("bench_") for m in pkgutil.iter_modules([str(HERE)]) if m.name.startswith("bench_")
    )
    wanted = [name for name in arguments if name != "--short"] or known
    if unknown := set(wanted) - set(known):
        print(f"no such bench: {', '.join(sorted(unknown))}; there are {', '.join(known)}", file=sys.stderr)
        return 2
    for name in wanted:
        print(f"\n{name}")
        rows: Iterator[Row] = importlib.import_module(f"bench.bench_{name}").run(short)
        for row in rows:
            print(f"  {row.what:<52} {row.value:>10.{row.digits}f} {row.unit:<6} {row.note}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
