"""Draws a cover to start with: the title set large over quiet rings, a speaker and the rows around them.

Made of shapes and Pillow's built-in typeface alone, so it needs no font on the machine and the same title gives the
same picture. Nothing that matters stands in the bottom fifth, where apps lay their controls (ART-SAFE-AREA).
"""

from __future__ import annotations

import hashlib
import io
import unicodedata
from typing import Any

SIDE = 3000
_MARGIN = 250
_TEXT_WIDTH = SIDE - 2 * _MARGIN
_TEXT_BOTTOM = SIDE * 4 // 5 - 60
_TEXT_TOP = 1020

# Ground, rings, accent, text: dark enough that the text keeps a contrast above 7:1.
_PALETTES = (
    ("#14323A", "#1F4750", "#F2B04A", "#F7F3EA"),
    ("#1E2A44", "#2C3B5C", "#EF8E6B", "#F5F2EC"),
    ("#2B2438", "#3D3450", "#E9B872", "#F6F1EA"),
    ("#1F3328", "#2E4839", "#F0A868", "#F4F2E8"),
    ("#3A1F2B", "#52303E", "#F0B48A", "#F8F1EC"),
    ("#22303B", "#33454F", "#7FC8BE", "#F3F3EE"),
)
_SIMPLER = str.maketrans({"–": "-", "—": "-", "‑": "-", "\u00a0": " ", "×": "x", "ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE"})  # fmt: skip


def draw_cover(title: str, author: str) -> bytes:
    """Return a 3000×3000 px RGB PNG with ``title`` and, where the title doesn't name them, ``author``.

    The built-in typeface knows unaccented Latin: accents are left off and other scripts left out, and a title it
    can't write at all gives the rings alone.
    """
    from PIL import Image, ImageDraw

    ground, ring, accent, text = _PALETTES[hashlib.sha256(title.encode()).digest()[0] % len(_PALETTES)]
    picture = Image.new("RGB", (SIDE, SIDE), ground)
    _draw_rings(picture, ring, accent)
    pen = ImageDraw.Draw(picture)
    lines, size = _set_title(writable(title))
    step = round(size * 1.06)
    y = _TEXT_BOTTOM - step * len(lines)
    for line in lines:
        pen.text((_MARGIN, y), line, font=font(size), fill=text, stroke_width=_weight(size), stroke_fill=text)
        y += step
    by = writable(author)
    if lines and by and by.casefold() not in writable(title).casefold():
        above = _TEXT_BOTTOM - step * len(lines) - 210
        by_size = _largest(by, 130, _TEXT_WIDTH * 3 // 4)
        pen.text(
            (_MARGIN, above), by, font=font(by_size), fill=accent, stroke_width=_weight(by_size), stroke_fill=accent
        )
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True, dpi=(72, 72))
    return out.getvalue()


def _draw_rings(picture: Any, ring: str, accent: str) -> None:
    """Draw rows of seats as rings around the one who speaks; at double size, then reduced, for smooth edges."""
    from PIL import Image, ImageDraw

    double = SIDE * 2
    centre = (double * 0.735, double * 0.215)
    rings = Image.new("L", (double, double), 0)
    pen = ImageDraw.Draw(rings)
    for row in range(1, 9):  # fainter with distance, so that the outer rows don't disturb the text over them
        _circle(pen, centre, 330 + row * 370, width=120, fill=270 - row * 26)
    picture.paste(ring, mask=rings.resize(picture.size, Image.Resampling.BOX))
    dot = Image.new("L", (double, double), 0)
    _circle(ImageDraw.Draw(dot), centre, 330, width=330, fill=255)
    picture.paste(accent, mask=dot.resize(picture.size, Image.Resampling.BOX))


def _circle(pen: Any, centre: tuple[float, float], radius: float, *, width: int, fill: int) -> None:
    x, y = centre
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), outline=fill, width=width)


def _set_title(title: str) -> tuple[list[str], int]:
    """Return the title's lines and the largest type size, in px, at which they fit the text block."""
    words = title.split()
    if not words:
        return [], 0
    best: tuple[list[str], int] = ([], 0)
    for count in range(1, min(len(words), 6) + 1):
        lines = _break(words, count)
        height = (_TEXT_BOTTOM - _TEXT_TOP) / len(lines) / 1.06
        size = min(*(_largest(line, 640, _TEXT_WIDTH) for line in lines), int(height))
        if size > best[1]:
            best = (lines, size)
    return best


def _break(words: list[str], count: int) -> list[str]:
    """Return the words on ``count`` lines whose longest is as short as can be."""
    limits = sorted({len(" ".join(words[a:b])) for a in range(len(words)) for b in range(a + 1, len(words) + 1)})
    lines: list[str] = []
    for limit in limits:
        lines = []
        for word in words:
            if lines and len(lines[-1]) + 1 + len(word) <= limit:
                lines[-1] += f" {word}"
            else:
                lines.append(word)
        if len(lines) <= count and max(map(len, lines)) <= limit:
            break
    return lines


def _largest(line: str, most: int, width: int) -> int:
    """Return the largest size up to ``most`` at which ``line`` is no wider than ``width`` px."""
    return min(most, int(width / (font(1000).getlength(line) / 1000 + 0.05)))


def _weight(size: int) -> int:
    """Return the stroke that makes the built-in regular weight a semi-bold, in px."""
    return max(1, round(size * 0.016))


def font(size: int) -> Any:
    """Return Pillow's built-in typeface at this size in px."""
    from PIL import ImageFont

    return ImageFont.load_default(size)


def writable(text: str) -> str:
    """Return ``text`` in the characters the built-in typeface has."""
    typeface = font(64)
    missing = bytes(typeface.getmask("\uffff"))

    def known(character: str) -> bool:
        return character == " " or bytes(typeface.getmask(character)) != missing

    written = []
    for character in text.translate(_SIMPLER):
        base = character if known(character) else unicodedata.normalize("NFKD", character)[0]
        written.append(base if known(base) else " ")
    return " ".join("".join(written).split())
