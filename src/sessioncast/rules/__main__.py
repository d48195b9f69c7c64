"""Write docs/rules.md: ``python -m sessioncast.rules > docs/rules.md``."""

from __future__ import annotations

import sys

from sessioncast.rules.page import page

if __name__ == "__main__":
    sys.stdout.buffer.write(page().encode())
