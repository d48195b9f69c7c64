"""The bench: every judge under its rule's id, and the one function that holds a feed against all of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from importlib import import_module

from sessioncast.rules.document import FeedDocument, Item
from sessioncast.rules.facts import Facts
from sessioncast.rules.finding import Finding, finding
from sessioncast.rules.table import rule

_ROOMS = ("document", "channel", "artwork", "items", "description", "transcripts", "chapters", "podcast", "sound")


@dataclass(frozen=True, slots=True)
class Wrong:
    """What a judge saw: where, what, and what is wanted (empty: the rule's own sentence)."""

    key: str
    found: str
    wanted: str = ""
    item: Item | None = None


Judge = Callable[[FeedDocument, Facts], Iterator[Wrong]]
_BENCH: dict[str, list[Judge]] = {}
_WITHOUT_CHANNEL = {"XML-WELLFORMED", "XML-UTF8", "RSS-VERSION"}


def judges(*ids: str) -> Callable[[Judge], Judge]:
    """Seat a judge for these rules: what it sees counts for each of them."""
    for id_ in ids:
        rule(id_)  # a KeyError at import beats a rule nobody knows

    def seat(function: Judge) -> Judge:
        for id_ in ids:
            _BENCH.setdefault(id_, []).append(function)
        return function

    return seat


def judge(
    document: FeedDocument, facts: Facts | None = None, *, file: str = "feed.xml", accept: Collection[str] = ()
) -> tuple[Finding, ...]:
    """Return everything wrong with a feed, in the table's order; ``accept`` names rules to pass over where that is allowed.

    A feed that is no RSS is judged as a document only.
    """
    known = facts or Facts()
    readable = document.channel is not None
    found: dict[Finding, None] = {}
    for id_, seated in _bench().items():
        if not (readable or id_ in _WITHOUT_CHANNEL) or (id_ in accept and rule(id_).can_be_switched_off):
            continue
        for function in seated:
            for wrong in function(document, known):
                key = wrong.item.at(wrong.key) if wrong.item else wrong.key
                guid = wrong.item.guid if wrong.item else ""
                found.setdefault(finding(id_, file, key, wrong.found, wrong.wanted, item=guid))
    return tuple(found)


def judged_ids() -> frozenset[str]:
    """Return the rules that have a judge here."""
    return frozenset(_bench())


def _bench() -> dict[str, list[Judge]]:
    from sessioncast.rules.table import all_rules

    for room in _ROOMS:
        import_module(f"sessioncast.rules.of_{room}")
    return {r.id: _BENCH[r.id] for r in all_rules() if r.id in _BENCH}
