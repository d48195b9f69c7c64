"""One element to write, as a value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Node:
    """One element to write: text, attributes, and children as (name, node)."""

    text: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    children: tuple[tuple[str, Node], ...] = ()


def flag(value: bool) -> Node:
    """Return ``true`` or ``false`` (CH-EXPLICIT)."""
    return Node("true" if value else "false")


def given(**attributes: object) -> dict[str, str]:
    """Return the attributes that have a value, as text; ``_`` in a name stands for ``-``."""
    return {name.replace("_", "-"): str(value) for name, value in attributes.items() if value not in (None, "")}


def only_if(condition: object, node: Node) -> Iterator[Node]:
    """Yield the node where the condition holds."""
    if condition:
        yield node
