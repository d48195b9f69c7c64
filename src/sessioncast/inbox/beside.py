"""What servers write beside a recording: Jibri's metadata.json, BigBlueButton's metadata.xml. Read carefully, believed little."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_LARGEST = 1 << 20


@dataclass(frozen=True, slots=True)
class Said:
    """The meeting's name and address as the server wrote them; empty where it didn't."""

    topic: str = ""
    meeting: str = ""


def read_beside(files: Iterable[Path]) -> Said:
    """Return what the first readable one of ``files`` says; what can't be read says nothing."""
    for path in files:
        try:
            with path.open("rb") as file:
                data = file.read(_LARGEST + 1)
        except OSError:
            continue
        said = _json(data) if path.suffix.casefold() == ".json" else _xml(data)
        if len(data) <= _LARGEST and said != Said():
            return said
    return Said()


def _json(data: bytes) -> Said:
    try:
        plain = json.loads(data)
    except (ValueError, RecursionError):
        return Said()
    address = plain.get("meeting_url") if isinstance(plain, dict) else None
    return Said(meeting=address[:1000]) if isinstance(address, str) else Said()


def _xml(data: bytes) -> Said:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return Said()
    return Said(
        topic=(root.findtext("meta/meetingName") or "").strip()[:255],
        meeting=(root.findtext("meta/meetingId") or "").strip()[:255],
    )
