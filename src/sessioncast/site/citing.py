"""How to cite a talk: in words, and as BibTeX."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from sessioncast import layout

if TYPE_CHECKING:
    from sessioncast.model import PublicShow, PublishedEpisode
    from sessioncast.site.words import Words

_TEX = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"} | {
    c: f"\\{c}" for c in "{}%&#$_"
}


def speakers(episode: PublishedEpisode) -> list[str]:
    """Return who gave the talk: guests, or whoever is credited."""
    guests = [c.name for c in episode.credits if c.role == "guest"]
    return guests or [c.name for c in episode.credits if c.group == "cast"]


def citation(show: PublicShow, episode: PublishedEpisode, words: Words) -> str:
    """Return such as ``Florence Nightingale (20 February 2024): Title. Show [audio]. https://…``."""
    who = ", ".join(speakers(episode)) or show.author
    date = words.date(episode.starts or episode.published)
    address = layout.address(show.public_url, layout.episode_page(episode.slug))
    stop = "" if episode.title[-1:] in ".?!…。؟" else "."
    return f"{who} ({date}): {episode.title}{stop} {show.title} [{words('audio_of')}]. {address}"


def bibtex(show: PublicShow, episode: PublishedEpisode, words: Words) -> str:
    """Return a BibTeX entry; names and titles in braces, so that no style changes their letters."""
    del words
    moment = (episode.starts or episode.published).astimezone(ZoneInfo(show.timezone))
    who = " and ".join(f"{{{_tex(name)}}}" for name in speakers(episode) or [show.author])
    fields = {
        "author": who,
        "title": f"{{{_tex(episode.title)}}}",
        "howpublished": f"Audio, {_tex(show.title)}",
        "year": f"{moment:%Y}",
        "month": f"{moment:%m}",
        "day": f"{moment:%d}",
        "url": layout.address(show.public_url, layout.episode_page(episode.slug)),
    }
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return f"@misc{{{re.sub('[^a-z0-9-]', '', episode.slug)},\n{lines}\n}}"


def _tex(text: str) -> str:
    return "".join(_TEX.get(c, c) for c in text)
