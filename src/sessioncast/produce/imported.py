"""An episode that was public elsewhere before: its audio named where it lies, or put byte for byte as it was fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sessioncast import layout
from sessioncast.errors import MediaError
from sessioncast.fetch import fetched
from sessioncast.model import Enclosure
from sessioncast.plan.changes import Audio
from sessioncast.plan.wanted import digest
from sessioncast.produce.value import Produced
from sessioncast.scratch import sha256_of
from sessioncast.store.port import Artifact

if TYPE_CHECKING:
    from pathlib import Path

    from sessioncast.events import Report
    from sessioncast.model import Imported
    from sessioncast.plan.wanted import WantedEpisode
    from sessioncast.project import Project


def as_it_was(project: Project, wanted: WantedEpisode, came: Imported, *, key_name: str, report: Report) -> Produced:
    """Return the audio of an imported session: nothing of it is decoded, tagged or encoded.

    Raises MediaError where trim or redact ask for more than that, or the file is not the one that was fetched.
    """
    session = wanted.session
    where = f"episodes/{session.slug}/session.toml"
    if session.trim or session.redact:
        name = came.file or "recording.mp3"
        raise MediaError(
            f"{where}: trim, redact: found a cut in audio that is published as it was, expected a recording to cut",
            hint=f'write recording = "{name}" in {where}: the file in that folder is then made into an episode',
        )
    if came.file is None or came.sha256 is None:
        enclosure = named_where_it_lies(came)
        return Produced(wanted, Audio(enclosure, _print(came), cuts=wanted.cuts), (), name=key_name)
    file = _file(project, wanted, came, report)
    key = layout.media(key_name, came.sha256, came.file.rpartition(".")[2].lower())
    enclosure = Enclosure(
        key=key,
        length=file.stat().st_size,
        media_type=layout.media_type(key),
        duration=came.duration or 1,
        sha256=came.sha256,
    )
    audio = Audio(enclosure, _print(came), cuts=wanted.cuts)
    return Produced(wanted, audio, (Artifact(key, file),), name=key_name)


def named_where_it_lies(came: Imported) -> Enclosure:
    """Return the enclosure of audio that stays on its server."""
    return Enclosure(key=came.url, length=came.length, media_type=came.media_type, duration=came.duration)


def _print(came: Imported) -> str:
    return digest({"imported": came.sha256 or came.url})


def _file(project: Project, wanted: WantedEpisode, came: Imported, report: Report) -> Path:
    """Return the file that was fetched; on a machine that hasn't got it, fetched again."""
    slug = wanted.session.slug
    file = project.session_folder(slug) / str(came.file)
    if not file.is_file():
        private = project.imports.private_addresses
        file = fetched(came.url, project.scratch / "recordings", project.store, report, resume=True, private=private)
    if sha256_of(file) != came.sha256:
        raise MediaError(
            f"{file}: found other bytes than were imported, expected sha256 {came.sha256}",
            hint=f"copy {came.file} from the machine that imported it into episodes/{slug}",
        )
    return file
