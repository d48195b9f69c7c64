"""A draft of a session that is here already: what the source says otherwise, told, and applied only where nobody's own words stand."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sessioncast.bring_in.adding import as_said
from sessioncast.bring_in.fields import missing_in, said_by
from sessioncast.bring_in.hands import Hands
from sessioncast.bring_in.memory import Memory
from sessioncast.bring_in.outcome import Difference, Differs, Outcome, Unchanged, Updated
from sessioncast.bring_in.people import Member, cast_of, people_differences, proposals, write_people
from sessioncast.bring_in.remarks import remarks_on
from sessioncast.ingest.draft import Draft
from sessioncast.kinds import Value
from sessioncast.model import Credit, Imported, Session
from sessioncast.project import Project
from sessioncast.project.value import NOTES_FILE, PEOPLE_FILE, SESSION_FILE


def compare(
    show: Project, known: Session, draft: Draft, memory: Memory, hands: Hands, *, update: bool
) -> tuple[Project, Outcome]:
    """Return the show, changed where ``update`` asks for it, and what became of the draft."""
    cast = cast_of(show, draft)
    said = said_by(draft)
    changes = _changes(known, said.fields, cast)
    yours = {name for name in changes if _is_yours(known, name, memory)}
    others = people_differences(cast, memory)
    off = _called_off(known, draft)
    differences = (*_told(known, changes, show, cast, yours), *off, *others)
    inside = show.session_folder(known.slug)
    remarks = (*draft.remarks, *said.remarks, *remarks_on(show, draft), *proposals(show, cast))
    if not any(not d.yours for d in differences):
        if update:
            _learn(memory, known, said.fields, cast)
        return show, Unchanged(known.slug, (inside / SESSION_FILE,), differences, known.missing, remarks)
    if not update:
        paths = (inside / SESSION_FILE, *([show.folder / PEOPLE_FILE] if others else []))
        return show, Differs(known.slug, paths, differences, known.missing, remarks)
    applied = {name: value for name, value in changes.items() if name not in yours}
    missing = _still_missing(known, draft)
    if known.missing or missing:
        applied |= {"missing": missing, "draft": (known.draft or draft.cancelled) and bool(missing)}
    if applied.keys() & draft.more.keys():
        # What lies there may have been corrected by hand.
        hands.put_files(inside, {name: body for name, body in draft.files.items() if not (inside / name).exists()})
    people, touched = write_people(show, cast, memory, hands, update=True)
    after = hands.edit_session(known, applied)
    _learn(memory, after, said.fields, cast)
    show = replace(show, people=people, sessions=tuple(after if s is known else s for s in show.sessions))
    paths = tuple(inside / name for name in (SESSION_FILE, NOTES_FILE) if (inside / name).exists())
    return show, Updated(known.slug, (*paths, *touched), differences, missing, remarks)


def _learn(memory: Memory, now: Session, said: Mapping[str, object], cast: Sequence[Member]) -> None:
    """Remember what the source says where the session says it too."""
    memory.remember(now.guid, {name: value for name, value in said.items() if getattr(now, name) == value})
    if cast and _credits(now, cast) == now.credits:
        memory.remember(now.guid, as_said(now.credits, cast))


def _is_yours(known: Session, name: str, memory: Memory) -> bool:
    """Whether a person wrote this field. What names the source is never theirs, nor a stand-in for a title nobody said."""
    if name == "source" or (name == "title" and any(item.startswith("title:") for item in known.missing)):
        return False
    field = Session.model_fields[name]
    if not field.is_required() and getattr(known, name) == field.get_default(call_default_factory=True):
        return False  # nobody wrote anything there
    if name == "credits":
        return memory.is_yours(known.guid, name, known.credits)
    return memory.is_yours(known.guid, name, getattr(known, name))


def _still_missing(known: Session, draft: Draft) -> tuple[str, ...]:
    """Return what is still open: neither the source has it now nor did a person write it since."""
    open_ = missing_in(draft)
    by_hand = {"starts": known.starts, "ends": known.ends, "notes": known.notes, "people": known.credits}
    topics = [item.partition(":")[0] for item in known.missing]
    return tuple(
        item
        for topic, item in open_.items()
        if not by_hand.get(topic)
        and (topic in topics or topic == "cancelled" or (topic == "ends" and "starts" in topics))
    )


def _called_off(known: Session, draft: Draft) -> tuple[Difference, ...]:
    """Return the difference when a session was called off since, or takes place after all."""
    before = next((item for item in known.missing if item.startswith("cancelled")), "")
    now = missing_in(draft).get("cancelled", "")
    return (Difference("cancelled", before, now),) if bool(before) != bool(now) else ()


def _changes(known: Session, said: Mapping[str, object], cast: Sequence[Member]) -> dict[str, object]:
    """Return the fields of the session in which the source says something else; where it says nothing, nothing differs."""
    changes = {name: value for name, value in said.items() if getattr(known, name) != value}
    wanted = _credits(known, cast)
    return changes | ({"credits": wanted} if cast and wanted != known.credits else {})


def _credits(known: Session, cast: Sequence[Member]) -> tuple[Credit, ...]:
    """Return the credits with the source's people: guests it doesn't name go, other roles are a person's own work."""
    named = {member.key for member in cast}
    kept = tuple(c for c in known.credits if c.person in named or c.role.casefold() != "guest")
    present = {c.person for c in kept}
    return kept + tuple(credit for m in cast if m.key not in present for credit in m.credits)


def _told(
    known: Session, changes: Mapping[str, object], show: Project, cast: Sequence[Member], yours: Collection[str]
) -> tuple[Difference, ...]:
    names = {key: person.name for key, person in show.people.items()} | {m.key: m.said.name for m in cast}

    def text(value: object, other: object) -> str:
        if isinstance(value, Imported) and isinstance(other, Imported):
            return _apart(value, other)
        if isinstance(value, tuple):
            return ", ".join(_short(one, names) for one in value)
        if isinstance(value, Value):
            return _short(value, names)
        return value.isoformat() if isinstance(value, datetime) else str(value or "")

    return tuple(
        Difference(name, text(getattr(known, name), value), text(value, getattr(known, name)), yours=name in yours)
        for name, value in changes.items()
    )


def _apart(one: Imported, other: Imported) -> str:
    """Return the fields in which two differ, as the first says them."""
    plain, theirs = one.model_dump(mode="json"), other.model_dump(mode="json")
    return ", ".join(f"{name} {value}" for name, value in plain.items() if value != theirs[name])


def _short(one: object, names: Mapping[str, str]) -> str:
    if isinstance(one, Credit):
        return names[one.person]
    return str(getattr(one, "url", None) or getattr(one, "name", None) or one)
