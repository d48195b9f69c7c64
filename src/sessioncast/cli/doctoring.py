"""``sessioncast doctor``: what is wrong, since when, and the mend."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click

from sessioncast.cli.drawing import drawn, record, say
from sessioncast.cli.opening import Opened, due_clock, folder, open_show
from sessioncast.cli.options import Options, shared_options
from sessioncast.errors import EXIT_DOCTOR, ContentError, SourceError

if TYPE_CHECKING:
    from sessioncast.announce import Channel as People
    from sessioncast.doctor import Examined, Found, Hands
    from sessioncast.doctor.telling import Channel
    from sessioncast.events import Report
    from sessioncast.project import Project


@click.command("doctor")
@shared_options
@click.pass_obj
def doctor_command(options: Options) -> int:
    """Say what is wrong that nobody may have noticed, since when, and the command that mends it.

    It looks at sessions that are over and not public, the feed as apps see it, the store, credentials and certificates, disks and
    clocks, the inbox, unattended passes and what they left lying. It mends nothing itself. Ends with 9 where somebody should act; a note
    is only worth reading.

    \b
    Examples:
      sessioncast doctor               a table for a person
      sessioncast --json doctor        one object a finding, for a monitor

    Under [doctor] in feed/show.toml: after how many hours a session is late, who is told (each finding once), and the heartbeat.
    """
    from sessioncast.cli.logs import scrubber, secret_words
    from sessioncast.doctor import Examined, examine

    try:
        opened = open_show(options)
    except ContentError as e:
        if not e.problems:
            raise
        from sessioncast.doctor.sessions import folder as of_folder

        return _say(Examined(tuple(of_folder(e.problems)), frozenset()), options, folder(options).name)
    scrub = scrubber(secret_words(opened.project))
    channels = _channels(opened.project, options)
    with drawn(options) as report:
        seen = examine(_hands(opened, report))
    found = tuple(_struck(f, scrub) for f in (*seen.found, *_unknown(opened.project)))
    seen = replace(seen, found=found, looked=seen.looked | {"channel"})
    code = _say(seen, options, opened.project.show.title)
    _tell(opened, seen, channels, options)
    return code


def _hands(opened: Opened, report: Report) -> Hands:
    from sessioncast.automate.looking import in_the_folder, over_the_web
    from sessioncast.doctor import Hands
    from sessioncast.doctor.outside import status
    from sessioncast.feed import is_public_https
    from sessioncast.fetch.certificates import certificate_ends
    from sessioncast.store import credentials

    project, roots, now = opened.project, opened.roots, due_clock(opened)
    public = is_public_https(opened.public_url)

    def sign_in() -> object:
        from sessioncast.recorders.zoom import from_settings

        here = datetime.now(UTC)
        return next(iter(from_settings(project.zoom, os.environ).recordings(here - timedelta(days=1), here)), None)

    return Hands(
        project,
        opened.problems,
        roots,
        opened.public_url,
        public,
        now,
        look=over_the_web(project, now) if project.store.is_s3 or public else in_the_folder(roots),
        status=status,
        sign_in=sign_in,
        token_ends=lambda: credentials.ends(project.store),
        certificate_ends=certificate_ends,
        environment=os.environ,
        report=report,
    )


def _channels(project: Project, options: Options) -> Mapping[str, Channel]:
    """Return those ``[doctor] tell`` names among the people of ``[announce]``, each under the name it is told by in the store."""
    from sessioncast.announce import channels, find

    # People who asked to hear of trouble hear of it wherever the show is public, on this machine alone too.
    people = tuple(c for c in channels(project.announce, "") if not c.is_machine)
    chosen = [c for name in project.doctor.tell for c in find(people, name)]
    return {c.name: _channel(project, c, options) for c in chosen}


def _channel(project: Project, channel: People, options: Options) -> Channel:
    from sessioncast.announce import End
    from sessioncast.cli.announcing import announcer, warn

    def tell(subject: str, text: str) -> None:
        outcome = announcer().alarm(project, channel, subject, text)
        if outcome.end is End.REFUSED:
            raise SourceError(f"{channel.name} was not told: {outcome.why}", hint=outcome.hint or "sessioncast doctor")
        if outcome.end is End.UNCLEAR:
            what = f"{channel.name} may have been told or not, and is not told again: {outcome.why}"
            warn((SourceError(what, hint="sessioncast announce --test"),), options)

    return tell


def _unknown(project: Project) -> Iterator[Found]:
    """Yield the names under ``[doctor] tell`` that nobody has."""
    from sessioncast.announce import channels, find
    from sessioncast.doctor import Found

    people = tuple(c for c in channels(project.announce, "") if not c.is_machine)
    for name in project.doctor.tell:
        if not find(people, name):
            known = ", ".join(c.name for c in people) or "a webhook or mail under [announce], where there is none"
            what = f"doctor.tell: found {name!r}, expected {known}"
            yield Found("channel", name, what, "change tell under [doctor] in feed/show.toml", level="warning")


def _tell(opened: Opened, seen: Examined, channels: Mapping[str, Channel], options: Options) -> None:
    """Tell people; a store that is in trouble was a finding already, and channels that failed are said."""
    from sessioncast.cli.failing import tell
    from sessioncast.doctor.telling import tell as tell_people
    from sessioncast.errors import StoreError

    if not channels:
        return
    try:
        failures = tell_people(
            opened.roots.private, seen, channels, opened.project.show.title, opened.roots.private.now()
        )
    except StoreError as e:
        tell(e, options)
        return
    for failure in failures:
        tell(failure, options)


def _struck(found: Found, scrub: Callable[[str], str]) -> Found:
    return replace(found, about=scrub(found.about), what=scrub(found.what), mend=scrub(found.mend))


def _say(seen: Examined, options: Options, show: str) -> int:
    for found in seen.alarms if options.quiet else seen.found:
        if options.json:
            record(found.record())
            continue
        since = f"  since {found.since.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if found.since else ""
        level = "" if found.level == "error" else f"{found.level}: "
        click.echo(f"{level}{found.look}  {found.about}{since}\n  {found.what}\n  mend: {found.mend}\n")
    notes = len(seen.found) - len(seen.alarms)
    and_notes = f", {notes} note{'s' if notes > 1 else ''}" if notes else ""
    say(f"{show}: {len(seen.alarms) or 'nothing'} to mend{and_notes}", options)
    return EXIT_DOCTOR if seen.alarms else 0
