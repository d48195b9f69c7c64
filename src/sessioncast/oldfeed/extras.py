"""Elements of the podcast namespace that channel and items share → plain values as the files of a show folder hold them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sessioncast.extras import Discussion, Funding, License, Location, Txt
from sessioncast.kinds import Value
from sessioncast.oldfeed.markup import line_of
from sessioncast.rules.document import attribute, tags, value

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml.etree import _Element as Element

    from sessioncast.oldfeed.ledger import Ledger

SHARED = frozenset(f"podcast:{name}" for name in ("license", "location", "funding", "socialInteract", "txt", "person"))


def license_of(parent: Element, ledger: Ledger) -> dict[str, object]:
    """Return ``license`` and ``location``, the first of each."""
    found: dict[str, object] = {}
    for name, kind, plain in (
        ("license", License, lambda t: {"name": line_of(value(t)), "url": attribute(t, "url")}),
        ("location", Location, _place),
    ):
        for tag in tags(parent, f"podcast:{name}"):
            made = ledger.made(kind, plain(tag), f"podcast:{name}", value(tag))
            if made is not None and name in found:
                ledger.lost(f"podcast:{name}", value(tag), "is not kept: one is kept already")
            elif made is not None:
                found[name] = plain_of(made)
    return found


def _place(tag: Element) -> dict[str, object]:
    country = attribute(tag, "country").upper()
    facts = {name: attribute(tag, name) for name in ("geo", "osm", "rel")}
    return {"name": line_of(value(tag)), "country": country, **facts}


def lists_of(parent: Element, ledger: Ledger) -> dict[str, object]:
    """Return ``funding`` and ``discussions``."""
    found: dict[str, object] = {}
    rows: tuple[tuple[str, str, type[Value], Callable[[Element], dict[str, object]]], ...] = (
        (
            "podcast:funding",
            "funding",
            Funding,
            lambda t: {"url": attribute(t, "url"), "text": line_of(value(t)) or "Support the show"},
        ),
        ("podcast:socialInteract", "discussions", Discussion, _talk),
    )
    for element, name, kind, plain in rows:
        made = [
            ledger.made(kind, plain(tag), element, value(tag) or str(dict(tag.attrib))) for tag in tags(parent, element)
        ]
        kept = [plain_of(one) for one in made if one is not None][:20]
        if kept:
            found[name] = kept
    return found


def _talk(tag: Element) -> dict[str, object]:
    priority = attribute(tag, "priority")
    return {
        "protocol": attribute(tag, "protocol").lower(),
        "uri": attribute(tag, "uri") or value(tag).strip(),
        "account": attribute(tag, "accountId"),
        "priority": int(priority) if priority.isdigit() and int(priority) else None,
    }


def texts_of(parent: Element, ledger: Ledger) -> list[Txt]:
    """Return the texts for machines."""
    found = [
        ledger.made(Txt, {"text": value(t), "purpose": attribute(t, "purpose")}, "podcast:txt", value(t))
        for t in tags(parent, "podcast:txt")
    ]
    return [one for one in found if one is not None]


def plain_of(made: Value) -> dict[str, object]:
    """Return a value as a TOML file holds it."""
    return made.model_dump(mode="json", exclude_none=True)
