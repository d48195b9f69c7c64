"""``sessioncast release`` and ``correct``: what a person says about one session that auto must not decide."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import click

from sessioncast.cli.drawing import drawn, record, say
from sessioncast.cli.failing import tell
from sessioncast.cli.opening import clock, open_show
from sessioncast.cli.options import Options, shared_options
from sessioncast.cli.taking_back import sure
from sessioncast.commit import read_catalog
from sessioncast.errors import ContentError


@click.command("release")
@click.argument("slug")
@click.option("-y", "--yes", is_flag=True, help="Don't ask: everybody whose consent was open has given it.")
@shared_options
@click.pass_obj
def release_command(options: Options, slug: str, *, yes: bool) -> None:
    """Let the session SLUG out: write into its session.toml what the next publish or auto needs.

    Takes back hold and publish_at, writes consent = "given" where it was open (asked first), and released = true where only the rules of
    [auto] stand in the way. Whoever refused stays unpublished.

    \b
    Example:
      sessioncast release 2024-02-20-paul-batalden
    """
    from sessioncast.automate.letting_out import Gate
    from sessioncast.automate.releasing import release
    from sessioncast.project import edit_session

    opened = open_show(options)
    project = opened.project
    session = project.session(slug)
    if session is None:
        raise ContentError(f"episodes/{slug}: found no such session", hint="sessioncast status")
    catalog = read_catalog(opened.roots.private).catalog
    now = clock()
    gate = Gate(project, catalog, opened.public_url, opened.roots.public.where, now)
    found = release(project, session, catalog, gate, now)
    if found.consent:
        sure(f"Has everybody in {slug} agreed to publication? consent is written down as given", yes=yes)
    if found.changes:
        edit_session(project.folder, slug, found.changes)
    written = ", ".join(found.changes)
    if options.json:
        record({"released": slug, "wrote": sorted(found.changes), "still": list(found.still)})
    say(f"episodes/{slug}/session.toml: {written} written" if written else f"{slug}: nothing to write", options)
    for why in found.still:
        say(f"still waits: {why}", options)
    if not found.still:
        say(f"next: sessioncast publish {slug}, or the next sessioncast auto", options)


@click.command("correct")
@click.argument("slug")
@click.argument("text")
@shared_options
@click.pass_obj
def correct_command(options: Options, slug: str, text: str) -> int:
    """Add a dated correction to the public episode SLUG: in its notes.md, its page and the feed, at once.

    \b
    Example:
      sessioncast correct 2024-02-20-paul-batalden "The trial had 120 patients, not 1,200."
    """
    from sessioncast.automate.correcting import correctable, corrected
    from sessioncast.pictures import folder_of
    from sessioncast.plan.judge import Request, judge
    from sessioncast.project import edit_session, inspect
    from sessioncast.publish import Publisher

    opened = open_show(options)
    project = opened.project
    catalog = read_catalog(opened.roots.private).catalog
    judged = judge(folder_of(project, opened.public_url), catalog, Request(), clock(), where=opened.roots.public.where)
    session = project.session(slug)
    today = clock().astimezone(ZoneInfo(project.show.timezone)).date()
    notes = corrected(session.notes, text, today) if session else ""
    session = correctable(session, next((d for d in judged.decisions if d.slug == slug), None), slug, notes)
    if notes != session.notes:
        edit_session(project.folder, slug, {"notes": notes})
    project = inspect(project.folder)[0] or project
    with drawn(options) as report:
        request = Request(frozenset([slug]))
        result = Publisher(project, opened.roots, opened.listener, opened.public_url, clock, request, report).publish()
    for failure in result.failures:
        tell(failure, options)
    if options.json:
        record({"corrected": slug, "on": today.isoformat(), "committed": result.committed})
    if not result.failures:
        say(f"corrected {slug}; episodes/{slug}/notes.md says so too", options)
    return result.exit_code
