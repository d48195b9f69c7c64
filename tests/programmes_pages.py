"""A season's programme as its organisers' website would show it: a page each with data for search engines, and two listings without."""

from __future__ import annotations

import html
import json
from datetime import datetime

from seasons import Season
from sessioncast.model import Session

SITE = "https://rounds.example"


def address(session: Session) -> str:
    return f"{SITE}/talks/{session.slug}/"


def speakers(season: Season, session: Session) -> list[str]:
    return [season.people[credit.person].name for credit in session.credits]


def page(season: Season, session: Session) -> bytes:
    """Return the session's own page."""
    places: list[dict[str, object]] = []
    if session.room:
        places.append({"@type": "Place", "name": session.room})
    if session.meeting and "://" in session.meeting:  # a bare meeting id has no place in a page's data
        places.append({"@type": "VirtualLocation", "url": session.meeting})
    event = {
        "@context": "https://schema.org",
        "@type": "EducationEvent",
        "url": address(session),
        "name": session.title,
        "startDate": _iso(session.starts),
        "endDate": _iso(session.ends),
        "location": places,
        "performer": [{"@type": "Person", "name": name} for name in speakers(season, session)],
        "superEvent": {"@type": "EventSeries", "name": season.series},
    }
    data = json.dumps({key: value for key, value in event.items() if value}, ensure_ascii=False).replace("</", "<\\/")
    return _document(
        session.title,
        f'<link rel="canonical" href="{address(session)}"><script type="application/ld+json">{data}</script>',
        f"<h1>{html.escape(session.title)}</h1><p>With {html.escape(' and '.join(speakers(season, session)))}</p><p>{_when(session)}</p>",
    )


def pages(season: Season) -> dict[str, bytes]:
    """Return every session's page by its address."""
    return {address(session): page(season, session) for session in season.sessions}


def table(season: Season) -> bytes:
    """Return the programme as one table."""
    rows = "".join(
        f"<tr><td>{_day(s)}</td><td>{_clock(s)}</td>{_cell(_link(s))}{_cell(html.escape('; '.join(speakers(season, s))))}"
        f"{_cell(s.room or '')}</tr>\n"
        for s in season.sessions
    )
    head = "".join(f"<th>{word}</th>" for word in ("Date", "Time", "Title", "Speaker", "Room"))
    return _document(season.series, _canonical("programme"), f"<h1>Programme</h1><table><tr>{head}</tr>{rows}</table>")


def cards(season: Season) -> bytes:
    """Return the programme as a row of boxes, each with a heading, a line of time and a line of names."""
    boxes = "".join(
        f'<div class="talk"><h3>{_link(s)}</h3><p class="when">{_when(s)}</p>'
        f"<p>Speaker: {html.escape(' and '.join(speakers(season, s)))}</p></div>\n"
        for s in season.sessions
    )
    return _document(season.series, _canonical("talks"), f'<h1>Talks</h1><div class="talks">{boxes}</div>')


def _document(title: str, head: str, body: str) -> bytes:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)}</title>{head}</head><body>'
        f"<header><nav><a href='/'>Home</a><a href='/talks'>Talks</a></nav></header><main>{body}</main>"
        "<footer><p>Rounds, every week</p></footer></body></html>"
    ).encode()


def _canonical(name: str) -> str:
    return f'<link rel="canonical" href="{SITE}/{name}">'


def _cell(text: str) -> str:
    return f"<td>{text}</td>"


def _link(session: Session) -> str:
    return f'<a href="/talks/{session.slug}/">{html.escape(session.title)}</a>'


def _when(session: Session) -> str:
    return f"{_day(session)}, {_clock(session)}"


def _day(session: Session) -> str:
    assert session.starts
    return f"{session.starts:%A} {session.starts.day} {session.starts:%B %Y}"


def _clock(session: Session) -> str:
    assert session.starts
    return f"{session.starts:%H:%M}–{session.ends:%H:%M}" if session.ends else f"{session.starts:%H:%M}"


def _iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""
