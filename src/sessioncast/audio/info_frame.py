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
    def kbits(self) -> int:
        """Bitrate in kbit/s."""
        return _KBITS[self.raw[2] >> 4]

    @property
    def rate(self) -> int:
        """Sample rate in Hz."""
        return _RATES[self.raw[2] >> 2 & 3]

    @property
    def channels(self) -> int:
        """1 or 2; joint stereo and dual mono are two."""
        return 1 if self.raw[3] >> 6 == 3 else 2

    @property
    def size(self) -> int:
        """Bytes of the whole frame."""
        return 144_000 * self.kbits // self.rate + (self.raw[2] >> 1 & 1)

    @property
    def unpadded(self) -> FrameHeader:
        """The same header with its padding bit cleared and no checksum announced."""
        return FrameHeader(bytes((self.raw[0], self.raw[1] | 1, self.raw[2] & ~2, self.raw[3])))

    @property
    def side_info_bytes(self) -> int:
        """Bytes between header and data: 17 in mono, 32 in stereo."""
        return 17 if self.channels == 1 else 32


@dataclass(frozen=True, slots=True)
class Gap:
    """Samples an encoder put before (``delay``) and after (``padding``) the sound; a decoder takes them away again."""

    delay: int
    padding: int

    @classmethod
    def around(cls, samples: int, frames: int) -> Gap:
        """Return LAME's gap where ``samples`` went in and ``frames`` came out."""
        return cls(_DELAY, frames * SAMPLES_PER_FRAME - _DELAY - samples)


def is_info_frame(frame: bytes) -> bool:
    """Whether a frame is no sound but a Xing or Info header."""
    at = 4 + FrameHeader(frame[:4]).side_info_bytes
    return frame[at : at + 4] in {b"Xing", b"Info"}


def gap_of(frame: bytes) -> Gap | None:
    """Return what a Xing or Info frame says of delay and padding; None where it doesn't."""
    at = 4 + FrameHeader(frame[:4]).side_info_bytes
    flags = int.from_bytes(frame[at + 4 : at + 8], "big")
    at += 8 + 4 * (flags & 1) + 2 * (flags & 2) + 25 * (flags & 4) + (flags & 8) // 2
    if frame[at : at + 4] not in {b"LAME", b"Lavf", b"Lavc"}:
        return None
    both = int.from_bytes(frame[at + 21 : at + 24], "big")
    return Gap(both >> 12, both & 0xFFF)


def info_frame_size(first: bytes) -> int:
    """Return how many bytes the Info frame in front of ``first`` (the first sound frame's start) takes."""
    header = FrameHeader(first[:4])
    return _roomy(header.unpadded).size


def _roomy(header: FrameHeader) -> FrameHeader:
    """Return the header with a bitrate that leaves room for all an Info frame says."""
    index = header.raw[2] >> 4
    while True:
        roomy = FrameHeader(bytes((header.raw[0], header.raw[1], index << 4 | header.raw[2] & 15, header.raw[3])))
        if roomy.size >= 4 + roomy.side_info_bytes + 120 + _EXTENSION_BYTES:
            return roomy
        index += 1


def info_frame(
    first: bytes, offsets: Sequence[int], total: int, gap: Gap | None, quality: int, *, constant: bool = True
) -> bytes:
    """Return the Info frame of an MP3 (Xing, as it is called where the bitrate varies).

    ``first`` starts with the first sound frame's header; ``offsets`` of the sound frames and ``total`` bytes count the
    Info frame itself as the file's beginning; without a ``gap`` decoders keep every sample; ``quality`` is LAME's.
    """
    header = _roomy(FrameHeader(first[:4]).unpadded)
    toc = bytes(min(255, 256 * offsets[len(offsets) * percent // 100] // total) for percent in range(100))
    body = header.raw + bytes(header.side_info_bytes)
    body += b"Info" if constant else b"Xing"
    body += struct.pack(">III", 15, len(offsets), total) + toc + struct.pack(">I", 100 - 10 * quality)
    if gap is None:
        return body.ljust(header.size, b"\0")
    body += b"LAME4.0".ljust(9, b"\0")
    body += bytes((0x01 if constant else 0x04, 0)) + bytes(8)  # revision 0, CBR or VBR; low-pass and gains unsaid
    body += bytes((0, min(255, header.kbits))) + (gap.delay << 12 | gap.padding).to_bytes(3, "big") + bytes(4)
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
