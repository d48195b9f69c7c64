"""One line of an export: a session as its folder says it, with what is public of it; or an episode whose folder is elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sessioncast import layout
from sessioncast.catalog import Catalog
from sessioncast.model import PublishedEpisode, Session
from sessioncast.project import Project


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody credited; ``key`` is theirs in people.toml, ``group`` empty for the cast."""

    name: str
    key: str = ""
    role: str = "guest"
    group: str = ""
    affiliation: str = ""
    bio: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """What an export says of a session; ``missing`` says why it must not go out as it is, ``page`` to ``seconds`` what is public."""

    guid: str
    slug: str
    source: str
    title: str
    starts: datetime | None
    ends: datetime | None
    people: tuple[Who, ...]
    summary: str
    notes: str
    season: int | None
    number: int | None
    language: str
    tags: tuple[str, ...]
    link: str
    room: str
    meeting: str
    license: str
    slides: str
    links: tuple[tuple[str, str], ...]
    missing: tuple[str, ...] = ()
    cancelled: bool = False
    do_not_record: bool = False
    published: datetime | None = None
    page: str = ""
    audio: str = ""
    seconds: int | None = None


def entries(project: Project, catalog: Catalog | None, public_url: str) -> tuple[Entry, ...]:
    """Return every session, and every episode without a folder here, in the order they took place; undated ones last."""
    known = {episode.guid: episode for episode in (catalog.episodes if catalog else ())}
    made = [_of_session(project, session, known.pop(session.guid, None), public_url) for session in project.sessions]
    made += [_of_episode(episode, public_url) for episode in known.values()]
    return tuple(sorted(made, key=lambda e: (e.starts is None, e.starts.timestamp() if e.starts else 0, e.slug)))


def _of_session(project: Project, session: Session, public: PublishedEpisode | None, public_url: str) -> Entry:
    people = tuple(
        Who(
            person.name,
            credit.person,
            credit.role,
            "" if credit.group == "cast" else credit.group,
            person.affiliation,
            person.bio,
            person.link or "",
        )
        for credit in session.credits
        for person in (project.people[credit.person],)
    )
    published, page, audio, seconds = _public(public, public_url)
    return Entry(
        **_texts(session),
        source=session.source or "",
        people=people,
        room=session.room or "",
        meeting=session.meeting or "",
        missing=_waits_for(session),
        cancelled=session.is_called_off,
        do_not_record=session.consent == "refused",
        published=published,
        page=page,
        audio=audio,
        seconds=seconds,
    )


def _of_episode(episode: PublishedEpisode, public_url: str) -> Entry:
    people = tuple(
        Who(
            credit.name,
            credit.person,
            credit.role,
            "" if credit.group == "cast" else credit.group,
            credit.affiliation,
            credit.bio,
            credit.link or "",
        )
        for credit in episode.credits
    )
    published, page, audio, seconds = _public(episode, public_url)
    return Entry(
        **_texts(episode),
        source="",
        people=people,
        room="",
        meeting="",
        published=published,
        page=page,
        audio=audio,
        seconds=seconds,
    )


def _texts(said: Session | PublishedEpisode) -> dict[str, Any]:
    return {
        "guid": said.guid,
        "slug": said.slug,
        "title": said.title,
        "starts": said.starts,
        "ends": said.ends,
        "summary": said.summary,
        "notes": said.notes,
        "season": said.season,
        "number": said.number,
        "language": said.language or "",
        "tags": said.tags,
        "link": said.link or "",
        "license": said.license.name if said.license else "",
        "slides": said.slides or "",
        "links": tuple((link.title, link.url) for link in said.links),
    }


def _waits_for(session: Session) -> tuple[str, ...]:
    """Return why a session is not to go out, so that its copy elsewhere doesn't either; that it was called off is said apart."""
    missing = tuple(item for item in session.missing if not item.startswith("cancelled"))
    if session.consent == "pending":
        missing += ("consent: pending where it was exported",)
    return missing or (("draft: marked so where it was exported",) if session.draft or session.hold else ())


def _public(episode: PublishedEpisode | None, public_url: str) -> tuple[datetime | None, str, str, int | None]:
    if episode is None:
        return None, "", "", None
    page = layout.address(public_url, layout.episode_page(episode.slug))
    return episode.published, page, layout.address(public_url, episode.enclosure.key), round(episode.enclosure.duration)
