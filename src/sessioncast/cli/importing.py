"""``sessioncast import``: what others wrote about sessions, into the show folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import click

from sessioncast.cli.drawing import record, say
from sessioncast.cli.opening import clock, read_show
from sessioncast.cli.options import Options, shared_options

if TYPE_CHECKING:
    from sessioncast.bring_in import Outcome
    from sessioncast.ingest.kind import Kind


@click.command("import")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("--update", is_flag=True, help="Apply what differs to sessions that exist already.")
@click.option("--partial", is_flag=True, help="Import what is good, though some rows or sources are not.")
@click.option("--dry-run", "dry", is_flag=True, help="Show what would be written, and write nothing.")
@click.option(
    "--as",
    "kind",
    type=click.Choice(["page", "calendar", "schedule", "table", "export"]),
    help="What the sources are, where they don't say so themselves.",
)
@click.option("-v", "--verbose", is_flag=True, help="Say what each source says, field by field, and where.")
@shared_options
@click.pass_obj
def import_command(
    options: Options,
    sources: tuple[str, ...],
    *,
    update: bool,
    partial: bool,
    dry: bool,
    kind: str | None,
    verbose: bool,
) -> int:
    """Read sessions from SOURCE: a page, a calendar, a schedule or a table; a file, a folder of them, an address, or - for what is piped in.

    What each is, its content says. A session read before is found again by what its source calls it: what differs is shown, field by field,
    and applied only with --update; what you wrote by hand stays even then.

    \b
    Examples:
      sessioncast import programme.csv --dry-run
      sessioncast import https://example.org/talks.ics
      sessioncast import programme.csv --update
    """
    import sys

    from sessioncast.bring_in import bring_in, gather, one_error
    from sessioncast.cli.failing import tell

    project, _ = read_show(options)
    gathered = gather(project, sources, now=clock(), piped=sys.stdin.buffer, kind=cast("Kind | None", kind))
    wrong = one_error(gathered.wrong)
    if wrong is not None and not partial:
        raise wrong
    for remark in gathered.remarks:
        say(f"note: {remark}", options)
    outcomes = bring_in(project.folder, gathered.drafts, update=update, dry=dry)
    for outcome in outcomes:
        if options.json:
            record(outcome.record() | ({"dry_run": True} if dry else {}))
        for line in outcome.lines(dry=dry, verbose=verbose):
            say(line, options)
    _sum_up(outcomes, options, dry=dry)
    if wrong is not None:
        tell(wrong, options)
        return wrong.exit_code
    return 0


def _sum_up(outcomes: tuple[Outcome, ...], options: Options, *, dry: bool) -> None:
    """Say in one line what became of many sessions."""
    if len(outcomes) > 1:
        counts: dict[str, int] = {}
        for outcome in outcomes:
            word = f"would be {outcome.word}" if dry and outcome.verb else outcome.word
            counts[word] = counts.get(word, 0) + 1
        told = ", ".join(f"{number} {word}" for word, number in counts.items())
        say(f"\n{len(outcomes)} sessions: {told}{'; nothing was written' if dry else ''}", options)
    elif dry:
        say("\nnothing was written: --dry-run", options)
