"""``sessioncast directories``: what each still needs, where to submit, what happens next."""

from __future__ import annotations

from dataclasses import dataclass

import click

from sessioncast import layout
from sessioncast.cli.drawing import record, say
from sessioncast.cli.opening import clock, read_show
from sessioncast.cli.options import Options, shared_options


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a directory takes shows, and what it does with one; ``mails``: it sends a code to the owner's address.

    ``moved`` is what to do there when the feed has a new address.
    """

    address: str
    steps: tuple[str, ...]
    moved: str
    mails: bool = False


DESKS = {
    "apple": Desk(
        "https://podcastsconnect.apple.com",
        ("sign in with an Apple account, choose + and New Show, then add the show with an RSS feed", "Apple reviews the show, which may take days"),
        "it follows the redirect and itunes:new-feed-url by itself; where it hasn't after a day, change the feed's address in the show's settings",
    ),
    "spotify": Desk(
        "https://creators.spotify.com",
        ("choose to add an existing podcast and give the feed's address", "type the code that Spotify mails to the owner's address"),
        "it follows the redirect by itself; where it hasn't, change the feed's address in the show's settings",
        mails=True,
    ),
    "youtube": Desk(
        "https://studio.youtube.com",
        ("Create, New podcast, Submit RSS feed; not in every country", "type the code that YouTube mails to the owner's address", "the show's details are read once: have them right first"),
        "change the feed's address in the podcast's RSS settings, and type the code it mails; episodes that are there stay",
        mails=True,
    ),
    "amazon": Desk(
        "https://podcasters.amazon.com",
        ("add the feed's address", "follow the link that Amazon mails to the owner's address"),
        "it follows the redirect by itself; where it hasn't, give the new address there",
        mails=True,
    ),
    "podcastindex": Desk(
        "https://podcastindex.org/add",
        ("give the feed's address; nobody has to approve it", "the apps that read the index find the show within minutes"),
        "nothing to do: it follows the redirect and knows the show by its podcast:guid",
    ),
}  # fmt: skip


@click.command("directories")
@shared_options
@click.pass_obj
def directories_command(options: Options) -> None:
    """Say for each directory what it still needs, where to submit the feed, and what happens next."""
    from sessioncast.rehearse import rehearse
    from sessioncast.rules import DIRECTORIES
    from sessioncast.store.opening import public_address

    project, _problems = read_show(options)
    address = public_address(project.store)
    rehearsal = rehearse(project, address, clock())
    feed = layout.address(address, layout.FEED)
    for short, name in DIRECTORIES.items():
        desk, listed = DESKS[short], project.directories.known.get(short, "")
        needs = [f"{f.file}: {f.found}, wanted {f.wanted}" for f in rehearsal.passed.findings if f.level == "error" and short in f.directories]  # fmt: skip
        if rehearsal.passed.pretended:
            needs.append("a public https address: public_url in feed/show.toml, then sessioncast publish")
        if desk.mails and not listed and project.show.owner is None:
            needs.append("an address for the code: owner in feed/show.toml")
        if options.json:
            record({"directory": short, "listed": listed, "needs": needs, "submit": desk.address, "steps": desk.steps})
            continue
        say(name, options)
        if listed:
            say(f"  listed: {listed}\n", options)
            continue
        for need in needs:
            say(f"  still needs {need}", options)
        steps = (
            f"open {desk.address}",
            *desk.steps,
            f'when the show has its page there, note it in feed/show.toml under [directories]: {short} = "https://…"',
        )
        say(f"  feed: {feed}", options)
        for number, step in enumerate(steps, 1):
            say(f"  {number}. {step}", options)
        say("", options)
