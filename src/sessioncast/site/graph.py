"""What the pages say to machines: schema.org as JSON-LD, in a block of data that nothing can break out of."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from sessioncast import layout
from sessioncast.notes import plain
from sessioncast.site.text import shown

if TYPE_CHECKING:
    from sessioncast.model import Announced, PublicCredit, PublicShow, PublishedEpisode
    from sessioncast.site.groups import Group
    from sessioncast.site.words import Words

_ESCAPED = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}
_SUMMARY = 1000


def safely(plain_: object) -> Markup:
    """Return a value as JSON for inside ``<script>``: nothing in it ends the element or begins a comment."""
    text = shown(json.dumps(plain_, ensure_ascii=False, separators=(",", ":")))
    return Markup(text.translate(_ESCAPED))  # noqa: S704 - what HTML could read is escaped above


@dataclass(frozen=True, slots=True)
class Graph:
    """Writes what schema.org calls the show, an episode, a person and a session to come."""

    show: PublicShow
    words: Words

    def series(self) -> dict[str, Any]:
        """Return the show (PodcastSeries)."""
        show = self.show
        return _context(
            {
                "@type": "PodcastSeries",
                "@id": self._at(layout.HOME),
                "name": show.title,
                "description": plain(show.summary, _SUMMARY),
                "url": self._at(layout.HOME),
                "webFeed": self._at(layout.FEED),
                "inLanguage": show.language,
                "image": self._at(show.artwork),
                "author": {"@type": "Organization", "name": show.author, "url": show.link},
                "sameAs": sorted(show.directories.values()),
            }
        )

    def episode(self, episode: PublishedEpisode) -> dict[str, Any]:
        """Return an episode (PodcastEpisode)."""
        page = self._at(layout.episode_page(episode.slug))
        licence = episode.license or self.show.license
        return _context(
            {
                "@type": "PodcastEpisode",
                "@id": page,
                "url": page,
                "name": episode.title,
                "description": plain(episode.summary or episode.notes, _SUMMARY),
                "datePublished": _utc(episode.published),
                "timeRequired": _length(episode.enclosure.duration),
                "inLanguage": episode.language or self.show.language,
                "image": self._at(episode.artwork or self.show.artwork),
                "episodeNumber": episode.number,
                "license": licence.url if licence else None,
                "keywords": ", ".join(episode.tags),
                "actor": [self._person(c) for c in episode.credits if c.group == "cast"],
                "associatedMedia": {
                    "@type": "AudioObject",
                    "contentUrl": self._at(episode.enclosure.key),
                    "encodingFormat": episode.enclosure.media_type,
                    "contentSize": str(episode.enclosure.length),
                    "duration": _length(episode.enclosure.duration),
                },
                "partOfSeries": {"@type": "PodcastSeries", "@id": self._at(layout.HOME), "name": self.show.title},
            }
        )

    def person(self, group: Group) -> dict[str, Any]:
        """Return a speaker (Person)."""
        assert group.credit is not None
        return _context(self._person(group.credit) | {"description": plain(group.credit.bio, _SUMMARY)})

    def event(self, session: Announced) -> dict[str, Any]:
        """Return a session to come (Event)."""
        place = session.location.name if session.location else self.show.author
        return _context(
            {
                "@type": "Event",
                "name": session.title,
                "description": plain(session.summary or session.notes, _SUMMARY),
                "startDate": session.starts.isoformat(),
                "endDate": session.ends.isoformat() if session.ends else None,
                "eventStatus": "https://schema.org/EventScheduled",
                "url": self._at(layout.episode_page(session.slug)),
                "image": self._at(self.show.artwork),
                "inLanguage": session.language or self.show.language,
                "location": {"@type": "Place", "name": place, "address": place}
                if session.location or not session.link
                else {"@type": "VirtualLocation", "url": session.link},
                "organizer": {"@type": "Organization", "name": self.show.author, "url": self.show.link},
                "performer": [self._person(c) for c in session.credits if c.group == "cast"],
            }
        )

    def _person(self, credit: PublicCredit) -> dict[str, Any]:
        image = None if credit.image is None or "://" in credit.image else self._at(credit.image)
        return _kept(
            {
                "@type": "Person",
                "name": credit.name,
                "url": self._at(layout.speaker_page(credit.person)),
                "sameAs": credit.link,
                "image": image,
                "affiliation": {"@type": "Organization", "name": credit.affiliation} if credit.affiliation else None,
            }
        )

    def _at(self, key: str) -> str:
        return key if "://" in key else layout.address(self.show.public_url, key)


def _context(plain_: dict[str, Any]) -> dict[str, Any]:
    return {"@context": "https://schema.org", **_kept(plain_)}


def _kept(plain_: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in plain_.items() if value not in (None, "", [], {})}


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _length(seconds: float) -> str:
    minutes, second = divmod(round(seconds), 60)
    return f"PT{minutes // 60}H{minutes % 60}M{second}S"
