"""Measures finished files: what the feed says about an enclosure is read from the bytes that go out (TAG-LAST)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class FileFacts:
    """Size in bytes (enclosure length) and SHA-256 in hex of a file."""

    length: int
    sha256: str


def file_facts(path: Path) -> FileFacts:
    """Return size and SHA-256 of ``path``, read once in bounded memory. Raises OSError."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256")
        return FileFacts(length=file.tell(), sha256=digest.hexdigest())
