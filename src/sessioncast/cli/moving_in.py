"""``sessioncast import-feed``: a podcast comes here from another host."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING
from uuid import uuid4

import click

from sessioncast.cli.drawing import drawn, record, say
from sessioncast.cli.opening import folder, open_show, read_show
from sessioncast.cli.options import Options, shared_options
from sessioncast.errors import ContentError, VerifyError

if TYPE_CHECKING:
    from sessioncast.oldfeed import Change, Loss, OldFeed


@click.command("import-feed")
@click.argument("feed")
@click.option("--fetch", is_flag=True, help="Fetch the audio too, byte for byte; else it stays at its old host.")
@click.option("--offline", is_flag=True, help="Fetch nothing: no pictures, transcripts and chapters, no sizes.")
@click.option("--update", is_flag=True, help="Apply what differs to sessions that were imported before.")
@click.option("--timezone", default="UTC", help="Where a new show's sessions take place, such as America/Toronto.")
@click.option(
    "--owner",
    default="",
    help="Your e-mail address: for a locked feed, which only its owner takes, and one that names none.",
)
@click.option("--i-own-it", is_flag=True, help="Take a locked feed all the same: you own it.")
@click.option(
    "--private-addresses", "private", is_flag=True, help="FEED and what it names may lie on this machine's own network."
)
@click.option("--compare", is_flag=True, help="Compare what is published with FEED, and say how to send listeners on.")
@shared_options
@click.pass_obj
def import_feed_command(
    options: Options,
    feed: str,
    *,
    fetch: bool,
    offline: bool,
    update: bool,
    timezone: str,
    owner: str,
    i_own_it: bool,
    private: bool,
    compare: bool,
) -> int:
    """Bring the podcast of FEED here: an RSS file or address of any host.

    \b
    Examples:
      sessioncast import-feed https://old.example.org/feed.xml --timezone Europe/London
      sessioncast publish
      sessioncast import-feed https://old.example.org/feed.xml --compare

    Every guid, date, number and text is kept; what can't be is listed, a line each. In an empty folder the show is
    written too. Audio stays where it is unless --fetch brings it here; nothing is encoded again. --compare holds what is
    published against FEED and ends with 7 where anything differs that a move doesn't mean.
    """
    from sessioncast.oldfeed import read_old_feed

    private = private or _allows_private(options)
    body, address = _read(feed, private=private)
    old = read_old_feed(body, feed)
    if compare:
        return _compare(old, address, options)
    from sessioncast.bring_in.moving import Wishes, move_in

    wishes = Wishes(fetch, offline, update, i_own_it, owner, timezone, private)
    with drawn(options) as report:
        moved = move_in(folder(options), old, address, wishes, uuid4(), report)
    if options.json and moved.begun:
        record({"wrote": [str(path) for path in moved.begun]})
    for path in moved.begun:
        say(f"wrote {path}", options)
    for outcome in moved.outcomes:
        if options.json:
            record(outcome.record())
        elif outcome.word != "unchanged" or outcome.remarks:
            lines = outcome.lines()
            for line in lines[:1] if outcome.word == "written" and len(lines) <= 4 else lines:
                say(line, options)
    _losses(moved.losses, options)
    counts = {
        word: sum(o.word == word for o in moved.outcomes) for word in dict.fromkeys(o.word for o in moved.outcomes)
    }
    say("\n" + ", ".join(f"{count} {word}" for word, count in counts.items()), options)
    if old.show.next_page:
        say(f"the feed goes on at {old.show.next_page}: import that too", options)
    if old.show.new_address and old.show.new_address not in (old.show.address, address):
        say(f"the feed says that it moved to {old.show.new_address}: is that the one to import?", options)
    if fetch and any(o.word == "updated" for o in moved.outcomes):
        say(
            "audio fetched for episodes that are public: sessioncast publish SLUG --replace-audio makes it theirs",
            options,
        )
    say(f"next: sessioncast check, then sessioncast publish, then sessioncast import-feed {feed} --compare", options)
    return 0


def _allows_private(options: Options) -> bool:
    """Return what show.toml says, where there is one."""
    if not (folder(options) / "feed" / "show.toml").exists():
        return False
    return read_show(options)[0].imports.private_addresses


def _read(feed: str, *, private: bool) -> tuple[bytes, str]:
    """Return the feed's bytes, and its address where it was given as one."""
    from pathlib import Path

    from sessioncast.rules import FEED_MOST

    if feed.startswith(("http://", "https://")):
        import asyncio

        from sessioncast.verify.fetching import fetch_feed

        answer = asyncio.run(fetch_feed(feed, private=private))
        if answer.trouble or answer.status != 200:
            found = answer.trouble or f"status {answer.status}"
            allow = f"if that is right: sessioncast import-feed {feed} --private-addresses"
            hint = allow if answer.refused else "open the address in a browser"
            raise ContentError(f"{feed}: found {found}, expected a feed", hint=hint)
        return answer.body, feed
    path = Path(feed)
    if not path.is_file():
        raise ContentError(f"{feed}: found no such file, expected a feed", hint="give a file or an https address")
    with path.open("rb") as file:
        return file.read(FEED_MOST + 1), ""


