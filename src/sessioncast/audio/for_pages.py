"""Pictures as pages show them: small WebP copies beside a JPEG, icons of the cover, and the cover's main colour."""

from __future__ import annotations

import colorsys
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sessioncast.audio.artwork import opened
from sessioncast.audio.contrast import contrast

ART_WIDTHS = (320, 640)
PORTRAIT_WIDTHS = (128, 320)
PREVIEW = 1200
"""The side of the JPEG that link previews and browsers without WebP get, in px."""

ICONS = (48, 180)
_WEBP = 80
_JPEG = 82


@dataclass(frozen=True, slots=True)
class Small:
    """One smaller copy: its bytes, its width in px, and what it is."""

    body: bytes
    width: int
    extension: str


def art(source: Path) -> tuple[Small, ...]:
    """Return a square picture for pages: WebP in every width, and a JPEG."""
    picture = opened(source)
    webp = tuple(_webp(picture, width) for width in ART_WIDTHS)
    return (*webp, Small(_saved(_scaled(picture, PREVIEW), "JPEG", quality=_JPEG, optimize=True), PREVIEW, "jpg"))


def portrait(source: Path) -> tuple[Small, ...]:
    """Return a portrait for pages: WebP in every width; the portrait itself is the JPEG."""
    picture = opened(source)
    return tuple(_webp(picture, width) for width in PORTRAIT_WIDTHS)


def icons(cover: Path) -> tuple[Small, ...]:
    """Return the cover as icons (favicon, apple-touch-icon), PNG."""
    picture = opened(cover)
    return tuple(Small(_saved(_scaled(picture, side), "PNG", optimize=True), side, "png") for side in ICONS)


def main_colour(cover: Path) -> str:
    """Return the colour the cover is remembered by, such as ``#14323a``: much of it, far from grey, and itself still where it must be read on white."""
    from PIL import Image

    small = opened(cover).resize((96, 96), Image.Resampling.NEAREST).quantize(8)
    palette = small.getpalette()
    counted = [(count, tuple(palette[3 * index : 3 * index + 3])) for count, index in small.getcolors()]

    def weight(found: tuple[int, tuple[int, ...]]) -> tuple[float, tuple[int, ...]]:
        count, colour = found
        _, light, saturation = colorsys.rgb_to_hls(*(part / 255 for part in colour))
        vivid = saturation * (1 - abs(2 * light - 1))  # chroma: near black and white nobody sees a hue
        readable = min(1.0, contrast(colour, (255, 255, 255)) / 4.5)  # a gold that must be darkened is a brown
        return count**0.2 * (0.03 + vivid) * readable, colour

    most = sum(count for count, _ in counted)
    counted = [found for found in counted if found[0] > most / 100]  # not a speck
    return "#" + "".join(f"{part:02x}" for part in max(counted, key=weight)[1])


def _webp(picture: Any, width: int) -> Small:
    return Small(_saved(_scaled(picture, width), "WEBP", quality=_WEBP, method=6), width, "webp")


def _scaled(picture: Any, side: int) -> Any:
    from PIL import Image

    return picture.resize((side, side), Image.Resampling.LANCZOS)


def _saved(picture: Any, format_: str, **settings: Any) -> bytes:
    out = io.BytesIO()
    clean = picture.copy()
    clean.info = {}
    clean.save(out, format_, **settings)
    return out.getvalue()
