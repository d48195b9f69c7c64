"""The options every command takes, before or after its name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(slots=True)
class Options:
    """Where the show lies and how to talk."""

    project: Path | None = None
    json: bool = False
    quiet: bool = False
    debug: bool = False


def _keep(ctx: click.Context, param: click.Parameter, value: object) -> None:
    if value not in (None, False) and param.name:
        setattr(ctx.ensure_object(Options), param.name, value)


def shared_options(function: F) -> F:
    """Add ``-C/--project``, ``--json``, ``--quiet`` and ``--debug``; they end up in the context's ``Options``."""
    for option in (
        click.option("--debug", is_flag=True, expose_value=False, callback=_keep, help="Show tracebacks."),
        click.option(
            "-q", "--quiet", is_flag=True, expose_value=False, callback=_keep, help="Say only what went wrong."
        ),
        click.option(
            "--json", is_flag=True, expose_value=False, callback=_keep, help="Data as one JSON object a line on stdout."
        ),
        click.option(
            "-C",
            "--project",
            type=click.Path(path_type=Path, file_okay=False),
            expose_value=False,
            callback=_keep,
            help="The show's folder (default: here, or the nearest above with feed/show.toml).",
        ),
    ):
        function = option(function)
    return function
