"""``sessioncast doctor``: what is wrong, since when, and the mend."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click

from sessioncast.cli.announcing import announcer, warn
from sessioncast.cli.drawing import drawn, record, say
from sessioncast.cli.opening import Opened, due_clock, folder, open_show
from sessioncast.cli.options import Options, shared_options
from sessioncast.errors import EXIT_DOCTOR, ContentError, SourceError

if TYPE_CHECKING:
    from sessioncast.announce import Channel as Way
    from sessioncast.doctor import Examined, Found, Hands
    from sessioncast.doctor.telling import Channel, Fits
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


def _people(project: Project) -> tuple[Way, ...]:
    """Return the channels under [announce] that reach people, of a show that is nowhere yet too."""
    from sessioncast.announce import channels

    return tuple(way for way in channels(project.announce, "https://example.org/") if not way.is_machine)


def _whole(channel: Way, subject: str, text: str) -> str:
    """Return the text as the channel sends it: chat services know no subject."""
    return text if channel.kind != "webhook" or channel.shape == "json" else f"{subject}\n\n{text}"


def _fits(project: Project) -> Mapping[str, Fits]:
    """Return for each channel whether it can say something whole."""
    from sessioncast.announce.wording import holds

    def by(channel: Way) -> Fits:
        return lambda subject, text: holds(channel.shape, _whole(channel, subject, text))

    return {way.name: by(way) for way in _people(project)}


def _channels(project: Project, options: Options) -> Mapping[str, Channel]:
    """Return those that [doctor] tell names, each under the name it is remembered by."""
    from sessioncast.announce import find
    from sessioncast.announce.outcome import End

    hands = announcer()

    def by(channel: Way) -> Channel:
        def told(subject: str, text: str) -> None:
            outcome = hands.write(project, channel, subject, _whole(channel, subject, text), event="doctor")
            if outcome.end is End.REFUSED:
                raise SourceError(f"{channel.name}: {outcome.why}", hint=outcome.hint)
            if outcome.end is End.UNCLEAR:
                what = f"{channel.name}: may have been told, and is not told again: {outcome.why}"
                warn([SourceError(what)], options)

        return told

    people = _people(project)
    return {way.name: by(way) for name in project.doctor.tell for way in find(people, name)}


def _unknown(project: Project) -> Iterator[Found]:
    """Yield the names under [doctor] tell that nobody has."""
    from sessioncast.announce import find
    from sessioncast.doctor import Found

    people = _people(project)
    for name in project.doctor.tell:
        if not find(people, name):
            known = ", ".join(way.name for way in people)
            expected = f"one of {known}" if known else "none: no channel under [announce] reaches people"
            what = f"doctor.tell: found {name!r}, expected {expected}"
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
            opened.roots.private,
            seen,
            channels,
            opened.project.show.title,
            opened.roots.private.now(),
            _fits(opened.project),
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
