"""Errors as a person reads them: ``error: …``, a blank line, ``hint: …``; as JSON for machines; never a traceback unasked."""

from __future__ import annotations

import json
import sys
import traceback
from typing import TYPE_CHECKING

import click

from sessioncast.errors import EXIT_INTERRUPTED, EXIT_USAGE, ContentError, SessioncastError

if TYPE_CHECKING:
    from sessioncast.cli.options import Options


def complain(error: BaseException, options: Options) -> int:
    """Say what went wrong on stderr and return the exit code."""
    if isinstance(error, click.exceptions.Exit):
        return error.exit_code
    stopped = isinstance(error.__cause__, KeyboardInterrupt)  # click makes an Abort of it
    if isinstance(error, click.Abort) and not stopped and not sys.stdin.isatty():
        _say("there is no terminal to ask on", "give every answer as an option: see --help", EXIT_USAGE, options)
        return EXIT_USAGE
    if isinstance(error, (KeyboardInterrupt, click.Abort)):
        _say("interrupted", "run the same command again: it goes on where it stopped", EXIT_INTERRUPTED, options)
        return EXIT_INTERRUPTED
    if isinstance(error, click.ClickException):
        if isinstance(error, click.UsageError) and not options.json:
            error.show()
        else:
            _say(error.format_message(), "sessioncast --help", error.exit_code, options)
        return error.exit_code
    if isinstance(error, SystemExit):  # whoever reads our output closed it: nothing is left to say
        return error.code if isinstance(error.code, int) else 1
    if isinstance(error, BrokenPipeError):
        sys.stderr.close()
        return 1
    if options.debug:
        traceback.print_exception(error)
    if isinstance(error, SessioncastError):
        tell(error, options)
        return error.exit_code
    if isinstance(error, OSError):
        name = f"{error.filename}: " if error.filename else ""
        _say(f"{name}{error.strerror or error}", "", 1, options)
        return 1
    hint = "this is a bug in sessioncast: run the command again with --debug and report what it prints"
    _say(f"{type(error).__name__}: {error}", hint, 1, options)
    return 1


def tell(error: SessioncastError, options: Options) -> None:
    """Say one error that does not end the command."""
    problems = [vars_of(p) for p in error.problems] if isinstance(error, ContentError) else []
    _say(error.message, error.hint, error.exit_code, options, problems)


def vars_of(problem: object) -> dict[str, object]:
    """Return a frozen value's fields as a dictionary."""
    from dataclasses import asdict, is_dataclass

    return asdict(problem) if is_dataclass(problem) and not isinstance(problem, type) else {}


def _say(message: str, hint: str, code: int, options: Options, problems: list[dict[str, object]] | None = None) -> None:
    if options.json:
        record: dict[str, object] = {"error": message, "hint": hint, "exit_code": code}
        if problems:
            record["problems"] = problems
        click.echo(json.dumps(record, ensure_ascii=False), err=True)
        return
    click.echo(f"error: {message}", err=True)
    if hint:
        click.echo(f"\nhint: {hint}", err=True)
