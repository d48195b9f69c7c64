"""One session's audio: encoded once, tagged, and the files it is published as."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sessioncast import layout
from sessioncast.events import Report, silent
from sessioncast.produce.cutting import is_known
from sessioncast.produce.sources import fingerprint_of, programme_of
from sessioncast.produce.tagging import tag_facts, tagged_path
from sessioncast.produce.value import Made, Produced, produced
from sessioncast.scratch import sha256_of, swept, write_whole
from sessioncast.texts import Sound, chapters_of

if TYPE_CHECKING:
    from sessioncast.audio.programme import Programme
    from sessioncast.audio.tag_facts import TagFacts
    from sessioncast.model import Session
    from sessioncast.plan.wanted import WantedEpisode
    from sessioncast.produce.cover import Cover
    from sessioncast.project import Project

KEPT_BESIDE = "beside"
"""Where waveforms, transcripts and chapters are kept, should the public root lose them."""

_NEEDED = {"duration", "bitrate", "alternates", "waveform", "pieces", "markers", "left_out"}

Facts = dict[str, Any]
"""``Encoded`` as plain data, kept beside the audio it speaks of."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A master made earlier, and how loud it is in LUFS where that is known."""

    produced: Produced
    loudness: float | None


def produce(
    project: Project, wanted: WantedEpisode, cover: Cover, *, key_name: str, report: Report = silent
) -> Produced:
    """Return the tagged masters of a session's recording: the enclosure and what ``[audio] also`` asks for.

    ``key_name`` stands in the media keys where the slug usually does. Raises MediaError naming the recording.
    """
    programme = programme_of(project, wanted.session, report)
    print_ = fingerprint_of(programme, project.audio)
    facts = _encoded(project, programme, print_, wanted.session, report)
    return _produced(project, wanted, cover, facts, print_, key_name)


def kept(project: Project, wanted: WantedEpisode, cover: Cover, *, key_name: str) -> Kept | None:
    """Return what ``produce`` made of this recording, text and cover on this machine; None where it would have to work."""
    facts = facts_of(project, wanted.session)
    if facts is None:
        return None
    print_ = facts["fingerprint"]
    tags = _tags(project, wanted, cover, facts)
    if not all(tagged_path(project, tags, cover, print_, ext).exists() for _, ext in _containers(project, facts)):
        return None
    return Kept(_produced(project, wanted, cover, facts, print_, key_name), facts.get("encoded_loudness"))


def facts_of(project: Project, session: Session) -> Facts | None:
    """Return what is known of the audio made of this session's recordings as they are; None where none was made here."""
    recordings = project.recordings(session)
    here = all(isinstance(r, Path) and r.is_file() for r in recordings)
    if not recordings or not here or not (project.scratch / "audio").is_dir():
        return None
    if session.trim == "auto" and not is_known(project, session):
        return None  # to know the cut somebody would have to listen to all of it
    print_ = fingerprint_of(programme_of(project, session, silent), project.audio)
    facts = _facts(project.room("audio") / f"{print_}.json")
    return None if facts is None else {**facts, "fingerprint": print_}


def made_here(project: Project) -> dict[str, Path]:
    """Return every master, picture and text this machine has made, by the eight digits of its hash that stand in its key."""
    rooms = [project.scratch / name for name in ("masters", "artwork", "pictures", KEPT_BESIDE)]
    endings = {
        ".jpg",
        ".png",
        ".webp",
        ".mp3",
        ".m4a",
        ".mp4",
        ".opus",
        ".svg",
        ".vtt",
        ".srt",
        ".json",
        ".html",
        ".txt",
    }
    files = [path for room in rooms if room.is_dir() for path in sorted(room.iterdir()) if path.suffix in endings]
    files += [project.session_folder(s.slug) / name for s in project.sessions for name in s.attached_files]
    return {layout.hash8(sha256_of(path)): path for path in files}


def _containers(project: Project, facts: Facts) -> list[tuple[Facts, str]]:
    """Return the facts of each file of an episode with its extension, the enclosure first."""
    others = [(other, other["container"]) for other in facts["alternates"]]
    wanted = [other for other in others if other[1] in project.audio.beside]
    return [({**facts, "container": project.audio.format}, project.audio.format), *wanted]


def _produced(
    project: Project, wanted: WantedEpisode, cover: Cover, facts: Facts, print_: str, key_name: str
) -> Produced:
    from sessioncast.audio.tags import write_tags

    tags = _tags(project, wanted, cover, facts)
    files = []
    for one, extension in _containers(project, facts):
        tagged = tagged_path(project, tags, cover, print_, extension)
        if not tagged.exists():
            write_tags(project.room("audio") / f"{print_}.{extension}", tagged, tags)
        files.append(
            Made(
                tagged,
                one["container"],
                one["duration"],
                int(one["bitrate"]),
                one.get("codecs", ""),
                one.get("height"),
            )
        )
    return produced(
        wanted,
        tuple(files),
        print_,
        key_name,
        waveform=_picture(wanted, facts),
        pieces=_pieces(facts),
        markers=_markers(facts),
    )


def _tags(project: Project, wanted: WantedEpisode, cover: Cover, facts: Facts) -> TagFacts:
    """Return what the files say of themselves, chapters in the audio's time among it."""
    sound = Sound.of(_pieces(facts), facts["duration"], _markers(facts))
    chapters = chapters_of(project, wanted.session, sound)
    return tag_facts(wanted, project.show, cover, chapters, facts["duration"])


def _pieces(facts: Facts) -> tuple[tuple[int, int, int], ...]:
    return tuple((start, end, at) for start, end, at in facts["pieces"])


def _markers(facts: Facts) -> tuple[tuple[int, str], ...]:
    return tuple((at, title) for at, title in facts["markers"])


def _picture(wanted: WantedEpisode, facts: Facts) -> bytes:
    """Return the picture of the sound, with its loudness before and after in words."""
    from sessioncast.audio.waveform import described, svg

    return svg(facts["waveform"], wanted.session.title, described(facts))


def _encoded(project: Project, programme: Programme, print_: str, session: Session, report: Report) -> Facts:
    room = project.room("audio")
    kept_facts = room / f"{print_}.json"
    main = room / f"{print_}.{project.audio.format}"
    also = {container: room / f"{print_}.{container}" for container in project.audio.beside}
    known = _facts(kept_facts)
    there = known is not None and main.exists() and all(_is_there(known, c, path) for c, path in also.items())
    if known is None or not there:
        from sessioncast.audio.encode import encode

        encoded = encode(
            programme,
            main,
            project.audio,
            report=report,
            name=session.slug,
            scratch=swept(project.room("work")),
            also=also,
        )
        known = asdict(encoded)
        # The facts are written last: they say that the audio beside them is whole.
        write_whole(kept_facts, (json.dumps(known, sort_keys=True) + "\n").encode())
    return known


def _is_there(known: Facts, container: str, path: Path) -> bool:
    return path.exists() or container in known["left_out"]


def _facts(path: Path) -> Facts | None:
    """Return the kept facts; None where there are none or they were cut short."""
    try:
        known = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return known if isinstance(known, dict) and known.keys() >= _NEEDED else None
