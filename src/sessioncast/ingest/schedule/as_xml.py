"""schedule.xml of frab, pretalx, wafer and pentabarf into talks of the same form as schedule.json's."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sessioncast.ingest.schedule.talk import Talk
from sessioncast.ingest.schedule.value import Broken, clock

_DOCTYPE = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?.{0,300}?\?>\s*|<!--.{0,2000}?-->\s*){0,5}<!DOCTYPE", re.DOTALL)
_NO_DOCTYPE = ("a document type of its own (<!DOCTYPE)", "a schedule.xml without one")
_LISTS = {"persons": "person", "links": "link", "attachments": "attachment"}


def read(body: bytes) -> tuple[Mapping[str, Any], list[Talk], list[Broken]]:
    """Return the conference's own fields, its talks and what is broken. Raises Broken for what is no schedule, or means harm."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, remove_comments=True, remove_pis=True
    )
    if _DOCTYPE.match(body):
        raise Broken("", *_NO_DOCTYPE)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as wrong:
        line = getattr(wrong, "lineno", 0)
        raise Broken(
            f"line {line}" if line else "", f"broken XML ({str(wrong)[:100]})", "a whole schedule.xml"
        ) from None
    if root.getroottree().docinfo.doctype:
        raise Broken("", *_NO_DOCTYPE)
    if root.tag != "schedule":
        raise Broken("line 1", f"<{str(root.tag)[:40]}>", "<schedule>, as frab and pretalx export it")
    conference: dict[str, Any] = {}
    for element in root.iterfind("conference/*"):
        conference[str(element.tag)] = (element.text or "").strip()
    if base := root.findtext("base_url"):
        conference.setdefault("base_url", base.strip())
    talks = [
        Talk(
            _said(event),
            day.get("date") or "",
            room.get("name") or "",
            f"line {event.sourceline}",
            clock(day.get("start")),
        )
        for day in root.iterfind("day")
        for room in day.iterfind("room")
        for event in room.iterfind("event")
    ]
    return conference, talks, []


def _said(event: Any) -> dict[str, Any]:
    said: dict[str, Any] = {"id": event.get("id"), "guid": event.get("guid"), "code": event.get("code")}
    for element in event:
        tag = str(element.tag)
        if tag in _LISTS:
            said[tag] = [_listed(one) for one in element.iterfind(_LISTS[tag])]
        elif tag == "recording":
            said[tag] = {str(part.tag): (part.text or "").strip() for part in element}
        else:
            said[tag] = "".join(element.itertext()).strip()
    return said


def _listed(one: Any) -> dict[str, Any]:
    """Return a person, link or attachment: its attributes, its text as name and title, and its parts."""
    words = "".join([one.text or "", *(part.tail or "" for part in one)]).strip()
    parts = {str(part.tag): "".join(part.itertext()).strip() for part in one}
    return {"name": words, "title": words, **{str(key): value for key, value in one.attrib.items()}, **parts}
