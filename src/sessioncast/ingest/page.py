"""A session's page, or one that lists many, into drafts: what it says for machines first, what its words say for the rest.

Asks nothing of the network.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urljoin, urlsplit, urlunsplit

from sessioncast.errors import ContentError, Problem
from sessioncast.ingest.draft import Draft
from sessioncast.ingest.listing import parts_of
from sessioncast.ingest.merging import completed, merged
from sessioncast.ingest.reading import Page, read_source
from sessioncast.ingest.slugs import slugify
from sessioncast.ingest.tables import room_of
from sessioncast.ingest.words import read_words

if TYPE_CHECKING:
    from sessioncast.ingest.events import Told


def read_page(source: Path | bytes, name: str, *, zone: str, url: str | None = None) -> tuple[Draft, ...]:
    """Return the drafts that a page of text or HTML tells of: one, or as many as it lists; ``zone`` is the show's.

    ``name`` is the file's name: it stands in messages and, without its folders, finds the session again (``source``)
    where the page names no address of its own and none is given as ``url``, where it was fetched. Raises ContentError for what is
    no page, and for a time that is wrong or has two meanings; a title, speaker, time or description that isn't there is
    named in ``missing``.
    """
    page = read_source(source, PurePath(name).name)
    page = replace(page, url=_own_address(page.url, url))
    told = _told(page, zone)
    if told and len(told.drafts) > 1:
        drafts = [replace(completed(draft), remarks=(*draft.remarks, *told.remarks)) for draft in told.drafts]
        return _identified(page, drafts)
    if told and told.drafts:
        return _identified(page, [_one(page, told, zone)])
    parts = parts_of(page, zone)
    drafts = _each(page, parts, zone) if parts else [_from_words(page, zone)]
    if told:
        hints = [replace(d.hints, series=d.hints.series or told.series) for d in drafts]
        drafts = [replace(d, hints=h, remarks=(*d.remarks, *told.remarks)) for d, h in zip(drafts, hints, strict=True)]
    return _identified(page, drafts)


def _told(page: Page, zone: str) -> Told | None:
    """Return what the page says for machines: JSON-LD, else microdata or RDFa."""
    if page.tree is None:
        return None
    from sessioncast.ingest.events import told_by
    from sessioncast.ingest.jsonld import read_json_ld
    from sessioncast.ingest.microdata import read_microdata
    from sessioncast.ingest.nodes import Nodes

    nodes = Nodes()
    read_json_ld(page.tree, nodes)
    told = told_by(nodes, page=page.url, name=page.name, zone=zone)
    if told.drafts:
        return told
    marked = Nodes()
    read_microdata(page.tree, marked)
    beside = told_by(marked, page=page.url, name=page.name, zone=zone)
    return replace(beside, series=told.series or beside.series, remarks=(*told.remarks, *beside.remarks))


def _one(page: Page, told: Told, zone: str) -> Draft:
    (data,) = told.drafts
    text = read_words(page, zone=zone, lenient=data.starts is not None)
    series = data.hints.series or told.series
    data = replace(data, remarks=(*data.remarks, *told.remarks), hints=replace(data.hints, series=series))
    return merged(data, text.draft, text.when, zone=zone)


def _from_words(page: Page, zone: str) -> Draft:
    text = read_words(page, zone=zone)
    if text.empty:
        expected = "a session's page with a title, a date, a speaker or a description"
        raise ContentError("", problems=[Problem(page.name, "", "none of these", expected, "sessioncast new")])
    return text.draft


def _each(page: Page, parts: list[Page], zone: str) -> list[Draft]:
    """Read every part; all that is wrong in any of them is told at once."""
    drafts: list[Draft] = []
    problems: list[Problem] = []
    hints = read_words(page, zone=zone, lenient=True).draft.hints
    for part in parts:
        try:
            draft = read_words(part, zone=zone, one_of_many=True).draft
        except ContentError as e:
            problems += e.problems
            continue
        first = part.blocks[0].line if part.blocks else 0
        room = room_of(part)
        origin = f"{page.name}: line {first}"
        drafts.append(replace(draft, link=_link(page, part, draft), hints=hints, room=room, origin=origin))
    if problems:
        raise ContentError("", problems=problems)
    return drafts


def _link(page: Page, part: Page, draft: Draft) -> str | None:
    """Return where a part's title leads, absolute."""
    said = next((b.href for b in part.blocks if b.href and draft.title and draft.title in b.text), "")
    url = urljoin(page.url or "", said) if said else ""
    return url if urlsplit(url).scheme in ("http", "https") and urldefrag(url)[0] != page.url else None


def _own_address(said: str | None, fetched: str | None) -> str | None:
    """Return the page's address: what it says itself, unless that is only the site's front door, as careless templates write it."""
    if fetched is None:
        return said
    fetched = urlunsplit(urlsplit(fetched)._replace(netloc=urlsplit(fetched).netloc.rpartition("@")[2], fragment=""))
    if said is None or (urlsplit(said).path in ("", "/") and urlsplit(fetched).path not in ("", "/")):
        return fetched
    return said


def _identified(page: Page, drafts: list[Draft]) -> tuple[Draft, ...]:
    """Give every draft what finds it again: its own address or id, else the page's; several of one page are told apart by their titles."""
    here = page.url or page.name
    said = [draft.source or draft.link or "" for draft in drafts]
    out: list[Draft] = []
    for number, (draft, own) in enumerate(zip(drafts, said, strict=True), 1):
        if len(drafts) == 1:
            source = own if own and urldefrag(own)[0] != page.url else here
        else:
            source = own if own and said.count(own) == 1 else f"{here}#{slugify(draft.title) or number}"
        if source in [before.source for before in out]:
            source = f"{source}-{number}"
        out.append(replace(draft, source=source, link=draft.link or page.url, by_name="://" not in source))
    return tuple(out)