def _losses(losses: Iterable[Loss], options: Options) -> None:
    """Say what could not be kept, a line each."""
    for loss in losses:
        if options.json:
            record({"item": loss.item, "element": loss.element, "value": loss.value, "why": loss.why})
        else:
            say(f"note: {loss}", options)


def _compare(old: OldFeed, address: str, options: Options) -> int:
    from sessioncast import layout
    from sessioncast.commit import read_catalog
    from sessioncast.errors import ObjectMissing
    from sessioncast.feed import render
    from sessioncast.oldfeed import compare, read_old_feed

    opened = open_show(options)
    ours = layout.address(opened.public_url, layout.FEED)
    if old.show.address == ours:
        raise ContentError(
            f"{address or ours}: found the feed that sessioncast writes, expected the one of the old host",
            hint="a redirect leads here already: compare with a copy of the old feed, kept before it was set",
        )
    catalog = read_catalog(opened.roots.private).catalog
    try:
        body = opened.roots.public.read(layout.FEED).body
    except ObjectMissing:
        raise ContentError(
            f"{opened.roots.public.where}: nothing is published there yet", hint="sessioncast publish"
        ) from None
    if catalog is not None and catalog.show.feeds.max_items:
        # The main feed holds the newest alone; the others stand in its archive pages.
        whole = catalog.show.model_copy(update={"feeds": catalog.show.feeds.model_copy(update={"max_items": None})})
        body = render(catalog.model_copy(update={"show": whole}))
    changes = compare(old, read_old_feed(body, layout.FEED), opened.public_url.rstrip("/"))
    _tell(changes, options)
    wrong = [change for change in changes if not change.intended]
    meant = len(changes) - len(wrong)
    items = f"{len(old.items)} item{'s' if len(old.items) != 1 else ''}"
    say(f"\n{items} compared: {meant} intended differences, {len(wrong)} others", options)
    if wrong:
        error = VerifyError(
            f"{ours}: found {len(wrong)} differences that a move doesn't mean, expected none",
            hint="look at the lines above; sessioncast publish SLUG makes a corrected session public",
        )
        from sessioncast.cli.failing import tell

        tell(error, options)
        return error.exit_code
    _send_on(address or old.show.address or "the old feed's address", ours, lambda line: say(line, options))
    return 0


def _tell(changes: Iterable[Change], options: Options) -> None:
    for change in sorted(changes, key=lambda c: c.intended):
        if options.json:
            record(
                {
                    "item": change.item,
                    "field": change.field,
                    "before": change.before,
                    "after": change.after,
                    "intended": change.intended,
                    "why": change.why,
                }
            )
        else:
            say(f"{'intended' if change.intended else 'DIFFERS '} {change}", options)


def _send_on(old: str, new: str, tell: Callable[[str], None]) -> None:
    """Say how listeners and directories find the feed in its new place."""
    from sessioncast.cli.listing import DESKS
    from sessioncast.rules import DIRECTORIES

    tell("\nTo send listeners on, once the new feed is public at its https address:")
    for number, step in enumerate(
        (
            f"at the old host, set the redirect: 301 (permanent) from {old} to {new}",
            f"if the old host can't do that, have it write <itunes:new-feed-url>{new}</itunes:new-feed-url> into the old feed; the new feed has it already",
            "keep both for four weeks at least, and the old audio for as long as any episode names it",
        ),
        1,
    ):
        tell(f"  {number}. {step}")
    for short, name in DIRECTORIES.items():
        desk = DESKS[short]
        tell(f"  {name}: open {desk.address}: {desk.moved}")
