"""``sessioncast publish``."""

from __future__ import annotations

import os

import click

from sessioncast.cli.drawing import drawn, record, say, table
from sessioncast.cli.failing import tell
from sessioncast.cli.opening import Opened, clock, open_show, problems_error
from sessioncast.cli.options import Options, shared_options
from sessioncast.plan.decide import Fate, Remake
from sessioncast.plan.judge import Request
from sessioncast.publish import Publisher, Result, Write


@click.command("publish")
@click.argument("slugs", nargs=-1)
@click.option("--settings", is_flag=True, help="Make changes of show.toml and the cover public.")
@click.option("--dry-run", is_flag=True, help="Produce what is new, then list every write instead of doing it.")
@click.option("--as-new", is_flag=True, help="Date old sessions now instead of when they took place.")
@click.option("--even-if-older", is_flag=True, help="Go back to a text that was public before.")
@click.option("--replace-audio", is_flag=True, help="Make the audio of the named episodes anew; the old is deleted.")
@click.option("--retag", is_flag=True, help="Write today's title, people and cover into the named episodes' audio.")
@shared_options
@click.pass_obj
def publish_command(
    options: Options,
    slugs: tuple[str, ...],
    *,
    settings: bool,
    dry_run: bool,
    as_new: bool,
    even_if_older: bool,
    replace_audio: bool,
    retag: bool,
) -> int:
    """Make public what is new, due and complete; with SLUGs, these and their changed texts.

    \b
    Examples:
      sessioncast publish                          everything new
      sessioncast publish 2024-02-20-paul-batalden  one session, its changes too
      sessioncast publish --settings               the show's own changes
      sessioncast publish --dry-run                what would be written

    A public episode keeps its guid and date for ever, and its audio until --replace-audio or --retag name it. Killed half-way, the same command goes on.
    """
    if (replace_audio or retag) and not slugs:
        raise click.UsageError(
            "name the episodes: sessioncast publish SLUG " + ("--retag" if retag else "--replace-audio")
        )
    if replace_audio and retag:
        raise click.UsageError("--replace-audio writes the tags anew too: leave --retag out")
    opened = open_show(options)
    remake = Remake.REPLACE if replace_audio else Remake.RETAG if retag else None
    request = Request(frozenset(slugs), settings=settings, as_new=as_new, even_if_older=even_if_older, remake=remake)
    broken = problems_error(opened.problems)
    if broken is not None and any(f"episodes/{slug}/" in f"{p.file}/" for p in broken.problems for slug in slugs):
        raise broken
    with drawn(options) as report:
        publisher = Publisher(opened.project, opened.roots, opened.listener, opened.public_url, clock, request, report)
        result, writes = publisher.plan() if dry_run else (publisher.publish(), ())
    if result.committed and not dry_run:
        _remember(opened, options)
    failures = [*([broken] if broken else []), *result.failures]
    if options.json:
        _records(result, writes)
    elif dry_run:
        _plan(result, writes, options)
    else:
        _told(result, options)
    for failure in failures:
        tell(failure, options)
    return max((f.exit_code for f in failures), default=0)


def _remember(opened: Opened, options: Options) -> None:
    """Write down in show.toml where the show is public, so that an empty store elsewhere is not taken for a beginning."""
    from sessioncast.feed import is_public_https
    from sessioncast.project import change_store

    store = opened.project.store
    if store.home != store.url and (store.is_s3 or is_public_https(opened.public_url)):
        change_store(opened.project.folder, store.model_copy(update={"home": store.url}))
        say(f"feed/show.toml remembers that the show is public in {store.url}: commit it", options)


def _announcements(result: Result) -> list[tuple[str, str, str]]:
    """Return what happened to announcements: in one word, to which session, and when it is."""
    announcing = result.judged.announcing
    kinds = {
        "announced": announcing.added,
        "re-announced": announcing.changed,
        "over": announcing.over,
        "called off": announcing.called_off,
        "dropped": announcing.dropped,
    }
    return [(kind, a.slug, f"{a.starts:%Y-%m-%d %H:%M}") for kind, entries in kinds.items() for a in entries]


def _told(result: Result, options: Options) -> None:
    for kind, slug, when in _announcements(result) if result.committed else ():
        say(f"{kind:<10} {slug}  {when}", options)
    for slug, found, hint in result.judged.announcing.notes:
        say(f"{'note':<10} {slug}  {found}; {hint}", options)
    failed = {d.slug for d in result.judged.decisions if d.fate is Fate.CONFLICT}
    public = result.catalog
    for decision in result.judged.decisions:
        episode = public.by_guid(decision.wanted.session.guid) if public else None
        if decision.fate is Fate.ADD and episode is not None and result.committed:
            minutes, seconds = divmod(round(episode.enclosure.duration), 60)
            size = episode.enclosure.length / 1_000_000
            say(f"published  {decision.slug}  {minutes}:{seconds:02d}, {size:.1f} MB", options)
        elif decision.fate is Fate.EDIT:
            say(f"changed    {decision.slug}  {decision.why}", options)
        elif decision.fate in (Fate.WAITS, Fate.DIFFERS) and decision.slug not in failed:
            say(f"{decision.fate.value:<10} {decision.slug}  {decision.why}", options)
    if result.judged.settings is Fate.DIFFERS:
        say("differs    feed/show.toml  sessioncast publish --settings makes it public", options)
    elif result.judged.settings is Fate.EDIT:
        say("changed    feed/show.toml", options)
    if public is None:
        say("nothing is public yet", options)
        return
    count = len(public.episodes)
    if not result.committed:
        say("nothing new to publish", options)
    say(f"\nfeed: {result.feed}  ({count} episode{'s' if count != 1 else ''}, revision {public.revision})", options)
    command = "make preview" if "MAKELEVEL" in os.environ else "sessioncast preview"
    say(f"next: {command} lets a browser or a podcast app on this machine subscribe", options)


def _plan(result: Result, writes: tuple[Write, ...], options: Options) -> None:
    for decision in result.judged.decisions:
        if decision.fate is not Fate.UNCHANGED:
            say(f"{decision.fate.value:<10} {decision.slug}  {decision.why}", options)
    for kind, slug, when in _announcements(result):
        say(f"{kind:<10} {slug}  {when}", options)
    if not writes:
        say("nothing would be written", options)
        return
    table(("write", "key", "bytes"), [(w.action, w.key, f"{w.size:,}" if w.size else "") for w in writes])


def _records(result: Result, writes: tuple[Write, ...]) -> None:
    for decision in result.judged.decisions:
        record({"session": decision.slug, "fate": decision.fate.value, "why": decision.why})
    for kind, slug, when in _announcements(result):
        record({"announcement": kind, "session": slug, "starts": when})
    for slug, found, hint in result.judged.announcing.notes:
        record({"note": found, "session": slug, "hint": hint})
    for write in writes:
        record({"write": write.action, "key": write.key, "bytes": write.size})
    record(
        {
            "feed": result.feed,
            "revision": result.catalog.revision if result.catalog else 0,
            "episodes": len(result.catalog.episodes) if result.catalog else 0,
            "committed": result.committed,
            "settings": result.judged.settings.value,
        }
    )
