"""What a file holds ⇄ what the model accepts: values, or Problems in the words of the person who wrote the file.

Validation is strict: text in quotes is no number, and 1 is no true. List entries are counted from 1.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import date, datetime, time
from difflib import get_close_matches
from typing import Any, TypeVar, get_args
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from sessioncast import vocabulary
from sessioncast.errors import Problem
from sessioncast.kinds import Value
from sessioncast.model import Credit, Session
from sessioncast.project.value import ShowFile

V = TypeVar("V", bound=Value)

_EXPECTED = {
    "string_type": "text in quotes",
    "bool_type": "true or false",
    "int_type": "a whole number",
    "float_type": "a number",
    "tuple_type": "a list in square brackets",
    "dict_type": "a table",
    "model_type": "a table",
    "literal_error": "{expected}",
    "greater_than_equal": "{ge} or more",
    "less_than_equal": "{le} or less",
    "string_too_long": "at most {max_length} characters",
    "string_too_short": "some text",
    "too_short": "at least {min_length}",
    "too_long": "at most {max_length}",
    "uuid_parsing": "a UUID, as `sessioncast init` mints it",
    "uuid_type": "a UUID, as `sessioncast init` mints it",
    "json_invalid": "text that can be written as UTF-8",
}
_PATTERNS = {r"^\S([^\n\r\t]*\S)?$": "text without spaces"}
_ONE_LINE = "one line of text, without line breaks and tabs"
_NEEDED = {
    "guid": "the guid that was minted for it",
    "title": "the title",
    "show": "a [show] table",
    "id": "the id that `sessioncast init` minted",
    "summary": "a few sentences on what the show is",
    "language": "a language such as en or en-ca",
    "timezone": "a zone such as America/Toronto",
    "link": "the address of the series' own page",
    "author": "who makes the show",
    "categories": "one or two of Apple's categories",
    "name": "a name",
    "email": "an e-mail address",
    "person": "a key of feed/people.toml",
}
_BLAMED = {Session: "ends", Credit: "role"}
"""The key a person has to look at when a value is wrong as a whole."""
_NOT_IN_FILE = {
    "slug": ("the folder's name", "remove the line; `sessioncast rename` renames a session"),
    "notes": ("the show notes in notes.md beside it", "move the text to notes.md"),
}
_RULE = re.compile(r" \(([A-Z0-9]+(?:-[A-Z0-9]+)+)\)$")


def check(
    model: type[V], plain: object, file: str, *, under: str = "", zone: ZoneInfo | None = None
) -> V | tuple[Problem, ...]:
    """Return the value that plain TOML data stands for, or everything wrong with it.

    ``under`` is put before every key; ``zone`` serves to say which offset a time without one would have had.
    """
    try:
        # strict JSON mode takes arrays for tuples and text for UUIDs and nothing else in another's place
        return model.model_validate_json(json.dumps(plain, default=_plain_moment), strict=True)
    except ValidationError as e:
        return tuple(_problem(model, error, plain, file, under, zone) for error in _causes(model, e.errors()))


def shown(value: object) -> str:
    """Return a found value as a message names it, in one short line."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        short = value if len(value) <= 60 else value[:59] + "…"
        return repr(short) if value else "empty text"
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, dict):
        return "a table"
    return "a list" if isinstance(value, list | tuple) else f"{value}"


def closest(word: str, known: Iterable[str]) -> str | None:
    """Return the one of ``known`` a person may have meant."""
    by_fold = {k.casefold(): k for k in known}
    near = get_close_matches(word.casefold(), by_fold, n=1, cutoff=0.6)
    return by_fold[near[0]] if near else None


def _causes(model: type[BaseModel], errors: list[ErrorDetails]) -> list[ErrorDetails]:
    """Return the errors without those that only follow from another: a misspelt key is not missing too."""
    misspelt = {
        (*e["loc"][:-1], closest(str(e["loc"][-1]), _fields(model, e["loc"][:-1])))
        for e in errors
        if e["type"] == "extra_forbidden"
    }
    return [
        e
        for e in errors
        if not (e["type"] == "missing" and e["loc"] in misspelt)
        and not (e["type"] == "too_short" and any(o["loc"][:-1] == e["loc"] for o in errors))
    ]


def _fields(model: type[BaseModel], loc: tuple[int | str, ...]) -> list[str]:
    here = _model_at(model, loc)
    names = [field.alias or name for name, field in here.model_fields.items()] if here else []
    return [name for name in names if not (here is Session and name in _NOT_IN_FILE)]


def _plain_moment(value: object) -> str:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value)


def _problem(
    model: type[BaseModel], error: ErrorDetails, plain: object, file: str, under: str, zone: ZoneInfo | None
) -> Problem:
    loc, kind, context = error["loc"], error["type"], error.get("ctx", {})
    found = _at(plain, loc)
    key = _key(loc, under)
    if kind == "extra_forbidden":
        return _unknown(model, loc, file, key)
    if kind == "missing":
        return Problem(file, key, "nothing", _NEEDED.get(str(loc[-1]), "a value"), _add_line(key, str(loc[-1])))
    if kind.startswith(("datetime", "date_", "timezone")):
        return _moment(file, key, found, zone)
    if kind in ("too_short", "too_long") and isinstance(found, str):
        kind = f"string_{kind}"
    if kind in ("too_short", "too_long"):
        return Problem(file, key, f"{context['actual_length']} entries", _EXPECTED[kind].format(**context))
    if kind == "string_too_long":
        return Problem(file, key, f"{len(str(found))} characters", _EXPECTED[kind].format(**context), "shorten it")
    if kind == "string_pattern_mismatch":
        return Problem(file, key, shown(found), _PATTERNS.get(str(context["pattern"]), _ONE_LINE))
    if kind == "value_error":
        blamed = _BLAMED.get(_model_at(model, loc) or Value) if isinstance(found, dict) else None
        if blamed and isinstance(found, dict):
            key, found = _key((*loc, blamed), under), found.get(blamed)
        return _refused(file, key, found, str(context["error"]))
    expected = _EXPECTED.get(kind, "another value").format(**context)
    near = _near(key, found) if kind == "literal_error" else ""
    return Problem(file, key, shown(found), expected, near)


