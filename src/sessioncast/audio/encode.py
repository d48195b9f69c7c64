"""Turns a recording into the MP3 listeners get: decode apart, measure, one gain, LAME, exact length in front.

Memory stays bounded whatever the length: sound passes through scratch files and in batches. The same recording and
settings give the same bytes.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from sessioncast.audio.decode import BOUNDS, SAMPLE_RATE, Bounds, Decoded, decode
from sessioncast.audio.info_frame import frame_offsets, info_frame, info_frame_size
from sessioncast.audio.pcm import int16_batches
from sessioncast.errors import SessioncastError
from sessioncast.events import Advanced, Finished, Noted, Report, Started
from sessioncast.model import AudioSettings

if TYPE_CHECKING:
    import lameenc

KBITS = {1: 96, 2: 128}
"""Constant bitrate by channels (AU-RATE-MONO, AU-RATE-STEREO)."""

_QUALITY = 3  # LAME's own default: 8 % slower than 5, the next step up costs twice the time
_LAME_SCALE = 0.446  # LAME turns its input down by this many dB at 160 kbit/s and below
_PEAK_MARGIN = 1.0  # MP3 raises peaks; one dB below the limit covers speech
_MOST_GAIN = 30.0


@dataclass(frozen=True, slots=True)
class Encoded:
    """What went into an MP3: ``samples`` per channel, ``duration`` in seconds, ``bitrate`` in bits a second.

    ``loudness`` (LUFS, None where too short to say) and ``peak`` (dBFS) are the recording's own; ``gain`` in dB is what
    the listener hears added.
    """

    samples: int
    sample_rate: int
    channels: int
    duration: float
    bitrate: int
    loudness: float | None
    peak: float
    gain: float


def encode(
    recording: Path,
    target: Path,
    settings: AudioSettings,
    *,
    report: Report,
    name: str,
    scratch: Path,
    bounds: Bounds = BOUNDS,
) -> Encoded:
    """Write ``recording`` as an untagged MP3 to ``target``, whole or not at all, and return its facts.

    Mono stays mono, more becomes stereo; 44.1 kHz (AU-SAMPLE). Scratch files, about 11 MB a minute of mono, lie in
    ``scratch`` while it works. Events ("decode", then "encode") speak of ``name``, in seconds.
    Raises MediaError naming the recording; SessioncastError when the disk refuses.
    """
    try:
        with tempfile.TemporaryDirectory(dir=scratch, prefix="sound-") as folder:
            decoded = decode(recording, Path(folder, "pcm"), report=report, name=name, bounds=bounds)
            gain = _gain(decoded, settings)
            if gain == _MOST_GAIN:
                report(
                    Noted(
                        "warning",
                        f"{recording}: so quiet ({decoded.loudness:.1f} LUFS) that {_MOST_GAIN:.0f} dB more are not enough",
                        hint="listen for noise; check which microphone was recorded",
                    )
                )
            _write(decoded, target, gain, report, name)
    except OSError as e:
        raise SessioncastError(
            f"{e.filename or target}: can't be written: {e.strerror or e}", hint=f"df -h '{scratch}' '{target.parent}'"
        ) from e
    return Encoded(
        samples=decoded.samples,
        sample_rate=SAMPLE_RATE,
        channels=decoded.channels,
        duration=decoded.seconds,
        bitrate=KBITS[decoded.channels] * 1000,
        loudness=decoded.loudness,
        peak=decoded.peak,
        gain=gain,
    )


def _gain(decoded: Decoded, settings: AudioSettings) -> float:
    """Return the dB that bring the sound to its target without pushing its peak over the limit.

    Rounded, because the last bits of a measurement differ between machines and bytes must not.
    """
    if decoded.loudness is None:
        return 0.0
    wanted = settings.loudness - decoded.loudness
    room = settings.true_peak - _PEAK_MARGIN - decoded.peak
    return round(min(wanted, room, _MOST_GAIN), 2)


def _write(decoded: Decoded, target: Path, gain: float, report: Report, name: str) -> None:
    """Encode to a temporary name beside ``target``, then put it in place."""
    part = target.with_name(f".{target.name}.{os.getpid()}.part")  # two runs on one machine may meet
    try:
        with part.open("w+b") as file:
            report(Started("encode", name, total=round(decoded.seconds), unit="seconds"))
            batches = int16_batches(
                decoded.pcm, channels=decoded.channels, sample_rate=SAMPLE_RATE, gain=gain + _LAME_SCALE
            )
            _lame(_told(batches, decoded.channels, report, name), decoded, file)
            report(Finished("encode", name))
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _told(batches: Iterable[bytes], channels: int, report: Report, name: str) -> Iterable[bytes]:
    """Pass batches on and tell of every whole second that went by."""
    samples = told = 0
    for batch in batches:
        yield batch
        samples += len(batch) // (2 * channels)
        if samples // SAMPLE_RATE > told:
            report(Advanced("encode", name, samples // SAMPLE_RATE - told))
            told = samples // SAMPLE_RATE


def _lame(batches: Iterable[bytes], decoded: Decoded, file: BinaryIO) -> None:
    """Write Info frame and sound; the room for the Info frame is left first, since only the end knows what it says."""
    import lameenc

    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_channels(decoded.channels)
    encoder.set_bit_rate(KBITS[decoded.channels])
    encoder.set_in_sample_rate(SAMPLE_RATE)
    encoder.set_out_sample_rate(SAMPLE_RATE)  # or LAME lowers it by itself at some bitrates
    encoder.set_quality(_QUALITY)
    first = b""
    for chunk in _encoded(encoder, batches):
        if chunk and not first:
            first = bytes(chunk[:4])
            file.write(bytes(info_frame_size(first)))
        file.write(chunk)
    offsets = frame_offsets(file, info_frame_size(first))
    total = file.seek(0, 2)
    file.seek(0)
    file.write(info_frame(first, offsets, total, decoded.samples, _QUALITY))


def _encoded(encoder: lameenc.Encoder, batches: Iterable[bytes]) -> Iterable[bytes]:
    for batch in batches:
        yield encoder.encode(batch)
    yield encoder.flush()
