"""The show's own templates and style, as one object that the catalog names by its hash."""

from __future__ import annotations

import json
import traceback
from collections.abc import Mapping
from dataclasses import dataclass

from sessioncast.errors import Problem

STYLE = "style.css"


@dataclass(frozen=True, slots=True)
class Overrides:
    """Templates by file name, sorted, and rules that stand after ours; hashable, so that a made environment is kept."""

    templates: tuple[tuple[str, str], ...] = ()
    style: str = ""


def encode(files: Mapping[str, str]) -> bytes:
    """Return the files of ``feed/templates`` as the object to put: the same files, the same bytes."""
    return (json.dumps(dict(files), ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def decode(body: bytes) -> Overrides | None:
    """Return what such an object says, None for bytes that are none."""
    try:
        plain = json.loads(body)
        files = {str(name): str(text) for name, text in plain.items()}
    except (ValueError, AttributeError):
        return None
    style = files.pop(STYLE, "")
    return Overrides(tuple(sorted(files.items())), style)


def file_of(name: str) -> str:
    """Return where a template of the show's own lies in its folder."""
    return f"feed/templates/{name}"


def fault(error: Exception, own: Overrides) -> Problem:
    """Return where a template of the show's own failed and why: file and line."""
    from jinja2 import TemplateSyntaxError

    files = {file_of(name) for name, _ in own.templates}
    if isinstance(error, TemplateSyntaxError):
        file, line, reason = error.filename or file_of(error.name or ""), error.lineno, error.message or ""
    else:
        frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename in files]
        file, line = (frames[-1].filename, frames[-1].lineno or 0) if frames else ("feed/templates", 0)
        reason = str(error) or type(error).__name__
    return Problem(file, f"line {line}" if line else "", reason, "a template that can be rendered", "mend that line")
