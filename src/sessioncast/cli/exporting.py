"""``sessioncast export``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sessioncast.cli.drawing import say
from sessioncast.cli.opening import clock, open_show, problems_error
from sessioncast.cli.options import Options, shared_options

if TYPE_CHECKING:
    from sessioncast.export import Format


@click.command("export")
@click.argument("file", required=False, type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--format", "kind", type=click.Choice(["json", "csv", "ics"]), help="Left out, as FILE's name ends; else json."
)
@shared_options
@click.pass_obj
def export_command(options: Options, file: Path | None, kind: Format | None) -> int:
    """Write all sessions and episodes into FILE, or to standard output: who, when, guid, link, public address, duration.

    JSON for programs, CSV for spreadsheets, ICS for calendars. `sessioncast import` reads each back as the same sessions.

    \b
    Examples:
      sessioncast export sessions.csv
      sessioncast export --format ics > talks.ics
    """
    from sessioncast.commit import read_catalog
    from sessioncast.export import entries, written
    from sessioncast.project.write import replace

    opened = open_show(options)
    wrong = problems_error(opened.problems)
    if wrong is not None:
        raise wrong  # an export that lacks the broken ones would pass for the whole
    kind = kind or _by_name(file)
    every = entries(opened.project, read_catalog(opened.roots.private).catalog, opened.public_url)
    body = written(every, kind, title=opened.project.show.title, now=clock())
    if file is None:
        sys.stdout.buffer.write(body)
        sys.stdout.buffer.flush()
    else:
        replace(file, body)
        say(f"wrote {len(every)} sessions to {file}", options)
    undated = [entry.slug for entry in every if entry.starts is None]
    if kind == "ics" and undated:
        click.echo(f"note: left out, a calendar needs a time: {', '.join(undated)}", err=True)
    return 0


def _by_name(file: Path | None) -> Format:
    endings: dict[str, Format] = {".csv": "csv", ".ics": "ics", ".json": "json"}
    ending = file.suffix.casefold() if file else ".json"
    if ending not in endings:
        raise click.UsageError(f"{file}: the name says no format: add --format json, csv or ics")
    return endings[ending]
