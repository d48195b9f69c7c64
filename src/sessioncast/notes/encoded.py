"""The full show notes of one item: what stands in content:encoded."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from sessioncast import layout
from sessioncast.extras import TextFile
from sessioncast.model import PublicShow, PublishedEpisode
from sessioncast.notes.dates import session_time
from sessioncast.notes.markdown import PAGE_TAGS, sanitise, to_html

if TYPE_CHECKING:
    from jinja2 import Template

CHAPTER_TITLE = 40


def encoded_html(show: PublicShow, episode: PublishedEpisode) -> str:
    """Return notes, the session's date, speakers, chapters, slides and links, transcripts, pages, licence and contact."""
    when = session_time(episode.starts, episode.ends, show.timezone) if episode.starts else ""
    markup = _template().render(
        episode=episode,
        show=show,
        body=to_html(episode.notes or episode.summary),
        when=when,
        credits=[(credit, to_html(credit.bio)) for credit in episode.credits],
        stamps=[f"{_stamp(c.start)} {_short(c.title)}" for c in episode.chapters],
        transcripts=[(_called(file), layout.address(show.public_url, file.key)) for file in episode.transcripts],
        slides=_located(show, episode.slides) if episode.slides else None,
        attachments=[(a.title, _located(show, a.key)) for a in episode.attachments],
        page=layout.address(show.public_url, layout.episode_page(episode.slug)),
    )
    return sanitise(markup, PAGE_TAGS)


def _located(show: PublicShow, key: str) -> str:
    return key if "://" in key else layout.address(show.public_url, key)


def _stamp(seconds: float) -> str:
    """Return ``MM:SS`` or ``HH:MM:SS``, as Spotify reads them at the beginning of a line (CP-SPOTIFY)."""
    minutes, second = divmod(int(seconds), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours:02d}:{minute:02d}:{second:02d}" if hours else f"{minute:02d}:{second:02d}"


def _short(title: str) -> str:
    """Return a title of less than 40 characters, cut between words (CP-SPOTIFY)."""
    if len(title) < CHAPTER_TITLE:
        return title
    start = title[: CHAPTER_TITLE - 2]
    return (start.rpartition(" ")[0] or start).rstrip(" ,;:–—-") + "…"


def _called(file: TextFile) -> str:
    kind = {"text/vtt": "VTT", "application/x-subrip": "SRT", "application/json": "JSON", "text/html": "HTML"}
    facts = ", ".join(fact for fact in (kind.get(file.media_type, "text"), file.language) if fact)
    return f"Transcript ({facts})"


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
