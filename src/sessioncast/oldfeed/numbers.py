"""What only all items together tell: two under one guid, two with one number, two of one date, names of seasons."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sessioncast.oldfeed.ledger import Ledger
    from sessioncast.oldfeed.value import OldItem, OldShow


def settled(items: Sequence[OldItem], show: OldShow, ledger: Ledger) -> tuple[OldItem, ...]:
    """Return the items, each under a guid and number of its own.

    The first of two under one guid keeps it (apps have shown one of them at most); the other has none until it gets one
    of its own. The same item twice, audio and all, counts once.
    """
    kept: list[OldItem] = []
    guids: dict[str, OldItem] = {}
    numbers: dict[tuple[int | None, int], OldItem] = {}
    dates: dict[datetime, OldItem] = {}
    for item in items:
        first = guids.get(item.guid)
        if first is not None and first.audio.url == item.audio.url:
            ledger.lost("guid", item.guid, "the same item twice: the first is kept", item=item.title)
            continue
        if first is not None:
            ledger.lost(
                "guid",
                item.guid,
                f"is {first.title!r}'s, who keeps it: this one gets a guid of its own",
                item=item.title,
            )
            item = replace(item, guid="", said_guid=item.guid, twin=True, permalink=False)  # noqa: PLW2901
        else:
            guids[item.guid] = item
        if item.number is not None and item.kind == "full":
            holder = numbers.setdefault((item.season, item.number), item)
            if holder is not item:
                ledger.lost(
                    "itunes:episode", str(item.number), f"is not kept: {holder.title!r} has it", item=item.title
                )
                item = replace(item, number=None)  # noqa: PLW2901
        if item.published is not None and dates.setdefault(item.published, item) is not item:
            same = f"kept, the same as of {dates[item.published].title!r}: apps sort the two as they like"
            ledger.lost("pubDate", item.said_date, same, item=item.title)
        kept.append(item)
    if show.type == "serial" and any(i.number is None and i.kind == "full" for i in kept):
        ledger.lost("itunes:type", "serial", "kept, though some episodes have no number", item="")
    return tuple(kept)
