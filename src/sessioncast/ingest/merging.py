"""What a page's data says and what its text says, as one draft: the data wins, the text fills, and where they part is a remark."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

from sessioncast.errors import ContentError
from sessioncast.ingest.draft import Draft, DraftPerson, ShowHints
from sessioncast.ingest.when import mentions, parse_when

TEXT = "the page's text"


def merged(data: Draft, text: Draft, when: str, *, zone: str) -> Draft:
    """Return one draft of both. ``when`` is the line of the text that speaks of a time, however unclear."""
    told, remarks = list(data.told), [*data.remarks, *text.remarks]
    fields: dict[str, object] = {}
    for field in ("title", "people"):
        if not getattr(data, field) and getattr(text, field):
            fields[field] = getattr(text, field)
            told.append((field, TEXT))
    starts, missing = data.starts, list(data.missing)
    postponed = any("postponed" in item for item in missing)
    if starts is None and text.starts is not None and not postponed and _fits(data, text):
        starts, missing = text.starts, []
        fields |= {"starts": text.starts, "ends": text.ends}
        told += [(field, TEXT) for field in ("starts", "ends") if fields[field]]
    elif starts is not None and starts == text.starts and data.ends is None and text.ends is not None:
        fields["ends"] = text.ends
        told.append(("ends", TEXT))
    elif starts is not None and (other := _another(starts, text, when, zone)):
        remarks.append(f"the page's text says {other}, its data {starts:%Y-%m-%d %H:%M}: the data was taken")
    elif data.ends and text.ends and data.ends != text.ends:
        remarks.append(
            f"the page's text says an end at {text.ends:%H:%M}, its data {data.ends:%H:%M}: the data was taken"
        )
    if starts is None and not missing:
        missing = [item for item in text.missing if item.startswith("starts")]
    if data.people:
        fields["people"], also = _people(data.people, text.people)
        remarks += [f"the page's text also names {name} as speaking" for name in also]
    if text.notes and _is_excerpt(data.notes, text.notes):
        fields["notes"] = text.notes
        told = [pair for pair in told if pair[0] != "notes"] + [("notes", TEXT)]
    draft = replace(data, told=tuple(told), remarks=tuple(dict.fromkeys(remarks)), **fields)  # type: ignore[arg-type]
    hints = ShowHints(text.hints.copyright, text.hints.contact, data.hints.series or text.hints.series)
    return replace(draft, missing=(*missing, *_open(draft, text)), hints=hints)


def completed(data: Draft) -> Draft:
    """Return a draft from data alone with what it leaves open."""
    return replace(data, missing=(*data.missing, *_open(data, Draft(""))))


def _open(draft: Draft, text: Draft) -> list[str]:
    said = {item.partition(":")[0]: item for item in text.missing}
    where = {"title": "title", "people": "speaker", "notes": "description"}
    return [said.get(f, f"{f}: no {word} found on the page") for f, word in where.items() if not getattr(draft, f)]


def _fits(data: Draft, text: Draft) -> bool:
    """Whether the text's time lies on the day that the data names, where it names one."""
    day = f"{text.starts:%Y-%m-%d}"
    dated = [item for item in data.missing if item.startswith("starts: the page says")]
    return not dated or day in dated[0]


def _another(starts: object, text: Draft, when: str, zone: str) -> str:
    """Return what else the text says, in words; nothing where it agrees or says nothing."""
    if text.starts is not None:
        return f"{text.starts:%Y-%m-%d %H:%M}" if text.starts != starts else ""
    said = mentions(when)
    if said.day and not said.clock:
        try:
            day = parse_when(f"{when} {starts:%H:%M}", zone=zone).starts
        except ContentError:
            return ""
        return f"{day:%Y-%m-%d}" if f"{day:%Y-%m-%d}" != f"{starts:%Y-%m-%d}" else ""
    return ""


def _is_excerpt(short: str, long: str) -> bool:
    """Whether the data holds only the beginning of what the text says, as descriptions for search engines do."""
    bare = " ".join(short.split()).rstrip("….[]& \u200b").removesuffix("...").rstrip()
    return not bare or (len(bare) >= 20 and len(long) > len(short) and " ".join(long.split()).startswith(bare))


def _people(data: tuple[DraftPerson, ...], text: tuple[DraftPerson, ...]) -> tuple[tuple[DraftPerson, ...], list[str]]:
    """Return the data's people with what the text adds to them, and the names that only the text has."""
    beside = {_key(person.name): person for person in text}
    out = []
    for person in data:
        other = beside.pop(_key(person.name), None)
        if other:
            bio = other.bio if _is_excerpt(person.bio, other.bio) else person.bio
            person = replace(person, bio=bio or person.bio, affiliation=person.affiliation or other.affiliation)  # noqa: PLW2901
        out.append(person)
    return tuple(out), [person.name for person in beside.values()]


def _key(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).casefold()
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())
