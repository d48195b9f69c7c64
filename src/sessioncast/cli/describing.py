"""``sessioncast schema`` and ``completion``."""

from __future__ import annotations

import json
from typing import Literal

import click

from sessioncast.cli.options import shared_options


@click.command("schema")
@click.argument("name", type=click.Choice(["show", "session", "people"]))
@shared_options
def schema_command(name: Literal["show", "session", "people"]) -> None:
    """Print the JSON Schema of a file, so that an editor completes and checks it.

    \b
    Example:
      sessioncast schema session > .session.schema.json
    """
    from sessioncast.project import schema

    click.echo(json.dumps(schema(name), indent=2, ensure_ascii=False))


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@shared_options
def completion_command(shell: str) -> None:
    """Print the completion script for a shell.

    \b
    Example:
      sessioncast completion bash >> ~/.bashrc
    """
    from click.shell_completion import get_completion_class

    from sessioncast.cli import cli

    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"{shell}: no completion for this shell")
    click.echo(kind(cli, {}, "sessioncast", "_SESSIONCAST_COMPLETE").source())
