"""The one grid on which sound is measured, shaped, cut and encoded. Lengths are in samples a channel.

Everything lies on whole hops, so that two encoders at work on neighbouring parts see the very same integers.
"""

from __future__ import annotations

SAMPLE_RATE = 44_100
"""What every recording is brought to (AU-SAMPLE)."""

FRAME = 1152
"""One MPEG-1 layer III frame."""

HOP = 147
"""3.33 ms: as far as the limiter's envelope sees into time."""

BLOCK = 30 * HOP
"""100 ms: the step of ITU-R BS.1770's gating blocks."""

PERIOD = 49
"""Frames after which the padding bits of 44.1 kHz repeat: encoders that start on a multiple agree on them."""

CHUNK = 8 * PERIOD * FRAME
"""10.24 s: what is read, shaped and encoded at a time, and by how much neighbouring parts overlap."""

CHUNK_HOPS = CHUNK // HOP
CHUNK_FRAMES = CHUNK // FRAME
