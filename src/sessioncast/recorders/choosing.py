"""Which files of a recording are worth fetching, and why not the others: the sound once, and every word there is. Pure."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sessioncast.recorders.port import CloudFile, CloudRecording

_VIEWS = ("_Recording.mp4", "_Recording.cc.mp4", "_avo.mp4", "_as.mp4", "_gallery.mp4", "_gvo.mp4")
"""Films, the best first: what was shown with who spoke, then who spoke; a gallery shows everybody."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A file, and why it is not fetched; empty where it is."""

    file: CloudFile
    why: str = ""


def choose(recording: CloudRecording, *, film: bool = False) -> tuple[Choice, ...]:
    """Return every file of the recording with its fate, in its own order; ``film``: the pictures are wanted beside the sound.

    Each press of the record button is judged alone. While the sound is still being made, no film is fetched in its place.
    """
    pressed: dict[object, list[CloudFile]] = defaultdict(list)
    for file in recording.files:
        pressed[file.starts or recording.starts].append(file)
    best = {f.id for files in pressed.values() for f in _media(files, film=film)}
    return tuple(Choice(file, _why(file, best)) for file in recording.files)


def _media(files: list[CloudFile], *, film: bool) -> list[CloudFile]:
    sound = [f for f in files if f.kind == "audio"][:1]
    films = sorted((f for f in files if f.kind == "video"), key=_rank)[:1]
    return sound + films if film or not sound else sound


def _rank(file: CloudFile) -> int:
    return next((n for n, view in enumerate(_VIEWS) if file.name.endswith(view)), len(_VIEWS))


def _why(file: CloudFile, best: set[str]) -> str:
    if file.kind == "other":
        return "nothing to hear or read"
    if file.kind in ("audio", "video") and file.id not in best:
        return "the same talk as another file"
    if file.kind == "chat":
        return "private, and nothing here uses it"
    return "" if file.ready else "still being made"
