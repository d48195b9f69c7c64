"""Unattended passes: whether they still happen, and what was left lying for them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sessioncast import layout, queue
from sessioncast.automate import reports
from sessioncast.doctor.value import Found
from sessioncast.errors import ContentError, ObjectMissing
from sessioncast.inbox.match import match
from sessioncast.inbox.scan import scan

if TYPE_CHECKING:
    from sessioncast.events import Report
    from sessioncast.inbox.value import Take
    from sessioncast.project import Project
    from sessioncast.store.port import Store


def overdue(project: Project, private: Store, now: datetime) -> Iterator[Found]:
    """Yield that no pass has ended well for ``[doctor] quiet`` hours.

    Where there never was a pass and show.toml has no ``[auto]``, somebody publishes by hand, and that is fine.
    """
    last = _last(private)
    if last is None:
        if project.auto.model_fields_set:
            what = "feed/show.toml has [auto], and no unattended pass has ever ended well"
            yield Found(
                "passes", private.where, what, "sessioncast auto; to run it by itself: sessioncast deploy --help"
            )
        return
    hours = project.doctor.quiet
    if now - last > timedelta(hours=hours):
        what = f"no unattended pass has ended well for {(now - last).total_seconds() / 3600:.0f} h"
        mend = "sessioncast auto; then look at what runs it (cron, the timer, CI)"
        yield Found("passes", private.where, what, mend, last)


def _last(private: Store) -> datetime | None:
    """Return when a pass last ended well, as far as pulse and reports tell."""
    times = []
    with suppress(ObjectMissing):
        times.append(private.head(layout.PULSE).modified)
    for run in reports.listed(private)[:20]:
        try:
            plain = reports.read(private, run)
            if plain.get("exit_code") == 0:
                times.append(datetime.fromisoformat(plain["ended"]).astimezone(UTC))
                break
        except (ContentError, KeyError, TypeError, ValueError):
            continue
    return max(times, default=None)


def left_behind(project: Project, private: Store, now: datetime) -> Iterator[Found]:
    """Yield work that waits in the queue, and claims that ran out, both for longer than ``[doctor] quiet`` hours."""
    before = now - timedelta(hours=project.doctor.quiet)
    old = sorted((f for f in private.scan(layout.QUEUE) if f.modified < before), key=lambda f: f.modified)
    if old:
        broken = [item for item in queue.pending(private) if item.kind == queue.UNREADABLE]
        what = f"{len(old)} {'piece' if len(old) == 1 else 'pieces'} of work wait in the queue"
        mend = "sessioncast auto"
        if broken:
            what += f", {len(broken)} of them unreadable"
            mend = f"sessioncast auto; then delete {private.where}/{layout.queued(broken[0].id)}"
        yield Found("queue", private.where, what, mend, old[0].modified)
    for found in private.scan(layout.CLAIMS):
        try:
            until = datetime.fromisoformat(json.loads(private.read(found.key).body)["until"])
        except ObjectMissing:
            continue
        except (ValueError, KeyError, TypeError):
            until = found.modified
        if until.astimezone(UTC) < before:
            what = "a pass that was killed left its claim behind"
            mend = f"sessioncast auto; if it stays, delete {private.where}/{found.key}"
            yield Found("claim", found.key, what, mend, until, "warning")


def inbox(project: Project, here: datetime, report: Report) -> Iterator[Found]:
    """Yield that recordings lie in the inbox folder and nothing was taken from it; a bucket's inbox is not listed.

    Raises ContentError for a folder that isn't there.
    """
    named = project.inbox.folder
    if named is None or "://" in named:
        return
    where = project.folder / Path(named).expanduser()
    takes = scan(where, now=here, kept=project.room("inbox") / "lengths.json", report=report)
    if not takes:
        return
    show = project.show
    sure = match(takes, project.sessions, project.people, project.inbox, show.timezone, now=here, series=show.title)
    have = {session.slug for session in project.sessions if session.recordings}
    # what was taken stays where it was put: its session has a recording by now, and needs none
    settled = [case for case in sure.cases if case.kind in ("settled", "duplicate")]
    if any(slug in have for case in settled for slug in case.sessions):
        return
    needless = {name for case in settled for name in case.takes}
    before = here - timedelta(hours=project.doctor.hours)
    old = [(at, take) for take in takes if take.name not in needless and (at := _put(where, take)) < before]
    if old:
        count = f"{len(old)} recording{'s' if len(old) > 1 else ''}"
        what = f"{count} lie there, such as {old[0][1].name}, and nothing was taken from it"
        yield Found("inbox", named, what, "sessioncast inbox says which is whose and why not", min(at for at, _ in old))


def _put(where: Path, take: Take) -> datetime:
    return max(datetime.fromtimestamp((where / file.path).stat().st_mtime, UTC) for file in take.files)
