# ruff: noqa: INP001 - a script, run by hand
"""Speak the stand-in recording again: ``python episodes/stand_in.py`` (needs espeak-ng from the system).

The real talk belongs to its speaker. What this repository publishes instead is a synthetic voice that says so, in our
own words, so that the whole way from a recording to a feed can be walked offline.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from fractions import Fraction
from itertools import chain
from pathlib import Path

import av

TARGET = Path(__file__).parent / "2024-02-20-paul-batalden" / "recording.m4a"

SCRIPT = """
Hello. This is a stand-in recording.

You are listening to a computer's voice. It was made so that this publishing tool can be tried from beginning to end,
without the recording of the real session.

The real talk is called: Co-production: an improvement teacher's journey between theory and practice. It was given by
Paul Batalden, on Tuesday, the twentieth of February, twenty twenty-four, at noon, Eastern Time, in the CQUIPS plus
series.

None of the speaker's words are repeated here, and this is not the speaker's voice. What the talk is about stands on
the page of the session.

If you can hear this in your podcast app, then everything works. The recording was found and read, its level was set,
it was given its title and its cover, it was put where listeners can reach it, and the feed led you here.

Now put a recording of your own in its place. Thank you for listening.
"""
PARAGRAPHS = tuple(" ".join(paragraph.split()) for paragraph in SCRIPT.split("\n\n"))
PAUSE = 0.7
RATE = 24_000


def speak(folder: Path) -> list[Path]:
    """Return one WAV file a paragraph, spoken unhurriedly."""
    waves = []
    for number, text in enumerate(PARAGRAPHS):
        wave = folder / f"{number}.wav"
        command = ["espeak-ng", "-v", "en-us", "-s", "158", "-p", "42", "-g", "3", "-w", str(wave), text]
        subprocess.run(command, check=True)
        waves.append(wave)
    return waves


def main() -> None:
    """Write the recording: mono AAC in MP4, without any metadata of the machine that made it."""
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, av.open(str(TARGET), "w", format="ipod", options={"fflags": "+bitexact", "movflags": "+faststart"}) as out:  # fmt: skip
        stream = out.add_stream("aac", rate=RATE, options={"flags": "+bitexact"})
        stream.layout = "mono"
        stream.bit_rate = 48_000
        at = 0
        for wave in speak(Path(folder)):
            resampler = av.AudioResampler(format="fltp", layout="mono", rate=RATE)
            with av.open(str(wave)) as spoken:
                frames = [*spoken.decode(audio=0), None]
            silence = av.AudioFrame(format="fltp", layout="mono", samples=round(PAUSE * RATE))
            silence.planes[0].update(bytes(silence.planes[0].buffer_size))
            for frame in (*chain.from_iterable(map(resampler.resample, frames)), silence):
                frame.sample_rate = RATE
                frame.time_base = Fraction(1, RATE)
                frame.pts = at
                at += frame.samples
                out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    sys.stderr.write(f"{TARGET}: {at / RATE:.1f} s, {TARGET.stat().st_size} bytes\n")


if __name__ == "__main__":
    main()
