"""Progress and tables: bars on a terminal, one quiet line a step elsewhere; data on stdout, talk on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Self

import click

from sessioncast.events import Advanced, Event, Finished, Noted, Report, Started, silent

if TYPE_CHECKING:
    from rich.progress import TaskID

    from sessioncast.cli.options import Options


@contextmanager
def drawn(options: Options) -> Iterator[Report]:
    """Yield a reporter that fits where stderr goes."""
    if options.quiet:
        yield silent
    elif options.json or not sys.stderr.isatty():
        yield _lines
    else:
        with _Bars() as bars:
            yield bars.report


def _lines(event: Event) -> None:
    """One line a finished step."""
    if isinstance(event, Finished):
        text = f"{event.work} {event.subject}".strip()
        click.echo(f"{text}: {event.outcome}" if event.outcome else text, err=True)
    elif isinstance(event, Noted):
        _note(event)


def _note(event: Noted) -> None:
    click.echo(f"{event.level}: {event.text}", err=True)
    if event.hint:
        click.echo(f"  {event.hint}", err=True)


class _Bars:
    """One bar for each piece of work under way; advances arrive from upload threads too."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f} %"),
            TimeRemainingColumn(),
            console=Console(stderr=True),
            transient=True,
        )
        self._tasks: dict[tuple[str, str], TaskID] = {}
        self._lock = Lock()

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def report(self, event: Event) -> None:
        """Draw one event."""
        if isinstance(event, Noted):
            _note(event)
            return
        with self._lock:
            name = (event.work, event.subject)
            if isinstance(event, Started):
                self._tasks[name] = self._progress.add_task(" ".join(name), total=event.total or None)
            elif name in self._tasks and isinstance(event, Advanced):
                self._progress.advance(self._tasks[name], event.amount)
            elif name in self._tasks:
                self._progress.remove_task(self._tasks.pop(name))


def record(values: dict[str, object]) -> None:
    """Print one JSON object on a line of stdout."""
    click.echo(json.dumps(values, ensure_ascii=False, default=str))


def say(text: str, options: Options) -> None:
    """Print a line for a person; nothing when quiet or for a machine."""
    if not (options.quiet or options.json):
        click.echo(text)


def table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table that fits the terminal; wide and whole where there is none."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console() if sys.stdout.isatty() else Console(width=200)
    drawn_ = Table(box=None, pad_edge=False, header_style="bold")
    drawn_.show_header = any(columns)
    for column in columns:
        drawn_.add_column(column, overflow="fold")
    for row in rows:
        drawn_.add_row(*(escape(cell) for cell in row))
    console.print(drawn_)
