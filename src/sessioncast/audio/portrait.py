"""Pictures of people: portraits for apps, and episode art drawn from them on the show's colours (EP-ART).

No text but initials: directories advise none, and nothing else can be read at the size of a thumbnail.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sessioncast.audio.artwork import fit, opened
from sessioncast.audio.contrast import contrast
from sessioncast.audio.cover import font, writable

PORTRAIT = 600
SIDE = 3000
_PORTRAIT_BYTES = 150_000
_ART_BYTES = 500_000
_PLACES = {
    1: ((1500, 1380, 1050),),
    2: ((860, 1400, 640), (2140, 1400, 640)),
    3: ((860, 900, 560), (2140, 900, 560), (1500, 1950, 560)),
}
"""Where the circles stand, by their number: centre and radius in px; the bottom fifth stays free (ART-SAFE-AREA)."""


@dataclass(frozen=True, slots=True)
class Sitter:
    """Somebody to be drawn: a name, and a picture file where there is one."""

    name: str
    picture: Path | None = None


def portrait(source: Path) -> bytes:
    """Return the middle of a picture as a JPEG of 600×600 px without metadata. Raises MediaError naming the file."""
    return fit(_square(opened(source), PORTRAIT), (PORTRAIT,), _PORTRAIT_BYTES)[0]


def draw_episode_art(cover: Path, sitters: tuple[Sitter, ...]) -> bytes:
    """Return a 3000×3000 px JPEG of at most 500 KB: up to three people, each a portrait or initials, on the cover's colours.

    Raises MediaError naming a picture that can't be read.
    """
    from PIL import Image, ImageDraw

    ground, accent, ink = _colours(opened(cover))
    picture = Image.new("RGB", (SIDE, SIDE), ground)
    shown = sitters[:3]
    for sitter, (x, y, radius) in zip(shown, _PLACES[len(shown)], strict=True):
        box = (x - radius, y - radius)
        disc = (
            _square(opened(sitter.picture), radius * 2) if sitter.picture else _initialled(sitter, radius, accent, ink)
        )
        mask = Image.new("L", (radius * 4, radius * 4), 0)  # drawn at double size, for a smooth edge
        ImageDraw.Draw(mask).ellipse((0, 0, radius * 4 - 1, radius * 4 - 1), fill=255)
        picture.paste(disc, box, mask.resize((radius * 2, radius * 2), Image.Resampling.BOX))
    return fit(picture, (SIDE, 2400, 1800, 1400), _ART_BYTES)[0]


def initials(name: str) -> str:
    """Return the first letters of the first and the last word, in capitals; empty where the typeface has none."""
    words = [w for w in unicodedata.normalize("NFC", name).split() if w[0].isalpha()]
    letters = "".join(w[0] for w in ((words[0], words[-1]) if len(words) > 1 else words))
    return writable(letters).replace(" ", "").upper()


def _square(picture: Any, side: int) -> Any:
    """Return the middle of the picture, a little above it where it is tall: that is where faces are."""
    from PIL import Image, ImageOps

    return ImageOps.fit(picture, (side, side), Image.Resampling.LANCZOS, centering=(0.5, 0.35))


def _initialled(sitter: Sitter, radius: int, accent: tuple[int, ...], ink: tuple[int, ...]) -> Any:
    from PIL import Image, ImageDraw

    disc = Image.new("RGB", (radius * 2, radius * 2), accent)
    pen = ImageDraw.Draw(disc)
    letters = initials(sitter.name)
    if letters:
        size = radius if len(letters) > 1 else round(radius * 1.3)
        weight = max(1, size // 40)
        pen.text(
            (radius, radius), letters, font=font(size), fill=ink, anchor="mm", stroke_width=weight, stroke_fill=ink
        )
    else:  # a script the typeface doesn't know: head and shoulders
        pen.ellipse((radius * 0.65, radius * 0.4, radius * 1.35, radius * 1.1), fill=ink)
        pen.ellipse((radius * 0.35, radius * 1.2, radius * 1.65, radius * 2.6), fill=ink)
    return disc


def _colours(cover: Any) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    """Return ground, accent and ink: the cover's commonest colour, the one that stands out most by light and hue, and black or white."""
    from PIL import Image

    small = cover.resize((96, 96), Image.Resampling.NEAREST).quantize(8)  # single points: no colours between two
    palette, counts = small.getpalette(), sorted(small.getcolors(), reverse=True)
    found = [tuple(palette[3 * index : 3 * index + 3]) for _, index in counts]
    ground = found[0]
    accent = max(found, key=lambda colour: contrast(colour, ground) * (30 + max(colour) - min(colour)))
    if contrast(accent, ground) < 1.5:
        accent = max(((235, 235, 235), (40, 40, 40)), key=lambda colour: contrast(colour, ground))
    ink = max(((255, 255, 255), (20, 20, 20)), key=lambda colour: contrast(colour, accent))
    return ground, accent, ink
