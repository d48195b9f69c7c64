"""``sessioncast preview``."""

from __future__ import annotations

import click

from sessioncast.cli.drawing import say
from sessioncast.cli.opening import open_show
from sessioncast.cli.options import Options, shared_options


@click.command("preview")
@click.option("--host", default="127.0.0.1", show_default=True, help="0.0.0.0 lets a phone on the same network listen.")
@click.option("--port", default=8000, show_default=True, help="The next free one is taken when it is busy.")
@shared_options
@click.pass_obj
def preview_command(options: Options, host: str, port: int) -> None:
    """Serve what is published on this machine: the site for a browser, the feed for a podcast app. Ctrl-C ends it.

    Pages are made with feed/templates as they are now, and load anew in the browser when a file of the show changes or
    something is published. Changed texts show once they are published.

    \b
    Examples:
      sessioncast preview                    for this machine
      sessioncast preview --host 0.0.0.0     for a phone on the same network
    """
    from sessioncast.preview import serve

    opened = open_show(options)

    def ready(base: str) -> None:
        say(f"site: {base}/\nfeed: {base}/feed.xml   (subscribe to this in a podcast app; Ctrl-C ends it)", options)

    serve(opened.roots, host=host, port=port, on_ready=ready, watched=opened.project.folder)
