"""Turns a programme into the audio listeners get: decode apart, listen, shape, encode on all cores, hear the result.

Memory stays bounded whatever the length: sound passes through scratch files and in batches. The same recordings and
settings give the same bytes, however many threads work.
"""

from __future__ import annotations

import math
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from sessioncast.audio.as_mp3 import render_mp3
from sessioncast.audio.copying import is_right, mp3_stream, peak_of
from sessioncast.audio.decode import BOUNDS, Bounds
from sessioncast.audio.grid import CHUNK, SAMPLE_RATE
from sessioncast.audio.heap import give_back
from sessioncast.audio.levelling import Levelling, levelling
from sessioncast.audio.listen import Heard
from sessioncast.audio.lossy import Codec, render_with_ffmpeg
from sessioncast.audio.loudness import loudness_range
from sessioncast.audio.programme import Programme, hear
from sessioncast.audio.rendition import Rendered, Rendition
from sessioncast.audio.segments import cores
from sessioncast.audio.shaping import Shape
from sessioncast.audio.tell import tell
from sessioncast.audio.video import NoPictures, film, refuse_what_has_no_film
from sessioncast.audio.waveform import waveform
from sessioncast.errors import SessioncastError
from sessioncast.events import Advanced, Finished, Noted, Report, Started
from sessioncast.model import AudioSettings, Container
from sessioncast.scratch import unfinished

_ALONE: Mapping[Container, Path] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Encoded:
    """What went into an episode's audio: ``samples`` per channel, ``duration`` in seconds, ``bitrate`` in bits a second.

    ``loudness`` (LUFS, None where too short to say), ``loudness_range`` (LU) and ``peak`` (dBFS) are the recording's
    own. In dB: ``gain`` for all of it, ``lifted`` the most added to a quiet voice, ``limited`` the most taken from a peak.
    ``encoded_loudness`` (LUFS) and ``encoded_peak`` (dBTP) were measured on the encoded sound; the peak is that of
    the samples where it is far below the limit. ``copied``: the recording was right, its packets were taken over as they
    are. ``codecs`` as RFC 6381 names them, empty for MP3; ``alternates`` are the same sound in other containers.
    ``left_out`` are containers that were asked for and can't be had of this recording.
    ``waveform`` is its picture (``waveform.py``), ``pieces`` are the stretches of the recording that are heard: start,
    end, and where in the audio, in milliseconds (``timeline.py``), and ``markers`` chapter marks the recordings hold.
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
    codecs: str = ""
    alternates: tuple[Rendition, ...] = ()
    left_out: tuple[Container, ...] = ()
    waveform: tuple[int, ...] = ()
    pieces: tuple[tuple[int, int, int], ...] = ()
    markers: tuple[tuple[int, str], ...] = ()


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
    also: Mapping[Container, Path] = _ALONE,
) -> Encoded:
    """Write ``programme`` untagged to ``target`` in the settings' format, whole or not at all, and return its facts.

    Mono stays mono, more becomes stereo unless both sides are one; 44.1 kHz (AU-SAMPLE), Opus 48. ``also`` names other
    containers and where the same sound goes in them. Scratch files, about 12 MB a minute of mono, lie in ``scratch``
    while it works. ``threads`` encode at once, as many as there are cores unless said.
    Events ("decode", then "encode") speak of ``name``, in seconds.
    Raises MediaError naming the recording; SessioncastError when the disk refuses.
    """
    give_back()
    try:
        with tempfile.TemporaryDirectory(dir=scratch, prefix="sound-") as folder:
            room = Path(folder)
            listened = hear(programme, room, report=report, name=name, bounds=bounds)
            heard = listened.heard
            work = _Work(heard, levelling(heard.blocks, lift=settings.levelling), settings, room, threads or cores())
            encoded = (_copied(programme, heard, target, settings)) or _encoded(work, target, report, name)
            tell(programme, heard, work.level, encoded, settings, report)
            others = [
                replace(work.render(container, path, report, name).rendition, container=container)
                for container, path in also.items()
                if container != "mp4"
            ]
            if "mp4" in also:
                others += _film(programme, work, {**also, settings.format: target}, report, name)
    except OSError as e:
        raise SessioncastError(
            f"{e.filename or target}: can't be written: {e.strerror or e}", hint=f"df -h '{scratch}' '{target.parent}'"
        ) from e
    return replace(
        encoded,
        alternates=tuple(others),
        left_out=tuple(c for c in also if c not in {other.container for other in others}),
        pieces=listened.pieces,
        markers=listened.markers,
    )


@dataclass(frozen=True, slots=True)
class _Work:
    """One sound on its way into one container or several."""

    heard: Heard
    level: Levelling
    settings: AudioSettings
    room: Path
    threads: int

    def render(self, container: Container, target: Path, report: Report, name: str) -> Rendered:
        work = "encode" if container == self.settings.format else f"encode {container}"
        report(Started(work, name, total=round(self.heard.samples / SAMPLE_RATE), unit="seconds"))
        advanced = _seconds(self.heard, report, work, name)
        with _in_place(target) as part:
            if container == "mp3":
                made = render_mp3(self.heard, self.level, part, self.settings, self.room, self.threads, advanced)
            else:
                codec: Codec = "opus" if container == "opus" else "m4a"
                made = render_with_ffmpeg(self.heard, self.level, part, codec, self.settings, advanced)
        report(Finished(work, name))
        return made


def _copied(programme: Programme, heard: Heard, target: Path, settings: AudioSettings) -> Encoded | None:
    """Take over the packets of a recording that is right already; None where it isn't."""
    stream = mp3_stream(programme.recordings[0]) if programme.plain and settings.format == "mp3" else None
    if stream is None or not is_right(stream, heard, loudness=settings.loudness, true_peak=settings.true_peak):
        return None
    with _in_place(target) as part, part.open("wb") as file:
        stream.write(file)
    same = Rendition(
        container="mp3",
        duration=heard.samples / SAMPLE_RATE,
        bitrate=stream.bitrate,
        codecs="",
        loudness=_rounded(heard.loudness),
        peak=round(20 * math.log10(peak_of(heard)), 2),
    )
    return replace(_facts(heard, same), copied=True)


