"""What is public, looked at after a pass changed it: over the web as apps do, or in the folder where there is no web yet."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from sessioncast import layout
from sessioncast.errors import SessioncastError, VerifyError
from sessioncast.renew import read_feed
from sessioncast.verify import FolderListener
from sessioncast.verify.remembered import FOLDER, load, save
from sessioncast.verify.show import NEWEST, verify_show

if TYPE_CHECKING:
    from datetime import datetime

    from sessioncast.catalog import Catalog
    from sessioncast.events import Report
    from sessioncast.project import Project
    from sessioncast.store.port import Roots


def over_the_web(
    project: Project, clock: Callable[[], datetime]
) -> Callable[[Catalog, Report], Sequence[SessioncastError]]:
    """Return a look at the feed and what it names, fetched; an older feed in a cache is waited for."""

    def look(catalog: Catalog, report: Report) -> Sequence[SessioncastError]:
        url = layout.address(catalog.show.public_url, layout.FEED)
        kept = project.scratch / FOLDER / f"{hashlib.sha256(url.encode()).hexdigest()[:16]}.json"
        verified = asyncio.run(
            verify_show(
                url, now=clock(), catalog=catalog, before=load(kept), accept=project.check.accept, report=report
            )
        )
        wrong = [str(f) for f in verified.findings if f.level == "error"]
        if not wrong:
            save(kept, verified.now)
            return ()
        return (VerifyError("\n  ".join(["what is public is not what apps need", *wrong]), hint="sessioncast verify"),)

    return look


def in_the_folder(roots: Roots) -> Callable[[Catalog, Report], Sequence[SessioncastError]]:
    """Return a look at a folder: the feed is of this revision, and the newest episodes' audio is there whole."""

    def look(catalog: Catalog, _report: Report) -> Sequence[SessioncastError]:
        live, _ = read_feed(roots.public)
        if live < catalog.revision:
            found = f"{roots.public.where}/{layout.FEED}: found revision {live}, expected {catalog.revision}"
            return (VerifyError(found, hint="sessioncast publish"),)
        wrong: list[SessioncastError] = []
        for episode in catalog.episodes[:NEWEST]:
            try:
                FolderListener(roots.public).check(episode.enclosure.key, episode.enclosure.length)
            except VerifyError as e:
                wrong.append(e)
        return wrong

    return look