def _moment(file: str, key: str, found: object, zone: ZoneInfo | None) -> Problem:
    """Say what is missing from a time, and how it would stand in the file with the offset of the show's zone."""
    said = _moment_of(found)
    if said is None or said.tzinfo is not None:
        return Problem(file, key, shown(found), "a date and time with offset, such as 2024-02-20T12:00:00-05:00")
    if not isinstance(found, datetime | str):
        example = (said.replace(tzinfo=zone) if zone else said).isoformat() + ("" if zone else "-05:00")
        return Problem(file, key, f"{shown(found)} without a time", f"a date and time with offset, such as {example}")
    if zone is None:
        example = f"{said.isoformat()}-05:00 where clocks are five hours behind UTC"
        return Problem(
            file, key, f"{shown(found)} without an offset", f"a date and time with offset, such as {example}"
        )
    # in the hour that comes twice both offsets are right: the person knows which
    possible = dict.fromkeys(said.replace(tzinfo=zone, fold=fold).isoformat() for fold in (0, 1))
    return Problem(
        file,
        key,
        f"{shown(found)} without an offset",
        f"a date and time with offset; in {zone.key} that is {' or '.join(possible)}",
        " or ".join(f"write {key.rsplit('.', 1)[-1]} = {moment}" for moment in possible),
    )


def _moment_of(found: object) -> datetime | None:
    if isinstance(found, str):
        try:
            return datetime.fromisoformat(found)
        except ValueError:
            return None
    if isinstance(found, date) and not isinstance(found, datetime):
        return datetime.combine(found, time(12))
    return found if isinstance(found, datetime) else None


def _refused(file: str, key: str, found: object, said: str) -> Problem:
    rule = _RULE.search(said)
    # an address that was written where its name in the environment belongs is a secret
    said_found = "something else" if key.endswith(".env") else shown(found)
    return Problem(file, key, said_found, _RULE.sub("", said), _near(key, found), rule=rule[1] if rule else "")


def _near(key: str, found: object) -> str:
    """Return 'did you mean …' where the words are from a list."""
    field = re.sub(r"\[\d+\]$", "", key).rsplit(".", 1)[-1]
    words: dict[str, Iterable[str]] = {
        "categories": _categories(),
        "role": [role.lower() for roles in vocabulary.roles().values() for role in roles],
        "language": [str(found).replace("_", "-").lower()],
        "kind": ("full", "trailer", "bonus"),
        "type": ("episodic", "serial"),
        "consent": ("given", "pending", "refused"),
    }
    near = closest(str(found), words.get(field, ()))
    return f"did you mean {near!r}?" if near and near != found else ""


def _categories() -> list[str]:
    tree = vocabulary.categories()
    return [*tree, *(f"{outer} > {inner}" for outer in tree for inner in tree[outer])]


def _unknown(model: type[BaseModel], loc: tuple[int | str, ...], file: str, key: str) -> Problem:
    name = str(loc[-1])
    here = _model_at(model, loc[:-1])
    fields = _fields(model, loc[:-1])
    if here is Credit and name in Session.model_fields and name not in _NOT_IN_FILE:
        mend = f"move `{name} = …` above the first [[credits]]: what follows such a line belongs to it"
        return Problem(file, key, "a key of the session", "it above the first [[credits]]", mend)
    if model is ShowFile:
        for section, inner in ShowFile.model_fields.items():
            home = inner.annotation
            if isinstance(home, type) and issubclass(home, Value) and home is not here and name in home.model_fields:
                return Problem(
                    file, key, "a key of another table", f"it in [{section}]", f"move the line to [{section}]"
                )
    near = closest(name, fields)
    expected = near or ("one of " + ", ".join(fields))
    return Problem(file, key, "an unknown key", expected, f"did you mean {near}?" if near else "remove the line")


def not_in_file(plain: dict[str, object], file: str) -> tuple[Problem, ...]:
    """Return what a session.toml says that stands elsewhere: the slug and the notes."""
    return tuple(
        Problem(file, key, "a key that is not for this file", *_NOT_IN_FILE[key])
        for key in _NOT_IN_FILE
        if key in plain
    )


def _add_line(key: str, name: str) -> str:
    example = {"categories": '["Education"]', "owner": '{ name = "…", email = "…" }'}.get(name, '"…"')
    return f"add the table [{name}]" if key == name == "show" else f"add the line {name} = {example}"


def _at(plain: object, loc: tuple[int | str, ...]) -> object:
    for part in loc:
        if isinstance(plain, dict):
            plain = plain.get(part)
        elif isinstance(plain, list | tuple) and isinstance(part, int) and part < len(plain):
            plain = plain[part]
        else:
            return None
    return plain


def _key(loc: tuple[int | str, ...], under: str) -> str:
    key = under
    for part in loc:
        key += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if key else part
    return key


def _model_at(model: type[BaseModel], loc: tuple[int | str, ...]) -> type[BaseModel] | None:
    here: type[BaseModel] | None = model
    for part in loc:
        if isinstance(part, str):
            field = here.model_fields.get(part) if here else None
            here = _model_in(field.annotation) if field else None
    return here


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for inner in get_args(annotation) if (found := _model_in(inner))), None)
