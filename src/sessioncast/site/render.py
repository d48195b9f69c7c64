"""Templates into bytes: the only user of jinja2 for pages. Everything is escaped but what the notes' sanitiser made."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import quote

from sessioncast import layout
from sessioncast.extras import TextFile
from sessioncast.model import PublicShow, PublishedEpisode
from sessioncast.notes import day, legal, plain, session_time, to_html

if TYPE_CHECKING:
    from jinja2 import Environment

_TEASER = 320  # bytes of an episode's text in lists and link previews


def render(
    template: str,
    show: PublicShow,
    key: str | None,
    stylesheet: str,
    revision: int,
    context: Mapping[str, object],
) -> bytes:
    """Return one page as UTF-8.

    Links are relative to ``key``, so that the site works below any path; a page without a key is served at many
    addresses (404.html, withdrawn) and links absolutely.
    """
    text = (
        _environment()
        .get_template(template)
        .render(
            context,
            show=show,
            revision=revision,
            stylesheet=stylesheet,
            to=_linker(show.public_url, key),
            here=layout.address(show.public_url, key) if key else None,
            feed=layout.address(show.public_url, layout.FEED),
            cover=layout.address(show.public_url, show.artwork),
            **_words(show),
        )
    )
    return legal(text).encode()


def _linker(public_url: str, key: str | None) -> Callable[[str], str]:
    folder = None if key is None else posixpath.dirname(key) or "."

    def link(target: str) -> str:
        if folder is None or layout.is_elsewhere(target):
            return layout.address(public_url, target)
        return quote(posixpath.relpath(target, folder), safe="/-._~")

    return link


def _words(show: PublicShow) -> dict[str, object]:
    return {
        "day": lambda episode: day(_moment(episode), show.timezone),
        "moment": _moment,
        "when": lambda episode: session_time(episode.starts, episode.ends, show.timezone),
        "teaser": _teaser,
        "about": lambda: plain(show.summary, _TEASER),
    }


def _moment(episode: PublishedEpisode) -> datetime:
    """Return the session's own start, which is what listeners look for; its publication where that is unknown."""
    return episode.starts or episode.published


def _teaser(episode: PublishedEpisode) -> str:
    return plain(episode.summary or episode.notes, _TEASER)


def _minutes(seconds: float) -> str:
    """Return such as ``58 min``, ``1 h 2 min`` or ``40 s``."""
    if seconds < 60:
        return f"{max(1, round(seconds))} s"
    hours, minutes = divmod(round(seconds / 60), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def _clock(seconds: float) -> str:
    """Return such as ``4:05`` or ``1:04:05``."""
    minutes, second = divmod(int(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02d}:{second:02d}" if minutes >= 60 else f"{minutes}:{second:02d}"


def _megabytes(size: int) -> str:
    return f"{max(0.1, size / 1e6):.1f} MB" if size < 1e7 else f"{size / 1e6:.0f} MB"


def _kind(file: TextFile) -> str:
    """Return what a transcript comes as: ``VTT``; of one that lies elsewhere the type tells."""
    if not layout.is_elsewhere(file.key):
        return file.key.rpartition(".")[2].upper()
    known = {"text/vtt": "VTT", "text/html": "HTML", "text/plain": "TXT", "application/json": "JSON"}
    return known.get(file.media_type, "SRT")


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("sessioncast.site"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals["layout"] = layout
    environment.filters |= {
        "kind": _kind,
        "html": to_html,
        "minutes": _minutes,
        "clock": _clock,
        "megabytes": _megabytes,
        "utc": _utc,
    }
    return environment
