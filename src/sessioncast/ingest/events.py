"""schema.org's events as drafts: which of a page's nodes are sessions, and what each says of itself."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from urllib.parse import urldefrag, urljoin

from sessioncast.ingest.draft import Draft, ShowHints
from sessioncast.ingest.event_people import people_of
from sessioncast.ingest.event_time import time_of
from sessioncast.ingest.html import plain_text
from sessioncast.ingest.listing import refuse_more
from sessioncast.ingest.nodes import Node, Nodes, types_of

# Subtypes that are no session: something is broadcast, sold or delivered.
_OTHER_EVENTS = frozenset({"PublicationEvent", "BroadcastEvent", "OnDemandEvent", "DeliveryEvent", "SaleEvent"})
_NAMED_OTHERWISE = frozenset({"EventSeries", "Festival", "Hackathon", "CourseInstance"})
_ONLINE = re.compile(
    r"\s*(?:online|virtual|zoom|webinar|en ligne|web|internet)(?:\s+(?:event|meeting|session))?\s*", re.IGNORECASE
)
_WEB = re.compile(r"https?://[^\s/]+\S*")
_COMMONS = re.compile(r"https?://creativecommons\.org/licenses/([a-z-]+)/(\d\.\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Told:
    """What a page's nodes say: ``drafts`` in order, ``series`` where a series or conference frames them, ``remarks`` on the page."""

    drafts: tuple[Draft, ...] = ()
    series: str = ""
    remarks: tuple[str, ...] = ()


def told_by(nodes: Nodes, *, page: str | None, name: str, zone: str) -> Told:
    """Return the sessions among ``nodes``. ``page`` is the page's own address, ``name`` its file's.

    A page whose own address is one event's is that event's; what stands beside it is named in a remark. Raises
    ContentError for a date that is none.
    """
    framed: dict[int, Node] = {}
    events = [node for node in nodes.every() if _is_event(node)]
    for event in events:
        for sub in nodes.values(event, "subEvent", "subEvents"):
            if isinstance(sub, dict) and _is_event(sub):
                framed.setdefault(id(sub), event)
        for above in nodes.values(event, "superEvent"):
            if isinstance(above, dict) and above is not event:
                framed.setdefault(id(event), above)
    frames = {id(frame) for frame in framed.values()}
    sessions = [e for e in events if id(e) not in frames and "EventSeries" not in types_of(e)]
    series = next((s for e in (*framed.values(), *events) if id(e) in frames or "EventSeries" in types_of(e)
                   if (s := plain_text(nodes.text(e, "name")))), "")  # fmt: skip
    remarks: list[str] = []
    own = [event for event in sessions if page and _address(nodes, event, page) == page]
    if len(own) == 1 and len(sessions) > 1:
        others = [plain_text(nodes.text(event, "name")) for event in sessions if event is not own[0]]
        remarks.append(
            f"the page is that of {_short(nodes.text(own[0], 'name'))!r}; left out beside it: {_listed(others)}"
        )
        sessions = own
    refuse_more(name, len(sessions))
    reader = _Reader(nodes, page, name, zone)
    drafts = [reader.draft(event, framed.get(id(event))) for event in sessions]
    return Told(_merged(drafts), series, (*nodes.remarks, *remarks))


def _is_event(node: Node) -> bool:
    kinds = set(types_of(node))
    fits = any(kind.endswith("Event") for kind in kinds) or bool(kinds & _NAMED_OTHERWISE)
    return fits and not kinds & _OTHER_EVENTS


def _address(nodes: Nodes, event: Node, page: str | None) -> str:
    """Return the event's own web address, absolute; nothing where it has none."""
    for said in (nodes.text(event, "url"), str(event.get("@id") or ""), nodes.text(event, "mainEntityOfPage")):
        url = urljoin(page or "", said.strip()) if said and not said.startswith("_:") else ""
        if _WEB.fullmatch(url):
            return url if urldefrag(url)[0] != page else page
    return ""


