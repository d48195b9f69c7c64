"""What an audio file says of itself, and where the tagged file lies on this machine."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import TYPE_CHECKING

from sessioncast.plan.wanted import digest

if TYPE_CHECKING:
    from pathlib import Path

    from sessioncast.audio.tag_facts import TagChapter, TagFacts
    from sessioncast.extras import Chapter
    from sessioncast.model import Show
    from sessioncast.plan.wanted import WantedEpisode
    from sessioncast.produce.cover import Cover
    from sessioncast.project import Project

SUMMARY_CHARACTERS = 500


def tagged_path(project: Project, tags: TagFacts, cover: Cover, audio: str, extension: str) -> Path:
    """Return where the file lies that has these tags and the audio of this fingerprint; it may not exist yet."""
    plain = {f.name: getattr(tags, f.name) for f in fields(tags) if f.name != "cover"}
    name = digest({"tags": json.dumps(plain, default=str), "cover": cover.source_sha256, "audio": audio})
    return project.room("masters") / f"{name}.{extension}"


def tag_facts(
    wanted: WantedEpisode, show: Show, cover: Cover, chapters: tuple[Chapter, ...] = (), length: float = 0.0
) -> TagFacts:
    """Return what the audio file says of itself; nothing in it depends on where it is published (TAG-AGREE)."""
    from sessioncast.audio.tag_facts import TagFacts
    from sessioncast.notes import plain

    session = wanted.session
    hosts_and_guests = tuple(c.name for c in wanted.credits if c.group == "cast")
    return TagFacts(
        title=session.title,
        show=show.title,
        artists=hosts_and_guests or (show.author,),
        guid=session.guid,
        date=session.starts,
        season=session.season,
        number=session.number,
        summary=session.summary or plain(session.notes, SUMMARY_CHARACTERS),
        language=session.language or show.language,
        copyright=show.copyright or "",
        link=session.link or "",
        category=show.categories[0],
        cover=cover.embedded,
        chapters=_marked(chapters, round(length * 1000)),
    )


def _marked(chapters: tuple[Chapter, ...], length: int) -> tuple[TagChapter, ...]:
    """Return the chapters as tags take them: each ends where the next begins, the last with the audio (ID3-CHAP)."""
    from sessioncast.audio.tag_facts import TagChapter

    starts = [round(chapter.start * 1000) for chapter in chapters]
    ends = [*starts[1:], length][: len(starts)]
    return tuple(
        TagChapter(start, end, chapter.title, chapter.link or "")
        for start, end, chapter in zip(starts, ends, chapters, strict=True)
    )
