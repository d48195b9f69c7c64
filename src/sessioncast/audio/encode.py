"""Turns a recording into the MP3 listeners get: decode apart, listen, shape, LAME on all cores, hear the result.

Memory stays bounded whatever the length: sound passes through scratch files and in batches. The same recording and
settings give the same bytes, however many threads work.
"""

from __future__ import annotations

import math
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from sessioncast.audio.copying import is_right, mp3_stream, peak_of
from sessioncast.audio.decode import BOUNDS, Bounds
from sessioncast.audio.grid import CHUNK, SAMPLE_RATE
from sessioncast.audio.info_frame import Gap, info_frame, info_frame_size
from sessioncast.audio.join import Unjoinable, join
from sessioncast.audio.lame import KBITS, QUALITY
from sessioncast.audio.levelling import Levelling, levelling
from sessioncast.audio.listen import Heard
from sessioncast.audio.loudness import integrated, loudness_range
from sessioncast.audio.programme import Programme, hear
from sessioncast.audio.segments import Made, cores, encode_all
from sessioncast.audio.shaping import MOST_GAIN, solve
from sessioncast.errors import SessioncastError
from sessioncast.events import Advanced, Finished, Noted, Report, Started
from sessioncast.model import AudioSettings

_PEAK_MARGIN = 1.0  # MP3 raises the peaks of speech by up to 0.8 dB; what it raises further is found and held down
_TOLERATED = 0.3  # LU between what was aimed at and what the encoded file measures, before it is aimed at again
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Encoded:
    """What went into an MP3: ``samples`` per channel, ``duration`` in seconds, ``bitrate`` in bits a second.

    ``loudness`` (LUFS, None where too short to say), ``loudness_range`` (LU) and ``peak`` (dBFS) are the recording's
    own. In dB: ``gain`` for all of it, ``lifted`` the most added to a quiet voice, ``limited`` the most taken from a peak.
    ``encoded_loudness`` (LUFS) and ``encoded_peak`` (dBTP) were measured on the encoded sound; the peak is that of
    the samples where it is far below the limit. ``copied``: the recording was right, its packets were taken over as they are.
    """

    samples: int
    sample_rate: int
    channels: int
    duration: float
    bitrate: int
    loudness: float | None
    peak: float
    gain: float
    loudness_range: float | None = None
    lifted: float = 0.0
    limited: float = 0.0
    encoded_loudness: float | None = None
    encoded_peak: float = 0.0
    copied: bool = False


def encode(
    programme: Programme,
    target: Path,
    settings: AudioSettings,
    *,
    report: Report,
    name: str,
    scratch: Path,
    bounds: Bounds = BOUNDS,
    threads: int | None = None,
) -> Encoded:
    """Write ``programme`` as an untagged MP3 to ``target``, whole or not at all, and return its facts.

    Mono stays mono, more becomes stereo unless both sides are one; 44.1 kHz (AU-SAMPLE). Scratch files, about 12 MB a
    minute of mono, lie in ``scratch`` while it works. ``threads`` encode at once, as many as there are cores unless said.
    Events ("decode", then "encode") speak of ``name``, in seconds.
    Raises MediaError naming the recording; SessioncastError when the disk refuses.
    """
    try:
        with tempfile.TemporaryDirectory(dir=scratch, prefix="sound-") as folder:
            room = Path(folder)
            heard = hear(programme, room, report=report, name=name, bounds=bounds)
            encoded = (
                _copied(programme.recordings[0], heard, target, settings) if programme.plain else None
            ) or _encoded(programme, heard, target, settings, room, threads or cores(), report, name)
    except OSError as e:
        raise SessioncastError(
            f"{e.filename or target}: can't be written: {e.strerror or e}", hint=f"df -h '{scratch}' '{target.parent}'"
        ) from e
    return encoded


def _copied(recording: Path, heard: Heard, target: Path, settings: AudioSettings) -> Encoded | None:
    """Take over the packets of a recording that is right already; None where it isn't."""
    stream = mp3_stream(recording)
    if stream is None or not is_right(stream, heard, loudness=settings.loudness, true_peak=settings.true_peak):
        return None
    with _in_place(target) as file:
        stream.write(file)
    return Encoded(
        samples=heard.samples,
        sample_rate=SAMPLE_RATE,
        channels=heard.channels,
        duration=heard.samples / SAMPLE_RATE,
        bitrate=stream.bitrate,
        loudness=_rounded(heard.loudness),
        peak=round(heard.peak, 2),
        gain=0.0,
        loudness_range=_rounded(loudness_range(heard.blocks)),
        encoded_loudness=_rounded(heard.loudness),
        encoded_peak=round(20 * math.log10(peak_of(heard)), 2),
        copied=True,
    )


def _encoded(
    programme: Programme,
    heard: Heard,
    target: Path,
    settings: AudioSettings,
    room: Path,
    threads: int,
    report: Report,
    name: str,
) -> Encoded:
    level = levelling(heard.blocks, lift=settings.levelling)
    report(Started("encode", name, total=round(heard.samples / SAMPLE_RATE), unit="seconds"))
    advanced = _seconds(heard, report, name)
    for joined in (True, False):
        made, limited = _made(heard, level, room, settings, threads, advanced, joined=joined)
        with suppress(Unjoinable):
            _write(made, heard, target)
            break
    report(Finished("encode", name))
    encoded = Encoded(
        samples=heard.samples,
        sample_rate=SAMPLE_RATE,
        channels=heard.channels,
        duration=heard.samples / SAMPLE_RATE,
        bitrate=KBITS[heard.channels] * 1000,
        loudness=_rounded(heard.loudness),
        peak=round(heard.peak, 2),
        gain=made.shape.gain,
        loudness_range=_rounded(loudness_range(heard.blocks)),
        lifted=round(level.most, 1),
        limited=round(limited, 1),
        encoded_loudness=_rounded(integrated(made.blocks)),
        encoded_peak=round(made.peak, 2),
    )
    _tell(programme, heard, level, encoded, settings, report)
    return encoded


def _seconds(heard: Heard, report: Report, name: str) -> Callable[[int], None]:
    """Return what tells of chunks as seconds, none more than there are however often a stretch is encoded."""
    left = heard.samples // SAMPLE_RATE

    def advanced(chunks: int) -> None:
        nonlocal left
        if step := min(chunks * CHUNK // SAMPLE_RATE, left):
            report(Advanced("encode", name, step))
            left -= step

    return advanced


def _made(
    heard: Heard,
    level: Levelling,
    room: Path,
    settings: AudioSettings,
    threads: int,
    advanced: Callable[[int], None],
    *,
    joined: bool,
) -> tuple[Made, float]:
    """Encode until the encoded sound itself is as loud as wanted; return it and the limiter's furthest reduction."""
    aim = settings.loudness
    ceiling = settings.true_peak - _PEAK_MARGIN
    for attempt in range(_TRIES):
        shape, limited = solve(heard, level, loudness=aim, ceiling=ceiling)
        made = encode_all(shape, room, limit=settings.true_peak, threads=threads, joined=joined, advanced=advanced)
        found = integrated(made.blocks)
        if found is None or attempt == _TRIES - 1:
            break
        miss = settings.loudness - found
        over = max(0.0, made.peak - settings.true_peak)
        if not over and (abs(miss) <= _TOLERATED or shape.gain >= MOST_GAIN):
            break
        aim = round(aim + miss, 2)
        ceiling = round(ceiling - over, 2)
    return made, limited


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def _tell(
    programme: Programme, heard: Heard, level: Levelling, encoded: Encoded, settings: AudioSettings, report: Report
) -> None:
    """Note what somebody who wants to trust the sound should know."""
    if heard.note:
        report(Noted("note", f"{programme}: {heard.note}"))
    if level.most:
        report(
            Noted(
                "note", f"{programme}: quiet speech raised by up to {level.most:.0f} dB, {level.share:.0%} of the whole"
            )
        )
    if encoded.loudness is None:
        report(Noted("note", f"{programme}: too short to measure its loudness; left as loud as it is"))
    elif encoded.gain >= MOST_GAIN:
        report(
            Noted(
                "warning",
                f"{programme}: so quiet ({encoded.loudness:.1f} LUFS) that {MOST_GAIN:.0f} dB more are not enough",
                hint="listen for noise; check which microphone was recorded",
            )
        )
    elif encoded.encoded_loudness is not None and abs(encoded.encoded_loudness - settings.loudness) > 0.5:
        report(
            Noted(
                "warning",
                f"{programme}: measures {encoded.encoded_loudness:.1f} LUFS encoded, expected {settings.loudness:g} ± 0.5",
                hint="listen to it: clicks or claps may be much louder than the speech",
            )
        )


def _write(made: Made, heard: Heard, target: Path) -> None:
    """Join the parts, Info frame in front. Raises Unjoinable."""
    with _in_place(target) as file:
        with made.parts[0].open("rb") as start:
            first = start.read(4)
        file.write(bytes(info_frame_size(first)))  # only the end knows what it says
        offsets = join(made.parts, made.firsts, file)
        total = file.tell()
        file.seek(0)
        file.write(info_frame(first, offsets, total, Gap.around(heard.samples, len(offsets)), QUALITY))


@contextmanager
def _in_place(target: Path) -> Iterator[BinaryIO]:
    """Give a file under a temporary name beside ``target``, and put it in place when it is whole."""
    part = target.with_name(f".{target.name}.{os.getpid()}.part")  # two runs on one machine may meet
    try:
        with part.open("w+b") as file:
            yield file
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
