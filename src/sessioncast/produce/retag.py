"""The audio of a public episode under today's title, people and cover: its packets as they are, its tags anew (``--retag``)."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sessioncast import layout
from sessioncast.errors import MediaError
from sessioncast.produce.master import made_here
from sessioncast.produce.tagging import tag_facts, tagged_path
from sessioncast.produce.value import Made, Produced, produced
from sessioncast.texts import Sound, chapters_of

if TYPE_CHECKING:
    from sessioncast.audio.tag_facts import TagFacts
    from sessioncast.model import PublishedEpisode
    from sessioncast.plan.wanted import WantedEpisode
    from sessioncast.produce.cover import Cover
    from sessioncast.project import Project
    from sessioncast.store.port import Store


def retag(
    project: Project, wanted: WantedEpisode, episode: PublishedEpisode, cover: Cover, public: Store, *, key_name: str
) -> Produced:
    """Return a public episode's files with new tags; needs no recording, but reads what this machine has not.

    Raises the store's errors, SessioncastError when the disk refuses.
    """
    from sessioncast.audio.tags import write_tags
    from sessioncast.audio.untag import untagged

    if episode.enclosure.elsewhere:
        raise MediaError(
            f"episodes/{episode.slug}: found audio that lies at {episode.enclosure.key}, expected a file of ours to tag",
            hint="bring it home first: sessioncast import-feed FEED --fetch --update",
        )
    sound = Sound.of(episode.pieces, episode.enclosure.duration)
    chapters = chapters_of(project, wanted.session, sound) or episode.chapters
    facts = tag_facts(wanted, project.show, cover, chapters, episode.enclosure.duration)
    here = made_here(project)
    main = Made(
        _target(project, facts, cover, episode.enclosure.key),
        _container(episode.enclosure.key),
        episode.enclosure.duration,
        episode.enclosure.bitrate,
    )
    others = [
        Made(
            _target(project, facts, cover, a.key),
            _container(a.key),
            episode.enclosure.duration,
            a.bitrate or 0,
            a.codecs or "",
            a.height,
        )
        for a in episode.alternates
    ]
    with tempfile.TemporaryDirectory(dir=project.room("work"), prefix="tags-") as folder:
        for key, made in zip(
            (episode.enclosure.key, *(a.key for a in episode.alternates)), (main, *others), strict=True
        ):
            old = here.get(layout.hash_of(key)) or Path(folder) / Path(key).name
            if not old.exists():
                public.read(key, into=old)
            bare = Path(folder) / f"bare-{Path(key).name}"
            untagged(old, bare)
            write_tags(bare, made.path, facts)
    made_anew = produced(wanted, (main, *others), episode.audio_fingerprint, key_name, pieces=episode.pieces)
    audio = replace(made_anew.audio, waveform=episode.waveform, cuts=episode.cuts)
    return replace(made_anew, audio=audio)


def _container(key: str) -> str:
    return key.rpartition(".")[2]


def _target(project: Project, facts: TagFacts, cover: Cover, key: str) -> Path:
    return tagged_path(project, facts, cover, layout.sha256(key.encode()), _container(key))
