"""What lies elsewhere, onto this machine: recordings whole, pages within limits. Who fetches what is decided above."""

from __future__ import annotations

from sessioncast.fetch.recordings import fetched, kept

__all__ = ["fetched", "kept"]
