"""Writes docs/reference.md from the code: ``python tests/reference.py``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click
from pydantic import BaseModel

from sessioncast import errors
from sessioncast.cli import COMMANDS, cli
from sessioncast.model import (
    AnnounceSettings,
    AudioSettings,
    AutoSettings,
    Credit,
    DoctorSettings,
    FeedSettings,
    Imported,
    MailSettings,
    Owner,
    Person,
    Session,
    Show,
    StoreSettings,
    Webhook,
)
from sessioncast.project.value import CheckSettings, ImportSettings, InboxSettings, ZoomSettings

PAGE = Path(__file__).parents[1] / "docs" / "reference.md"

FILES: tuple[tuple[str, str, type[BaseModel]], ...] = (
    ("feed/show.toml", "[show]", Show),
    ("feed/show.toml", "owner", Owner),
    ("feed/show.toml", "[store]", StoreSettings),
    ("feed/show.toml", "[audio]", AudioSettings),
    ("feed/show.toml", "[feeds]", FeedSettings),
    ("feed/show.toml", "[check]", CheckSettings),
    ("feed/show.toml", "[inbox]", InboxSettings),
    ("feed/show.toml", "[import]", ImportSettings),
    ("feed/show.toml", "[zoom]", ZoomSettings),
    ("feed/show.toml", "[auto]", AutoSettings),
    ("feed/show.toml", "[doctor]", DoctorSettings),
    ("feed/show.toml", "[announce]", AnnounceSettings),
    ("feed/show.toml", "[[announce.webhooks]]", Webhook),
    ("feed/show.toml", "[announce.mail]", MailSettings),
    ("feed/people.toml", "[key]", Person),
    ("episodes/<slug>/session.toml", "", Session),
    ("episodes/<slug>/session.toml", "[[credits]]", Credit),
    ("episodes/<slug>/session.toml", "[imported]", Imported),
)
NOT_IN_FILE = {"slug", "notes"}


def lines() -> Iterator[str]:
    """Yield the page."""
    yield "# Reference"
    yield "Generated from the code by `python tests/reference.py`; a test keeps it true. Don't edit it."
    yield "## Commands"
    yield from _commands()
    yield "## Files"
    for file, table, model in FILES:
        yield f"### {file} {table}".rstrip()
        yield "\n".join(_fields(model))
    yield "## Exit codes"
    yield "\n".join(_codes())


def _commands() -> Iterator[str]:
    context = click.Context(cli, info_name="sessioncast", **cli.context_settings)
    for name in COMMANDS:
        command = cli.get_command(context, name)
        assert command is not None
        yield from _command(command, click.Context(command, info_name=name, parent=context))


def _command(command: click.Command, context: click.Context) -> Iterator[str]:
    context.max_content_width = context.terminal_width = 100
    yield f"### {context.command_path}"
    yield f"```\n{command.get_help(context).strip()}\n```"
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            yield from _command(inner, click.Context(inner, info_name=name, parent=context))


def _fields(model: type[BaseModel]) -> Iterator[str]:
    yield "| key | default | what it says |"
    yield "|---|---|---|"
    for name, field in model.model_fields.items():
        if name in NOT_IN_FILE:
            continue
        if field.is_required():
            default = "required"
        elif field.default_factory is not None or field.default in (None, "", ()):
            default = ""
        else:
            default = f"`{str(field.default).lower() if isinstance(field.default, bool) else field.default}`"
        yield f"| `{field.alias or name}` | {default} | {field.description or ''} |"


def _codes() -> Iterator[str]:
    yield "| code | what happened |"
    yield "|---|---|"
    yield "| 0 | done |"
    kinds: list[type[errors.SessioncastError]] = [errors.SessioncastError, *errors.SessioncastError.__subclasses__()]
    for kind in sorted(kinds, key=lambda k: k.exit_code):
        about = "any other trouble: a full disk, a bug" if kind is errors.SessioncastError else (kind.__doc__ or "")
        yield f"| {kind.exit_code} | {about.splitlines()[0].rstrip('.')} |"
    yield f"| {errors.EXIT_USAGE} | wrong usage |"
    yield f"| {errors.EXIT_DOCTOR} | the doctor found something |"
    yield f"| {errors.EXIT_INTERRUPTED} | interrupted |"


def page() -> str:
    """Return the whole page."""
    return "\n\n".join(lines()) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
    print(f"wrote {PAGE.name}")
