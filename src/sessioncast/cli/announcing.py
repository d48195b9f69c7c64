"""``sessioncast announce``, and what publish and the take-downs use to tell the world."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import click

from sessioncast.cli.drawing import drawn, record, say
from sessioncast.cli.failing import tell
from sessioncast.cli.opening import Opened, clock, open_show
from sessioncast.cli.options import Options, shared_options
from sessioncast.errors import ContentError, SourceError

if TYPE_CHECKING:
    from sessioncast.announce import Announcer, Due
    from sessioncast.catalog import Catalog
    from sessioncast.errors import SessioncastError
    from sessioncast.events import Report


def announcer() -> Announcer:
    """Return what tells the world, with the environment's secrets; line ends that a file or a form left on them are taken off."""
    from sessioncast.announce import Announcer

    return Announcer({name: value.strip() for name, value in os.environ.items()}, clock)


def after_a_change(opened: Opened, options: Options, report: Report) -> Callable[[Catalog], None]:
    """Return what tells the world of a take-down and the like, and warns of what failed."""

    def told(catalog: Catalog) -> None:
        warn(announcer()(opened.roots, opened.project, catalog, report), options)

    return told


def warn(failures: Iterable[SessioncastError], options: Options) -> None:
    """Say on stderr who could not be told; what was to be done is done all the same."""
    for failure in failures:
        if options.json:
            click.echo(json.dumps({"warning": failure.message, "hint": failure.hint}, ensure_ascii=False), err=True)
        else:
            click.echo(f"warning: {failure.message}" + (f"\n  {failure.hint}" if failure.hint else ""), err=True)


@click.command("announce")
@click.option("--dry-run", is_flag=True, help="List who would be told of what.")
@click.option("--test", "channel", metavar="CHANNEL", help="Send a test message to one channel, such as slack or mail.")
@shared_options
@click.pass_obj
def announce_command(options: Options, *, dry_run: bool, channel: str | None) -> int:
    """Tell hubs, indexes and people what they are owed: what an earlier publish could not tell, or did not get to.

    \b
    Examples:
      sessioncast announce                   pay what is owed
      sessioncast announce --dry-run         what is owed to whom
      sessioncast announce --test slack      does the channel work?

    Who is told stands under [announce] in feed/show.toml, addresses and passwords in the environment (docs/automation.md). Machines
    are told of every change at least once, people of a new talk at most once.
    """
    if dry_run and channel:
        raise click.UsageError("--test sends a message, --dry-run sends none: leave one out")
    opened = open_show(options)
    from sessioncast.commit import read_catalog

    catalog = read_catalog(opened.roots.private).catalog
    if channel:
        return _test(opened, catalog, channel, options)
    if catalog is None:
        raise ContentError(f"{opened.roots.public.where}: nothing is published there yet", hint="sessioncast publish")
    from sessioncast.plan.decide import same_show

    same_show(catalog, opened.project.show.id, opened.roots.public.where)
    hands = announcer()
    if dry_run:
        _list(hands.owed(opened.roots, opened.project, catalog), options, "would tell")
        return 0
    with drawn(options) as report:
        told = hands.tell(opened.roots, opened.project, catalog, report)
    _list(told.done, options, "told")
    for failure in told.failures:
        tell(failure, options)
    return max((f.exit_code for f in told.failures), default=0)


def _list(dues: tuple[Due, ...], options: Options, verb: str) -> None:
    for due in dues:
        what = {"session": due.slug} if due.slug else {"revision": due.revision}
        if options.json:
            record({verb.replace(" ", "_"): due.channel, **what})
        else:
            say(f"{verb:<10} {due.channel}  {due.slug or f'revision {due.revision}'}", options)
    if not dues:
        say("nobody is owed any news" if verb == "would tell" else "nobody was told", options)


def _test(opened: Opened, catalog: Catalog | None, name: str, options: Options) -> int:
    from sessioncast.announce import channels, find, is_local
    from sessioncast.announce.outcome import End

    settings = opened.project.announce
    known = channels(settings, "https://example.org/")  # messages can be tried out before the show is anywhere
    chosen = find(known, name)
    if not chosen:
        names = ", ".join(c.name for c in known) or "no channel at all"
        raise ContentError(
            f"{name}: found no channel of that name under [announce] in feed/show.toml, which has {names}",
            hint=f"sessioncast announce --test {known[0].name}" if known else "docs/automation.md says how to add one",
        )
    hands, code = announcer(), 0
    for channel in chosen:
        if channel.is_machine and (catalog is None or is_local(opened.public_url)):
            raise ContentError(
                f"{channel.name}: is told where the feed is, and the show is not public anywhere yet",
                hint="[store] in feed/show.toml, then: sessioncast publish",
            )
        outcome = hands.try_out(opened.project, channel, catalog.show if catalog else None)
        if outcome.end is End.DONE:
            say(f"{channel.name} took it", options)
            if options.json:
                record({"test": channel.name, "outcome": outcome.end.value})
        else:
            tell(SourceError(f"{channel.name}: {outcome.why}", hint=outcome.hint), options)
            code = SourceError.exit_code
    return code
