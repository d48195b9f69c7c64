"""A draft nobody knows yet → a folder of ``episodes/`` and entries of people.toml."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sessioncast.bring_in.fields import missing_in, said_by
from sessioncast.bring_in.hands import Hands
from sessioncast.bring_in.memory import Memory
from sessioncast.bring_in.outcome import Written
from sessioncast.bring_in.people import Member, cast_of, people_differences, proposals, write_people
from sessioncast.bring_in.remarks import remarks_on
from sessioncast.errors import ContentError
from sessioncast.ingest.draft import Draft
from sessioncast.model import Credit, Session, mint_guid
from sessioncast.plan import seasons
from sessioncast.project import Project
from sessioncast.project.explain import check
from sessioncast.project.value import session_file


def add(
    show: Project, draft: Draft, slug: str, memory: Memory, hands: Hands, *, update: bool = False
) -> tuple[Project, Written]:
    """Write a draft as a new session and return the show with it. Raises ContentError for what no session can hold."""
    cast = cast_of(show, draft)
    missing = tuple(missing_in(draft).values())
    names = ", ".join(p.name for p in draft.people)
    said = said_by(draft)
    session = check(
        Session,
        {
            "slug": slug,
            "guid": draft.guid or mint_guid(show.show.id, slug),
            "title": f"Session with {names}" if names else "Untitled session",
            **seasons.given(show.show, show.sessions, draft.starts),
            **said.plain,
            "starts": _local(draft.starts, show),
            "ends": _local(draft.ends, show),
            "draft": bool(missing),
            "missing": missing,
            "credits": [credit.model_dump() for member in cast for credit in member.credits],
        },
        draft.origin or draft.source or session_file(slug),
    )
    if not isinstance(session, Session):
        raise ContentError("", problems=session)
    differences = people_differences(cast, memory)
    remarks = (*remarks_on(show, draft), *proposals(show, cast))
    people, touched = write_people(show, cast, memory, hands, update=update)
    written = hands.write_session(session, draft.files)
    memory.remember(session.guid, {**said.fields, **as_said(session.credits, cast)})
    show = replace(show, people=people, sessions=(*show.sessions, session))
    paths = (*written, *touched)
    return show, Written(slug, paths, differences, missing, (*draft.remarks, *said.remarks, *remarks))


def as_said(credited: Sequence[Credit], cast: Sequence[Member]) -> dict[str, object]:
    """Return the credits as a source said them; nothing where it named nobody."""
    return {"credits": tuple(credited)} if cast else {}


def free_slug(show: Project, wanted: str) -> str:
    """Return a folder's name that no session has or had: the one that is wanted, or with a number."""
    slug, number = wanted, 1
    while is_taken(show, slug):
        number += 1
        slug = f"{wanted[:96]}-{number}"
    return slug


def is_taken(show: Project, slug: str) -> bool:
    """Whether a folder has this name, or had it first: a renamed session keeps the guid of its first slug."""
    guid = mint_guid(show.show.id, slug)
    return show.session_folder(slug).exists() or any(s.guid == guid or s.slug == slug for s in show.sessions)


def _local(moment: datetime | None, show: Project) -> datetime | None:
    """Return a time as people write it: one in UTC is told in the show's zone, any other keeps its offset."""
    return moment.astimezone(ZoneInfo(show.show.timezone)) if moment and moment.tzname() == "UTC" else moment