@dataclass(frozen=True, slots=True)
class _Reader:
    nodes: Nodes
    page: str | None
    name: str
    zone: str

    def draft(self, event: Node, frame: Node | None) -> Draft:
        nodes, how = self.nodes, self.nodes.spelling
        title = plain_text(nodes.text(event, "name", "headline")).replace("\n", " ")[:255].strip()
        where = f"{self.name}: {how} of {_short(title)!r}" if title else f"{self.name}: {how}"
        when = time_of(nodes, event, zone=self.zone, where=where)
        people, remarks = people_of(nodes, event)
        room, meeting = self._places(event)
        address = _address(nodes, event, self.page)
        cancelled = any("EventCancelled" in s for e in (event, frame or {}) for s in nodes.texts(e, "eventStatus"))
        notes = plain_text(nodes.text(event, "description", "abstract"))
        fields = {
            "title": title, "starts": when.starts, "ends": when.ends, "people": people, "notes": notes, "link": address,
            "language": self._language(event) or (self._language(frame) if frame else ""), "tags": self._tags(event),
            "room": room, "meeting": meeting, "license": self._license(event), "cancelled": cancelled,
        }  # fmt: skip
        spoken = {"title": "name", "starts": "startDate", "ends": when.ends_by, "people": "performer", "notes": "description",
                  "link": "url", "language": "inLanguage", "tags": "keywords", "room": "location", "meeting": "location",
                  "license": "license", "cancelled": "eventStatus"}  # fmt: skip
        series = plain_text(nodes.text(frame, "name")) if frame else ""
        return Draft(
            source=self._source(event),
            origin=where,
            hints=ShowHints(series=series),
            told=tuple((field, f"{how} {spoken[field]}") for field, value in fields.items() if value),
            missing=when.missing,
            remarks=(*when.remarks, *remarks),
            **(fields | {"link": address or None}),  # type: ignore[arg-type]  # one dict for values and their places
        )

    def _source(self, event: Node) -> str:
        """Return what finds the event again: its address or ``@id``, whichever is not just the page's."""
        said = (self.nodes.text(event, "url"), str(event.get("@id") or ""))
        absolute = [urljoin(self.page or "", each) for each in said if each and not each.startswith("_:")]
        named = [url for url in absolute if _WEB.fullmatch(url)]
        return next((url for url in named if url != self.page), next(iter(named), ""))

    def _places(self, event: Node) -> tuple[str, str]:
        rooms: list[str] = []
        meetings: list[str] = []
        for place in self.nodes.values(event, "location"):
            if isinstance(place, str):
                (meetings if _WEB.fullmatch(place) else rooms).append(plain_text(place))
            elif "VirtualLocation" in types_of(place):
                url = self.nodes.text(place, "url")
                meetings += (
                    [url] if _WEB.fullmatch(url) and url not in (self.page, self.nodes.text(event, "url")) else []
                )
            else:
                rooms.append(plain_text(self.nodes.text(place, "name", "address")))
        rooms = [room.replace("\n", " ") for room in rooms if room and not _ONLINE.fullmatch(room)]
        return ", ".join(dict.fromkeys(rooms))[:255], next(iter(meetings), "")

    def _language(self, event: Node) -> str:
        for value in self.nodes.values(event, "inLanguage"):
            said = value if isinstance(value, str) else self.nodes.text(value, "alternateName", "name")
            if re.fullmatch(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*", said):
                return said.replace("_", "-").lower()
        return ""

    def _tags(self, event: Node) -> tuple[str, ...]:
        said = self.nodes.texts(event, "keywords")
        parts = [part for each in said for part in re.split(r"\s*[,;\n]\s*", plain_text(each))]
        return tuple(dict.fromkeys(part.strip("#")[:255] for part in parts if part.strip("# ")))

    def _license(self, event: Node) -> str:
        said = self.nodes.values(event, "license")
        text = next((s if isinstance(s, str) else self.nodes.text(s, "url", "name") for s in said), "")
        found = _COMMONS.match(text)
        return f"CC-{found[1].upper()}-{found[2]}" if found else text


def _merged(drafts: list[Draft]) -> tuple[Draft, ...]:
    """Let one event that a page tells twice, as plugins do, be one draft: the first, filled from the others."""
    out: dict[tuple[object, ...], Draft] = {}
    for draft in drafts:
        key = (draft.title.casefold(), draft.starts)
        if key in out:
            spare = {f: getattr(draft, f) for f in ("ends", "people", "notes", "link", "source", "language", "tags", "room", "meeting", "license")
                     if not getattr(out[key], f) and getattr(draft, f)}  # fmt: skip
            told = tuple(pair for pair in draft.told if pair[0] in spare)
            out[key] = replace(out[key], **spare, told=(*out[key].told, *told))
        else:
            out[key] = draft
    return tuple(out.values())


def _short(text: str) -> str:
    flat = " ".join(plain_text(text).split())
    return flat if len(flat) <= 60 else f"{flat[:59]}…"


def _listed(titles: list[str]) -> str:
    more = f" and {len(titles) - 5} more" if len(titles) > 5 else ""
    return ", ".join(repr(_short(title)) for title in titles[:5]) + more
