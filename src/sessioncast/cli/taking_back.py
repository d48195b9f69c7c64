"""``sessioncast unpublish``, ``restore``, ``rename`` and ``prune``."""

from __future__ import annotations

import click

from sessioncast.cli.drawing import drawn, record, say, table
from sessioncast.cli.opening import Opened, clock, open_show
from sessioncast.cli.options import Options, shared_options
from sessioncast.events import Report, silent
from sessioncast.withdraw import Keeper


def _keeper(opened: Opened, report: Report = silent) -> Keeper:
    return Keeper(opened.roots, opened.project.show.id, report)


@click.command("unpublish")
@click.argument("slug")
@click.option("-y", "--yes", is_flag=True, help="Don't ask.")
@shared_options
@click.pass_obj
def unpublish_command(options: Options, slug: str, *, yes: bool) -> None:
    """Take the talk SLUG down: out of catalog, pages and feed, then every byte of it deleted from the store.

    The session's folder stays as it is. What apps have downloaded already, nobody can call back.
    """
    opened = open_show(options)
    if not (yes or options.json):
        click.confirm(
            f"Take {slug} down from {opened.roots.public.where} and delete its audio there?", abort=True, err=True
        )
    with drawn(options) as report:
        catalog = _keeper(opened, report).unpublish(slug)
    if options.json:
        record({"unpublished": slug, "revision": catalog.revision, "episodes": len(catalog.episodes)})
    say(f"taken down {slug}; {len(catalog.episodes)} episodes stay (revision {catalog.revision})", options)
    say(f"to let it out again: sessioncast restore {slug}", options)


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
    keeper = _keeper(opened)
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
        if not (yes or options.json):
            click.confirm(
                f"Revision {revision} has {len(earlier.episodes)} episodes ({names}). Put it back?",
                abort=True,
                err=True,
            )
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
    """
    from sessioncast.kinds import SLUG
    from sessioncast.project import rename_session

    if not SLUG.fullmatch(new):
        raise click.BadParameter("use lower-case letters a-z, digits and single hyphens", param_hint="NEW")
    opened = open_show(options)
    folders = {s.slug for s in opened.project.sessions}
    with drawn(options) as report:
        catalog = _keeper(opened, report).rename(old, new)
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
    """Delete audio and pictures in the store that nothing has named for 14 days."""
    opened = open_show(options)
    keeper = _keeper(opened)
    keys = tuple(f.key for f in keeper.unnamed(clock())) if dry_run else keeper.prune(clock())
    for key in keys:
        if options.json:
            record({"delete" if dry_run else "deleted": key})
        else:
            say(key, options)
    say(f"{len(keys)} objects {'would be ' if dry_run else ''}deleted", options)
