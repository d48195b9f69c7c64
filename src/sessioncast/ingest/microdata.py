"""Microdata and RDFa Lite: the same nodes, written into the attributes of what readers see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sessioncast.ingest.html import lines_of
from sessioncast.ingest.nodes import Node, Nodes
from sessioncast.ingest.sections import join_lines

if TYPE_CHECKING:
    from lxml.html import HtmlElement

DEEPEST = 12
_ADDRESSES = {"a": "href", "area": "href", "link": "href", "img": "src", "audio": "src", "video": "src", "iframe": "src",
              "source": "src", "embed": "src", "object": "data"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Spelling:
    name: str
    scope: str
    property: str
    id: str


_SPELLINGS = (
    _Spelling("microdata", "itemtype", "itemprop", "itemid"),
    _Spelling("RDFa", "typeof", "property", "resource"),
)


def read_microdata(root: HtmlElement, nodes: Nodes) -> None:
    """Take what ``itemscope`` (else ``typeof``) marks into ``nodes``; the first spelling that a page uses is its spelling."""
    for spelling in _SPELLINGS:
        tops = [each for each in root.iter() if _opens(each, spelling) and each.get(spelling.property) is None]
        found = [_node(each, spelling, 0) for each in tops]
        if found:
            nodes.spelling = spelling.name
            for node in found:
                nodes.add(node)
            return


def _opens(element: HtmlElement, spelling: _Spelling) -> bool:
    return isinstance(element.tag, str) and bool(element.get(spelling.scope) or element.get("itemscope") is not None)


def _node(element: HtmlElement, spelling: _Spelling, depth: int) -> Node:
    node: Node = {"@type": (element.get(spelling.scope) or "").split()}
    name = element.get(spelling.id) or ""
    if name:
        node["@id"] = name
    todo = list(reversed(element))
    while todo:
        each = todo.pop()
        if not isinstance(each.tag, str):
            continue
        said = (each.get(spelling.property) or "").split()
        opens = _opens(each, spelling)
        value: Any = (_node(each, spelling, depth + 1) if opens and depth < DEEPEST else _value(each)) if said else ""
        for name in said:
            node.setdefault(name.removeprefix("schema:"), []).append(value)
        if not opens:
            todo.extend(reversed(each))
    return node


def _value(element: HtmlElement) -> str:
    tag = str(element.tag)
    told = element.get("content")
    if told is not None:
        return told.strip()
    if tag in _ADDRESSES:
        address = (element.get(_ADDRESSES[tag]) or "").strip()
        if (
            tag != "a"
            or "url" in (element.get("itemprop") or element.get("property") or "").lower()
            or not _text(element)
        ):
            return address
    if tag == "time" and element.get("datetime"):
        return str(element.get("datetime")).strip()
    return _text(element)


def _text(element: HtmlElement) -> str:
    return join_lines(lines_of(element))
