from __future__ import annotations

import json
from typing import Any, Literal

import pytest

from sessioncast import project
from sessioncast.model import AudioSettings, Person, Session, Show, StoreSettings

NAMES: tuple[Literal["show", "session", "people"], ...] = ("show", "session", "people")


@pytest.mark.parametrize("name", NAMES)
def test_a_schema_is_plain_json_without_null(name: Literal["show", "session", "people"]) -> None:
    text = json.dumps(project.schema(name))
    assert "null" not in text
    assert json.loads(text)["$schema"].startswith("http://json-schema.org/draft-07")


def test_the_show_schema_knows_every_key_and_category() -> None:
    made = project.schema("show")
    assert made["required"] == ["show"]
    for name, model in (("Show", Show), ("StoreSettings", StoreSettings), ("AudioSettings", AudioSettings)):
        properties: dict[str, Any] = made["$defs"][name]["properties"]
        assert set(properties) == set(model.model_fields)
        assert all("description" in p for p in properties.values())
    assert "Health & Fitness > Medicine" in made["$defs"]["Show"]["properties"]["categories"]["items"]["enum"]


def test_the_session_schema_leaves_out_what_stands_elsewhere() -> None:
    made = project.schema("session")
    assert set(made["properties"]) == set(Session.model_fields) - {"slug", "notes"}
    assert set(made["required"]) == {"guid", "title"}
    assert made["additionalProperties"] is False
    assert made["properties"]["starts"]["format"] == "date-time"


def test_the_people_schema_describes_each_entry() -> None:
    made = project.schema("people")
    assert set(made["$defs"]["Person"]["properties"]) == set(Person.model_fields)
    assert made["additionalProperties"] == {"$ref": "#/$defs/Person"}
