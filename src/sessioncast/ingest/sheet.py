"""Bytes of a CSV or TSV into numbered rows of cells; nothing in a cell is ever executed or worked out, a formula is text.

Finds the encoding, the separator and the line that names the columns by itself.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sessioncast.errors import ContentError, Problem
from sessioncast.ingest.reading import decoded

LARGEST = 20 * 1000 * 1000
MOST_ROWS = 5_000
MOST_COLUMNS = 200
_SEPARATORS = (",", ";", "\t", "|")
_HEADER_WITHIN = 10
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_OFFICE = (
    (b"PK\x03\x04", "a spreadsheet program's own file"),
    (b"\xd0\xcf\x11\xe0", "a spreadsheet program's own file"),
)
_MEND = "save the sheet as CSV (UTF-8) once more, then import that"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: where it begins in the file (lines count from 1), and its cells without white space around them."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The names of the columns and the rows below them; empty rows are left out."""

    header: Row
    rows: tuple[Row, ...]


def read_sheet(body: bytes, name: str, is_header: Callable[[tuple[str, ...]], bool]) -> Sheet:
    """Return the sheet; its header is the first row that ``is_header`` takes for one, else the first of all.

    Raises ContentError for what is no text, too large, or can't be cut into cells.
    """
    if len(body) > LARGEST:
        raise _error(name, f"{len(body) / 1e6:.1f} MB", f"a table of at most {LARGEST // 1_000_000} MB", _MEND)
    _refuse(body, name)
    text = decoded(body)
    separator, text, skipped = _separator(text)
    rows: list[Row] = []
    try:
        for row in _rows(text, separator, skipped):
            if len(rows) > MOST_ROWS:
                raise _error(name, f"more than {MOST_ROWS} rows", "the programme of a series", "import a part of it")
            if len(row.cells) > MOST_COLUMNS:
                found = f"{len(row.cells)} cells in line {row.line}"
                raise _error(name, found, f"at most {MOST_COLUMNS} columns", _MEND)
            rows.append(row)
    except csv.Error as e:
        line = rows[-1].line + 1 if rows else 1
        raise _error(name, f"a row after line {line} that can't be cut into cells ({e})", "a table", _MEND) from None
    if not rows:
        raise _error(name, "no rows", "a line with the names of the columns, and a row for each session", _MEND)
    at = next((n for n, row in enumerate(rows[:_HEADER_WITHIN]) if is_header(row.cells)), 0)
    return Sheet(rows[at], tuple(rows[at + 1 :]))


def first_rows(body: bytes, how_many: int = _HEADER_WITHIN) -> tuple[Row, ...]:
    """Return the first rows of what may be a table, to see whether it is one; never raises."""
    head = body[:65536]
    if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ()
    separator, text, skipped = _separator(decoded(head))
    found: list[Row] = []
    try:
        for row in _rows(text, separator, skipped):
            found.append(row)
            if len(found) == how_many:
                break
    except csv.Error:
        pass
    return tuple(found)


def _rows(text: str, separator: str, skipped: int) -> Iterator[Row]:
    # universal newlines by hand: csv wants them as they are, and an old Mac's lone carriage return is one too
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    before = skipped
    for cells in reader:
        line, before = before + 1, skipped + reader.line_num
        plain = tuple(
            _CONTROL.sub("", cell.replace("\r\n", "\n").replace("\r", "\n")).strip().strip("\ufeff").strip()
            for cell in cells
        )
        if any(plain):
            yield Row(line, plain)


def _separator(text: str) -> tuple[str, str, int]:
    """Return what stands between cells, the text without a line that only says so (``sep=;``), and the lines taken away."""
    head, _, rest = text.partition("\n")
    said = head.strip().strip('"').removeprefix("\ufeff")
    if said[:4].casefold() == "sep=" and said[4:5] in _SEPARATORS and len(said) <= 5:
        return said[4] if len(said) == 5 else "\t", rest, 1
    counts = dict.fromkeys(_SEPARATORS, 0)
    for line in text[:65536].splitlines()[:_HEADER_WITHIN]:
        inside = False
        here = dict.fromkeys(_SEPARATORS, 0)
        for c in line:
            inside = inside != (c == '"')
            if c in here and not inside:
                here[c] += 1
        counts = {c: max(counts[c], here[c]) for c in counts}
        if any(counts.values()):
            break
    return max(counts, key=lambda c: counts[c]), text, 0


def _refuse(body: bytes, name: str) -> None:
    for magic, what in _OFFICE:
        if body.startswith(magic):
            raise _error(name, what, "a table as text", _MEND)
    if b"\0" in body and not body.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _error(name, "binary data", "a table as text", _MEND)


def _error(name: str, found: str, expected: str, mend: str) -> ContentError:
    return ContentError("", problems=[Problem(name, "", found, expected, mend)])
