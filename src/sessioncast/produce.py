"""Session and recording → master: encoded once, tagged, hashed. Touches no store; everything made is kept in ``.sessioncast``.

Two caches, each named by a fingerprint of inputs and settings, never of tool versions: the encoded audio, and the tagged
file made of it. A changed title tags again without encoding again.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

from sessioncast import layout
from sessioncast.errors import MediaError
from sessioncast.events import Report, silent
from sessioncast.fetch import fetched
from sessioncast.model import Enclosure
from sessioncast.plan.wanted import digest
from sessioncast.scratch import sha256_of, write_whole

if TYPE_CHECKING:
    from sessioncast.audio.encode import Encoded
    from sessioncast.audio.programme import Programme
    from sessioncast.audio.tags import TagFacts
    from sessioncast.model import AudioSettings, Session, Show
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
class Kept:
    """A master made earlier, and how loud it is in LUFS where that is known."""

    produced: Produced
    loudness: float | None


@dataclass(frozen=True, slots=True)
class Cover:
    """The show's artwork on this machine: 3000 px for the feed, small for the tags."""

    source_sha256: str
    public: Path
    embedded: bytes
    key: str
    notes: str = ""


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
        write_whole(public, art.jpeg)
        write_whole(embedded, embedded_art(project.cover))
        write_whole(note, "\n".join(art.notes).encode())
    return Cover(
        source, public, embedded.read_bytes(), layout.artwork("cover", sha256_of(public)), note.read_text("utf-8")
    )


def produce(
    project: Project, wanted: WantedEpisode, cover: Cover, *, key_name: str, report: Report = silent
) -> Produced:
    """Return the tagged master of a session's recording.

    ``key_name`` stands in the media key where the slug usually does. Raises MediaError naming the recording.
    """
    programme = _programme(project, wanted.session, report)
    print_ = _fingerprint(programme, project.audio)
    audio, encoded = _encoded(project, programme, print_, wanted.session, report)
    return _produced(wanted, _tagged(project, wanted, cover, audio, print_), encoded, print_, key_name)


def kept(project: Project, wanted: WantedEpisode, cover: Cover, *, key_name: str) -> Kept | None:
    """Return what ``produce`` made of this recording, text and cover on this machine; None where it would have to work."""
    recordings = project.recordings(wanted.session)
    here = all(isinstance(r, Path) and r.is_file() for r in recordings)
    if not recordings or not here or not (project.scratch / "audio").is_dir():
        return None
    print_ = _fingerprint(_programme(project, wanted.session, silent), project.audio)
    facts = project.scratch / "audio" / f"{print_}.json"
    tagged = _tagged_path(project, wanted, cover, print_)
    if not facts.exists() or not tagged.exists():
        return None
    encoded: dict[str, float | None] = json.loads(facts.read_text("utf-8"))
    loudness = encoded.get("encoded_loudness")
    plain = {name: value for name, value in encoded.items() if value is not None}
    return Kept(_produced(wanted, tagged, plain, print_, key_name), loudness)


def _produced(wanted: WantedEpisode, tagged: Path, encoded: dict[str, float], print_: str, key_name: str) -> Produced:
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


def made_here(project: Project) -> dict[str, Path]:
    """Return every master and artwork this machine has made, by the eight digits of its hash that stand in its key."""
    rooms = (project.scratch / "masters", project.scratch / "artwork", project.scratch / "pictures")
    files = (
        path for room in rooms if room.is_dir() for path in sorted(room.iterdir()) if path.suffix in (".mp3", ".jpg")
    )
    return {layout.hash8(sha256_of(path)): path for path in files}


def _programme(project: Project, session: Session, report: Report) -> Programme:
    from sessioncast.audio.programme import Programme

    if not session.recordings:
        raise MediaError(
            f"episodes/{session.slug}/session.toml: recording: found nothing, expected a path",
            hint=f'put the file into episodes/{session.slug} and name it: recording = "…"',
        )
    recordings = tuple(
        _present(
            fetched(r, project.scratch / "recordings", project.store, report) if isinstance(r, str) else r,
            f"episodes/{session.slug}",
        )
        for r in project.recordings(session)
    )
    said = project.audio
    return Programme(
        recordings,
        trim=session.trim if session.trim != "auto" else None,
        intro=project.intro,
        outro=project.outro,
        crossfade=said.crossfade,
        highpass=said.highpass,
        denoise=said.denoise,
        redact=session.redact,
    )


def _fingerprint(programme: Programme, settings: AudioSettings) -> str:
    """Return the fingerprint of the audio: the bytes that go in, what is taken of them and the settings, not the tools."""
    first, *more = [_digest_of(path) for path in programme.recordings]
    facts: dict[str, object] = {"recipe": RECIPE, "recording": first, **({"more": more} if more else {})}
    if programme.trim:
        facts["trim"] = programme.trim.model_dump(mode="json")
    if programme.redact:
        facts["redact"] = [r.model_dump(mode="json") for r in programme.redact]
    facts |= settings.model_dump(mode="json", exclude_defaults=True, exclude={"also", "intro", "outro"})
    facts |= {name: _digest_of(path) for name in ("intro", "outro") if (path := getattr(programme, name))}
    return digest(facts)


def _digest_of(source: Path) -> str:
    try:
        return sha256_of(source)
    except OSError as e:
        raise MediaError(f"{source}: can't be read: {e.strerror or e}", hint=f"ls -l '{source}'") from e


def _present(recording: Path, where: str) -> Path:
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
    project: Project, programme: Programme, print_: str, session: Session, report: Report
) -> tuple[Path, dict[str, float]]:
    kept = _room(project, "audio")
    audio, facts = kept / f"{print_}.mp3", kept / f"{print_}.json"
    known = _facts(facts)
    if known is None or not audio.exists():
        from sessioncast.audio.encode import encode

        encoded: Encoded = encode(
            programme,
            audio,
            project.audio,
            report=report,
            name=session.slug,
            scratch=_room(project, "work"),
        )
        known = asdict(encoded)
        # The facts are written last: they say that the audio beside them is whole.
        write_whole(facts, (json.dumps(known, sort_keys=True) + "\n").encode())
    return audio, known


def _facts(path: Path) -> dict[str, float] | None:
    """Return the kept facts; None where there are none or they were cut short."""
    try:
        known = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return known if isinstance(known, dict) and {"duration", "bitrate"} <= known.keys() else None


def _tagged(project: Project, wanted: WantedEpisode, cover: Cover, audio: Path, print_: str) -> Path:
    from sessioncast.audio.tags import write_tags

    tagged = _tagged_path(project, wanted, cover, print_)
    if not tagged.exists():
        _room(project, "masters")
        write_tags(audio, tagged, tag_facts(wanted, project.show, cover))
    return tagged


def _tagged_path(project: Project, wanted: WantedEpisode, cover: Cover, print_: str) -> Path:
    facts = tag_facts(wanted, project.show, cover)
    plain = {f.name: getattr(facts, f.name) for f in fields(facts) if f.name != "cover"}
    name = digest({"tags": json.dumps(plain, default=str), "cover": cover.source_sha256, "audio": print_})
    return project.scratch / "masters" / f"{name}.mp3"


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
