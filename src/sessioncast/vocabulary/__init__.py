"""The words directories accept: Apple's categories (CH-CATEGORY) and podcast:person's groups and roles (NS-PERSON)."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import cast


def _table(name: str) -> dict[str, object]:
    return cast("dict[str, object]", json.loads((files(__name__) / name).read_text("utf-8")))


@cache
def categories() -> dict[str, tuple[str, ...]]:
    """Apple's categories, each with its subcategories; texts are case-sensitive."""
    current = cast("dict[str, list[str]]", _table("categories.json")["current"])
    return {name: tuple(inner) for name, inner in current.items()}


@cache
def retired_categories() -> dict[str, tuple[str, ...]]:
    """Names of older trees that Apple no longer lists (CH-CATEGORY-RETIRED)."""
    retired = cast("dict[str, list[str]]", _table("categories.json")["retired"])
    return {name: tuple(inner) for name, inner in retired.items()}


def is_category(text: str) -> bool:
    """Tell whether ``Category`` or ``Category > Subcategory`` is in Apple's tree, to the letter."""
    outer, _, inner = text.partition(" > ")
    tree = categories()
    return outer in tree and (not inner or inner in tree[outer])


@cache
def moved_categories() -> dict[str, str]:
    """Retired categories, whole (``Health > Self-Help``), and today's in their place (CH-CATEGORY-RETIRED)."""
    return {name: str(today) for name, today in _table("moved_categories.json").items()}


def todays_category(outer: str, inner: str = "") -> str | None:
    """Return today's category for any that Apple ever listed, compared without case; None for a word it never knew.

    A subcategory that nobody knows leaves its category.
    """
    wanted = " > ".join(" ".join(part.split()) for part in (outer, inner) if part.strip()).casefold()
    now = {
        name.casefold(): name
        for outer_, inside in categories().items()
        for name in (outer_, *(f"{outer_} > {each}" for each in inside))
    }
    then = {name.casefold(): today for name, today in moved_categories().items()}
    found = now.get(wanted) or then.get(wanted)
    if found is None and inner.strip():
        return todays_category(outer)
    return found


@cache
def roles() -> dict[str, tuple[str, ...]]:
    """Group → roles of the podcast taxonomy, as the namespace spells them."""
    return {group: tuple(cast("list[str]", inner)) for group, inner in _table("roles.json").items()}


def find_role(group: str, role: str) -> tuple[str, str] | None:
    """Return (group, role) as the taxonomy spells them, compared without case; None where the pair is unknown."""
    for known, inner in roles().items():
        if known.casefold() == group.casefold():
            for name in inner:
                if name.casefold() == role.casefold():
                    return known, name
    return None
