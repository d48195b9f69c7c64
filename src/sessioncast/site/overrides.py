"""The show's own templates and style, as one object that the catalog names by its hash."""

from __future__ import annotations

import json
import traceback
from collections.abc import Mapping
from dataclasses import dataclass

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


def fault(error: Exception, own: Overrides) -> str:
    """Return where a template failed and why, as the organiser knows the file: ``feed/templates/home.html: line 3: …``."""
    from jinja2 import TemplateSyntaxError

    names = dict(own.templates)
    if isinstance(error, TemplateSyntaxError):
        return f"feed/templates/{error.name or '?'}: line {error.lineno}: {error.message}"
    line = next(
        (
            f
            for f in reversed(traceback.extract_tb(error.__traceback__))
            if f.filename == "<template>" or f.filename in names
        ),
        None,
    )
    where = f"line {line.lineno}: " if line else ""
    return f"feed/templates: {where}{error}"