def _film(
    programme: Programme, work: _Work, files: Mapping[Container, Path], report: Report, name: str
) -> list[Rendition]:
    """Return the recording's pictures beside the sound as AAC; nothing, and a word why, where they can't be kept."""
    target = files["mp4"]
    try:
        refuse_what_has_no_film(programme)
        sound = files.get("m4a")
        if sound is None:
            sound = work.room / "sound.m4a"
            work.render("m4a", sound, report, name)
        with _in_place(target) as part:
            pictures = film(programme, sound, part)
    except NoPictures as e:
        report(
            Noted(
                "warning",
                f"{programme}: its pictures are left out: {e}",
                hint='without them nothing else changes; "mp4" in [audio] also of feed/show.toml asks for them',
            )
        )
        return []
    duration = work.heard.samples / SAMPLE_RATE
    bitrate = round(target.stat().st_size * 8 / duration)
    return [Rendition("mp4", duration, bitrate, pictures.codecs, height=pictures.height)]


def _encoded(work: _Work, target: Path, report: Report, name: str) -> Encoded:
    made = work.render(work.settings.format, target, report, name)
    return replace(
        _facts(work.heard, made.rendition, made.shape),
        gain=made.shape.gain,
        lifted=round(work.level.most, 1),
        limited=round(made.limited, 1),
    )


def _facts(heard: Heard, made: Rendition, shape: Shape | None = None) -> Encoded:
    return Encoded(
        samples=heard.samples,
        sample_rate=SAMPLE_RATE,
        channels=heard.channels,
        duration=made.duration,
        bitrate=made.bitrate,
        loudness=_rounded(heard.loudness),
        peak=round(heard.peak, 2),
        gain=0.0,
        loudness_range=_rounded(loudness_range(heard.blocks)),
        encoded_loudness=made.loudness,
        encoded_peak=made.peak,
        codecs=made.codecs,
        waveform=waveform(heard, shape),
    )


def _seconds(heard: Heard, report: Report, work: str, name: str) -> Callable[[int], None]:
    """Return what tells of chunks as seconds, none more than there are however often a stretch is encoded."""
    left = heard.samples // SAMPLE_RATE

    def advanced(chunks: int) -> None:
        nonlocal left
        if step := min(chunks * CHUNK // SAMPLE_RATE, left):
            report(Advanced(work, name, step))
            left -= step

    return advanced


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


@contextmanager
def _in_place(target: Path) -> Iterator[Path]:
    """Give a temporary name beside ``target`` that ends like it, and put the file in place when it is whole."""
    part = unfinished(target).with_suffix(target.suffix)
    try:
        yield part
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
