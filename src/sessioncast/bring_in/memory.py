"""What sources said last, field by field, so that an import tells a change of theirs from a change of yours.

Kept as short hashes in ``feed/imported.json``, which belongs into version control with the sessions: another machine imports too.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from sessioncast.errors import ContentError
from sessioncast.kinds import Value
from sessioncast.model import Credit
from sessioncast.project.write import replace, writing

FILE = "feed/imported.json"


def _digest(value: object) -> str:
    return sha256(json.dumps(_plain(value), sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:12]


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, Credit):
        return value.model_dump(mode="json", exclude_defaults=True, exclude={"consent"})  # no source said it
    if isinstance(value, Value):
        return value.model_dump(mode="json", exclude_defaults=True)
    if isinstance(value, tuple | list):
        return [_plain(inner) for inner in value]
    return value.strip() if isinstance(value, str) else value


@dataclass(slots=True)
class Memory:
    """By a session's guid, or ``people/<key>``: each field's hash as the source said it last."""

    said: dict[str, dict[str, str]] = field(default_factory=dict)

    def is_yours(self, of: str, name: str, now: object) -> bool:
        """Whether a person wrote what stands in a field now: something stands there, and no source said it."""
        if now in (None, "", (), False):
            return False
        return self.said.get(of, {}).get(name) != _digest(now)

    def is_news(self, of: str, name: str, theirs: object) -> bool:
        """Whether the source says something it didn't say last time."""
        return self.said.get(of, {}).get(name) != _digest(theirs)

    def remember(self, of: str, said: Mapping[str, object]) -> None:
        """Keep what a source says of these fields."""
        if said:
            self.said.setdefault(of, {}).update({name: _digest(value) for name, value in said.items()})


def remembered(folder: Path) -> Memory:
    """Return the show's memory. Raises ContentError where the file holds something else."""
    path = folder / FILE
    try:
        plain = json.loads(path.read_text("utf-8")) if path.exists() else {}
    except (OSError, ValueError):
        plain = None
    if not isinstance(plain, dict) or not all(_is_fields(fields) for fields in plain.values()):
        raise ContentError(
            f"{FILE}: found something else than what import wrote there, expected its record of what sources said",
            hint=f"git checkout {FILE}; or remove it: import then takes every field for yours",
        )
    return Memory(plain)


def _is_fields(fields: object) -> bool:
    return isinstance(fields, dict) and all(isinstance(v, str) for v in fields.values())


def keep(folder: Path, memory: Memory, among: Iterable[str]) -> None:
    """Write the memory of those that are still ``among`` the show's, one line each, so that versions merge; nothing if it is the same."""
    present = set(among)
    lines = [
        f"{json.dumps(of)}: {json.dumps(said, sort_keys=True)}"
        for of, said in sorted(memory.said.items())
        if of in present
    ]
    text = "{\n" + ",\n".join(lines) + "\n}\n" if lines else ""
    path = folder / FILE
    with writing(path):
        now = path.read_text("utf-8") if path.exists() else ""
    if text != now:
        replace(path, text)
