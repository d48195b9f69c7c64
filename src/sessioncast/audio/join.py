"""Makes one MP3 stream of stretches that were encoded side by side, without a lost, doubled or silent sample.

Neighbours overlap by one chunk, in which both encoders hear the same integers on the same frame grid. Once their frames
are byte for byte the same, bit reservoir included, the stream may pass from one to the other.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from sessioncast.audio.grid import CHUNK_FRAMES
from sessioncast.audio.info_frame import FrameHeader

_ALIKE = 4  # frames; the bit reservoir reaches back two at the bitrates in use
_END = 4  # the last frames of a stretch already hear that it ends


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


def meeting(before: bytes, at: Sequence[int], after: bytes, after_at: Sequence[int], shared: int) -> int | None:
    """Return after how many frames of ``after`` the stream passes to it, as late as can be; None where it never may.

    ``shared`` is the index of the frame in ``before`` that hears what the first frame of ``after`` hears; the sequences
    say where frames begin (``offsets_of``).
    """
    last = min(CHUNK_FRAMES, len(after_at) - 1, len(at) - 1 - shared) - _END
    for index in range(last, _ALIKE, -1):
        ours = before[at[shared + index - _ALIKE] : at[shared + index]]
        if ours == after[after_at[index - _ALIKE] : after_at[index]]:
            return index
    return None


class Unjoinable(Exception):
    """Two stretches never meet: the recording has to be encoded in one."""


def join(parts: Sequence[Path], firsts: Sequence[int], out: BinaryIO) -> array[int]:
    """Write the stream of ``parts`` (files of frames) to ``out`` from where it stands; return where frames begin in it.

    ``firsts`` gives the index in the whole stream of each part's first frame. Raises Unjoinable where two parts never meet.
    """
    begins = array("Q")
    mp3 = parts[0].read_bytes()
    at = offsets_of(mp3)
    start = 0
    for index in range(len(parts)):
        end = len(at) - 1
        following = (b"", array("Q"), 0)
        if index + 1 < len(parts):
            after = parts[index + 1].read_bytes()
            after_at = offsets_of(after)
            shared = firsts[index + 1] - firsts[index]
            meets = meeting(mp3, at, after, after_at, shared)
            if meets is None:
                raise Unjoinable
            end = shared + meets
            following = (after, after_at, meets)
        base = out.tell() - at[start]
        begins.extend(base + where for where in at[start:end])
        out.write(mp3[at[start] : at[end]])
        mp3, at, start = following
    return begins
