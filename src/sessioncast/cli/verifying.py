"""``sessioncast verify``: what is public, read as apps and crawlers read it."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sessioncast import layout
from sessioncast.cli.drawing import drawn, say
from sessioncast.cli.opening import clock, folder, open_show
from sessioncast.cli.options import Options, shared_options
from sessioncast.errors import VerifyError

if TYPE_CHECKING:
    from sessioncast.catalog import Catalog


@click.command("verify")
@click.argument("url", required=False)
@click.option("--all", "everything", is_flag=True, help="Fetch every enclosure, not the newest ten.")
@click.option("--forget", is_flag=True, help="Take what stands there now as right, whatever was there before.")
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@shared_options
@click.pass_obj
def verify_command(options: Options, url: str | None, *, everything: bool, forget: bool, strict: bool) -> int:
    """Read a public feed and what it names as an app does; without URL this show's, compared with its catalog.

    What was right is remembered in .sessioncast, so that the next look sees a guid that was lost, a date that moved or
    audio that changed behind its address. Ends with 7 where something is wrong.
    """
    import asyncio

    from sessioncast.cli.judged import tell_findings
    from sessioncast.verify.remembered import FOLDER, load, save
    from sessioncast.verify.show import NEWEST, verify_show

    catalog: Catalog | None = None
    accept: tuple[str, ...] = ()
    where = folder(options)
    if url is None:
        catalog, accept, url = _own(options)
    kept: Path | None = None
    if (where / "feed" / "show.toml").is_file():
        kept = where / ".sessioncast" / FOLDER / f"{hashlib.sha256(url.encode()).hexdigest()[:16]}.json"
    before = load(kept) if kept and not forget else None
    with drawn(options) as report:
        verified = asyncio.run(
            verify_show(
                url,
                now=clock(),
                catalog=catalog,
                before=before,
                newest=None if everything else NEWEST,
                accept=accept,
                report=report,
            )
        )
    stops = tell_findings(verified.findings, "", options, strict=strict)
    say(f"\n{url}: {verified.episodes} episode{'s' if verified.episodes != 1 else ''}", options)
    if kept and verified.episodes and not any(f.level == "error" for f in verified.findings):
        save(kept, verified.now)
    return VerifyError.exit_code if stops else 0


def _own(options: Options) -> tuple[Catalog, tuple[str, ...], str]:
    from sessioncast.commit import read_catalog

    opened = open_show(options)
    catalog = read_catalog(opened.roots.private).catalog
    if catalog is None:
        raise VerifyError("found nothing public yet, expected a feed", hint="sessioncast publish")
    return catalog, opened.project.check.accept, layout.address(catalog.show.public_url, layout.FEED)
