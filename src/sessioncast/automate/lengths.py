"""How long sessions' recordings are, asked once for each file as it is now and kept in ``.sessioncast``."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sessioncast.audio.probe import probe
from sessioncast.automate.rules import Heard
from sessioncast.errors import SessioncastError, from_disk
from sessioncast.fetch import kept
from sessioncast.model.session import Trim
from sessioncast.scratch import write_whole

if TYPE_CHECKING:
    from sessioncast.model import Session
    from sessioncast.project import Project


Fetch = Callable[[str], Path]
"""Brings the recording behind an address onto this machine, where publishing looks for it too. Raises SourceError or StoreError."""


class Lengths:
    """Remembers by path, size and time of change."""

    def __init__(self, project: Project, fetch: Fetch | None = None) -> None:
        """Read what is remembered; what can't be read is asked again. Without ``fetch``, only what is here is measured."""
        self._project = project
        self._fetch = fetch
        self._kept = project.scratch / "lengths.json"
        try:
            plain: Any = json.loads(self._kept.read_text("utf-8"))
        except (OSError, ValueError):
            plain = {}
        self._known: dict[str, float | None] = plain if isinstance(plain, dict) else {}
        self.failures: list[SessioncastError] = []

    def heard(self, session: Session, *, captions: bool) -> Heard:
        """Return what the rules want to know of its recording; one that lies at an address is fetched, if that may be."""
        try:
            for address in self._project.recordings(session):
                if isinstance(address, str) and self._fetch and not kept(address, self._room).exists():
                    self._fetch(address)
        except (SessioncastError, OSError) as e:  # a store here is a recorder's bucket, not the show's
            error = from_disk(e) if isinstance(e, OSError) else e
            self.failures.append(error)
            return Heard(captions, unknown=f"its recording can't be fetched ({error.message})")
        if not all(path.exists() for path in self._files(session, here=False)):
            return Heard(captions, unknown="its recording lies at an address, and no pass has fetched it yet")
        return Heard(captions, *self.of(session))

    def of(self, session: Session) -> tuple[bool, float | None]:
        """Return whether all its recordings lie here, and how long they last together less what an explicit trim takes away."""
        files = [*self._files(session, here=True), *self._files(session, here=False)]
        if not files or not all(path.is_file() for path in files):
            return False, None
        lengths = self._each(files)
        if any(seconds is None for seconds in lengths):
            return True, None
        total = sum(seconds or 0.0 for seconds in lengths)
        if isinstance(session.trim, Trim):
            total = min(total, session.trim.end or total) - session.trim.start
        return True, total

    @property
    def _room(self) -> Path:
        return self._project.scratch / "recordings"

    def _files(self, session: Session, *, here: bool) -> list[Path]:
        """Return the recordings that lie in its folder, or those that have to be fetched, as the files they are here."""
        named = self._project.recordings(session)
        if here:
            return [path for path in named if isinstance(path, Path)]
        return [kept(address, self._room) for address in named if isinstance(address, str)]

    def _each(self, files: list[Path]) -> list[float | None]:
        keys = {path: f"{path}|{(found := path.stat()).st_size}|{found.st_mtime_ns}" for path in files}
        new = [path for path, key in keys.items() if key not in self._known]
        if new:
            self._known |= {keys[path]: said.seconds for path, said in probe(new).items()}
            with suppress(OSError):  # forgotten, it is measured again
                write_whole(self._kept, (json.dumps(self._known, indent=1, sort_keys=True) + "\n").encode())
        return [self._known[keys[path]] for path in files]
