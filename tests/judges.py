"""Lighthouse, driven from Python: one visit to a page in Chromium, and what it thinks of it."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

from chromium import FLAGS, find

MODULES = Path(__file__).parent / "browser" / "node_modules"


def judge_with_lighthouse(address: str, folder: Path, categories: tuple[str, ...]) -> dict[str, Any]:
    """Return Lighthouse's report on a page, visited as a slow phone would."""
    out = folder / "report.json"
    command = [str(MODULES / ".bin" / "lighthouse"), address, "--output=json", f"--output-path={out}", "--quiet"]
    command += [f"--only-categories={','.join(categories)}", f"--chrome-flags={' '.join(FLAGS)}"]
    quiet = {"CHROME_PATH": str(find()), "HOME": str(folder), "PATH": os.environ["PATH"], "DO_NOT_TRACK": "1"}
    done = subprocess.run(command, capture_output=True, text=True, env=quiet, timeout=300, check=False)
    assert out.is_file(), done.stderr[-2000:]
    report: dict[str, Any] = json.loads(out.read_bytes())
    return report


def scores(report: dict[str, Any]) -> dict[str, int]:
    """Return each category's mark, of 100."""
    return {name: round(100 * found["score"]) for name, found in report["categories"].items()}
