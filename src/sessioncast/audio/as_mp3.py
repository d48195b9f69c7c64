"""The shaped sound as an MP3: LAME on all cores, its stretches joined, an Info frame that makes the length exact."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from sessioncast.audio.grid import SAMPLE_RATE
from sessioncast.audio.info_frame import Gap, info_frame, info_frame_size
from sessioncast.audio.join import Unjoinable, join
from sessioncast.audio.lame import KBITS, QUALITY
from sessioncast.audio.levelling import Levelling
from sessioncast.audio.listen import Heard
from sessioncast.audio.loudness import integrated
from sessioncast.audio.rendition import Rendered, Rendition
from sessioncast.audio.segments import Made, encode_all
from sessioncast.audio.shaping import MOST_GAIN, solve
from sessioncast.audio.true_peak import METERS_DIFFER
from sessioncast.model import AudioSettings

_PEAK_MARGIN = 1.0  # MP3 raises the peaks of speech by up to 0.8 dB; what it raises further is found and held down
_TOLERATED = 0.3  # LU between what was aimed at and what the encoded file measures, before it is aimed at again
_TRIES = 3


def render_mp3(
    heard: Heard,
    level: Levelling,
    target: Path,
    settings: AudioSettings,
    room: Path,
    threads: int,
    advanced: Callable[[int], None],
) -> Rendered:
    """Write the sound to ``target`` as a constant-bitrate MP3 without a tag. Raises OSError."""
    for joined in (True, False):
        made, limited = _made(heard, level, room, settings, threads, advanced, joined=joined)
        with suppress(Unjoinable):
            _write(made, heard, target)
            break
    loudness = integrated(made.blocks)
    rendition = Rendition(
        container="mp3",
        duration=heard.samples / SAMPLE_RATE,
        bitrate=KBITS[heard.channels] * 1000,
        codecs="",
        loudness=None if loudness is None else round(loudness, 2),
        peak=round(made.peak, 2),
    )
    return Rendered(rendition, made.shape, limited)


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
    limit = settings.true_peak - METERS_DIFFER
    ceiling = limit - _PEAK_MARGIN
    for attempt in range(_TRIES):
        shape, limited = solve(heard, level, loudness=aim, ceiling=ceiling)
        made = encode_all(shape, room, limit=limit, threads=threads, joined=joined, advanced=advanced)
        found = integrated(made.blocks)
        if found is None or attempt == _TRIES - 1:
            break
        miss = settings.loudness - found
        over = max(0.0, made.peak - limit)
        if not over and (abs(miss) <= _TOLERATED or shape.gain >= MOST_GAIN):
            break
        aim = round(aim + miss, 2)
        ceiling = round(ceiling - over, 2)
    return made, limited


def _write(made: Made, heard: Heard, target: Path) -> None:
    """Join the parts, Info frame in front. Raises Unjoinable."""
    with target.open("w+b") as file:
        with made.parts[0].file.open("rb") as start:
            first = start.read(4)
        file.write(bytes(info_frame_size(first)))  # only the end knows what it says
        offsets = join(made.parts, file)
        total = file.tell()
        file.seek(0)
        file.write(info_frame(first, offsets, total, Gap.around(heard.samples, len(offsets)), QUALITY))
