"""``sessioncast inbox``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sessioncast.cli.drawing import drawn, record, say, table
from sessioncast.cli.failing import tell
from sessioncast.cli.opening import clock, read_show
from sessioncast.cli.options import Options, shared_options
from sessioncast.errors import ContentError

if TYPE_CHECKING:
    from sessioncast.inbox.match import Matching
    from sessioncast.project import Project


@click.command("inbox")
@click.argument("folder", required=False, metavar="[FOLDER|s3://…]")
@click.option("--apply", "write", is_flag=True, help="Put every match into its session's folder.")
@click.option("--move", is_flag=True, help="With --apply: take what was put there out of the inbox.")
@click.option("--trim", is_flag=True, help="With --apply: cut a recording pinned to several sessions by the programme.")
@shared_options
@click.pass_obj
def inbox_command(options: Options, folder: str | None, *, write: bool, move: bool, trim: bool) -> int:
    """Say which recording in FOLDER is which session's, how sure that is and why; nothing is done without --apply.

    FOLDER is where recordings arrive, on this machine or in a bucket: folder under [inbox] in feed/show.toml, where none is named. What lies
    in a bucket stays there: --apply writes its address into session.toml, and publish fetches it once. A recording nobody can be sure of is
    named with what to do; pin in its session.toml decides by hand.

    \b
    Examples:
      sessioncast inbox ~/Zoom --apply
      sessioncast inbox s3://bucket/recordings
    """
    from sessioncast.inbox.apply import apply
    from sessioncast.inbox.match import match
    from sessioncast.inbox.place import place_at
    from sessioncast.inbox.said import records
    from sessioncast.inbox.scan import scan

    if (move or trim) and not write:
        raise click.UsageError("--move and --trim say how to apply: add --apply")
    project, _ = read_show(options)
    named = _folder(project, folder)
    where = place_at(named, project.store, project.room("inbox") / "pieces")
    if move and named.lower().startswith("s3://"):
        raise click.UsageError(
            "--move takes files out of a folder; what lies in a bucket stays there: leave --move out"
        )
    now = clock()
    with drawn(options) as report:
        takes = scan(where, now=now, kept=project.room("inbox") / "lengths.json", report=report)
    show = project.show
    matching = match(takes, project.sessions, project.people, project.inbox, show.timezone, now=now, series=show.title)
    if options.json:
        for plain in records(matching):
            record(plain)
    else:
        _tell(matching, where.where, options)
    if not write:
        if matching.matches:
            say("\nnothing was changed; to put the matches into their folders: add --apply", options)
        return 0
    code = 0
    for done in apply(project.folder, where, matching, move=move, trim=trim):
        if options.json:
            why = done.why or (done.error.message if done.error else "")
            record({"record": "applied", "session": done.session, "recordings": list(done.recordings), "why": why})
        files = ", ".join((*done.recordings, *([done.transcript] if done.transcript else [])))
        if done.why or files:
            say(f"{done.session}: {done.why or files}", options)
        if done.error:
            tell(done.error, options)
            code = max(code, done.error.exit_code)
    return code


def _folder(project: Project, named: str | None) -> str:
    if named is None and project.inbox.folder is None:
        raise ContentError(
            "feed/show.toml: inbox.folder: found nothing, expected where recordings arrive",
            hint="sessioncast inbox FOLDER",
        )
    where = named or project.inbox.folder or ""
    if "://" in where and not where.lower().startswith("s3://"):
        raise ContentError(
            f"{where}: found an address of another kind, expected a folder, or s3://bucket/prefix",
            hint="copy the recordings to a folder, then: sessioncast inbox FOLDER",
        )
    if "://" in where:
        return where
    return named or str(project.folder / Path(where).expanduser())


def _tell(matching: Matching, where: str, options: Options) -> None:
    from sessioncast.inbox.said import table as rows

    if not matching.rows:
        say(f"no recording in {where}", options)
    elif not options.quiet:
        table(("recording", "session", "score", "why"), rows(matching))
    for case in matching.cases:
        say(f"\n{case.kind}: {case.words}", options)
        say(f"  {case.hint}", options)
