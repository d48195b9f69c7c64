"""Transcripts and chapters of an episode: from the session's files to objects to put, in the published audio's time."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sessioncast import chapters as chapters_
from sessioncast import layout
from sessioncast import transcript as transcript_
from sessioncast.chapters import Mark
from sessioncast.errors import ContentError
from sessioncast.extras import Chapter, TextFile
from sessioncast.plan.changes import Texts
from sessioncast.store.port import Artifact
from sessioncast.timeline import Piece, Timeline

if TYPE_CHECKING:
    from sessioncast.model import Session
    from sessioncast.project import Project
    from sessioncast.transcript import Remark, Sentence

FORMATS = ("vtt", "srt", "json", "html", "txt")
"""In this order in the feed: the first is what apps take (TR-APPLE)."""


_UNKNOWN = 48 * 3_600_000
"""Milliseconds taken for the length of audio elsewhere of which nobody says how long it is: it cuts nothing off."""


@dataclass(frozen=True, slots=True)
class Sound:
    """What texts must know of the audio: its timeline, and the chapter marks that the recordings hold."""

    timeline: Timeline
    markers: tuple[tuple[int, str], ...] = ()

    @classmethod
    def of(
        cls, pieces: Iterable[tuple[int, int, int]], duration: float, markers: tuple[tuple[int, str], ...] = ()
    ) -> Sound:
        """Return it for audio of ``duration`` seconds (0 unknown); without pieces the recording is the audio."""
        length = round(duration * 1000) or _UNKNOWN
        known = tuple(Piece(*piece) for piece in pieces) or (Piece(0, length, 0),)
        return cls(Timeline(known, length), markers)


@dataclass(frozen=True, slots=True)
class Written:
    """The texts of one episode: what the catalog says of them, the objects to put, and remarks for a person."""

    texts: Texts = field(default_factory=Texts)
    objects: tuple[Artifact, ...] = ()
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True, slots=True)
class Heard:
    """What was said, as it is published: sentences in the audio's time, and remarks in the recording's."""

    sentences: tuple[Sentence, ...]
    remarks: tuple[Remark, ...]
    review: tuple[Remark, ...]


def episode_texts(project: Project, session: Session, key_name: str, sound: Sound) -> Written:
    """Return the episode's transcripts in every format and its chapters; ``key_name`` stands where the slug usually does.

    Raises ContentError naming the caption file and the line that can't be read.
    """
    files: list[TextFile] = []
    objects: list[Artifact] = []
    remarks: list[Remark] = []
    for name, language in project.captions(session):
        heard = said(project, session, name, sound, language)
        remarks += heard.remarks
        if not heard.sentences:
            continue
        suffix = "" if language == (session.language or project.show.language) else f"-{language}"
        made = transcript_.published(heard.sentences, language, session.title, machine=session.transcript.machine)
        for extension in FORMATS:
            body = made[extension]
            key = layout.episode_file(key_name, f"transcript{suffix}", layout.sha256(body), extension)
            objects.append(Artifact(key, body))
            kind = layout.media_type(key).partition(";")[0]
            files.append(TextFile(key=key, media_type=kind, language=language))
    files += _left(session, {file.language for file in files}, session.language or project.show.language)
    listed = chapters_of(project, session, sound)
    chapters_key = session.imported.chapters if session.imported else None
    if listed:
        body = chapters_.json_chapters(listed)
        chapters_key = layout.episode_file(key_name, "chapters", layout.sha256(body), "json")
        objects.append(Artifact(chapters_key, body))
    ordered = sorted(files, key=_place)  # every language's VTT first
    return Written(Texts(tuple(ordered), listed, chapters_key), tuple(objects), tuple(remarks))


def _place(file: TextFile) -> int:
    kinds = [layout.media_type(f"transcript.{extension}").partition(";")[0] for extension in FORMATS]
    return kinds.index(file.media_type) if file.media_type in kinds else len(kinds)


def _left(session: Session, ours: Collection[str | None], language: str) -> list[TextFile]:
    """Return the transcripts of an imported episode that stay where they are, in languages of which there is none here."""
    left = session.imported.transcripts if session.imported else ()
    return [
        TextFile(key=text.url, media_type=text.media_type, language=text.language)
        for text in left
        if (text.language or language) not in ours
    ]


def said(project: Project, session: Session, name: str, sound: Sound, language: str) -> Heard:
    """Return what a caption file says: people under their names, the audience under none, redacted stretches gone."""
    file = f"episodes/{session.slug}/{name}"
    try:
        body = (project.session_folder(session.slug) / name).read_bytes()
    except OSError as e:
        raise ContentError(f"{file}: can't be read: {e.strerror or e}", hint=f"ls -l '{file}'") from e
    settings = session.transcript
    roster = roster_of(project, session)
    cues = transcript_.name_speakers(transcript_.read(body, file), roster, settings.names)
    remarks: tuple[Remark, ...] = ()
    if not settings.audience_names:
        cues, remarks = transcript_.shielded(cues, set(roster.values()))
    end = max((piece.end for piece in sound.timeline.pieces), default=0)
    recorded = end if session.trim is None else 1 << 40
    here, left_out = transcript_.placed(cues, sound.timeline, recorded=recorded, redacted=redacted(session))
    fillers = language if settings.drop_fillers else ""
    return Heard(transcript_.sentences(here, fillers_of=fillers), (*remarks, *left_out), transcript_.review(cues))


def roster_of(project: Project, session: Session) -> dict[str, str]:
    """Return the session's people and the show's own, by key and name, to the name they are published under."""
    keys = [credit.person for credit in (*session.credits, *project.show.credits)]
    names = {project.people[key].name: project.people[key].name for key in keys}
    return names | {key: project.people[key].name for key in keys}


def redacted(session: Session) -> tuple[tuple[int, int], ...]:
    """Return the stretches of the recording that nobody may read of, in milliseconds."""
    return tuple((round(r.start * 1000), round(r.end * 1000)) for r in session.redact)


def chapters_of(project: Project, session: Session, sound: Sound) -> tuple[Chapter, ...]:
    """Return the chapters in the audio's time."""
    marks, _ = marks_of(project, session, sound.markers)
    silent = redacted(session)
    free = [m for m in marks if not any(start <= m.start < end for start, end in silent)]
    return chapters_.placed(free, sound.timeline, opening=session.title)


def marks_of(project: Project, session: Session, markers: tuple[tuple[int, str], ...]) -> tuple[tuple[Mark, ...], str]:
    """Return the chapters as written, in the recording's time, and where they stand; the first source that has any.

    chapters.txt, then ``[[chapters]]``, then a list in the notes, then the recordings' own marks.
    """
    file = project.session_folder(session.slug) / "chapters.txt"
    name = f"episodes/{session.slug}/chapters.txt"
    if file.is_file():
        try:
            marks, problems = chapters_.read_marks(file.read_text("utf-8"), name)
        except (OSError, UnicodeDecodeError) as e:
            raise ContentError(f"{name}: can't be read ({e}), expected text in UTF-8") from e
        if problems:
            raise ContentError(f"{name}: found {len(problems)} lines that are no chapters", problems=problems)
        return marks, name
    if session.chapters:
        written = (Mark(round(c.start * 1000), c.title, c.link or "") for c in session.chapters)
        return tuple(sorted(written, key=lambda m: m.start)), f"episodes/{session.slug}/session.toml"
    if noted := chapters_.from_notes(session.notes):
        return noted, f"episodes/{session.slug}/notes.md"
    return tuple(Mark(at, title) for at, title in markers), "the recording" if markers else ""
