"""``sessioncast trim``."""

from __future__ import annotations

import shutil
import sys

import click

from sessioncast.cli.drawing import drawn, record, say
from sessioncast.cli.opening import open_show
from sessioncast.cli.options import Options, shared_options
from sessioncast.errors import ConflictError, ContentError


@click.command("trim")
@click.argument("slug")
@click.option("--apply", "write", is_flag=True, help="Write the proposal into session.toml.")
@shared_options
@click.pass_obj
def trim_command(options: Options, slug: str, *, write: bool) -> None:
    """Propose what to cut from the recording of SLUG before and after the talk; nothing is cut without --apply.

    \b
    Example:
      sessioncast trim 2024-02-20-paul-batalden --apply
    """
    from sessioncast.audio.cuts import clock
    from sessioncast.commit import read_catalog
    from sessioncast.produce import look_for_cuts, programme_of
    from sessioncast.project import edit_session

    opened = open_show(options)
    project = opened.project
    session = project.session(slug)
    if session is None:
        raise ContentError(f"episodes/{slug}: found no such session", hint="sessioncast status")
    catalog = read_catalog(opened.roots.private).catalog
    if write and catalog is not None and catalog.by_guid(session.guid) is not None:
        raise ConflictError(
            f"episodes/{slug}: is public, and its audio is frozen",
            hint=f"write trim into episodes/{slug}/session.toml by hand, then: sessioncast publish {slug} --replace-audio",
        )
    with drawn(options) as report:
        programme = programme_of(project, session.model_copy(update={"trim": None}), report)
        looked = look_for_cuts(project, session, programme, report)
    proposal = looked.proposal
    line = ", ".join(
        [
            *([f'start = "{clock(proposal.start)}"'] if proposal.start else []),
            *([f'end = "{clock(proposal.end)}"'] if proposal.end is not None else []),
        ]
    )
    if options.json:
        record(
            {
                "session": slug,
                "start": proposal.start,
                "end": proposal.end,
                "seconds": looked.seconds,
                "sure": proposal.sure,
                "reasons": list(proposal.reasons),
            }
        )
    else:
        say(_picture(looked.waveform, looked.seconds, proposal.start, proposal.end), options)
        for reason in proposal.reasons:
            say(f"- {reason}", options)
        if line:
            say(f"\ntrim = {{ {line} }}", options)
    if write and proposal.cuts:
        edit_session(
            project.folder,
            slug,
            {"trim": {k: clock(v) for k, v in (("start", proposal.start), ("end", proposal.end)) if v}},
        )
        say(f"wrote it into episodes/{slug}/session.toml", options)
    elif line:
        say(f"sessioncast trim {slug} --apply writes it into session.toml", options)


def _picture(waveform: tuple[int, ...], seconds: float, start: float, end: float | None) -> str:
    """Return the sound as a sketch, and below it what would be cut."""
    from sessioncast.audio.waveform import sketch

    width = max(20, min(120, shutil.get_terminal_size().columns - 1))
    plain = not (sys.stdout.encoding or "").lower().startswith("utf")
    line = sketch(waveform, width, ascii_only=plain)
    first = round(start / seconds * len(line))
    last = len(line) if end is None else round(end / seconds * len(line))
    return f"{line}\n{'x' * first}{' ' * (last - first)}{'x' * (len(line) - last)}"
