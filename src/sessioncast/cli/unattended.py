"""``sessioncast auto`` and ``sessioncast reports``."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sessioncast.cli.announcing import announcer
from sessioncast.cli.drawing import drawn, record, say, table
from sessioncast.cli.failing import tell
from sessioncast.cli.logs import json_lines, log, scrubber, secret_words
from sessioncast.cli.opening import Opened, due_clock, open_show
from sessioncast.cli.options import Options, shared_options
from sessioncast.errors import ContentError, SessioncastError, from_disk

if TYPE_CHECKING:
    from sessioncast.automate import Run, Unattended
    from sessioncast.automate.clouds import Cloud
    from sessioncast.automate.hands import Transcribe
    from sessioncast.events import Report
    from sessioncast.model import Session
    from sessioncast.project import Project
    from sessioncast.recorders.port import RecorderCloud

_EVERY_S = 300


@click.command("auto")
@click.option(
    "--watch", is_flag=True, help="Go on: after new files in the inbox, when something is due, every --every s."
)
@click.option("--every", type=click.IntRange(min=5), default=_EVERY_S, show_default=True, help="Seconds, with --watch.")
@click.option(
    "--log", "style", type=click.Choice(["text", "json"]), default="text", help="How progress is told on stderr."
)
@click.option("--last", is_flag=True, help="Tell the last run's story and do nothing.")
@shared_options
@click.pass_obj
def auto_command(options: Options, *, watch: bool, every: int, style: str, last: bool) -> int:
    """Do everything that is due with nobody at the keyboard: read programmes, fetch recordings, publish, look, report.

    \b
    Examples:
      sessioncast auto                 one pass, for cron, a timer or CI
      sessioncast auto --watch         going on, on a machine that stays on
      sessioncast auto --last          what the last pass did, and what waits

    What may go out alone stands under [auto] in feed/show.toml; what waits is listed by sessioncast status, with the command that
    lets it out. Nothing that is public is changed, but that an episode without transcript takes the one that came. A pass with
    nothing to do says nothing.
    """
    if last:
        return _last(options)
    opened = open_show(options)
    if watch:
        return _watch(opened, options, style, every)
    run = _once(opened, options, style)
    _told(run, options)
    return run.exit_code


@click.command("reports")
@click.argument("run", required=False)
@shared_options
@click.pass_obj
def reports_command(options: Options, run: str | None) -> None:
    """List what unattended passes did, the newest first; with RUN, tell that one's story.

    \b
    Examples:
      sessioncast reports
      sessioncast reports 20241009T173000Z-1a2b3c4d
    """
    from sessioncast.automate import reports

    private = open_show(options).roots.private
    if run is not None:
        _story(reports.read(private, run), options)
        return
    rows = []
    for id_ in reports.listed(private)[:20]:
        plain = reports.read(private, id_)
        done = ", ".join(f"{s['step']} {s['subject']}" for s in plain.get("steps", ())) or "nothing"
        rows.append((id_, str(plain.get("exit_code", "")), done))
        if options.json:
            record(plain)
    if not rows:
        say("no pass has reported anything yet: sessioncast auto", options)
    elif not options.json:
        table(("run", "exit", "done"), rows)


# --- one pass ---------------------------------------------------------------------------------------------------------


def _once(opened: Opened, options: Options, style: str) -> Run:
    from sessioncast.automate.reports import new_run

    now = due_clock(opened)
    scrub = scrubber(secret_words(opened.project))
    id_ = new_run(now())
    with _reporter(options, style, id_, scrub) as report:
        run = _hands(opened, now, scrub, report).run(id_)
        if style == "json":
            for waiting in run.waits:
                log(id_, scrub, "waiting", session=waiting.session, why=waiting.why, mend=waiting.mend)
            for failure in run.failures:
                log(id_, scrub, "error", text=failure.message, hint=failure.hint, exit_code=failure.exit_code)
            log(id_, scrub, "end", exit_code=run.exit_code, revision=run.revision, elsewhere=run.elsewhere)
    if any(step.step == "publish" for step in run.steps):
        from sessioncast.cli.publishing import remember_home

        remember_home(opened, options)
    if style != "json":
        for failure in run.failures:
            tell(failure, options)
    if run.exit_code == 0 and not run.elsewhere:
        _alive(opened, options)
    return run


def _alive(opened: Opened, options: Options) -> None:
    """Give a sign of life after a good pass; what fails is told, and the pass was good all the same."""
    from sessioncast.doctor import beating

    try:
        beating.beat(opened.roots.private)
        beating.ask(opened.project.doctor, os.environ)
    except SessioncastError as e:
        tell(e, options)


@contextmanager
def _reporter(options: Options, style: str, run: str, scrub: Callable[[str], str]) -> Iterator[Report]:
    if style == "json":
        yield json_lines(run, scrub)
        return
    with drawn(options) as report:
        yield report


def _hands(opened: Opened, now: Callable[[], datetime], scrub: Callable[[str], str], report: Report) -> Unattended:
    from sessioncast.automate import Unattended
    from sessioncast.automate.looking import in_the_folder, over_the_web
    from sessioncast.feed import is_public_https

    project, roots = opened.project, opened.roots
    web = project.store.is_s3 or is_public_https(opened.public_url)
    return Unattended(
        project.folder,
        roots,
        opened.listener,
        opened.public_url,
        now,
        clouds=_clouds(project),
        announce=(replace(announcer(), clock=now),),
        transcribe=_transcriber(project) if project.auto.transcribe else None,
        look=over_the_web(project, now) if web else in_the_folder(roots),
        scrub=scrub,
        report=report,
    )


def _clouds(project: Project) -> tuple[Cloud, ...]:
    """Return the recorder clouds that this machine has credentials for; with some of them missing, one that says so."""
    if not any(os.environ.get(name) for name in ("ZOOM_ACCOUNT_ID", "ZOOM_CLIENT_ID", "ZOOM_CLIENT_SECRET")):
        return ()
    from sessioncast.automate.clouds import Closed, Cloud
    from sessioncast.errors import SourceError
    from sessioncast.recorders.zoom import from_settings

    try:
        recorder: RecorderCloud = from_settings(project.zoom, os.environ)
    except SourceError as e:
        recorder = Closed("Zoom", e)
    return (Cloud(recorder, timedelta(days=project.zoom.look_back)),)


def _transcriber(project: Project) -> Transcribe:
    model = project.auto.transcribe or ""

    def write(shown: Project, session: Session, report: Report) -> object:
        from sessioncast.recogniser import Recogniser, recogniser
        from sessioncast.transcribing import transcribe

        def load(spoken: str, hints: str) -> Recogniser:
            return recogniser(model, language=spoken or None, hints=hints, download=False)

        return transcribe(shown, session, model, load, report=report)

    return write


def _told(run: Run, options: Options) -> None:
    if options.json:
        record(run.record() | {"elsewhere": run.elsewhere})
        return
    if run.elsewhere:
        say("another pass is at work in this folder: nothing was done", options)
    for step in run.steps:
        say(f"{step.step:<10} {step.subject}  {step.what}", options)


# --- going on ---------------------------------------------------------------------------------------------------------


def _watch(opened: Opened, options: Options, style: str, every: int) -> int:
    """Run passes until somebody stops it; what fails is told, and the next pass tries again."""
    from sessioncast.automate.watching import FolderWaiter, watch
    from sessioncast.inbox.scan import SETTLED

    named = opened.project.inbox.folder
    inbox = opened.project.folder / Path(named).expanduser() if named and "://" not in named else None

    place = inbox or "the clock alone: no [inbox] folder in feed/show.toml"
    say(f"watching {place}; stop with Ctrl-C", options)
    for _ in watch(lambda: one_more(options, style), FolderWaiter(inbox), every=every, settle=SETTLED.total_seconds()):
        pass
    return 0


def one_more(options: Options, style: str) -> Run:
    """Run one pass of a watch and return its story; whatever ends the pass is told, and is the story then.

    All of the show is opened anew, its store and address too: it may have moved since the last pass.
    """
    from sessioncast.automate import Run
    from sessioncast.automate.reports import new_run

    try:
        run = _once(open_show(options), options, style)
    except (SessioncastError, OSError) as e:  # a full disk, or a folder taken away: somebody may mend that
        wrong = from_disk(e) if isinstance(e, OSError) else e
        tell(wrong, options)
        now = datetime.now(UTC)
        return Run(new_run(now), now, now, failures=(wrong,))
    _told(run, options)
    return run


# --- the last story ---------------------------------------------------------------------------------------------------


def _last(options: Options) -> int:
    from sessioncast.automate import reports

    private = open_show(options).roots.private
    found = reports.listed(private)
    if not found:
        raise ContentError(f"{private.where}: found no report of a pass yet", hint="sessioncast auto")
    plain = reports.read(private, found[0])
    _story(plain, options)
    code = plain.get("exit_code", 0)
    return code if isinstance(code, int) else 1


def _story(plain: dict[str, Any], options: Options) -> None:
    if options.json:
        record(plain)
        return
    say(f"run {plain.get('run')}, {plain.get('started')} to {plain.get('ended')}", options)
    for step in plain.get("steps", ()):
        say(f"{step['step']:<10} {step['subject']}  {step['what']}", options)
    for waiting in plain.get("waits", ()):
        say(f"waits      {waiting['session']}  {waiting['why']}\n             {waiting['mend']}", options)
    for failure in plain.get("failures", ()):
        say(
            f"failed     {failure['error']}" + (f"\n             {failure['hint']}" if failure["hint"] else ""), options
        )
    say(f"exit code {plain.get('exit_code')}, revision {plain.get('revision')}", options)
