"""Where Debian's Chromium is, and how it is started: alone, quiet, offline but for what it visits."""

from __future__ import annotations

import os
import shutil

NEEDED = bool(os.environ.get("SESSIONCAST_NEEDS_CHROMIUM"))
"""Said by CI: there an absence is a failure, not a skip. Read here, before a test's clean environment takes it away."""

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
)


def find() -> str | None:
    """Return the program, None where it is not installed."""
    return shutil.which("chromium")
