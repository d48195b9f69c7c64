"""``sessioncast deploy``: write what runs the show somewhere, and say what is left to do."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sessioncast.cli.drawing import record, say
from sessioncast.cli.opening import read_show
from sessioncast.cli.options import Options, shared_options
from sessioncast.errors import ContentError

if TYPE_CHECKING:
    from sessioncast.deploy import Plan

_WHERES = ("github", "gitlab", "systemd", "cron", "docker", "policy")


@click.command("deploy")
@click.argument("where", type=click.Choice(_WHERES))
@click.option("--force", is_flag=True, help="Overwrite files that are there already and say something else.")
@click.option("--print", "show", is_flag=True, help="Print the files and write nothing.")
@shared_options
@click.pass_obj
def deploy_command(options: Options, where: str, *, force: bool, show: bool) -> None:
    """Write ready, commented files that run this show unattended, and list the steps only you can take. They hold no secret.

    \b
    WHERE is one of
      github    a scheduled workflow; signed in to AWS without a stored key
      gitlab    a pipeline for GitLab's schedules
      systemd   a service with few rights, and its timer
      cron      lines for your crontab
      docker    a Dockerfile, and the line that runs it
      policy    what the publishing identity may do in the bucket, and no more

    When to run comes from the days on which the sessions end, else from rrule in feed/show.toml.

    \b
    Example:
      sessioncast deploy systemd
    """
    from sessioncast.deploy import Place, plan

    project, _ = read_show(options)
    folder = project.folder
    made = plan(where, project, Place(folder, _program(), _owner(folder), is_repository=(folder / ".git").exists()))
    if show:
        for file in made.files:
            click.echo(f"--- {file.path}\n{file.text}")
        return
    _write(project.folder, made, force=force)
    if options.json:
        record({"where": where, "files": [file.path for file in made.files], "steps": list(made.steps)})
        return
    for file in made.files:
        say(f"wrote {file.path}", options)
    say("\nwhat is left to you:", options)
    for number, step in enumerate(made.steps, 1):
        say(f"  {number}. {step}", options)


def _write(folder: Path, made: Plan, *, force: bool) -> None:
    """Write all files or none. Raises ContentError for one that is there and says something else."""
    from sessioncast.scratch import write_whole

    for file in made.files:
        path = folder / file.path
        if not force and path.exists() and path.read_bytes() != file.text.encode():
            raise ContentError(
                f"{file.path}: found a file that says something else, expected none",
                hint="look at what would be written with --print; --force overwrites it",
            )
    for file in made.files:
        write_whole(folder / file.path, file.text.encode())


def _program() -> Path:
    """Return the sessioncast that runs now, as others can run it."""
    run = Path(sys.argv[0])
    found = run if run.is_absolute() and run.name == "sessioncast" else Path(sys.executable).with_name("sessioncast")
    return found if found.exists() else Path(shutil.which("sessioncast") or found)


def _owner(folder: Path) -> str:
    """Return who owns the show folder, by name where this system has names."""
    try:
        return folder.owner()
    except (KeyError, NotImplementedError):
        return "sessioncast"
