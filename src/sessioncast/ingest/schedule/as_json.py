"""schedule.json of frab and pretalx, and its bare variants, into talks."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sessioncast.ingest.schedule.talk import Talk
from sessioncast.ingest.schedule.value import Broken, clock


def read(body: bytes) -> tuple[Mapping[str, Any], list[Talk], list[Broken]]:
    """Return the conference's own fields, its talks and what is broken. Raises Broken for what is no schedule."""
    try:
        whole = json.loads(body.decode("utf-8-sig"))
    except json.JSONDecodeError as wrong:
        raise Broken(f"line {wrong.lineno}", f"broken JSON ({wrong.msg})", "a whole schedule.json") from None
    except (UnicodeDecodeError, RecursionError, ValueError) as wrong:
        raise Broken("", f"JSON that can't be read ({str(wrong)[:80]})", "a schedule.json in UTF-8") from None
    top, path = whole, ""
    for key in ("schedule", "conference"):
        if isinstance(top, Mapping) and isinstance(top.get(key), Mapping):
            if key == "conference" and "base_url" in top:
                top[key].setdefault("base_url", top["base_url"])
            top, path = top[key], f"{path}{key}."
    days = top.get("days") if isinstance(top, Mapping) else None
    if not isinstance(days, list):
        raise Broken("", "no list of days", "schedule.conference.days, as frab and pretalx export it")
    broken: list[Broken] = []
    talks = list(_talks(days, path, broken))
    return top, talks, broken


def _talks(days: list[Any], path: str, broken: list[Broken]) -> Iterator[Talk]:
    for at, day in enumerate(days):
        where = f"{path}days[{at}]"
        rooms = day.get("rooms") if isinstance(day, Mapping) else None
        if isinstance(rooms, list):  # nothing takes place: an empty table is written as []
            rooms = None if rooms else {}
        if not isinstance(rooms, Mapping):
            broken.append(Broken(where, "no rooms", 'rooms such as {"Hall A": […]}'))
            continue
        for room, events in rooms.items():
            for number, event in enumerate(events if isinstance(events, list) else [events]):
                place = f"{where}.rooms[{json.dumps(room, ensure_ascii=False)}][{number}]"
                if isinstance(event, Mapping):
                    yield Talk(event, str(day.get("date") or ""), str(room), place, clock(day.get("day_start")))
                else:
                    broken.append(Broken(place, f"{json.dumps(event)[:40]}", "an event with title, date and persons"))
