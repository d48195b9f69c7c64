"""``sessioncast status`` and ``info``: looking without touching anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from sessioncast.cli.drawing import record, say, table
from sessioncast.cli.opening import Opened, clock, open_show, problems_error
from sessioncast.cli.options import Options, shared_options
from sessioncast.errors import ContentError

if TYPE_CHECKING:
    from sessioncast.catalog import Catalog
    from sessioncast.model import Session
    from sessioncast.plan.judge import Judged


@click.command("status")
@shared_options
@click.pass_obj
def status_command(options: Options) -> int:
    """List every session: public, new, changed, waiting, taken down; and why, with the command that lets it out.

    \b
    Example:
      sessioncast --json status     one object a session
    """
    from sessioncast.automate.letting_out import Gate, mend
    from sessioncast.commit import read_catalog
    from sessioncast.plan.seasons import season_of

    opened = open_show(options)
    project = opened.project
    catalog = read_catalog(opened.roots.private).catalog
    gate = Gate(project, catalog, opened.public_url, opened.roots.public.where, clock())
    judged = gate.judged
    rows = []
    seasonless: list[str] = []
    for decision in judged.decisions:
        session = decision.wanted.session
        public = catalog.by_guid(session.guid) if catalog else None
        since = public.published.date().isoformat() if public else ""
        fate = "ready" if decision.fate.value == "new" else decision.fate.value
        why = decision.why or session.title
        if fate == "waits" and public is None and not gate.is_to_come(session):
            why = f"{why}; {mend(session)}"
        elif fate == "ready" and project.auto.model_fields_set and (barred := gate.bars(session)):
            why = f"auto lets it wait: {'; '.join(bar.why for bar in barred)}; {barred[0].mend}"
        rows.append((session.slug, fate, since, why))
        year = season_of(opened.project.show, session.starts)
        if year is not None and session.season is None and public is None:
            seasonless.append(f"episodes/{session.slug}/session.toml has no season yet: write season = {year}")
    elsewhere = {d.wanted.session.guid for d in judged.decisions}
    rows += [
        (episode.slug, "public", episode.published.date().isoformat(), "no folder on this machine")
        for episode in (catalog.episodes if catalog else ())
        if episode.guid not in elsewhere
    ]
    if options.json:
        for slug, fate, since, why in rows:
            record({"session": slug, "state": fate, "published": since, "why": why})
    else:
        table(("session", "state", "published", "why"), rows)
        state = f"revision {catalog.revision}" if catalog else "nothing public yet"
        say(f"\n{opened.project.show.title} in {opened.roots.public.where}: {state}", options)
        if judged.settings.value == "differs":
            say("feed/show.toml differs from what is public: sessioncast publish --settings", options)
    for remark in seasonless:
        say(remark, options)
    broken = problems_error(opened.problems)
    if broken:
        from sessioncast.cli.failing import tell

        tell(broken, options)
    return broken.exit_code if broken else 0


@click.command("info")
@click.argument("slug")
@shared_options
@click.pass_obj
def info_command(options: Options, slug: str) -> None:
    """Show the session SLUG in full: what its folder says, and what is public.

    \b
    Example:
      sessioncast info 2024-02-20-paul-batalden
    """
    from sessioncast.produce import facts_of

    opened = open_show(options)
    session = next((s for s in opened.project.sessions if s.slug == slug), None)
    judged, catalog = _judged(opened)
    episode = catalog.by_slug(slug) if catalog else None
    if session is None and episode is None:
        raise ContentError(f"episodes/{slug}: found no such session", hint="sessioncast status")
    decision = next((d for d in judged.decisions if d.slug == slug), None)
    facts: dict[str, object] = _session_facts(session, opened) if session else {"session": slug}
    if decision is not None:
        facts["state"] = decision.fate.value + (f": {decision.why}" if decision.why else "")
    if episode is not None and catalog is not None:
        from sessioncast import layout

        facts |= {
            "published": episode.published.isoformat(),
            "guid": episode.guid,
            "duration": f"{round(episode.enclosure.duration)} s" if episode.enclosure.duration else "unknown",
            "enclosure": layout.address(catalog.show.public_url, episode.enclosure.key),
            "length": f"{episode.enclosure.length} bytes" if episode.enclosure.length else "unknown",
            "page": layout.address(catalog.show.public_url, layout.episode_page(episode.slug)),
        }
    heard = facts_of(opened.project, session) if session else None
    if heard:
        from sessioncast.audio.waveform import described

        facts["sound"] = described(heard)
    if options.json:
        record(facts | ({"waveform": heard["waveform"]} if heard else {}))
    else:
        table(("", ""), [(name, str(value)) for name, value in facts.items() if value not in ("", None, ())])
        if heard:
            _sketch(heard, options)


def _sketch(heard: dict[str, Any], options: Options) -> None:
    """Draw the sound as far as a terminal can."""
    import shutil
    import sys

    from sessioncast.audio.waveform import sketch

    plain = not (sys.stdout.encoding or "").lower().startswith("utf")
    say("\n" + sketch(heard["waveform"], shutil.get_terminal_size().columns - 1, ascii_only=plain), options)


def _judged(opened: Opened) -> tuple[Judged, Catalog | None]:
    from sessioncast.commit import read_catalog
    from sessioncast.pictures import folder_of
    from sessioncast.plan.judge import Request, judge

    project = opened.project
    catalog = read_catalog(opened.roots.private).catalog
    show_folder = folder_of(project, opened.public_url)
    return judge(show_folder, catalog, Request(), clock(), where=opened.roots.public.where), catalog


def _session_facts(session: Session, opened: Opened) -> dict[str, object]:
    people = opened.project.people
    recordings, came = opened.project.recordings(session), session.imported
    return {
        "session": session.slug,
        "title": session.title,
        "starts": session.starts.isoformat() if session.starts else "",
        "ends": session.ends.isoformat() if session.ends else "",
        "people": ", ".join(f"{people[c.person].name} ({c.role})" for c in session.credits),
        "recording": ", ".join(map(str, recordings))
        or (f"as imported: {came.file or came.url}" if came else "none yet"),
        "summary": session.summary or session.notes.partition("\n\n")[0],
    }
