"""Values → TOML as a person would have written it: only what is set, paragraphs as paragraphs, credits last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

import tomlkit
from tomlkit.items import AoT, Item, Table

from sessioncast.kinds import Value
from sessioncast.model import Credit, Person, Session

_COMMENTS = {
    "guid": "Apps know the episode by its guid: it never changes, even when this folder is renamed.",
    "source": "Where this session was imported from, and is found again.",
    "draft": "A draft never goes out: fill in what is missing, then remove these lines.",
    "recording": "A path beside this file, or an address.",
}


def item(value: object) -> Item:
    """Return a plain value as TOML, on one line but for text of several, which stands between three quotes."""
    if isinstance(value, str) and "\n" in value.strip("\n"):
        quoted = tomlkit.string(value, multiline=True).as_string()
        first = '"""' if value.startswith("\n") else '"""\n'
        return tomlkit.value(first + quoted[3:])
    if isinstance(value, dict):
        table = tomlkit.inline_table()
        for key, inner in value.items():
            if inner is not None:
                table.append(key, item(inner))
        return table
    if isinstance(value, list | tuple):
        array = tomlkit.array()
        for inner in value:
            array.append(item(inner))
        return array
    return tomlkit.item(str(value) if isinstance(value, UUID) else value)


def plain_fields(value: Value, *, without: Iterable[str] = ()) -> dict[str, Any]:
    """Return the fields that are not at their default, as plain data, in the model's order."""
    return {k: v for k, v in value.model_dump(exclude_defaults=True).items() if k not in set(without)}


def session_text(session: Session) -> str:
    """Return the session.toml of a session."""
    doc = tomlkit.document()
    for key, value in plain_fields(session, without=("slug", "notes", "credits", "imported")).items():
        if key in _COMMENTS:
            doc.add(tomlkit.comment(_COMMENTS[key]))
        doc.append(key, item(value))
    if session.recording is None and session.imported is None:
        doc.add(tomlkit.comment('recording = "recording.m4a"    # a path beside this file, or an address'))
    if session.imported:
        doc.add(tomlkit.nl())
        doc.append("imported", _table(session.imported))
    if session.credits:
        doc.add(tomlkit.nl())
        doc.append("credits", credit_tables(session.credits))
    return tomlkit.dumps(doc)


def _table(value: Value) -> Table:
    """Return a value as a table of its own, under a heading."""
    table = tomlkit.table()
    for key, inner in plain_fields(value).items():
        table.append(key, item(inner))
    return table


def _plain(value: object) -> object:
    if isinstance(value, tuple | list):
        return [_plain(inner) for inner in value]
    return value.model_dump(exclude_defaults=True) if isinstance(value, Value) else value


def credit_tables(credited: Iterable[Credit]) -> AoT:
    """Return credits as ``[[credits]]`` tables."""
    tables = tomlkit.aot()
    for credit in credited:
        tables.append(credit_table(credit))
    return tables


def credit_table(credit: Credit) -> Table:
    """Return one ``[[credits]]`` table; the role is always said, the group where it is not the cast."""
    table = tomlkit.table()
    table.append("person", credit.person)
    table.append("role", credit.role)
    if credit.group != Credit.model_fields["group"].default:
        table.append("group", credit.group)
    if credit.consent is not None:
        table.append("consent", credit.consent)
    return table


def person_text(key: str, person: Person) -> str:
    """Return one table of people.toml."""
    table = tomlkit.table()
    for field, value in plain_fields(person).items():
        table.append(field, item(value))
    doc = tomlkit.document()
    doc.append(key, table)
    return tomlkit.dumps(doc)


def is_unset(model: type[Value], key: str, value: object) -> bool:
    """Tell whether a value says no more than leaving the key out."""
    field = model.model_fields.get(key)
    if value is None or field is None or field.is_required():
        return value is None
    return bool(value == field.get_default(call_default_factory=True))


def put_fields(table: Any, model: type[Value], changes: Mapping[str, object]) -> None:
    """Change a TOML table in place: comments and order stay, what is unset goes."""
    for key, value in changes.items():
        if is_unset(model, key, value):
            table.pop(key, None)
        elif key == "credits" and isinstance(value, tuple | list):
            _put_credits(table, tuple(value))
        elif key == "imported" and isinstance(value, Value):
            _put_table(table, key, value)
        else:
            table[key] = item(_plain(value))


def _put_table(doc: Any, key: str, value: Value) -> None:
    present = doc.get(key)
    if isinstance(present, Table):
        put_fields(present, type(value), {name: getattr(value, name) for name in type(value).model_fields})
    else:
        doc.pop(key, None)
        doc.append(key, _table(value))


def _put_credits(doc: Any, wanted: tuple[Credit, ...]) -> None:
    present = doc.get("credits")
    if isinstance(present, AoT):
        old = [Credit.model_construct(**{"role": "guest", "group": "cast", **t.unwrap()}) for t in present]
        kept = [c for c in old if c in wanted]
        if tuple(kept) == wanted[: len(kept)]:
            for index in reversed(range(len(old))):
                if old[index] not in wanted:
                    del present[index]
            for credit in wanted[len(kept) :]:
                present.append(credit_table(credit))
            if len(present):
                return
    # a table put where a list stood would take in all that follows it
    doc.pop("credits", None)
    if wanted:
        doc.append("credits", credit_tables(wanted))
