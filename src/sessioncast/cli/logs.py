"""Structured logs: one JSON object a line on stderr, each with the time, the run and the event; and words that nobody may read."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from sessioncast.events import Advanced, Event, Finished, Noted, Report, Started

if TYPE_CHECKING:
    from sessioncast.project import Project

_SECRET = re.compile(
    r"SECRET|TOKEN|PASSWORD|PASSWD|CREDENTIAL|_KEY|APIKEY|_SID|WEBHOOK|HEARTBEAT|ZOOM_(?:ACCOUNT|CLIENT)_ID",
    re.IGNORECASE,
)


def scrubber(also: Iterable[str] = ()) -> Callable[[str], str]:
    """Return what strikes secrets out of a text: the environment's, known by their names, and those of ``also``."""
    named = (value for name, value in os.environ.items() if _SECRET.search(name) and len(value) >= 8)
    words = sorted({*named, *also}, key=len, reverse=True)

    def scrub(text: str) -> str:
        for word in words:
            text = text.replace(word, "***")
        return text

    return scrub


def secret_words(project: Project) -> tuple[str, ...]:
    """Return the secrets that show.toml leads to: in addresses of programmes, and in the variables it names."""
    from sessioncast.announce.variables import variables
    from sessioncast.automate.sources import secrets_in

    words = [word for source in project.auto.sources for word in secrets_in(source)]
    names = (project.doctor.heartbeat or "", *variables(project.announce))
    return (*words, *(value for name in names if len(value := os.environ.get(name, "")) >= 8))


def json_lines(run: str, scrub: Callable[[str], str]) -> Report:
    """Return a reporter that writes each event but progress itself."""

    def report(event: Event) -> None:
        if isinstance(event, Advanced):
            return
        if isinstance(event, Noted):
            log(run, scrub, event.level, text=event.text, hint=event.hint)
        elif isinstance(event, Started):
            log(run, scrub, "started", work=event.work, subject=event.subject, total=event.total, unit=event.unit)
        elif isinstance(event, Finished):
            log(run, scrub, "finished", work=event.work, subject=event.subject, outcome=event.outcome)

    return report


def log(run: str, scrub: Callable[[str], str], event: str, **values: object) -> None:
    """Write one line."""
    time = datetime.now(UTC).isoformat(timespec="milliseconds")
    line = json.dumps({"time": time, "run": run, "event": event, **values}, ensure_ascii=False, default=str)
    click.echo(scrub(line), err=True)
