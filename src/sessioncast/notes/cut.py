"""Shorten text and simple markup to a number of bytes, never inside a tag, an entity or a character."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

# A run of marks is tried from its beginning only, so that ten thousand dots cost what ten thousand letters do. What goes
# on in lower case was no end: "(really!) so", "e.g. this".
_END = r"(?<![.!?…])[.!?…]++[\"'”’»)\]]*+"
_END_WIDE = r"[。！？]++[”’」』）]*+"
_SENTENCE = re.compile(rf".*?(?:{_END}(?=\s++(?![a-z])|$)|{_END_WIDE})|.+", re.DOTALL)
_SENTENCE_END = re.compile(rf"(?:{_END}|{_END_WIDE})$")
_WORD = re.compile(r"\s*\S+")
_CHARACTER = re.compile(r"&#?[A-Za-z0-9]+;|.", re.DOTALL)
_NAME = re.compile(r"[a-z0-9]+")
_BLOCKS = frozenset({"p", "li", "ul", "ol"})
_ELLIPSIS = "…"


@dataclass(frozen=True, slots=True)
class Piece:
    """An opening tag, a closing tag, or text (escaped where it stands between tags)."""

    kind: Literal["open", "close", "text"]
    text: str


def cut(pieces: list[Piece], limit: int) -> str:
    """Return as much as fits into ``limit`` UTF-8 bytes, every open element closed.

    The end is that of a sentence or block; failing that, of a word, then of a character, marked by an ellipsis.
    """
    return _longest(pieces, limit, _SENTENCE, "") or (
        _longest(pieces, limit, _WORD, _ELLIPSIS) or _longest(pieces, limit, _CHARACTER, _ELLIPSIS)
    )


def _longest(pieces: list[Piece], limit: int, unit: re.Pattern[str], mark: str) -> str:
    out: list[str] = []
    closers: list[str] = []
    size = closing = 0
    kept: tuple[int, str] | None = None
    for piece, part, may_end in _parts(pieces, unit, anywhere=bool(mark)):
        if piece.kind == "open":
            closers.append(f"</{_name(part)}>")
            closing += len(closers[-1])
        elif piece.kind == "close":
            closing -= len(closers.pop())
        out.append(part)
        size += len(part.encode())
        if size + closing > limit:
            break
        if may_end and size + closing + len(mark.encode()) <= limit:
            kept = len(out), mark + "".join(reversed(closers))
    if kept is None:
        return ""
    return "".join(out[: kept[0]]).rstrip() + kept[1]


def _parts(pieces: list[Piece], unit: re.Pattern[str], *, anywhere: bool) -> Iterator[tuple[Piece, str, bool]]:
    """Yield each piece, texts in units, and whether the result may end right after it."""
    said = False
    for piece in pieces:
        if piece.kind != "text":
            ends_block = piece.kind == "close" and _name(piece.text) in _BLOCKS
            yield piece, piece.text, said and ends_block and not anywhere
            continue
        for part in unit.findall(piece.text):
            said = said or bool(part.strip())
            yield piece, part, bool(part.strip()) and (anywhere or bool(_SENTENCE_END.search(part)))


def _name(tag: str) -> str:
    found = _NAME.search(tag)
    return found.group() if found else ""
