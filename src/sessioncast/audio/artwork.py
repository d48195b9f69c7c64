"""Pictures as directories and players take them (ART-*, APPLE-ART-*). With ``cover`` and ``portrait``, the only user of Pillow."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sessioncast.errors import MediaError

SMALLEST = 1400
LARGEST = 3000
_SHOW_BYTES = 500_000
_EMBEDDED_BYTES = 300_000
_MOST_SIDE = 12_000  # 144 million pixels: what a picture may unpack to before it counts as a bomb
_QUALITIES = (92, 88, 84, 80, 75, 70, 65, 60, 55, 50, 45, 40)


@dataclass(frozen=True, slots=True)
class Art:
    """A show's or episode's picture: ``jpeg`` bytes, ``side`` in pixels, ``notes`` an organiser should read."""

    jpeg: bytes
    side: int
    notes: tuple[str, ...] = ()


def show_art(source: Path) -> Art:
    """Return the picture at 3000×3000 px as a plain sRGB JPEG of at most 500 KB, without metadata (APPLE-ART-SIZE).

    A smaller picture is enlarged, with a note. Raises MediaError naming the file when it is no picture, not square
    (ART-SQUARE), or below 1400 px.
    """
    picture = opened(source)
    width, height = picture.size
    expected = f"a square picture of at least {SMALLEST}×{SMALLEST} px, best {LARGEST}×{LARGEST}"
    if width != height or width < SMALLEST:
        shape = "not square" if width != height else "too small"
        raise MediaError(
            f"{source}: found {width}×{height} px ({shape}), expected {expected}",
            hint=f"export the picture again as {LARGEST}×{LARGEST} px JPEG or PNG",
        )
    notes = []
    if width < LARGEST:
        notes.append(
            f"{source}: enlarged from {width}×{height} to {LARGEST}×{LARGEST} px; a larger original looks sharper"
        )
    jpeg, side = fit(picture, (LARGEST, 2400, 1800, SMALLEST), _SHOW_BYTES)
    if side < LARGEST:
        notes.append(f"{source}: so detailed that it was reduced to {side}×{side} px to stay within 500 KB")
    return Art(jpeg=jpeg, side=side, notes=tuple(notes))


def embedded_art(source: Path) -> bytes:
    """Return the picture for inside an audio file: a JPEG of at most 1400 px and 300 KB (ART-EMBED).

    Never enlarged. Raises MediaError naming the file when it is no picture.
    """
    picture = opened(source)
    side = min(SMALLEST, max(picture.size))
    return fit(picture, (side, side * 3 // 4, side // 2, side // 3), _EMBEDDED_BYTES)[0]


def opened(source: Path) -> Any:
    """Return the picture as 8-bit sRGB on white, upright, its metadata gone."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's own bomb warning: the size is judged below, before unpacking
            with Image.open(source, formats=("JPEG", "PNG", "WEBP", "TIFF")) as picture:
                if max(picture.size) > _MOST_SIDE:
                    raise MediaError(
                        f"{source}: found {picture.width}×{picture.height} px, expected at most {_MOST_SIDE} px a side",
                        hint=f"export the picture again as {LARGEST}×{LARGEST} px JPEG or PNG",
                    )
                return _on_white(_to_srgb(ImageOps.exif_transpose(picture)))
    except FileNotFoundError:
        raise MediaError(
            f"{source}: found no file, expected a picture", hint='name it in feed/show.toml: artwork = "cover.png"'
        ) from None
    except (UnidentifiedImageError, Image.DecompressionBombError):
        raise MediaError(
            f"{source}: found no picture, expected JPEG, PNG, WebP or TIFF", hint="open it and export it as PNG"
        ) from None
    except (OSError, SyntaxError, ValueError, EOFError) as e:  # what Pillow's readers raise for broken files
        reason = (e.strerror if isinstance(e, OSError) else None) or str(e) or type(e).__name__
        raise MediaError(
            f"{source}: the picture can't be read: {reason}", hint="open it and export it as PNG"
        ) from None


def _to_srgb(picture: Any) -> Any:
    """Follow an embedded colour profile, since players assume sRGB (APPLE-ART-COLOUR); alpha is kept."""
    from PIL import ImageCms

    profile = picture.info.get("icc_profile")
    if profile and picture.mode in {"RGB", "RGBA", "CMYK", "L"}:
        try:
            alpha = picture.getchannel("A") if picture.mode == "RGBA" else None
            plain = picture.convert("RGB") if alpha else picture
            found = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            plain = ImageCms.profileToProfile(plain, found, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError):
            return picture  # a broken profile: the colours as they stand are the best guess
        if alpha and plain:
            plain.putalpha(alpha)
        return plain
    return picture


def _on_white(picture: Any) -> Any:
    """Return an RGB copy; transparent parts become white (APPLE-ART-ALPHA)."""
    from PIL import Image

    if picture.mode.startswith("I") or picture.mode == "F":  # 16 bits a sample: Pillow's own conversion would clip
        picture = picture.convert("I").point(lambda value: value / 256).convert("L")
    if "A" in picture.mode or "transparency" in picture.info:
        layer = picture.convert("RGBA")
        ground = Image.new("RGBA", layer.size, (255, 255, 255, 255))
        picture = Image.alpha_composite(ground, layer)
    return picture.convert("RGB")


def fit(picture: Any, sides: tuple[int, ...], most_bytes: int) -> tuple[bytes, int]:
    """Return a JPEG within ``most_bytes`` and its longer side, lowering quality first, then size."""
    from PIL import Image

    jpeg, used = b"", 0
    for side in sides:
        factor = side / max(picture.size)
        size = tuple(max(1, round(length * factor)) for length in picture.size)
        scaled = picture if size == picture.size else picture.resize(size, Image.Resampling.LANCZOS)
        used = max(size)
        low, high = 0, len(_QUALITIES) - 1  # size falls with quality, so the best that fits is found by halving
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if len(_jpeg(scaled, _QUALITIES[middle])) <= most_bytes else (middle + 1, high)
        jpeg = _jpeg(scaled, _QUALITIES[low])
        if len(jpeg) <= most_bytes:
            break
    return jpeg, used


def _jpeg(picture: Any, quality: int) -> bytes:
    out = io.BytesIO()
    clean = picture.copy()
    clean.info = {}  # no EXIF, comment or profile goes out
    clean.save(out, "JPEG", quality=quality, optimize=True, dpi=(72, 72))
    return out.getvalue()
