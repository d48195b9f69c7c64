"""The full show notes of one item: what stands in content:encoded."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from sessioncast.model import PublicShow, PublishedEpisode
from sessioncast.notes.dates import session_time
from sessioncast.notes.markdown import PAGE_TAGS, sanitise, to_html

if TYPE_CHECKING:
    from jinja2 import Template


def encoded_html(show: PublicShow, episode: PublishedEpisode) -> str:
    """Return notes, the session's own date, speakers, session page and contact, as safe HTML."""
    when = session_time(episode.starts, episode.ends, show.timezone) if episode.starts else ""
    markup = _template().render(
        episode=episode,
        show=show,
        body=to_html(episode.notes or episode.summary),
        when=when,
        credits=[(credit, to_html(credit.bio)) for credit in episode.credits],
    )
    return sanitise(markup, PAGE_TAGS)


@cache
def _template() -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("sessioncast.notes", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("encoded.html")
