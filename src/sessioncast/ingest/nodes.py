"""What a page says for machines, as plain nodes: dicts as JSON-LD has them, whichever of its spellings a page used.

Knows how nodes hang together (``@id``, ``@graph``, ``@value``), not what they mean. Nothing is resolved before somebody
asks for it: a page whose nodes name each other in circles costs no more than one that doesn't.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

MOST = 20_000  # nodes looked at on one page; the largest programmes have some hundred
_VOCABULARY = ("schema:", "http://schema.org/", "https://schema.org/")

Node = dict[str, Any]


@dataclass(slots=True)
class Nodes:
    """A page's nodes: ``roots`` in the order of the page, ``by_id`` what they call each other, ``remarks`` on what was unreadable."""

    roots: list[Node] = field(default_factory=list)
    by_id: dict[str, Node] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    spelling: str = "JSON-LD"

    def add(self, found: object) -> None:
        """Take in one block: a node, a list of them, a ``@graph``."""
        self.roots += [found] if isinstance(found, dict) else [n for n in _items(found) if isinstance(n, dict)]
        for node in _walk(found):
            name = node.get("@id")
            if isinstance(name, str) and len(node) > 1 and len(node) > len(self.by_id.get(name, {})):
                self.by_id[name] = node

    def every(self) -> Iterator[Node]:
        """Yield every node once, parents first, in the order of the page; a mere reference is what it refers to."""
        seen: set[int] = set()
        for root in self.roots:
            for node in _walk(root):
                meant = self.resolved(node)
                if id(meant) not in seen:
                    seen.add(id(meant))
                    yield meant

    def resolved(self, node: Node) -> Node:
        """Return what a reference refers to, the node itself where it is none or leads nowhere."""
        name = node.get("@id")
        return self.by_id.get(name, node) if isinstance(name, str) and len(node) == 1 else node

    def values(self, node: Node, *keys: str) -> list[Node | str]:
        """Return the values of the first of ``keys`` that has any, as nodes and text."""
        for key in keys:
            spelled = (node[name] for name in (key, *(prefix + key for prefix in _VOCABULARY)) if name in node)
            found = [value for each in spelled for item in _items(each) if (value := self._value(item)) not in ("", {})]
            if found:
                return found
        return []

    def text(self, node: Node, *keys: str) -> str:
        """Return the first value of these that is text, or a node's name."""
        return next(iter(self.texts(node, *keys)), "")

    def texts(self, node: Node, *keys: str) -> list[str]:
        """Return all of them."""
        said = (value if isinstance(value, str) else self._name(value) for value in self.values(node, *keys))
        return [text for text in said if text.strip()]

    def _name(self, node: Node) -> str:
        """Return a node's name; one that is a node again names nothing."""
        return next((value for value in self.values(node, "name") if isinstance(value, str)), "")

    def _value(self, item: object) -> Node | str:
        if isinstance(item, dict):
            return str(item["@value"]) if "@value" in item else self.resolved(item)
        return item.strip() if isinstance(item, str) else "" if item is None or isinstance(item, list) else str(item)


def types_of(node: Node) -> list[str]:
    """Return a node's types without their vocabulary: ``["EducationEvent"]``."""
    return [
        kind.rpartition("/")[2].rpartition("#")[2].removeprefix("schema:")
        for kind in _items(node.get("@type", []))
        if isinstance(kind, str)
    ]


def _items(value: object) -> list[object]:
    if isinstance(value, dict):
        for key in ("@list", "@set"):
            if key in value:
                return _items(value[key])
    if isinstance(value, list):
        return [inner for item in value[:MOST] for inner in (item if isinstance(item, list) else [item])]
    return [value]


def _walk(start: object) -> Iterator[Node]:
    """Yield every dict below, parents first, without recursion."""
    todo, count = [start], 0
    while todo and count < MOST:
        item = todo.pop()
        if isinstance(item, dict):
            count += 1
            yield item
            todo.extend(reversed([value for value in item.values() if isinstance(value, dict | list)]))
        elif isinstance(item, list):
            count += 1
            todo.extend(reversed(item))
