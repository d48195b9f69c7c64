"""Makes one MP3 stream of stretches that were encoded side by side, without a lost, doubled or silent sample.

Neighbours overlap by one chunk, in which both encoders hear the same integers on the same frame grid: either's frame can
follow the other's. What has to be carried over is the bit reservoir: a frame's data may begin in the frames before it. So
the stream changes over where the next stretch's share of it fits into what the one before leaves free.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from sessioncast.audio.grid import CHUNK_FRAMES
from sessioncast.audio.info_frame import FrameHeader

_END = 4  # the last frames of a stretch already hear that it ends
_SETTLED = 8  # and its first ones that nothing was before


def offsets_of(mp3: bytes) -> array[int]:
    """Return where each frame begins, and the end of the last; ValueError where something else stands."""
    found = array("Q")
    at = 0
    while at < len(mp3):
        header = FrameHeader(mp3[at : at + 4])
        if not header.valid or at + header.size > len(mp3):
            raise ValueError(f"no MPEG frame at byte {at}")
        found.append(at)
        at += header.size
    found.append(at)
    return found


@dataclass(frozen=True, slots=True)
class Frames:
    """A stretch's bytes and where its frames begin."""

    mp3: bytes
    at: Sequence[int]

    def __len__(self) -> int:
        """Return how many frames there are."""
        return len(self.at) - 1

    def side(self, index: int) -> tuple[int, int]:
        """Return a frame's side information as one number, and how many bits it has."""
        header = FrameHeader(self.mp3[self.at[index] : self.at[index] + 4])
        start = self.at[index] + 4
        return int.from_bytes(self.mp3[start : start + header.side_info_bytes], "big"), header.side_info_bytes * 8

    def reservoir(self, index: int) -> int:
        """Return how many bytes of a frame's data stand before it (main_data_begin)."""
        side, bits = self.side(index)
        return side >> (bits - 9)

    def windows(self, index: int) -> tuple[int, ...]:
        """Return the block type of each granule and channel: what neighbours have to agree on."""
        side, bits = self.side(index)
        channels = 1 if bits == 17 * 8 else 2
        first = 9 + (5 if channels == 1 else 3) + 4 * channels
        found = []
        for part in range(2 * channels):
            switched = side >> (bits - first - 59 * part - 37) & 0b1111
            found.append(switched if switched & 0b1000 else 0)
        return tuple(found)

    def before(self, index: int, count: int) -> list[range]:
        """Return where the last ``count`` bytes of data before a frame stand, latest first."""
        places = []
        while count:
            index -= 1
            header = FrameHeader(self.mp3[self.at[index] : self.at[index] + 4])
            start = max(self.at[index] + 4 + header.side_info_bytes, self.at[index + 1] - count)
            places.append(range(start, self.at[index + 1]))
            count -= self.at[index + 1] - start
        return places


def meeting(ours: Frames, theirs: Frames, shared: int) -> int | None:
    """Return after how many of ``theirs`` the stream passes to them, as late as can be; None where it never may.

    ``shared`` is the index in ``ours`` of the frame that hears what the first of ``theirs`` hears.
    """
    last = min(CHUNK_FRAMES, len(theirs), len(ours) - shared) - _END
    for index in range(last, _SETTLED, -1):
        if theirs.reservoir(index) <= ours.reservoir(shared + index) and all(
            theirs.windows(near) == ours.windows(shared + near) for near in (index - 1, index)
        ):
            return index
    return None


def _handed_over(ours: Frames, theirs: Frames, shared: int, index: int) -> bytes:
    """Return our bytes up to the meeting, the last of them replaced by what their next frame's data begins with."""
    kept = bytearray(ours.mp3[: ours.at[shared + index]])
    count = theirs.reservoir(index)
    data = b"".join(theirs.mp3[place.start : place.stop] for place in reversed(theirs.before(index, count)))
    for place in ours.before(shared + index, count):
        kept[place.start : place.stop] = data[len(data) - len(place) :]
        data = data[: len(data) - len(place)]
    return bytes(kept)


@dataclass(frozen=True, slots=True)
class Part:
    """A file of frames, used from ``start`` up to ``stop`` (its end where None); ``first`` is the first one's place in the whole stream."""

    file: Path
    first: int
    start: int = 0
    stop: int | None = None

    def read(self) -> Frames:
        """Return its frames. What the first of them borrow from earlier ones is lost: that is why neighbours overlap."""
        mp3 = self.file.read_bytes()
        at = offsets_of(mp3)
        used = at[self.start : None if self.stop is None else self.stop + 1]
        return Frames(mp3[used[0] : used[-1]], array("Q", (where - used[0] for where in used)))


class Unjoinable(Exception):
    """Two stretches never meet: the recording has to be encoded in one."""


def join(parts: Sequence[Part], out: BinaryIO) -> array[int]:
    """Write the stream of ``parts`` to ``out`` from where it stands; return where frames begin in it.

    Raises Unjoinable where two parts never meet.
    """
    begins = array("Q")
    now = parts[0].read()
    start = 0
    for index in range(len(parts)):
        kept, end, following, meets = now.mp3, len(now), now, 0
        if index + 1 < len(parts):
            following = parts[index + 1].read()
            shared = parts[index + 1].first - parts[index].first
            found = meeting(now, following, shared)
            if found is None:
                raise Unjoinable
            meets, end = found, shared + found
            kept = _handed_over(now, following, shared, meets)
        base = out.tell() - now.at[start]
        begins.extend(base + where for where in now.at[start:end])
        out.write(kept[now.at[start] : now.at[end]])
        now, start = following, meets
    return begins
