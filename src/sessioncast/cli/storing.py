"""``sessioncast store setup`` and ``store explain``."""

from __future__ import annotations

import click

from sessioncast.cli.drawing import drawn, record, say
from sessioncast.cli.opening import read_show
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
    from sessioncast.store.setup import setup

    project, _ = read_show(options)
    with drawn(options) as report:
        steps = setup(project.store, project.folder, report)
    for step in steps:
        if options.json:
            record({"step": step.name, "outcome": step.outcome, "text": step.text})
        say(f"{step.outcome:<8} {step.name}: {step.text}", options)


@store_command.command("explain")
@shared_options
@click.pass_obj
def explain_command(options: Options) -> None:
    """Print the steps and documents that ``store setup`` would apply, for doing it by hand."""
    from sessioncast.store.explain import explain

    project, _ = read_show(options)
    click.echo(explain(project.store, project.folder))
