"""Tables whose first row names what stands in each column: every row below is a session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sessioncast.ingest import labels
from sessioncast.ingest.html import lines_of
from sessioncast.ingest.reading import Block, Page
from sessioncast.ingest.when import mentions

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_LABEL = {"when": "When", "title": "Title", "speaker": "Speaker", "notes": "Description", "bio": "Bio"}
ROOM = "Location:"
_ROOMS = frozenset({"room", "location", "venue", "where", "place", "raum", "ort", "saal", "lieu", "salle"})


def rows_of(page: Page) -> list[Page]:
    """Return one page of labelled lines a row; none where no table has both a time and a title or speaker named in its head."""
    if page.tree is None:
        return []
    found: list[Page] = []
    for table in page.tree.iter("table"):
        rows = [row for row in table.iter("tr") if next(row.iterancestors("table"), None) is table]
        heads = [_cells(row) for row in rows[:1]]
        columns = [_column(cell) for cell in heads[0]] if heads else []
        if "when" not in columns or not {"title", "speaker"} & set(columns) or len(rows) < 3:
            continue
        day = _day_before(table)
        for row in rows[1:]:
            cells = _cells(row)
            if len(cells) == 1 and mentions(_said(cells[0])).day:
                day = _said(cells[0])
            elif len(cells) > 1 and (part := _row(page, columns, cells, day)):
                found.append(part)
    return found if len(found) > 1 else []


def room_of(page: Page) -> str:
    """Return the room that a row named."""
    return next((page.blocks[at + 1].text for at, block in enumerate(page.blocks[:-1]) if block.text == ROOM), "")


def _cells(row: HtmlElement) -> list[HtmlElement]:
    return [cell for cell in row if cell.tag in ("td", "th")]


def _said(cell: HtmlElement) -> str:
    return " ".join(block.text for block in lines_of(cell))


def _column(cell: HtmlElement) -> str:
    said = _said(cell)
    if said.casefold() in _ROOMS:
        return "room"
    label = labels.label_of(f"{said}:")
    return label[0] if label else ""


def _row(page: Page, columns: list[str], cells: list[HtmlElement], day: str) -> Page | None:
    """Return a row as labelled lines; several columns of time (Date, Start, End) are one line."""
    lines: dict[str, list[Block]] = {}
    for column, cell in zip(columns, cells, strict=False):
        lines.setdefault(column, []).extend(lines_of(cell))
    when = " ".join(block.text for block in lines.get("when", []))
    if not mentions(when).day:
        when = f"{day} {when}".strip() if mentions(day).day else when
    at = int(cells[0].sourceline or 1)
    if not mentions(when).day or not (lines.get("title") or lines.get("speaker")):
        return None
    out = [Block("When", at), Block(_span(when, lines.get("when", [])), at)]
    for column in ("title", "speaker", "notes", "bio"):
        if lines.get(column):
            out += [Block(f"{_LABEL[column]}:", at), *lines[column]]
    if lines.get("room"):
        out += [Block(ROOM, at), Block(" ".join(block.text for block in lines["room"]), at)]
    return Page(page.name, tuple(out))


def _span(when: str, blocks: list[Block]) -> str:
    """Join a start and an end that stand in cells of their own."""
    clocks = [block.text for block in blocks if mentions(block.text).clock and not mentions(block.text).day]
    if len(clocks) == 2 and all(mentions(clock).wholly for clock in clocks):
        return when.replace(f"{clocks[0]} {clocks[1]}", f"{clocks[0]} - {clocks[1]}")
    return when


def _day_before(table: HtmlElement) -> str:
    """Return the day named in the table's caption or the heading before it."""
    captions = [_said(caption) for caption in table.iter("caption")]
    before = next(table.itersiblings(preceding=True), None)
    said = [
        *captions,
        *(
            [_said(before)]
            if before is not None and str(before.tag) in ("h1", "h2", "h3", "h4", "h5", "h6", "p")
            else []
        ),
    ]
    return next((text for text in said if mentions(text).day and mentions(text).wholly), "")
