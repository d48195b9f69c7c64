"""The pages' colours from the cover's main colour, with contrast guaranteed: text on its ground 4.5:1 at least, in both themes.

The hue is the cover's; lightness is moved, step by step, until the contrast of WCAG 2 is reached. A cover without colour,
or a show that was published before the colour was kept, gets a quiet blue.
"""

from __future__ import annotations

import colorsys
from dataclasses import dataclass

ENOUGH = 4.6
"""A little above WCAG's 4.5, since colours are rounded to eight bits."""

_QUIET = "#0b5a9d"
_LEAST_SATURATION = 0.12
_PAPER = {"light": "#fdfdfc", "dark": "#14171a"}
_PANEL = {"light": "#ffffff", "dark": "#1b1f23"}
"""Grounds of pages and of what stands out on them, as the style sheet has them."""

_STEP = 0.01


@dataclass(frozen=True, slots=True)
class Scheme:
    """One theme: ``accent`` for links and buttons, ``on_accent`` for text on it, ``tint`` a ground that accent can be read on."""

    accent: str
    on_accent: str
    tint: str
    deep: str
    on_deep: str


def schemes(colour: str | None) -> dict[str, Scheme]:
    """Return the light and the dark theme of a main colour such as ``#14323a``."""
    hue, light, saturation = _hls(colour or _QUIET)
    if saturation < _LEAST_SATURATION or not 0.02 < light < 0.98:
        hue, light, saturation = _hls(_QUIET)
    saturation = max(0.3, min(saturation, 0.85))
    pale, dusk = _hex(hue, 0.955, min(saturation, 0.45)), _hex(hue, 0.13, min(saturation, 0.3))
    band = _away(hue, min(light, 0.3), saturation, ("#ffffff",), -_STEP)
    night = _away(hue, 0.17, min(saturation, 0.45), ("#ffffff",), -_STEP)
    ink = _away(hue, min(light, 0.42), saturation, (_PAPER["light"], _PANEL["light"], pale), -_STEP)
    glow = _away(hue, max(light, 0.6), min(saturation, 0.75), (_PAPER["dark"], _PANEL["dark"], dusk), _STEP)
    return {
        "light": Scheme(ink, "#ffffff", pale, band, "#ffffff"),
        "dark": Scheme(glow, _PAPER["dark"], dusk, night, "#ffffff"),
    }


def css(colour: str | None) -> str:
    """Return the custom properties of both themes, as the style sheet uses them."""
    made = {theme: _properties(scheme) for theme, scheme in schemes(colour).items()}
    return f":root{{{made['light']}}}@media screen and (prefers-color-scheme:dark){{:root{{{made['dark']}}}}}\n"


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours by WCAG 2, from 1 to 21."""
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def paper(theme: str) -> str:
    """Return the ground of a theme's pages."""
    return _PAPER[theme]


def _properties(scheme: Scheme) -> str:
    named = {
        "accent": scheme.accent,
        "on-accent": scheme.on_accent,
        "tint": scheme.tint,
        "deep": scheme.deep,
        "on-deep": scheme.on_deep,
    }
    return ";".join(f"--{name}:{value}" for name, value in named.items())


def _away(hue: float, light: float, saturation: float, grounds: tuple[str, ...], step: float) -> str:
    """Return the colour, darker or lighter, at the first lightness that can be read on every ground."""
    while 0 < light < 1 and min(contrast(_hex(hue, light, saturation), g) for g in grounds) < ENOUGH:
        light += step
    return _hex(hue, max(0.0, min(light, 1.0)), saturation)


def _hls(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return colorsys.rgb_to_hls(red, green, blue)


def _hex(hue: float, light: float, saturation: float) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in colorsys.hls_to_rgb(hue, light, saturation))


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
