"""Takes over the packets of a recording that is an MP3 of the right shape and level already: encoding again only costs.

Its tags stay behind; its frames are copied byte for byte behind an Info frame of our own, which says of delay and padding
what its own one said.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from sessioncast.audio.grid import CHUNK, FRAME, HOP, SAMPLE_RATE
from sessioncast.audio.info_frame import FrameHeader, Gap, gap_of, info_frame, info_frame_size, is_info_frame
from sessioncast.audio.lame import KBITS, QUALITY
from sessioncast.audio.listen import Heard
from sessioncast.audio.true_peak import REACH, peaks

TOLERATED = 0.5
"""LU from the wanted loudness that are as good as none."""

_AFTER = (b"TAG", b"APETAGEX", b"LYRICSBEGIN", b"ID3")
_LONGEST_FRAME = 1441


@dataclass(frozen=True, slots=True)
class Stream:
    """An MP3's sound alone: bytes ``start`` to ``end`` of ``path`` hold whole frames that begin at ``offsets``.

    ``gap`` is what its own Info frame says of delay and padding, None without one; ``bitrate`` the mean, in bits a second.
    """

    path: Path
    start: int
    end: int
    offsets: array[int]
    channels: int
    bitrate: int
    constant: bool
    gap: Gap | None

    def write(self, out: BinaryIO) -> None:
        """Write the stream behind an Info frame of our own. Raises OSError."""
        with self.path.open("rb") as file:
            file.seek(self.start)
            first = file.read(4)
            size = info_frame_size(first)
            shifted = array("Q", (at - self.start + size for at in self.offsets))
            total = self.end - self.start + size
            out.write(info_frame(first, shifted, total, self.gap, QUALITY, constant=self.constant))
            file.seek(self.start)
            left = self.end - self.start
            while left and (piece := file.read(min(left, 1 << 20))):
                out.write(piece)
                left -= len(piece)


def mp3_stream(recording: Path) -> Stream | None:
    """Return the stream of an MPEG-1 layer III file at 44.1 kHz; None for whatever isn't one from end to end."""
    with recording.open("rb") as file:
        start = at = _after_tags(file)
        size = file.seek(0, 2)
        offsets = array("Q")
        gap: Gap | None = None
        header = FrameHeader(b"")
        rates: set[int] = set()
        modes: set[int] = set()
        file.seek(start)
        while at < size:
            frame = file.read(_LONGEST_FRAME)
            header = FrameHeader(frame[:4])
            if not header.valid or at + header.size > size:
                break
            if at == start and is_info_frame(frame):
                gap = gap_of(frame)
                start += header.size
            else:
                offsets.append(at)
                rates.add(header.kbits)
                modes.add(header.channels)
            at += header.size
            file.seek(at)
        else:
            frame = b""
        if not offsets or len(modes) != 1:
            return None
        if frame and not frame.startswith(_AFTER) and frame.strip(b"\0"):
            return None
        file.seek(offsets[0])
        if FrameHeader(file.read(4)).rate != SAMPLE_RATE:
            return None
    bitrate = round((at - start) * 8 * SAMPLE_RATE / (len(offsets) * FRAME))
    return Stream(recording, start, at, offsets, modes.pop(), bitrate, len(rates) == 1, gap)


def _after_tags(file: BinaryIO) -> int:
    """Return where the sound may begin: behind any ID3v2 tags."""
    at = 0
    while True:
        file.seek(at)
        head = file.read(10)
        if len(head) < 10 or head[:3] != b"ID3":
            return at
        size = head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]
        at += 10 + size + (10 if head[5] & 0x10 else 0)


def is_right(stream: Stream, heard: Heard, *, loudness: float, true_peak: float) -> bool:
    """Whether there is nothing to gain by encoding: shape, bitrate, loudness (LUFS) and true peak (dBTP) are all right."""
    found = heard.loudness
    return (
        stream.channels == heard.channels == heard.stored
        and stream.bitrate >= KBITS[heard.channels] * 990  # a header's rounding is no lower bitrate
        and found is not None
        and abs(found - loudness) <= TOLERATED
        and peak_of(heard) <= 10 ** (true_peak / 20)
    )


def peak_of(heard: Heard) -> float:
    """Return the true peak of plain sound, linear; exact near full scale, where it matters."""
    highest = 0.0
    for at in range(0, heard.samples, CHUNK):
        count = -(-min(CHUNK, heard.samples - at) // HOP) * HOP
        for row in heard.sound(at - REACH, count + 2 * REACH):
            highest = max(highest, float(peaks(row, above=0.8).max()))
    return highest
