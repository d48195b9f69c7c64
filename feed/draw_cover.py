# ruff: noqa: INP001 - a script, run by hand
"""Draw this show's cover again: ``python feed/draw_cover.py`` writes ``cover.png`` beside this file."""

from __future__ import annotations

from pathlib import Path

from sessioncast.audio.cover import draw_cover

if __name__ == "__main__":
    Path(__file__).with_name("cover.png").write_bytes(draw_cover("CQUIPS+ Sessions", "CQUIPS+"))
