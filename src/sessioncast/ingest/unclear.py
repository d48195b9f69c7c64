"""The one way the readers in this room say "this can't be read for certain"; never leaves the room."""

from __future__ import annotations


class Unclear(Exception):
    """Words that have no single meaning: what was ``found``, and what was ``expected`` instead."""

    def __init__(self, found: str, expected: str) -> None:
        """Keep both halves; the public functions put file and line to them."""
        super().__init__(found, expected)
        self.found = found
        self.expected = expected
