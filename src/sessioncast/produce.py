"""Session and recording → master: encoded once, tagged, hashed. Touches no store; everything made is kept in ``.sessioncast``.

Two caches, each named by a fingerprint of inputs and settings, never of tool versions: the encoded audio, and the tagged
file made of it. A changed title tags again without encoding again.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

from sessioncast import layout
from sessioncast.errors import MediaError
from sessioncast.events import Report, silent
from sessioncast.model import Enclosure
from sessioncast.plan.wanted import digest

if TYPE_CHECKING:
    from sessioncast.audio.encode import Encoded
    from sessioncast.audio.tags import TagFacts
    from sessioncast.model import AudioSettings, Session, Show, Trim
    from sessioncast.plan.wanted import WantedEpisode
    from sessioncast.project import Project

RECIPE = 2
"""Raised when the same input and settings shall give different audio, never for a new tool version."""

SUMMARY_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class Produced:
    """A master on this machine, ready to be put under ``enclosure.key``."""

    wanted: WantedEpisode
    master: Path
    enclosure: Enclosure
    audio_fingerprint: str


@dataclass(frozen=True, slots=True)
class Cover:
    """The show's artwork on this machine: 3000 px for the feed, small for the tags."""

    source_sha256: str
    public: Path
    embedded: bytes
    key: str
    notes: str = ""


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def cover_of(project: Project) -> Cover:
    """Return the show's artwork, drawn anew only when the picture changed. Raises MediaError (APPLE-ART-*, ART-*)."""
    if not project.cover.is_file():
        raise MediaError(
            f"{project.cover}: found nothing, expected the show's artwork",
            hint="put a square picture of 3000 px there, or name another in feed/show.toml as artwork",
        )
    source = sha256_of(project.cover)
    kept = _room(project, "artwork")
    public, embedded, note = kept / f"{source}.jpg", kept / f"{source}-small.jpg", kept / f"{source}.txt"
    if not note.exists():
        from sessioncast.audio.artwork import embedded_art, show_art

        art = show_art(project.cover)
        _write(public, art.jpeg)
        _write(embedded, embedded_art(project.cover))
        _write(note, "\n".join(art.notes).encode())
    return Cover(
        source, public, embedded.read_bytes(), layout.artwork("cover", sha256_of(public)), note.read_text("utf-8")
    )


def produce(
    project: Project, wanted: WantedEpisode, cover: Cover, *, key_name: str, report: Report = silent
) -> Produced:
    """Return the tagged master of a session's recording.

    ``key_name`` stands in the media key where the slug usually does. Raises MediaError naming the recording.
    """
    session = wanted.session
    recording = project.recording(session)
    if recording is None:
        raise MediaError(
            f"episodes/{session.slug}/session.toml: recording: found nothing, expected a path",
            hint=f'put the file into episodes/{session.slug} and name it: recording = "…"',
        )
    source = _present(recording, f"episodes/{session.slug}")
    print_ = audio_fingerprint(sha256_of(source), project.audio, session.trim)
    audio, encoded = _encoded(project, source, print_, session, report)
    tagged = _tagged(project, wanted, cover, audio, print_)
    sha256 = sha256_of(tagged)
    return Produced(
        wanted=wanted,
        master=tagged,
        enclosure=Enclosure(
            key=layout.media(key_name, sha256),
            length=tagged.stat().st_size,
            media_type=layout.media_type("master.mp3"),
            duration=encoded["duration"],
            sha256=sha256,
            bitrate=int(encoded["bitrate"]),
        ),
        audio_fingerprint=print_,
    )


def audio_fingerprint(recording_sha256: str, settings: AudioSettings, trim: Trim | None = None) -> str:
    """Return the fingerprint of the audio: the recording's bytes, what is taken of it and the settings, not the tools."""
    cut = {"trim": trim.model_dump(mode="json")} if trim else {}
    said = settings.model_dump(mode="json", exclude_defaults=True)
    return digest({"recipe": RECIPE, "recording": recording_sha256, **cut, **said})


def _present(recording: Path | str, where: str) -> Path:
    if isinstance(recording, str):
        raise MediaError(
            f"{where}/session.toml: recording: found an address ({recording}), expected a file",
            hint="download it into the session's folder and name the file",
        )
    if not recording.exists():
        raise MediaError(
            f"{recording}: found nothing, expected the recording named in {where}/session.toml",
            hint=f"copy the recording to {recording}",
        )
    if not recording.is_file():
        raise MediaError(
            f"{recording}: found a folder or device, expected a recording",
            hint=f"name the file in {where}/session.toml",
        )
    return recording


def _encoded(
    project: Project, source: Path, print_: str, session: Session, report: Report
) -> tuple[Path, dict[str, float]]:
    kept = _room(project, "audio")
    audio, facts = kept / f"{print_}.mp3", kept / f"{print_}.json"
    if not facts.exists():
        from sessioncast.audio.encode import encode

        encoded: Encoded = encode(
            source,
            audio,
            project.audio,
            report=report,
            name=session.slug,
            scratch=_room(project, "work"),
            trim=session.trim,
        )
        # The facts are written last: they say that the audio beside them is whole.
        _write(facts, (json.dumps(asdict(encoded), sort_keys=True) + "\n").encode())
    read: dict[str, float] = json.loads(facts.read_text("utf-8"))
    return audio, read


def _tagged(project: Project, wanted: WantedEpisode, cover: Cover, audio: Path, print_: str) -> Path:
    from sessioncast.audio.tags import write_tags

    facts = tag_facts(wanted, project.show, cover)
    plain = {f.name: getattr(facts, f.name) for f in fields(facts) if f.name != "cover"}
    name = digest({"tags": json.dumps(plain, default=str), "cover": cover.source_sha256, "audio": print_})
    tagged = _room(project, "masters") / f"{name}.mp3"
    if not tagged.exists():
        write_tags(audio, tagged, facts)
    return tagged


def tag_facts(wanted: WantedEpisode, show: Show, cover: Cover) -> TagFacts:
    """Return what the audio file says of itself; nothing in it depends on where it is published (TAG-AGREE)."""
    from sessioncast.audio.tags import TagFacts
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
    )


def _room(project: Project, name: str) -> Path:
    room = project.scratch / name
    room.mkdir(parents=True, exist_ok=True)
    return room


def _write(path: Path, body: bytes) -> None:
    partial = path.with_name(f"{path.name}.{os.getpid()}.part")
    partial.write_bytes(body)
    partial.replace(path)
