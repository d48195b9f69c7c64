"""JSON-LD in a page's scripts, read as leniently as search engines do: comments, CDATA and commas too many are no reason to lose a date."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from sessioncast.ingest.nodes import Nodes

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_OPENINGS = ("//", "/*", "<!--", "<![CDATA[", "*/")
_CLOSINGS = ("//", "*/", "-->", "]]>", "/*", ";")
_COMMA_TOO_MANY = re.compile(r",(\s*[}\]])")


def read_json_ld(root: HtmlElement, nodes: Nodes) -> None:
    """Take every block into ``nodes``; one that can't be read is a remark."""
    for script in root.iter("script"):
        kind = (script.get("type") or "").partition(";")[0].strip().lower()
        text = _unwrapped(script.text or "")
        if kind == "application/ld+json" and text:
            try:
                nodes.add(_loads(text))
            except (ValueError, RecursionError) as e:
                why = e.msg if isinstance(e, json.JSONDecodeError) else type(e).__name__
                nodes.remarks.append(
                    f"line {script.sourceline}: a JSON-LD block can't be read ({why}): it was left out"
                )


def _unwrapped(text: str) -> str:
    """Take off what hides a script from browsers of the last century."""
    text = text.strip()
    for _ in range(8):
        for mark in _OPENINGS:
            text = text.removeprefix(mark).lstrip()
        for mark in _CLOSINGS:
            text = text.removesuffix(mark).rstrip()
    return text


def _loads(text: str) -> object:
    try:
        return json.loads(text, strict=False)
    except json.JSONDecodeError:
        return json.loads(_COMMA_TOO_MANY.sub(r"\1", text), strict=False)
