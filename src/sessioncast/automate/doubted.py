"""Recordings that came shorter than their cloud says, remembered by what they were, so that no pass fetches them again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sessioncast.scratch import write_whole

if TYPE_CHECKING:
    from sessioncast.project import Project
    from sessioncast.recorders.port import CloudFile


class Doubted:
    """Remembers by recording, file and size: once the cloud has made the file anew, it is another."""

    def __init__(self, project: Project) -> None:
        """Read what is remembered; what can't be read is fetched once more."""
        self._kept: Path = project.room("inbox") / "doubted.json"
        try:
            plain: Any = json.loads(self._kept.read_text("utf-8"))
        except (OSError, ValueError):
            plain = {}
        self._known: dict[str, str] = plain if isinstance(plain, dict) else {}

    def why(self, file: CloudFile) -> str:
        """Return why this file was doubted; empty where it was not."""
        return str(self._known.get(_key(file), ""))

    def remember(self, file: CloudFile, why: str) -> None:
        """Keep it."""
        self._known[_key(file)] = why
        write_whole(self._kept, (json.dumps(self._known, indent=1, sort_keys=True) + "\n").encode())


def _key(file: CloudFile) -> str:
    return json.dumps([file.recording, file.id, file.size])
