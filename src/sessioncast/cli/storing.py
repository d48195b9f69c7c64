"""``sessioncast store setup`` and ``store explain``."""

from __future__ import annotations

import click

from sessioncast.cli.drawing import drawn, record, say
from sessioncast.cli.opening import folder
from sessioncast.cli.options import Options, shared_options


@click.group("store")
def store_command() -> None:
    """Prepare the object store, or explain how to do it by hand."""


@store_command.command("setup")
@shared_options
@click.pass_obj
def setup_command(options: Options) -> None:
    """Create the bucket, let anybody read the public root and nothing else, allow browsers in, clean up broken uploads.

    Safe to run again. What the store doesn't know is said with the steps to do it by hand.
    """
    from sessioncast import project as project_
    from sessioncast.store.setup import setup

    where = folder(options)
    settings = project_.load(where, lenient=True).store
    with drawn(options) as report:
        steps = setup(settings, where, report)
    for step in steps:
        if options.json:
            record({"step": step.what, "outcome": step.outcome})
        say(f"{step.outcome:<14} {step.what}", options)


@store_command.command("explain")
@shared_options
@click.pass_obj
def explain_command(options: Options) -> None:
    """Print the steps and documents that ``store setup`` would apply, for doing it by hand."""
    from sessioncast import project as project_
    from sessioncast.store.setup import explain

    where = folder(options)
    click.echo(explain(project_.load(where, lenient=True).store, where))
