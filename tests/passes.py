"""Unattended passes for tests: a show that lets things out at once, a pass at a chosen time, and a cloud on a shelf."""

from __future__ import annotations

import shutil
import wave
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sessioncast.automate import Run, Unattended
from sessioncast.automate.clouds import Cloud
from sessioncast.automate.looking import in_the_folder
from sessioncast.errors import SourceError
from sessioncast.events import Report
from sessioncast.recorders.port import CloudFile, CloudRecording
from sessioncast.store.port import Roots
from sessioncast.verify import FolderListener
from shows import NOON, NOW, write_session, write_show

EAGER = '[auto]\nwait = 0\nshortest = 0\ntranscript = "no"\n'
"""Lets out whatever is over and has a recording."""

TALK_S = 126
"""How long a recording of an announced session lasts."""


def auto_toml(folder: Path, text: str) -> None:
    """Put tables at the end of show.toml, in place of those put there before."""
    path = folder / "feed" / "show.toml"
    head = path.read_text("utf-8").partition("\n# of the test\n")[0]
    path.write_text(f"{head}\n# of the test\n{text}", "utf-8")


def hands(folder: Path, roots: Roots, *, now: datetime = NOW, **changes: object) -> Unattended:
    """Return what runs a pass in this folder at a fixed time; files in inboxes have settled long ago."""
    made = Unattended(
        folder,
        roots,
        FolderListener(roots.public),
        "http://127.0.0.1:8000",
        lambda: now,
        here=lambda: datetime.now(UTC) + timedelta(days=1),
        look=in_the_folder(roots),
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def run(folder: Path, roots: Roots, *, now: datetime = NOW, **changes: object) -> Run:
    """Run one pass."""
    return hands(folder, roots, now=now, **changes).run()


def did(story: Run) -> list[tuple[str, str]]:
    """Return what was done, without its words."""
    return [(step.step, step.subject) for step in story.steps]


def why(story: Run) -> dict[str, str]:
    """Return why each session waits, in all the words there are."""
    return {w.session: "; ".join(o.why for o in story.waits if o.session == w.session) for w in story.waits}


def left(path: Path, seconds: float) -> Path:
    """Leave a recording there: a tone, at a rate that costs little."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8_000)
        file.writeframes((b"\0\x20" * 8 + b"\0\xe0" * 8) * int(seconds * 500))
    return path


def captions(words: str = "Welcome to the talk.") -> bytes:
    """Return a transcript of one sentence in the first second."""
    return f"WEBVTT\n\n1\n00:00:00.100 --> 00:00:00.900\nJohn Snow: {words}\n".encode()


def announced(folder: Path, nth: int, minutes: float = 2.25, **changes: str) -> str:
    """Write the n-th session without a recording, ``minutes`` long, and return its slug."""
    ends = (NOON + timedelta(days=nth, minutes=minutes)).isoformat()
    slug = write_session(folder, nth, recording=None, **{"ends": ends, **changes})
    path = folder / "episodes" / slug
    (path / "recording.wav").unlink()
    text = (path / "session.toml").read_text("utf-8")
    (path / "session.toml").write_text(text.replace('recording = "recording.wav"\n', ""), "utf-8")
    return slug


def starts(nth: int) -> datetime:
    """Return when the n-th session begins."""
    return NOON + timedelta(days=nth)


def programme(folder: Path, *meetings: str, auto: str = "[auto]\nwait = 0\n", minutes: float = 2.25) -> list[str]:
    """Write a show of announced sessions of a few minutes, one for each meeting id, and return their slugs."""
    write_show(folder)
    slugs = [announced(folder, nth, minutes, meeting=f'"{meeting}"') for nth, meeting in enumerate(meetings)]
    auto_toml(folder, auto)
    return slugs


@dataclass
class ShelfCloud:
    """A recorder cloud whose files lie in memory or on disk; it plays what goes wrong when asked to."""

    name: str = "Zoom"
    shelf: dict[str, CloudRecording] = field(default_factory=dict)
    bodies: dict[str, bytes | Path] = field(default_factory=dict)
    broken: str = ""
    asked: list[tuple[datetime, datetime]] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)

    def record(
        self, nth: int, meeting: str, sound: Path, *, seconds: float = TALK_S, late: timedelta = timedelta(0)
    ) -> str:
        """Add a recording of the n-th session, its sound alone, and return its id."""
        at = starts(nth) + late
        id_ = f"//{meeting}/{len(self.shelf)}=="
        name = f"GMT{at:%Y%m%d-%H%M%S}_Recording.wav"
        self.shelf[id_] = CloudRecording(id_, meeting, f"Talk {nth}", at, seconds, ())
        self._add(
            id_, CloudFile("sound", id_, "audio", name, sound.stat().st_size, at, _after(at, seconds), "sound"), sound
        )
        return id_

    def transcribe(self, id_: str, body: bytes = captions(), *, ready: bool = True) -> None:
        """Add the transcript of a recording, as it comes hours later."""
        whole = self.shelf[id_]
        name = f"GMT{whole.starts:%Y%m%d-%H%M%S}_Recording.transcript.vtt"
        file = CloudFile("words", id_, "transcript", name, len(body), whole.starts, None, "words", ready)
        self.shelf[id_] = replace(whole, files=tuple(f for f in whole.files if f.id != "words"))
        self._add(id_, file, body)

    def _add(self, id_: str, file: CloudFile, body: bytes | Path) -> None:
        self.shelf[id_] = replace(self.shelf[id_], files=(*self.shelf[id_].files, file))
        self.bodies[f"{id_}{file.id}"] = body

    def recordings(self, since: datetime, until: datetime) -> Iterator[CloudRecording]:
        self.asked.append((since, until))
        if self.broken:
            raise SourceError(self.broken)
        yield from sorted((r for r in self.shelf.values() if since <= r.starts < until), key=lambda r: r.starts)

    def download(self, file: CloudFile, target: Path, report: Report) -> None:
        del report
        self.fetched.append(f"{file.recording} {file.id}")
        body = self.bodies[f"{file.recording}{file.id}"]
        if isinstance(body, Path):
            shutil.copyfile(body, target)
        else:
            target.write_bytes(body)

    @property
    def as_cloud(self) -> Cloud:
        """Return it as a pass takes it, looked through far back."""
        return Cloud(self, timedelta(days=3650))


def _after(at: datetime, seconds: float) -> datetime:
    return at + timedelta(seconds=seconds)
