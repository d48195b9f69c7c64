"""How long sessions' recordings are, asked once for each file as it is now and kept in ``.sessioncast``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sessioncast.audio.probe import probe
from sessioncast.model.session import Trim
from sessioncast.scratch import write_whole

if TYPE_CHECKING:
    from sessioncast.model import Session
    from sessioncast.project import Project


class Lengths:
    """Remembers by path, size and time of change."""

    def __init__(self, project: Project) -> None:
        """Read what is remembered; what can't be read is asked again."""
        self._project = project
        self._kept = project.scratch / "lengths.json"
        try:
            plain: Any = json.loads(self._kept.read_text("utf-8"))
        except (OSError, ValueError):
            plain = {}
        self._known: dict[str, float | None] = plain if isinstance(plain, dict) else {}

    def of(self, session: Session) -> tuple[bool, float | None]:
        """Return whether all its recordings lie here, and how long they last together less what an explicit trim takes away."""
        files = [path for path in self._project.recordings(session) if isinstance(path, Path)]
        if not files or len(files) < len(session.recordings) or not all(path.is_file() for path in files):
            return False, None
        lengths = self._each(files)
        if any(seconds is None for seconds in lengths):
            return True, None
        total = sum(seconds or 0.0 for seconds in lengths)
        if isinstance(session.trim, Trim):
            total = min(total, session.trim.end or total) - session.trim.start
        return True, total

    def _each(self, files: list[Path]) -> list[float | None]:
        keys = {path: f"{path}|{(found := path.stat()).st_size}|{found.st_mtime_ns}" for path in files}
        new = [path for path, key in keys.items() if key not in self._known]
        if new:
            self._known |= {keys[path]: said.seconds for path, said in probe(new).items()}
            write_whole(self._kept, (json.dumps(self._known, indent=1, sort_keys=True) + "\n").encode())
        return [self._known[keys[path]] for path in files]
