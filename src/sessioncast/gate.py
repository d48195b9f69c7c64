"""What would be public, held against the directories' rules before anything is uploaded."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sessioncast import layout
from sessioncast.errors import Problem
from sessioncast.feed import is_public_https, podcast_guid, render
from sessioncast.rules import Facts, FeedDocument, Finding, judge

if TYPE_CHECKING:
    from datetime import datetime

    from sessioncast.catalog import Catalog

AS_IF = "https://podcast.example.org"


@dataclass(frozen=True, slots=True)
class Passed:
    """The findings on a catalog's feed; ``pretended``: its address is this machine's own, so a public one stood in."""

    findings: tuple[Finding, ...]
    pretended: bool


def as_public(catalog: Catalog) -> tuple[Catalog, bool]:
    """Return the catalog as it would be at a public https address, and whether that had to be pretended."""
    show = catalog.show
    if is_public_https(re.sub(r"^http:", "https:", show.public_url)):
        return catalog, False
    guid = show.podcast_guid or podcast_guid(layout.address(AS_IF, layout.FEED))
    return catalog.model_copy(
        update={"show": show.model_copy(update={"public_url": AS_IF, "podcast_guid": guid})}
    ), True


def hold(catalog: Catalog, facts: Facts, *, accept: Collection[str] = (), first: bool = False) -> Passed:
    """Return what directories would say to this catalog's feed; ``first``: it has never been public (NS-GUID-ALGO).

    ``facts`` name pictures, sounds and texts by key; the addresses are this function's business.
    """
    seen, pretended = as_public(catalog)
    base = seen.show.public_url
    feed = layout.address(base, layout.FEED)
    known = replace(
        facts,
        feed_url=feed,
        first_guid=str(podcast_guid(feed)) if first and is_public_https(feed) else "",
        pictures={layout.address(base, key): picture for key, picture in facts.pictures.items()},
        files={layout.address(base, key): body for key, body in facts.files.items()},
        sounds={layout.address(base, key): sound for key, sound in facts.sounds.items()},
    )
    found = judge(FeedDocument(render(seen)), known, accept=accept)
    slugs = {e.guid: e.slug for e in catalog.episodes}
    ours = catalog.show.public_url if pretended else base
    old = {e.guid for e in catalog.episodes if e.imported}
    return Passed(tuple(_at_home(f, slugs, base, ours) for f in _lenient(found, old)), pretended)


def _lenient(found: Iterable[Finding], imported: Collection[str]) -> tuple[Finding, ...]:
    """Let an imported episode's flaws be warnings, one a rule: directories have taken it so, and a move must lose nothing."""
    kept: list[Finding] = []
    many: dict[str, list[Finding]] = {}
    for f in found:
        if f.item in imported and f.item:
            many.setdefault(f.rule, []).append(f)
        else:
            kept.append(f)
    for first, *others in many.values():
        more = f" (and in {len(others)} more imported episodes)" if others else ""
        level = "warning" if first.level == "error" else first.level
        kept.append(replace(first, level=level, found=first.found + more))
    return tuple(kept)


def _at_home(found: Finding, slugs: dict[str, str], seen: str, ours: str) -> Finding:
    """Name the file an organiser edits, the session's or show.toml, and no address that only stood in."""
    file = f"episodes/{slugs[found.item]}/session.toml" if found.item in slugs else "feed/show.toml"
    return replace(found, file=file, key=found.key.replace(seen, ours), found=found.found.replace(seen, ours))


def problems(findings: Iterable[Finding]) -> tuple[Problem, ...]:
    """Return findings as the problems other commands tell."""
    return tuple(Problem(f.file, f.key, f.found, f.wanted, f.mend, f.level, f.rule) for f in findings)


def errors(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return what stops a publish."""
    return tuple(f for f in findings if f.level == "error")


def facts_of(now: datetime, loudness: float, claimed: Iterable[str]) -> Facts:
    """Return the facts that every rehearsal has."""
    return Facts(now=now, loudness=loudness, claimed=frozenset(claimed))
