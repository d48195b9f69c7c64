from __future__ import annotations

import io
import random
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageCms, ImageDraw

from sessioncast.audio.artwork import embedded_art, show_art
from sessioncast.audio.cover import draw_cover
from sessioncast.audio.for_pages import main_colour
from sessioncast.errors import MediaError


def picture(path: Path, side: int = 1400, mode: str = "RGB", colour: Any = "#336699", **options: Any) -> Path:
    Image.new(mode, (side, side), colour).save(path, **options)
    return path


def segments(jpeg: bytes) -> list[tuple[int, bytes]]:
    """Read a JPEG's markers by hand, up to the picture data."""
    assert jpeg[:3] == b"\xff\xd8\xff"
    at, found = 2, []
    while jpeg[at + 1] != 0xDA:
        length = struct.unpack(">H", jpeg[at + 2 : at + 4])[0]
        found.append((jpeg[at + 1], jpeg[at + 4 : at + 2 + length]))
        at += 2 + length
    return found


def test_show_art_obeys_every_artwork_rule(tmp_path: Path) -> None:
    secret = Image.Exif()
    secret[0x010E] = "taken at home"
    art = show_art(picture(tmp_path / "cover.jpg", 3000, exif=secret, comment=b"made on a laptop", dpi=(300, 300)))
    parts = segments(art.jpeg)
    frame = next(body for marker, body in parts if marker in {0xC0, 0xC1})  # baseline
    bits, height, width, components = struct.unpack(">BHHB", frame[:6])
    assert (bits, height, width, components) == (8, 3000, 3000, 3)
    jfif = next(body for marker, body in parts if marker == 0xE0)
    assert jfif[:5] == b"JFIF\0"
    assert struct.unpack(">BHH", jfif[7:12]) == (1, 72, 72)
    assert {marker for marker, _ in parts} <= {0xE0, 0xDB, 0xC0, 0xC4}, "no EXIF, profile or comment"
    assert b"laptop" not in art.jpeg
    assert b"home" not in art.jpeg
    assert len(art.jpeg) <= 500_000
    assert (art.side, art.notes) == (3000, ())


def test_a_smaller_picture_is_enlarged_with_a_note(tmp_path: Path) -> None:
    art = show_art(picture(tmp_path / "cover.png"))
    assert Image.open(io.BytesIO(art.jpeg)).size == (3000, 3000)
    assert "1400×1400" in art.notes[0]


@pytest.mark.parametrize(("size", "found"), [((1399, 1399), "too small"), ((3000, 2999), "not square")])
def test_a_wrong_shape_is_an_error_with_the_size_found(size: tuple[int, int], found: str, tmp_path: Path) -> None:
    Image.new("RGB", size).save(tmp_path / "cover.png")
    with pytest.raises(MediaError) as caught:
        show_art(tmp_path / "cover.png")
    assert f"{tmp_path / 'cover.png'}: found {size[0]}×{size[1]} px ({found})" in caught.value.message
    assert "1400" in caught.value.message
    assert caught.value.hint


def _bomb(path: Path) -> None:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b""))


@pytest.mark.parametrize("case", ["missing", "text", "svg", "folder", "bomb", "broken"])
@pytest.mark.parametrize("use", [show_art, embedded_art])
def test_what_is_no_picture_is_one_error(case: str, use: Any, tmp_path: Path) -> None:
    cover = tmp_path / "cover.png"
    match case:
        case "text":
            cover.write_text("not a picture")
        case "svg":
            cover.write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
        case "folder":
            cover.mkdir()
        case "bomb":
            _bomb(cover)
        case "broken":
            cover.write_bytes(picture(tmp_path / "whole.png").read_bytes()[:400])
        case _:
            pass
    with pytest.raises(MediaError, match=r"cover\.png"):
        use(cover)


@pytest.mark.parametrize(
    ("mode", "colour", "seen"),
    [
        ("RGBA", (0, 0, 0, 0), (255, 255, 255)),
        ("LA", (0, 0), (255, 255, 255)),
        ("L", 128, (128, 128, 128)),
        ("I;16", 128 * 256, (128, 128, 128)),
        ("P", 0, (0, 0, 0)),
        ("1", 1, (255, 255, 255)),
    ],
)
def test_every_colour_mode_becomes_rgb_on_white(mode: str, colour: Any, seen: tuple[int, ...], tmp_path: Path) -> None:
    jpeg = embedded_art(picture(tmp_path / "cover.png", 200, mode, colour))
    pixel: Any = Image.open(io.BytesIO(jpeg)).convert("RGB").getpixel((100, 100))
    assert all(abs(a - b) <= 3 for a, b in zip(pixel, seen, strict=True))


