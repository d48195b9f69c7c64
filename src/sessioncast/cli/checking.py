"""``sessioncast check``: what directories would refuse, of this show or of any feed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sessioncast.cli.opening import clock, folder
from sessioncast.cli.options import Options, shared_options
from sessioncast.errors import ContentError, MediaError, Problem

if TYPE_CHECKING:
    from sessioncast.project import Project
    from sessioncast.rules import Finding

NAMES = ("apple", "spotify", "youtube", "amazon", "podcastindex")


@click.command("check")
@click.argument("feed", required=False)
@click.option("--directory", type=click.Choice(NAMES), default=None, help="Judge for this directory only.")
@click.option("--strict", is_flag=True, help="Warnings count as errors.")
@shared_options
@click.pass_obj
def check_command(options: Options, feed: str | None, *, directory: str | None, strict: bool) -> int:
    """Say what directories would refuse: file, key, what was found, what is wanted, how to mend it.

    Without FEED this show is judged as if all that is due were public; neither store nor network is touched. FEED is a
    file or an address of any podcast. Ends with 3 where something would stop a publish. docs/rules.md lists the rules.
    """
    from sessioncast.cli.judged import tell_findings

    found, notes = _any_feed(feed) if feed else _own(options)
    stops = tell_findings(found, directory or "", options, strict=strict, notes=notes)
    return ContentError.exit_code if stops else 0


def _own(options: Options) -> tuple[list[Finding], list[str]]:
    from sessioncast import project as project_
    from sessioncast.plan.wanted import waits
    from sessioncast.rehearse import rehearse
    from sessioncast.rules import all_rules
    from sessioncast.store.opening import public_address

    project, problems = project_.inspect(folder(options))
    found = [_finding(p) for p in problems]
    if project is None:
        return found, []
    found += [_finding(p) for p in _artwork(project)]
    rehearsal = rehearse(project, public_address(project.store), clock())
    found += rehearsal.passed.findings
    found += [_finding(p) for p in rehearsal.templates]
    notes = []
    if rehearsal.passed.pretended:
        notes.append("not public yet: judged as if at a public https address")
    found += [_finding(p) for slug in rehearsal.unmade for p in _recording(project, slug)]
    if rehearsal.unmade:
        notes.append(f"audio not made yet, so not judged: {', '.join(rehearsal.unmade)}")
    for slug in rehearsal.waiting:
        session = project.session(slug)
        notes.append(f"{slug} waits: {'; '.join(waits(session, clock())) if session else ''}")
    switchable = {r.id for r in all_rules() if r.can_be_switched_off}
    notes += [
        f"feed/show.toml: check.accept: {id_} is no rule that can be switched off"
        for id_ in project.check.accept
        if id_ not in switchable
    ]
    return found, notes


def _finding(problem: Problem) -> Finding:
    from sessioncast.rules import DIRECTORIES, Finding

    p = problem
    return Finding(p.rule or "folder", p.level, tuple(DIRECTORIES), p.file, p.key, p.found, p.expected, p.mend)


def _recording(project: Project, slug: str) -> list[Problem]:
    """Return what a look at the recording's name and first bytes shows; decoding it is the publish's business."""
    session = project.session(slug)
    recordings = project.recordings(session) if session else ()
    return [problem for r in recordings if isinstance(r, Path) for problem in _one_recording(r, slug)]


def _one_recording(recording: Path, slug: str) -> list[Problem]:
    from sessioncast.audio.sniff import refuse_what_is_no_media

    file = f"episodes/{slug}/session.toml"
    if not recording.exists():  # a machine without old recordings is fine: what is public needs none
        mend = f"copy it to {recording}, unless the talk is public already"
        return [Problem(file, "recording", "no such file", f"the recording at {recording}", mend, "warning")]
    try:
        refuse_what_is_no_media(recording)
    except MediaError as e:
        return [Problem(file, "recording", e.message, "a recording that can be decoded", e.hint)]
    return []


def _artwork(project: Project) -> list[Problem]:
    from sessioncast.audio.artwork import show_art

    name = project.show.artwork
    try:
        notes = show_art(project.cover).notes
    except MediaError as e:
        return [Problem(f"feed/{name}", "", e.message, "artwork a directory takes", e.hint, "error", "APPLE-ART-SIZE")]
    return [Problem(f"feed/{name}", "", note, "a 3000 px original", "", "warning", "APPLE-ART-SIZE") for note in notes]


def _any_feed(feed: str) -> tuple[list[Finding], list[str]]:
    from sessioncast.rules import Facts, FeedDocument, judge

    if feed.startswith(("http://", "https://")):
        import asyncio

        from sessioncast.verify.fetching import fetch_feed

        answer = asyncio.run(fetch_feed(feed))
        if answer.trouble or answer.status != 200:
            raise ContentError(f"{feed}: found {answer.trouble or f'status {answer.status}'}, expected a feed")
        return list(judge(FeedDocument(answer.body), Facts(now=clock(), feed_url=answer.url), file=feed)), []
    path = Path(feed)
    if not path.is_file():
        raise ContentError(f"{feed}: found no such file, expected a feed", hint="sessioncast check feed.xml")
    with path.open("rb") as file:
        from sessioncast.rules import FEED_MOST

        body = file.read(FEED_MOST + 1)
    return list(judge(FeedDocument(body), Facts(now=clock()), file=feed)), []
