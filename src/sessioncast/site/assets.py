"""What pages share, under immutable keys: the style sheet in the show's colours, the script, the code that leads a phone here."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from sessioncast import layout
from sessioncast.site import colours


@dataclass(frozen=True, slots=True)
class Asset:
    """A shared object: its key and bytes."""

    key: str
    body: bytes


def style(colour: str | None, own: str = "") -> Asset:
    """Return the style sheet: ours, the show's colours, and after them the show's own rules."""
    body = (colours.css(colour) + _source("style", ".css") + own).encode()
    return _asset("style", body, "css")


def script() -> Asset:
    """Return the script: the files of ``script/`` one after another, a module."""
    return _asset("site", _source("script", ".js").encode(), "js")


@cache
def qr(address: str) -> Asset:
    """Return the address as a QR code, black on white: other colours confuse cameras."""
    import segno

    out = io.BytesIO()
    segno.make(address, error="m", micro=False).save(
        out,
        kind="svg",
        scale=4,
        border=3,
        dark="#000",
        light="#fff",
        xmldecl=False,
        nl=False,
        svgclass=None,
        lineclass=None,
    )
    return _asset("qr", out.getvalue(), "svg")


@cache
def _source(folder: str, suffix: str) -> str:
    found = (f for f in (files("sessioncast.site") / folder).iterdir() if f.name.endswith(suffix))
    return "".join(f.read_text("utf-8") for f in sorted(found, key=lambda f: f.name))


def _asset(name: str, body: bytes, extension: str) -> Asset:
    return Asset(layout.asset(name, hashlib.sha256(body).hexdigest(), extension), body)
