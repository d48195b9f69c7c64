"""Structured logs: one JSON object a line on stderr, each with the time, the run and the event; and words that nobody may read."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime

import click

from sessioncast.events import Advanced, Event, Finished, Noted, Report, Started

_SECRET = re.compile(r"SECRET|TOKEN|PASSWORD|PASSWD|CREDENTIAL|_KEY|APIKEY|_SID|WEBHOOK", re.IGNORECASE)


def scrubber(also: Iterable[str] = ()) -> Callable[[str], str]:
    """Return what strikes secrets out of a text: the environment's, known by their names, and those of ``also``."""
    named = (value for name, value in os.environ.items() if _SECRET.search(name) and len(value) >= 8)
    words = sorted({*named, *also}, key=len, reverse=True)

    def scrub(text: str) -> str:
        for word in words:
            text = text.replace(word, "***")
        return text

    return scrub


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
