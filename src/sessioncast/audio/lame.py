"""Runs LAME over a stretch of shaped sound. The only user of lameenc."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sessioncast.audio.grid import CHUNK, SAMPLE_RATE
from sessioncast.audio.shaping import Shape

KBITS = {1: 96, 2: 128}
"""Constant bitrate by channels (AU-RATE-MONO, AU-RATE-STEREO)."""

QUALITY = 5
"""LAME's scale, 0 best: one step better costs an eighth more time, three steps twice as much."""

SCALE = 0.446
"""LAME turns its input down by this many dB at 160 kbit/s and below."""


def mp3_of(shape: Shape, first: int, last: int) -> Iterator[bytes]:
    """Yield MP3 frames of the chunks ``first`` up to, not including, ``last``; the recording's end ends it earlier.

    No Info frame, no tag. Between two yields lie 10 s of sound at most, in which other threads may run.
    """
    import lameenc

    channels = shape.heard.channels
    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_channels(channels)
    encoder.set_bit_rate(KBITS[channels])
    encoder.set_in_sample_rate(SAMPLE_RATE)
    encoder.set_out_sample_rate(SAMPLE_RATE)  # or LAME lowers it by itself at some bitrates
    encoder.set_quality(QUALITY)
    for chunk in range(first, min(last, shape.chunks)):
        yield bytes(encoder.encode(integers(shape, chunk)))
    yield bytes(encoder.flush())


def integers(shape: Shape, chunk: int) -> bytes:
    """Return a chunk as LAME takes it: shaped, interleaved int16, rounded to nearest without dither.

    The same sound gives the same bytes; what exceeds full scale is clipped.
    """
    count = min(CHUNK, shape.heard.samples - chunk * CHUNK)
    sound = shape.sound(chunk)
    sound *= np.float32(32768 * 10 ** (SCALE / 20))
    np.rint(sound, out=sound)
    np.clip(sound, -32768, 32767, out=sound)
    rows = sound[:, :count].astype(np.int16)
    return np.ascontiguousarray(rows.T).tobytes()
