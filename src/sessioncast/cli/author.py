"""``sessioncast init`` and ``new``: beginning a show, and a session by hand."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from uuid import uuid4

import click

from sessioncast.cli.drawing import record, say
from sessioncast.cli.opening import folder
from sessioncast.cli.options import Options, shared_options
from sessioncast.errors import ContentError


@click.command("init")
@click.option("--title", help="The show's name.")
@click.option("--author", help="Who makes it: the series, institution or person.")
@click.option("--email", help="A role address that directories may mail a code to.")
@click.option("--link", help="The series' home page.")
@click.option("--timezone", help="Where the sessions take place, such as America/Toronto.")
@click.option("--language", help="Such as en or en-ca.")
@click.option("--summary", help="What the show is about (can be filled in later).")
@click.option("--category", "categories", multiple=True, help="One of Apple's categories; at most two.")
@click.option(
    "--from", "page", type=click.Path(path_type=Path, dir_okay=False), help="A session page that names the series."
)
@shared_options
@click.pass_obj
def init_command(
    options: Options,
    title: str | None,
    author: str | None,
    email: str | None,
    link: str | None,
    timezone: str | None,
    language: str | None,
    summary: str | None,
    categories: tuple[str, ...],
    page: Path | None,
) -> None:
    """Start a show in this folder: asks what no flag answers, writes a commented show.toml and a cover to start with.

    \b
    Example:
      sessioncast init --title "Ward Rounds" --author "St Thomas'" --email podcast@example.org \\
        --link https://example.org/ --timezone Europe/London --language en-gb
    """
    from sessioncast import project as project_
    from sessioncast.audio.cover import draw_cover

    where = (options.project or Path()).absolute()
    if (where / "feed" / "show.toml").exists():
        raise ContentError(f"{where / 'feed' / 'show.toml'}: found a show already", hint="sessioncast status")
    offered = _offered(page, timezone) if page else ""
    title = title or click.prompt("The show's name", default=offered or None, err=True)
    author = author or click.prompt("Who makes it (series, institution or person)", default=offered or title, err=True)
    email = email or click.prompt("A role address for directories to write to", err=True)
    link = link or click.prompt("The series' home page", default="https://example.org/", err=True)
    timezone = timezone or click.prompt("Time zone of the sessions, such as America/Toronto", err=True)
    language = language or click.prompt("Language, such as en or en-ca", default="en", err=True)
    answers = project_.InitAnswers(
        id=uuid4(),
        title=title,
        author=author,
        owner_email=email,
        link=link,
        timezone=timezone,
        language=language.lower().replace("_", "-"),
        summary=summary or f"Recorded sessions of {title}.",
        categories=categories or ("Education",),
    )
    written = project_.init(where, answers, draw_cover(title, author))
    for path in written:
        if options.json:
            record({"wrote": str(path.relative_to(where))})
        say(f"wrote {path.relative_to(where)}", options)
    say("next: sessioncast import PAGE, or sessioncast new SLUG", options)


def _offered(page: Path, timezone: str | None) -> str:
    from sessioncast.ingest.page import read_page

    drafts = read_page(page, page.name, zone=timezone or "UTC")
    return next((d.hints.copyright for d in drafts if d.hints.copyright), "")


@click.command("new")
@click.argument("slug")
@click.option("--title", help="The talk's title.")
@click.option("--starts", help="When it starts, such as 2024-02-20T12:00-05:00.")
@click.option("--ends", help="When it ends.")
@click.option("--person", "people", multiple=True, help="A speaker: a name, or a key of feed/people.toml.")
@shared_options
@click.pass_obj
def new_command(
    options: Options, slug: str, title: str | None, starts: str | None, ends: str | None, people: tuple[str, ...]
) -> None:
    """Start the session SLUG by hand; what is left open makes a draft that says what is missing.

    \b
    Example:
      sessioncast new 1854-09-08-john-snow --title "The Broad Street pump" --person "John Snow" \\
        --starts 1854-09-08T18:00+00:00 --ends 1854-09-08T19:00+00:00
    """
    from sessioncast.bring_in import start_session

    where = folder(options)
    outcome = start_session(where, slug, title=title or "", starts=_moment(starts), ends=_moment(ends), people=people)
    if options.json:
        record({"session": slug, "wrote": [str(p) for p in outcome.paths]})
    for path in outcome.paths:
        say(f"wrote {path}", options)


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise click.BadParameter(
            f"found {text!r}, expected a date and time with offset, such as 2024-02-20T12:00-05:00"
        )
    return moment
