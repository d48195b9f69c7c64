"""``sessioncast zoom``: a look at the cloud, to try credentials and see what would be fetched."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from sessioncast.cli.drawing import record, say, table
from sessioncast.cli.opening import clock, read_show
from sessioncast.cli.options import Options, shared_options

if TYPE_CHECKING:
    from sessioncast.recorders.choosing import Choice
    from sessioncast.recorders.port import CloudRecording


@click.group("zoom")
@shared_options
def zoom_command() -> None:
    """Look at the recordings in Zoom's cloud; credentials come from the environment (docs/automation.md, Zoom)."""


@zoom_command.command("list")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    help="The first day to look at, such as 2024-01-31 (default: look_back under [zoom] in feed/show.toml).",
)
@shared_options
@click.pass_obj
def zoom_list_command(options: Options, since: datetime | None) -> None:
    """List what the cloud has, which files would be fetched, and why not the others. Nothing is fetched or changed.

    \b
    Example:
      sessioncast zoom list --since 2024-01-31
    """
    from sessioncast.recorders.choosing import choose
    from sessioncast.recorders.zoom import from_settings

    project, _ = read_show(options)
    zone, now = ZoneInfo(project.show.timezone), clock()
    first = since.replace(tzinfo=zone) if since else now - timedelta(days=project.zoom.look_back)
    film = "mp4" in project.audio.beside
    cloud = from_settings(project.zoom, os.environ)
    found = [(r, choose(r, film=film)) for r in cloud.recordings(first, now)]
    if options.json:
        for recording, choices in found:
            for choice in choices:
                record(_record(recording, choice))
    elif not found:
        say(f"no recording since {first.astimezone(zone):%Y-%m-%d}; the credentials are right", options)
    elif not options.quiet:
        rows = [_row(r, choice, zone, first=n == 0) for r, choices in found for n, choice in enumerate(choices)]
        table(("began", "meeting", "topic", "file", "size", ""), rows)


def _row(recording: CloudRecording, choice: Choice, zone: ZoneInfo, *, first: bool) -> tuple[str, ...]:
    about = (f"{recording.starts.astimezone(zone):%Y-%m-%d %H:%M}", recording.meeting, recording.topic)
    size = f"{choice.file.size / 1e6:.1f} MB" if choice.file.size else ""
    return (*(about if first else ("", "", "")), choice.file.name, size, choice.why or "would be fetched")


def _record(recording: CloudRecording, choice: Choice) -> dict[str, object]:
    file = choice.file
    return {
        "record": "file",
        "recording": recording.id,
        "meeting": recording.meeting,
        "topic": recording.topic,
        "starts": recording.starts.isoformat(),
        "seconds": recording.seconds,
        "file": file.id,
        "kind": file.kind,
        "name": file.name,
        "size": file.size,
        "ready": file.ready,
        "fetch": not choice.why,
        "why": choice.why,
    }
