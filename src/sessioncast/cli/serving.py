"""``sessioncast serve``."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import click

from sessioncast.cli.drawing import record, say
from sessioncast.cli.opening import read_show
from sessioncast.cli.options import Options, shared_options

if TYPE_CHECKING:
    from sessioncast.events import Event

ATTEMPTS = 2
"""How often the store is asked: whoever sends messages waits three seconds, and comes again."""


@click.command("serve")
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="0.0.0.0 listens on every address of this machine."
)
@click.option("--port", default=8787, show_default=True, help="Where the proxy in front of it hands messages on.")
@shared_options
@click.pass_obj
def serve_command(options: Options, host: str, port: int) -> None:
    """Hear from Zoom that a recording is ready, and keep that in the store's queue until it is done. Ctrl-C ends it.

    It publishes nothing itself. Messages are taken at /zoom when they are signed with ZOOM_WEBHOOK_SECRET (environment);
    /healthz answers whether it runs. Zoom wants https: put a proxy with a certificate in front.

    \b
    Example:
      sessioncast serve --port 8787
    """
    from sessioncast.recorders.zoom_access import from_environment
    from sessioncast.recorders.zoom_reading import taken
    from sessioncast.serve.app import ZOOM, make_app
    from sessioncast.serve.server import serve
    from sessioncast.store.opening import open_roots

    project, _ = read_show(options)
    (secret,) = from_environment(os.environ, "ZOOM_WEBHOOK_SECRET")
    private = open_roots(project.store, project.folder, ATTEMPTS).private

    def report(event: Event) -> None:
        _tell(event, options)

    def ready(base: str) -> None:
        if options.json:
            record({"record": "listening", "address": f"{base}{ZOOM}"})
        say(f"listening: {base}{ZOOM}   (Ctrl-C ends it)", options)

    app = make_app(private, secret, takes=taken(project.zoom.meetings), clock=time.time, report=report)
    serve(app, host=host, port=port, on_ready=ready)


def _tell(event: Event, options: Options) -> None:
    from sessioncast.events import Finished, Noted

    if isinstance(event, Noted):
        click.echo(f"{event.level}: {event.text}\n  {event.hint}", err=True)
    elif isinstance(event, Finished) and options.json:
        record({"record": event.work, "event": event.subject, "topic": event.outcome})
    elif isinstance(event, Finished):
        say(f"{event.work} {event.subject}: {event.outcome}", options)
