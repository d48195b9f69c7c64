"""``sessioncast move``."""

from __future__ import annotations

import click

from sessioncast.cli.drawing import drawn, record, say
from sessioncast.cli.opening import read_show
from sessioncast.cli.options import Options, shared_options


@click.command("move")
@click.argument("url")
@click.option("--public-url", help="The address under which listeners will reach the new place.")
@click.option("--state", help="The new private root, where it is not beside the public one.")
@click.option("--endpoint-url", help="For object stores other than AWS.")
@click.option("--region", help="The new bucket's region.")
@click.option("--setup/--no-setup", default=True, help="Prepare the new store first (sessioncast store setup).")
@shared_options
@click.pass_obj
def move_command(
    options: Options,
    url: str,
    *,
    public_url: str | None,
    state: str | None,
    endpoint_url: str | None,
    region: str | None,
    setup: bool,
) -> None:
    """Move the published show to URL, a folder or s3://bucket/prefix, and send listeners after it.

    \b
    Examples:
      sessioncast move s3://talks/podcast --public-url https://talks.example.org/podcast
      sessioncast move public --public-url https://podcast.example.org

    Every guid, date and number stays. Killed half-way, the same command goes on. Nothing in the old store is deleted.
    """
    from sessioncast import layout
    from sessioncast.errors import ContentError
    from sessioncast.model import StoreSettings
    from sessioncast.move import Mover, advice
    from sessioncast.project.explain import check
    from sessioncast.store import setup as preparing
    from sessioncast.store.opening import open_roots, public_address
    from sessioncast.verify import FolderListener, Listener, WebListener

    project, _ = read_show(options)
    wanted = {"url": url, "public_url": public_url, "state": state, "endpoint_url": endpoint_url, "region": region}
    settings = check(StoreSettings, {k: v for k, v in wanted.items() if v is not None}, "sessioncast move")
    if not isinstance(settings, StoreSettings):
        raise ContentError("", problems=settings)
    if (settings.url, settings.endpoint_url) == (project.store.url, project.store.endpoint_url):
        say(f"the show lives in {url} already", options)
        return
    old, new = open_roots(project.store, project.folder), open_roots(settings, project.folder)
    address = public_address(settings)
    listener: Listener = WebListener(address) if settings.is_s3 else FolderListener(new.public)
    with drawn(options) as report:
        if setup:
            preparing.setup(settings, project.folder, report)
        catalog = Mover(project, old, new, settings, address, listener, report).move()
    old_feed = layout.address(public_address(project.store), layout.FEED)
    new_feed = layout.address(address, layout.FEED)
    if options.json:
        record({"moved": new_feed, "from": old_feed, "revision": catalog.revision, "episodes": len(catalog.episodes)})
    say(f"moved {len(catalog.episodes)} episodes to {new_feed}; feed/show.toml names the new store: commit it", options)
    say(advice(project.store, old_feed, new_feed), options)
