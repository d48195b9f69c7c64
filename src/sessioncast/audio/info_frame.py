"""The first frame of an MP3: how long the sound is to the sample, and where in the file each percent begins (AU-CBR).

Laid out as decoders read it: an empty frame holding ``Info``, then LAME's extension with the encoder's delay and padding.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass

SAMPLES_PER_FRAME = 1152
_DELAY = 576  # what LAME puts before the first sample; decoders know their own share beside it
_EXTENSION_BYTES = 36
_KBITS = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_RATES = (44_100, 48_000, 32_000)


@dataclass(frozen=True, slots=True)
class FrameHeader:
    """Four bytes of an MPEG-1 layer III frame, and what they say."""

    raw: bytes

    @property
    def valid(self) -> bool:
        """Whether this is the header of an MPEG-1 layer III frame of known rates."""
        if len(self.raw) != 4 or self.raw[0] != 0xFF or self.raw[1] & 0xFE != 0xFA:
            return False
        return 0 < self.raw[2] >> 4 < 15 and self.raw[2] >> 2 & 3 != 3

    @property
    def size(self) -> int:
        """Bytes of the whole frame."""
        return 144_000 * _KBITS[self.raw[2] >> 4] // _RATES[self.raw[2] >> 2 & 3] + (self.raw[2] >> 1 & 1)

    @property
    def unpadded(self) -> FrameHeader:
        """The same header with its padding bit cleared and no checksum announced."""
        return FrameHeader(bytes((self.raw[0], self.raw[1] | 1, self.raw[2] & ~2, self.raw[3])))

    @property
    def side_info_bytes(self) -> int:
        """Bytes between header and data: 17 in mono, 32 in stereo."""
        return 17 if self.raw[3] >> 6 == 3 else 32


def info_frame_size(first: bytes) -> int:
    """Return how many bytes the Info frame in front of ``first`` (the first sound frame's start) takes."""
    return FrameHeader(first[:4]).unpadded.size


def info_frame(first: bytes, offsets: Sequence[int], total: int, samples: int, quality: int) -> bytes:
    """Return the Info frame for a constant-bitrate MP3.

    ``first`` starts with the first sound frame's header; ``offsets`` of the sound frames and ``total`` bytes count the
    Info frame itself as the file's beginning; ``samples`` per channel went into the encoder; ``quality`` is LAME's.
    """
    header = FrameHeader(first[:4]).unpadded
    padding = len(offsets) * SAMPLES_PER_FRAME - _DELAY - samples
    toc = bytes(min(255, 256 * offsets[len(offsets) * percent // 100] // total) for percent in range(100))
    body = header.raw + bytes(header.side_info_bytes)
    body += b"Info" + struct.pack(">III", 15, len(offsets), total) + toc + struct.pack(">I", 100 - 10 * quality)
    body += b"LAME4.0".ljust(9, b"\0")
    body += bytes((0x01, 0)) + bytes(8)  # tag revision 0, CBR; low-pass, peak and replay gains unsaid
    kbits = _KBITS[header.raw[2] >> 4]
    body += bytes((0, min(255, kbits))) + (_DELAY << 12 | padding).to_bytes(3, "big") + bytes(4)
    body += struct.pack(">IH", total, 0)  # the checksum of the music is optional and read by nobody
    body += struct.pack(">H", _crc16(body))
    return body.ljust(header.size, b"\0")


def _crc16(data: bytes) -> int:
    """CRC-16/ARC (polynomial 0x8005, reflected)."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc
