"""What the simulated account holds: speech of any length cut from one long talk, films of it, captions and chats."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

import speech

RATE = 16_000


def long_talk(path: Path, seconds: float) -> Path:
    """Encode speech of this length, once for all: what is made of it copies its packets."""
    return speech.write(path, speech.talk(seconds, rate=RATE), rate=RATE, bitrate=32_000)


def stretch(talk: Path, path: Path, *, start: float, seconds: float, film: bool = False) -> Path:
    """Write a stretch of the talk to ``path``; with ``film``, under a grey picture a second."""
    source: Any = av.open(str(talk))
    target: Any = av.open(str(path), "w")
    with source, target:
        sound = source.streams.audio[0]
        copied = target.add_stream_from_template(sound)
        if film:
            _grey(target, round(seconds))
        first: int | None = None
        for packet in source.demux(sound):
            if packet.pts is None or packet.pts * sound.time_base < start:
                continue
            if (packet.pts * sound.time_base) >= start + seconds:
                break
            first = packet.pts if first is None else first
            packet.pts, packet.dts = packet.pts - first, packet.dts - first
            packet.stream = copied
            target.mux(packet)
    return path


def _grey(target: Any, seconds: int) -> None:
    stream = target.add_stream("mpeg4", rate=1)
    stream.width, stream.height, stream.pix_fmt = 64, 64, "yuv420p"
    for second in range(seconds):
        frame: Any = av.VideoFrame(64, 64, "yuv420p")
        for plane in frame.planes:
            plane.update(bytes([128]) * plane.buffer_size)
        frame.pts, frame.time_base = second, Fraction(1)
        target.mux(stream.encode(frame))
    target.mux(stream.encode(None))


def captions(name: str, sentences: Sequence[str], seconds: float, *, crlf: bool = False) -> bytes:
    """Return a transcript as Zoom writes them: numbered cues, names before words, one cue that nobody is named in."""
    each = seconds / (len(sentences) + 1)
    cues = ["WEBVTT\n"]
    for place, sentence in enumerate(sentences):
        start, end = place * each + 0.5, place * each + min(each, 8.0)
        said = sentence if place == 1 else f"{name}: {sentence}"
        cues.append(f"{place + 1}\n{_time(start)} --> {_time(end)}\n{said}\n")
    text = "\n".join(cues)
    return (text.replace("\n", "\r\n") if crlf else text).encode()


def _time(at: float) -> str:
    minutes, seconds = divmod(at, 60)
    return f"{int(minutes) // 60:02}:{int(minutes) % 60:02}:{seconds:06.3f}"


def chat(name: str) -> bytes:
    """Return what people wrote meanwhile, counted from the meeting's start."""
    return f"00:01:10\t{name}:\tCan everybody hear me?\n00:01:15\tMary Seacole:\tYes: loud and clear\nand from here too\n".encode()
