"""The feed that would be public if all that is in the folder went out now. Touches neither the store nor the network."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from sessioncast import layout, site
from sessioncast.audio.read_back import read_picture, read_sound_file
from sessioncast.errors import MediaError
from sessioncast.feed import is_public_https, podcast_guid
from sessioncast.gate import Passed, facts_of, hold
from sessioncast.model import Enclosure
from sessioncast.plan.amend import apply
from sessioncast.plan.changes import Addition, Audio, Changes
from sessioncast.plan.wanted import waits, wanted_episode, wanted_show
from sessioncast.produce import cover_of, kept, named_where_it_lies

if TYPE_CHECKING:
    from sessioncast.errors import Problem
    from sessioncast.filefacts import Picture, Sound
    from sessioncast.produce import Cover
    from sessioncast.project import Project

_PLACEHOLDER = "0" * 64
_BYTES, _SECONDS = 1, 60.0  # of audio that nobody has made yet: any number will do


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What directories would say, how many sessions were in the feed they would read, and what is wrong with the templates."""

    passed: Passed
    episodes: int
    unmade: tuple[str, ...]
    waiting: tuple[str, ...]
    templates: tuple[Problem, ...] = ()


def rehearse(project: Project, public_url: str, now: datetime) -> Rehearsal:
    """Judge the feed of every session that is due; audio not made yet has placeholders and is not judged.

    A cover that can't be used is left out of the judgement: it is a problem of the folder.
    """
    try:
        cover: Cover | None = cover_of(project)
    except MediaError:
        cover = None
    additions, waiting, unmade = [], [], []
    sounds: dict[str, Sound] = {}
    for session in project.sessions:
        if any(not reason.startswith("no recording") for reason in waits(session, now)):
            waiting.append(session.slug)
            continue
        wanted = wanted_episode(session, project.people, project.show)
        if came := session.as_it_was:
            additions.append(Addition(wanted, Audio(named_where_it_lies(came), _PLACEHOLDER)))
            continue
        made = kept(project, wanted, cover, key_name=session.slug) if cover else None
        if made is None:
            unmade.append(session.slug)
            key = layout.media(session.slug, _PLACEHOLDER)
            enclosure = Enclosure(
                key=key, length=_BYTES, media_type=layout.media_type(key), duration=_SECONDS, sha256=_PLACEHOLDER
            )
        else:
            enclosure = made.produced.audio.enclosure
            sounds[enclosure.key] = replace(read_sound_file(made.produced.master), loudness=made.loudness)
        additions.append(Addition(wanted, Audio(enclosure, _PLACEHOLDER)))
    feed = layout.address(public_url, layout.FEED)
    artwork = cover.key if cover else layout.artwork("cover", _PLACEHOLDER)
    changes = Changes(
        show_id=project.show.id,
        additions=tuple(additions),
        show=wanted_show(project.show, public_url, cover.source_sha256 if cover else _PLACEHOLDER),
        artwork=artwork,
        podcast_guid=project.show.podcast_guid or (podcast_guid(feed) if is_public_https(feed) else None),
    )
    catalog = apply(None, changes, now)
    pictures: dict[str, Picture] = {}
    if cover:
        pictures[cover.key] = read_picture(cover.public.read_bytes(), str(cover.public))
    facts = replace(facts_of(now, project.audio.loudness, project.directories.known), pictures=pictures, sounds=sounds)
    passed = hold(catalog, facts, accept=project.check.accept, first=project.show.podcast_guid is None)
    templates = site.faults(catalog, project.templates) if project.templates else ()
    return Rehearsal(passed, len(additions), tuple(unmade), tuple(waiting), templates)
