"""What stands beside the pages and is no page: how to embed an episode (oEmbed)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sessioncast import layout
from sessioncast.site.text import shown

if TYPE_CHECKING:
    from sessioncast.model import PublicShow, PublishedEpisode

WIDTH, HEIGHT = 640, 260
"""Of the frame: all of the player's controls, on a phone too."""


def frame(show: PublicShow, episode: PublishedEpisode) -> str:
    """Return the markup that puts the player into another page."""
    from markupsafe import escape

    page = layout.address(show.public_url, layout.embed_page(episode.slug))
    return (
        f'<iframe src="{escape(page)}" width="{WIDTH}" height="{HEIGHT}" title="{escape(shown(episode.title))}" '
        'loading="lazy" allow="autoplay" style="border:0;max-width:100%"></iframe>'
    )


def oembed(show: PublicShow, episode: PublishedEpisode, revision: int) -> bytes:
    """Return the answer an oEmbed provider would give, as a file: the player in a frame."""
    plain = {
        "version": "1.0",
        "type": "rich",
        "title": shown(episode.title),
        "author_name": shown(show.author),
        "provider_name": shown(show.title),
        "provider_url": layout.address(show.public_url, layout.HOME),
        "html": frame(show, episode),
        "width": WIDTH,
        "height": HEIGHT,
        "revision": revision,
    }
    return (json.dumps(plain, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