def test_print_colours_and_profiles_become_plain_colours(tmp_path: Path) -> None:
    picture(tmp_path / "print.jpg", 1400, "CMYK", (0, 255, 255, 0))
    parts = segments(embedded_art(tmp_path / "print.jpg"))
    assert next(body for marker, body in parts if marker == 0xC0)[5] == 3
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    picture(tmp_path / "profiled.png", 300, icc_profile=profile)
    jpeg = embedded_art(tmp_path / "profiled.png")
    assert b"ICC_PROFILE" not in jpeg
    picture(tmp_path / "odd.png", 300, icc_profile=b"no profile")
    assert embedded_art(tmp_path / "odd.png")[:2] == b"\xff\xd8"


def test_detail_costs_quality_then_size_but_never_the_limits(tmp_path: Path) -> None:
    noise = Image.frombytes("RGB", (1500, 1500), random.Random(5).randbytes(1500 * 1500 * 3))
    noise.save(tmp_path / "noise.png")
    inside = embedded_art(tmp_path / "noise.png")
    assert len(inside) <= 300_000
    assert max(Image.open(io.BytesIO(inside)).size) <= 1400
    outside = show_art(tmp_path / "noise.png")
    assert 1400 <= outside.side <= 3000
    assert any("reduced" in note for note in outside.notes)
    assert len(outside.jpeg) <= 5_000_000


def test_the_same_picture_gives_the_same_bytes(tmp_path: Path) -> None:
    source = picture(tmp_path / "cover.png")
    assert show_art(source) == show_art(source)
    assert embedded_art(source) == embedded_art(source)


@pytest.mark.parametrize(
    ("title", "author"),
    [
        ("CQUIPS+ Sessions", "CQUIPS+"),
        ("Hygiène — séances d’été", "Institut Semmelweis"),
        (
            "The Extraordinarily Long Collected Grand Rounds of the Scutari Barracks Hospital, Spoken Aloud",
            "F. Nightingale",
        ),
        ("Donaudampfschifffahrtselektrizitätenhauptbetriebswerk", "x" * 200),
        ("講義", "教室"),
        ("", ""),
    ],
)
def test_a_cover_is_drawn_for_any_title(title: str, author: str, tmp_path: Path) -> None:
    png = draw_cover(title, author)
    assert png == draw_cover(title, author)
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", png[16:24]) == (3000, 3000)
    assert tuple(png[24:26]) == (8, 2), "8-bit RGB without alpha"
    assert len(png) <= 400_000
    drawn = Image.open(io.BytesIO(png))
    for edge in ((0, 2400, 3000, 3000), (0, 0, 240, 2400)):
        found: Any = drawn.crop(edge).getextrema()
        assert all(high - low < 40 for low, high in found), "nothing that matters there"
    (tmp_path / "cover.png").write_bytes(png)
    assert show_art(tmp_path / "cover.png").notes == ()


def test_this_shows_cover_is_what_its_script_draws() -> None:
    feed = Path(__file__).parents[2] / "feed"
    kept: Any = Image.open(feed / "cover.png")
    drawn: Any = Image.open(io.BytesIO(draw_cover("CQUIPS+ Sessions", "CQUIPS+")))
    assert kept.size == drawn.size
    assert (feed / "cover.png").stat().st_size <= 300_000
    assert kept.resize((50, 50)).tobytes() == drawn.resize((50, 50)).tobytes()


@pytest.mark.parametrize(
    ("ground", "sign", "remembered"),
    [
        ("#17435c", "#f2c14e", "#17435c"),  # gold would have to be darkened to a brown before it could be read
        ("#101214", "#f2c14e", "#f2c14e"),  # but beside black it is all there is
        ("#ffffff", "#b3202a", "#b3202a"),
        ("#e8e8e8", "#777777", "#777777"),
    ],
)
def test_a_cover_is_remembered_by_a_colour_that_can_be_read(
    ground: str, sign: str, remembered: str, tmp_path: Path
) -> None:
    cover = Image.new("RGB", (1400, 1400), ground)
    ImageDraw.Draw(cover).rectangle((300, 500, 1100, 900), sign)
    cover.save(tmp_path / "cover.png")
    assert main_colour(tmp_path / "cover.png") == remembered
