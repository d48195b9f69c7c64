"""``sessioncast transcript`` and ``chapters``: what was said and where, looked at before it is published."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from sessioncast.cli.drawing import record, say, table
from sessioncast.cli.opening import Opened, open_show
from sessioncast.cli.options import Options, shared_options
from sessioncast.errors import ContentError

if TYPE_CHECKING:
    from sessioncast.model import Session
    from sessioncast.texts import Sound

_FOREVER = 1 << 40  # milliseconds: a recording whose length is not known yet


@click.command("transcript")
@click.argument("slug")
@click.option("--review", is_flag=True, help="List what was changed, and what looks like somebody's own data.")
@shared_options
@click.pass_obj
def transcript_command(options: Options, slug: str, *, review: bool) -> None:
    """Show the transcript of SLUG as it is published: people under their names, the audience under none.

    \b
    Examples:
      sessioncast transcript 2024-02-20-paul-batalden
      sessioncast transcript 2024-02-20-paul-batalden --review
    """
    from sessioncast.texts import said
    from sessioncast.transcript import paragraphs

    opened, session = _open(options, slug)
    captions = opened.project.captions(session)
    if not captions:
        raise ContentError(
            f"episodes/{slug}: found no transcript, expected transcript.vtt or another caption file",
            hint=f"copy the recorder's captions to episodes/{slug}/transcript.vtt, or: sessioncast transcribe {slug}",
        )
    sound = _sound(opened, session)
    for name, language in captions:
        heard = said(opened.project, session, name, sound, language)
        if review:
            remarks = sorted({*heard.remarks, *heard.review}, key=lambda r: (r.at, r.what))
            if options.json:
                for r in remarks:
                    record({"file": name, "at": r.at / 1000, "what": r.what, "text": r.text})
            elif remarks:
                table(("in the recording", name, ""), [(_clock(r.at), r.what, r.text) for r in remarks])
            else:
                say(f"{name}: nothing was changed, and nothing looks like somebody's own data", options)
            continue
        for speaker, start, text in paragraphs(heard.sentences):
            if options.json:
                record({"file": name, "at": start / 1000, "speaker": speaker, "text": text})
            else:
                say(f"{_clock(start)}  {speaker + ': ' if speaker else ''}{text}\n", options)
    if review and not options.json:
        say(
            f"\nto take a stretch out: redact in episodes/{slug}/session.toml; to name somebody: [transcript] names",
            options,
        )


@click.command("chapters")
@click.argument("slug")
@click.option("--propose", is_flag=True, help="Propose chapters from the transcript, for you to edit.")
@click.option("--write", is_flag=True, help="With --propose: write them to chapters.txt, where none is yet.")
@shared_options
@click.pass_obj
def chapters_command(options: Options, slug: str, *, propose: bool, write: bool) -> None:
    """Show the chapters of SLUG, and where they come from; nothing that is only proposed is published.

    \b
    Examples:
      sessioncast chapters 2024-02-20-paul-batalden
      sessioncast chapters 2024-02-20-paul-batalden --propose --write
    """
    from sessioncast.texts import chapters_of, marks_of

    opened, session = _open(options, slug)
    if propose:
        _propose(options, opened, session, write=write)
        return
    sound = _sound(opened, session)
    _, source = marks_of(opened.project, session, sound.markers)
    listed = chapters_of(opened.project, session, sound)
    if options.json:
        for chapter in listed:
            record({"start": chapter.start, "title": chapter.title, "link": chapter.link, "source": source})
    elif listed:
        table(("in the audio", "chapter", ""), [(_clock(round(c.start * 1000)), c.title, c.link or "") for c in listed])
        say(f"\nfrom {source}", options)
    else:
        say(f"no chapters: write episodes/{slug}/chapters.txt, or: sessioncast chapters {slug} --propose", options)


def _propose(options: Options, opened: Opened, session: Session, *, write: bool) -> None:
    from sessioncast.chapters import marks_text, propose
    from sessioncast.texts import Sound, said

    captions = opened.project.captions(session)
    if not captions:
        raise ContentError(
            f"episodes/{session.slug}: found no transcript to propose chapters from",
            hint=f"copy the recorder's captions to episodes/{session.slug}/transcript.vtt",
        )
    whole = Sound.of([(0, _FOREVER, 0)], _FOREVER / 1000)  # chapters.txt counts in the recording's time
    heard = said(opened.project, session, captions[0][0], whole, captions[0][1])
    marks = propose(heard.sentences)
    if options.json:
        for mark in marks:
            record({"start": mark.start / 1000, "title": mark.title})
        return
    if not marks:
        say("nothing to propose: the talk is too short, or its words never change", options)
        return
    say(marks_text(marks).rstrip(), options)
    target = opened.project.session_folder(session.slug) / "chapters.txt"
    if write and target.exists():
        raise ContentError(f"{target}: found chapters already, expected none", hint="remove it first, or edit it")
    if write:
        from sessioncast.scratch import write_whole

        write_whole(target, marks_text(marks).encode())
        say(f"\nwrote {target}: read it over before you publish", options)
    else:
        say("\nproposed only: --write saves them as chapters.txt, for you to edit", options)


def _open(options: Options, slug: str) -> tuple[Opened, Session]:
    opened = open_show(options)
    session = opened.project.session(slug)
    if session is None:
        from sessioncast.cli.opening import problems_error

        broken = problems_error(opened.problems)
        if broken is not None and any(f"episodes/{slug}/" in f"{p.file}/" for p in broken.problems):
            raise broken
        raise ContentError(f"episodes/{slug}: found no such session", hint="sessioncast status")
    return opened, session


def _sound(opened: Opened, session: Session) -> Sound:
    """Return the audio's timeline: of what is public, else of what was made here, else of a recording nobody has cut."""
    from sessioncast.commit import read_catalog
    from sessioncast.produce import facts_of
    from sessioncast.texts import Sound

    catalog = read_catalog(opened.roots.private).catalog
    public = catalog.by_guid(session.guid) if catalog else None
    facts = facts_of(opened.project, session)
    markers = tuple((at, title) for at, title in facts["markers"]) if facts else ()
    if public is not None:
        return Sound.of(public.pieces, public.enclosure.duration, markers)
    if facts is not None:
        return Sound.of([(s, e, at) for s, e, at in facts["pieces"]], facts["duration"], markers)
    return Sound.of([(0, _FOREVER, 0)], _FOREVER / 1000)


def _clock(milliseconds: int) -> str:
    minutes, seconds = divmod(milliseconds // 1000, 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{seconds:02d}"
