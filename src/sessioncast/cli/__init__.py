"""The command line: the only place that prints, reads the clock and knows the environment.

Commands are imported when they are called: ``sessioncast --help`` loads click and nothing else.
"""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, NoReturn, cast

import click

from sessioncast import __version__
from sessioncast.cli.options import Options, shared_options

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("author", "Start a show here: six questions, a commented show.toml, a cover."),
    "new": ("author", "Start a session by hand."),
    "import": ("importing", "Read sessions from pages, calendars, schedules and tables."),
    "import-feed": ("moving_in", "Bring a podcast here from another host, with every guid and date."),
    "export": ("exporting", "Write all sessions and episodes as JSON, CSV or a calendar."),
    "people": ("peopling", "List who speaks where, and who may be one person."),
    "inbox": ("inboxing", "Say which recording is which session's, and put them there."),
    "zoom": ("zooming", "Look at the recordings in Zoom's cloud."),
    "check": ("checking", "Say what directories would refuse, before publishing: this show, or any feed."),
    "status": ("look", "List every session: public, ready, waiting, and why."),
    "info": ("look", "Show one session or episode in full."),
    "trim": ("trimming", "Propose what to cut before and after the talk."),
    "transcribe": ("transcribing", "Write a transcript of the recording, on this machine alone."),
    "transcript": ("saying", "Show what was said as it is published, and what to look at first."),
    "chapters": ("saying", "Show the chapters, or propose some from the transcript."),
    "publish": ("publishing", "Make public what is new; change what is public only when named."),
    "unpublish": ("taking_back", "Take a talk down: out of the feed, then every byte deleted."),
    "restore": ("taking_back", "Lift a take-down, or put an earlier catalog back."),
    "rename": ("taking_back", "Give a session another name; guid, date and audio stay."),
    "prune": ("taking_back", "Delete stored objects that nothing has named for 14 days."),
    "auto": ("unattended", "Do everything that is due with nobody at the keyboard; --watch goes on."),
    "release": ("letting", "Let a session out that waits for a person."),
    "correct": ("letting", "Add a dated correction to a public episode."),
    "reports": ("unattended", "List what unattended passes did."),
    "verify": ("verifying", "Read what is public as apps and crawlers do, and say what is wrong."),
    "directories": ("listing", "Say for each directory what it needs, where to submit, what happens next."),
    "announce": ("announcing", "Tell hubs, indexes and people what they are still owed."),
    "preview": ("previewing", "Serve the show on this machine for a browser or a podcast app."),
    "serve": ("serving", "Hear from Zoom that a recording is ready, and queue it."),
    "move": ("moving", "Move the published show to another store, and send listeners after it."),
    "store": ("storing", "Prepare the object store, or explain how to do it by hand."),
    "schema": ("describing", "Print the JSON Schema of show.toml, session.toml or people.toml."),
    "completion": ("describing", "Print the shell completion script for bash, zsh or fish."),
}


class _Lazy(click.Group):
    """A group that imports a command's module when the command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of an organiser's day."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return the command."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"sessioncast.cli.{COMMANDS[cmd_name][0]}")
        return cast("click.Command", getattr(module, f"{cmd_name.replace('-', '_')}_command"))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing any."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, about) for name, (_, about) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Suggest the nearest name for a mistyped one."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            import difflib

            near = difflib.get_close_matches(args[0], COMMANDS, n=1)
            if near:
                ctx.fail(f"no such command {args[0]!r}; did you mean {near[0]!r}?")
        return super().resolve_command(ctx, args)


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="sessioncast")
@shared_options
def cli() -> None:
    """Turn a recorded session into a podcast episode that plays everywhere.

    \b
    A first hour:
      sessioncast init                      start a show in this folder
      sessioncast import page.html          one session from its page
      (copy the recording into episodes/…)
      sessioncast check                     what directories would refuse
      sessioncast publish                   make it public

    Exit codes: 0 done, 1 a bug or a full disk, 2 wrong usage, 3 the show folder or a page is wrong, 4 a recording
    can't be used, 5 the store failed, 6 a conflict with what is public, 7 what is public is not what apps need,
    8 a source failed, 130 interrupted. Treat every code but 0 as failure.
    """


def main(args: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and exit; every error becomes one message and one hint on stderr."""
    from sessioncast.cli.failing import complain

    options = Options()
    try:
        code = cli.main(args=None if args is None else list(args), standalone_mode=False, obj=options)
    except BaseException as e:  # noqa: BLE001 - the one handler: nothing may reach an organiser as a traceback
        sys.exit(complain(e, options))
    sys.exit(code if isinstance(code, int) else 0)
