"""``sessioncast unpublish``, ``restore``, ``rename`` and ``prune``."""

from __future__ import annotations

import sys

import click

from sessioncast.cli.announcing import after_a_change
from sessioncast.cli.drawing import drawn, record, say, table
from sessioncast.cli.opening import Opened, clock, open_show
from sessioncast.cli.options import Options, shared_options
from sessioncast.commit import read_catalog
from sessioncast.errors import ContentError
from sessioncast.events import Report, silent
from sessioncast.withdraw import Keeper


def _keeper(opened: Opened, options: Options, report: Report = silent) -> Keeper:
    from sessioncast.produce import KEPT_BESIDE

    tell = after_a_change(opened, options, report)
    return Keeper(opened.roots, opened.project.show.id, report, opened.project.scratch / KEPT_BESIDE, tell)


def sure(question: str, *, yes: bool) -> None:
    """Ask on the terminal; without one, only --yes will do: no output format and no pipe means consent."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise click.UsageError("there is no terminal to ask on: add --yes")
    if not click.confirm(question, err=True):
        click.echo("nothing was changed", err=True)
        raise click.exceptions.Exit(1)


@click.command("unpublish")
@click.argument("slug")
@click.option("-y", "--yes", is_flag=True, help="Don't ask.")
@shared_options
@click.pass_obj
def unpublish_command(options: Options, slug: str, *, yes: bool) -> None:
    """Take the talk SLUG down: out of catalog, pages and feed, then every byte of it deleted from the store.

    A session that is only announced is called off. The session's folder stays as it is. What apps have downloaded already, nobody can call back.

    \b
    Example:
      sessioncast unpublish 2024-02-20-paul-batalden
    """
    opened = open_show(options)
    catalog = read_catalog(opened.roots.private).catalog
    if catalog is None:
        raise ContentError(f"{slug}: nothing is public yet", hint="sessioncast publish")
    announced = {a.slug for a in catalog.announced} | {c.slug for c in catalog.called_off}
    buried = {t.slug for t in catalog.tombstones}
    if not catalog.by_slug(slug) and slug not in announced | buried:
        raise ContentError(f"{slug}: found no public talk of that name", hint="sessioncast status")
    if slug in announced and not catalog.by_slug(slug):
        _call_off(opened, slug, options)
        return
    sure(f"Take {slug} down from {opened.roots.public.where} and delete its audio there?", yes=yes)
    with drawn(options) as report:
        catalog = _keeper(opened, options, report).unpublish(slug)
    if options.json:
        record({"unpublished": slug, "revision": catalog.revision, "episodes": len(catalog.episodes)})
    say(f"taken down {slug}; {len(catalog.episodes)} episodes stay (revision {catalog.revision})", options)
    say(f"to let it out again: sessioncast restore {slug}", options)


def _call_off(opened: Opened, slug: str, options: Options) -> None:
    """Take an announcement back; there is nothing to lose by it, so nobody is asked."""
    with drawn(options) as report:
        catalog = _keeper(opened, options, report).unpublish(slug)
    if options.json:
        record({"called_off": slug, "revision": catalog.revision})
    say(f"called off {slug}; write hold = true into episodes/{slug}/session.toml to keep it off", options)
    say(f"to announce it again: sessioncast publish {slug} --even-if-older", options)


@click.command("restore")
@click.argument("slug", required=False)
@click.option("--revision", type=int, help="Put this kept catalog back as the next one.")
@click.option("-y", "--yes", is_flag=True, help="Don't ask.")
@shared_options
@click.pass_obj
def restore_command(options: Options, slug: str | None, *, revision: int | None, yes: bool) -> None:
    """Lift the take-down of SLUG, or put an earlier catalog back; alone, list the catalogs that are kept.

    \b
    Examples:
      sessioncast restore                              what can be put back
      sessioncast restore 2024-02-20-paul-batalden     may be published again
      sessioncast restore --revision 12                the catalog of revision 12
    """
    if slug and revision is not None:
        raise click.UsageError("name a SLUG or a --revision, not both")
    opened = open_show(options)
    keeper = _keeper(opened, options)
    if slug:
        keeper.lift(slug)
        if options.json:
            record({"lifted": slug})
        say(f"{slug} may go out again: sessioncast publish {slug}", options)
    elif revision is None:
        rows = [(str(number), when.isoformat(timespec="seconds")) for number, when in keeper.kept()]
        if options.json:
            for number, when_ in rows:
                record({"revision": int(number), "replaced": when_})
        elif rows:
            table(("revision", "replaced"), rows)
        else:
            say("no earlier catalog is kept yet", options)
    else:
        earlier = keeper.read_kept(revision)
        names = ", ".join(e.slug for e in earlier.episodes) or "no episodes"
        count = len(earlier.episodes)
        sure(f"Revision {revision} has {count} episode{'s' if count != 1 else ''} ({names}). Put it back?", yes=yes)
        catalog = keeper.put_back(revision)
        if options.json:
            record({"put_back": revision, "revision": catalog.revision})
        say(f"revision {revision} is back, as revision {catalog.revision}", options)


@click.command("rename")
@click.argument("old")
@click.argument("new")
@shared_options
@click.pass_obj
def rename_command(options: Options, old: str, new: str) -> None:
    """Give the session OLD the name NEW: the folder, and its page where it is public; the old address points on.

    Guid, date and audio stay. A folder that was renamed by hand already is fine.

    \b
    Example:
      sessioncast rename 2024-02-20-paul-batalden 2024-02-20-coproduction
    """
    from sessioncast.kinds import SLUG
    from sessioncast.project import rename_session

    if not SLUG.fullmatch(new) or len(new) > 100:
        raise click.BadParameter(
            "use lower-case letters a-z, digits and single hyphens, at most 100 characters", param_hint="NEW"
        )
    opened = open_show(options)
    folders = {s.slug: s.guid for s in opened.project.sessions}
    catalog = read_catalog(opened.roots.private).catalog
    public_now = catalog.by_slug(old) if catalog else None
    known = folders.get(old) or (public_now.guid if public_now else None)
    if known is None:
        raise ContentError(f"{old}: found no session of that name", hint="sessioncast status")
    if opened.project.session_folder(new).exists() and (old in folders or folders.get(new) != known):
        raise ContentError(
            f"episodes/{new}: found another session there, expected a free name", hint=f"sessioncast info {new}"
        )
    with drawn(options) as report:
        catalog = _keeper(opened, options, report).rename(old, new)
    if old in folders and new not in folders:
        rename_session(opened.project.folder, old, new)
    public = catalog is not None and catalog.by_slug(new) is not None
    if options.json:
        record({"renamed": old, "to": new, "public": public})
    say(f"{old} is now {new}" + ("; its old address points to the new one" if public else ""), options)


@click.command("prune")
@click.option("--dry-run", is_flag=True, help="List what would be deleted.")
@shared_options
@click.pass_obj
def prune_command(options: Options, *, dry_run: bool) -> None:
    """Delete audio and pictures in the store that nothing has named for 14 days.

    \b
    Examples:
      sessioncast prune --dry-run      what would be deleted
      sessioncast prune
    """
    opened = open_show(options)
    keeper = _keeper(opened, options)
    keys = tuple(f.key for f in keeper.unnamed(clock())) if dry_run else keeper.prune(clock())
    for key in keys:
        if options.json:
            record({"delete" if dry_run else "deleted": key})
        else:
            say(key, options)
    say(f"{len(keys)} objects {'would be ' if dry_run else ''}deleted", options)
