"""Feeds of other hosts, in their dialects (tests/samples/old-feeds), and what our reader is expected to make of them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from sessioncast.oldfeed import OldFeed, OldItem, read_old_feed

FOLDER = Path(__file__).parent / "samples" / "old-feeds"
DIALECTS = sorted(folder.name for folder in FOLDER.iterdir())
MEDIA = b"https://media.example.org"


def feed_of(dialect: str) -> bytes:
    """Return a dialect's feed."""
    return (FOLDER / dialect / "feed.xml").read_bytes()


def told(feed: OldFeed) -> dict[str, Any]:
    """Return what a reader made of a feed, as expected.json says it."""
    show = feed.show
    return {
        "show": {
            "title": show.title,
            "summary": show.summary,
            "language": show.language,
            "categories": list(show.categories),
            "explicit": show.explicit,
            "type": show.type,
            "copyright": show.copyright,
            "owner": show.owner_email,
            "locked": show.locked,
            "guid": show.podcast_guid,
            "address": show.address,
            "people": [p.name for p in show.people],
            "more": dict(show.more),
            "seasons": dict(show.season_names),
        },
        "items": [_item(item) for item in feed.items],
        "losses": [str(loss) for loss in feed.losses],
    }


def _item(item: OldItem) -> dict[str, Any]:
    plain: dict[str, Any] = {
        "guid": item.guid,
        "permalink": item.permalink,
        "published": item.published.isoformat() if item.published else None,
        "title": item.title,
        "enclosure": [item.audio.url, item.audio.length, item.audio.media_type, item.audio.duration],
        "notes": item.notes,
    }
    others: dict[str, Any] = {
        "link": item.link,
        "season": item.season,
        "number": item.number,
        "kind": item.kind if item.kind != "full" else None,
        "explicit": item.explicit,
        "artwork": item.artwork,
        "people": [f"{p.name} ({p.group}: {p.role})" for p in item.people],
        "transcripts": [[t.url, t.media_type, t.language] for t in item.transcripts],
        "chapters": item.chapters,
        "marks": [[m.start, m.title, m.link] for m in item.marks],
        "tags": list(item.tags),
        "more": dict(item.more),
        "said_guid": item.said_guid,
    }
    return plain | {name: value for name, value in others.items() if value not in (None, "", [], {})}


if __name__ == "__main__":  # python tests/oldfeeds.py DIALECT…: write what is read now, to be looked over as a diff
    import json

    for name in sys.argv[1:] or DIALECTS:
        said = told(read_old_feed(feed_of(name), name))
        (FOLDER / name / "expected.json").write_text(json.dumps(said, indent=1, ensure_ascii=False) + "\n", "utf-8")
