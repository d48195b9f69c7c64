"""The command line as an organiser runs it: a process of its own, a fixed clock."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from sessioncast.model import StoreSettings
from shows import NOW


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the test's environment with the clock fixed."""
    return {**os.environ, "SOURCE_DATE_EPOCH": str(int(NOW.timestamp())), **(extra or {})}


def start(folder: Path, *words: str, extra: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
    """Start ``sessioncast -C folder words…``."""
    return subprocess.Popen(
        [sys.executable, "-m", "sessioncast", "-C", str(folder), *words],
        env=environment(extra),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(folder: Path, *words: str, extra: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run it to its end."""
    process = start(folder, *words, extra=extra)
    out, err = process.communicate(timeout=300)
    return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def store_toml(settings: StoreSettings, **changes: str) -> str:
    """Return ``[store]`` for these settings."""
    values = {**settings.model_dump(mode="json", exclude_defaults=True), **changes}
    return "\n".join(f'{key} = "{value}"' for key, value in values.items())


def move_store(folder: Path, settings: StoreSettings, **changes: str) -> None:
    """Point the show at another store."""
    path = folder / "feed" / "show.toml"
    head = path.read_text("utf-8").partition("[store]")[0]
    path.write_text(f"{head}[store]\n{store_toml(settings, **changes)}\n", "utf-8")
