"""JSON Schemas of the files people write, so that editors complete and check them (taplo: ``#:schema``)."""

from __future__ import annotations

from typing import Any, Literal

from sessioncast import vocabulary
from sessioncast.kinds import SLUG
from sessioncast.model import Person, Session
from sessioncast.project.value import ShowFile

_NAMES = {"show": "feed/show.toml", "session": "episodes/<slug>/session.toml", "people": "feed/people.toml"}


def schema(name: Literal["show", "session", "people"]) -> dict[str, Any]:
    """Return the JSON Schema of show.toml, session.toml or people.toml; draft 7, which TOML editors know."""
    if name == "show":
        body = ShowFile.model_json_schema()
        body["$defs"]["Show"]["properties"]["categories"]["items"]["enum"] = _categories()
    elif name == "session":
        body = Session.model_json_schema()
        for elsewhere in ("slug", "notes"):
            del body["properties"][elsewhere]
        body["required"].remove("slug")
        body["$defs"]["Credit"]["properties"]["person"]["pattern"] = f"^{SLUG.pattern}$"
        body["$defs"]["Credit"]["properties"]["role"]["examples"] = _cast_roles()
    else:
        body = {
            "type": "object",
            "$defs": {"Person": Person.model_json_schema()},
            "propertyNames": {"pattern": f"^{SLUG.pattern}$"},
            "additionalProperties": {"$ref": "#/$defs/Person"},
        }
    body = {"$schema": "http://json-schema.org/draft-07/schema#", **_tidy(body)}
    return body | {"title": _NAMES[name], "description": f"What {_NAMES[name]} may hold."}


def _categories() -> list[str]:
    tree = vocabulary.categories()
    return sorted([*tree, *(f"{outer} > {inner}" for outer in tree for inner in tree[outer])])


def _cast_roles() -> list[str]:
    return next(list(roles) for group, roles in vocabulary.roles().items() if group.casefold() == "cast")


def _tidy(node: Any) -> Any:
    """Drop what TOML has no word for (null) and the names pydantic makes up."""
    if isinstance(node, list):
        return [_tidy(inner) for inner in node]
    if not isinstance(node, dict):
        return node
    node = {
        k: v
        for k, v in node.items()
        if not (k == "title" and isinstance(v, str)) and not (k == "default" and v is None)
    }
    choices = [c for c in node.get("anyOf", ()) if c != {"type": "null"}]
    if "anyOf" in node and len(choices) > 1:
        node = {**node, "anyOf": choices}
    elif len(choices) == 1:
        node = {**choices[0], **{k: v for k, v in node.items() if k != "anyOf"}}
    return {k: _tidy(v) for k, v in node.items()}
