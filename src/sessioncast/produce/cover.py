"""The show's artwork on this machine, drawn anew only when the picture changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sessioncast import layout
from sessioncast.errors import MediaError
from sessioncast.scratch import sha256_of, write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from sessioncast.project import Project


@dataclass(frozen=True, slots=True)
class Cover:
    """The show's artwork: 3000 px for the feed, small for the tags."""

    source_sha256: str
    public: Path
    embedded: bytes
    key: str
    notes: str = ""


def cover_of(project: Project) -> Cover:
    """Return the show's artwork. Raises MediaError (APPLE-ART-*, ART-*)."""
    if not project.cover.is_file():
        raise MediaError(
            f"{project.cover}: found nothing, expected the show's artwork",
            hint="put a square picture of 3000 px there, or name another in feed/show.toml as artwork",
        )
    source = sha256_of(project.cover)
    kept = project.room("artwork")
    public, embedded, note = kept / f"{source}.jpg", kept / f"{source}-small.jpg", kept / f"{source}.txt"
    if not note.exists():
        from sessioncast.audio.artwork import embedded_art, show_art

        art = show_art(project.cover)
        write_whole(public, art.jpeg)
        write_whole(embedded, embedded_art(project.cover))
        write_whole(note, "\n".join(art.notes).encode())
    return Cover(
        source, public, embedded.read_bytes(), layout.artwork("cover", sha256_of(public)), note.read_text("utf-8")
    )
