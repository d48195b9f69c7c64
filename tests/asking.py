"""The command line in this process: faster than one of its own, where nothing has to be killed."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from sessioncast.cli import cli
from sessioncast.cli.failing import complain
from sessioncast.cli.options import Options


@dataclass(frozen=True, slots=True)
class Said:
    """What a command said and ended with; ``rows`` are its JSON lines where it was asked for them."""

    code: int
    out: str
    err: str
    rows: tuple[dict[str, Any], ...] = field(default=())

    def of(self, look: str) -> list[tuple[str, str, str]]:
        """Return subject, words and mend of each finding of this look."""
        return [(r["about"], r["what"], r["mend"]) for r in self.rows if r["look"] == look]


def ask(folder: Path, *words: str) -> Said:
    """Run ``sessioncast -C folder words…``; an error is told as the program tells it."""
    options = Options()
    runner = CliRunner()
    with runner.isolation() as (out, err, _both):
        code: object = 0
        try:
            code = cli.main(["-C", str(folder), *words], standalone_mode=False, obj=options, prog_name="sessioncast")
        except BaseException as e:  # noqa: BLE001 - as the program's own handler does
            code = complain(e, options)
        said, told = out.getvalue().decode(), err.getvalue().decode()
    rows = tuple(json.loads(line) for line in said.splitlines()) if "--json" in words else ()
    return Said(code if isinstance(code, int) else 0, said, told, rows)
