"""TOML and Markdown files as plain values: what can't be read is a Problem, never an exception."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from sessioncast.errors import Problem

Table = dict[str, object]

_AT = re.compile(r"\s*\(at (?:line (\d+), column (\d+)|end of document)\)$")
_REASONS = (
    ("Illegal character '\\n'", "text that ends with a quote on the same line"),
    ("Invalid value", "a value; text stands in quotes"),
    ("Expected newline", "one `key = value` a line"),
    ("Cannot declare", "each [table] once; it stands further up already: write its keys there"),
    ("Cannot overwrite", "every key once"),
    ("Invalid statement", "`key = value` or a [table]"),
    ("Unterminated string", "text that ends with three quotes"),
)
"""What the TOML reader says → what a person may do about it."""


def read_text(path: Path, name: str) -> str | Problem:
    r"""Return a UTF-8 file as text, line ends as ``\n``, a byte order mark dropped; or what is wrong with it.

    ``name`` is the file as messages call it, relative to the show folder.
    """
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as e:
        return Problem(
            name, "", f"byte 0x{e.object[e.start]:02x} at position {e.start}", "text in UTF-8", "save the file as UTF-8"
        )
    except FileNotFoundError:
        return Problem(name, "", "nothing", "a file")
    except OSError as e:
        return Problem(name, "", f"a file that can't be read ({e.strerror})", "a readable file")


def read_toml(path: Path, name: str) -> Table | Problem:
    """Return a TOML file as plain values, or the Problem (with its line) that keeps it from being read."""
    text = read_text(path, name)
    if isinstance(text, Problem):
        return text
    return parse_toml(text, name)


def parse_toml(text: str, name: str) -> Table | Problem:
    """Return TOML text as plain values, or the Problem with the line it stands in."""
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as e:
        said = str(e)
    lines = text.splitlines() or [""]
    at = _AT.search(said)
    number = int(at[1]) if at and at[1] else len(lines)
    line = lines[min(number, len(lines)) - 1].strip()
    reason = _AT.sub("", said)
    expected = next((ours for theirs, ours in _REASONS if theirs in reason), f"TOML ({reason})")
    return Problem(name, f"line {number}", repr(line[:60]) if line else "an empty line", expected)
