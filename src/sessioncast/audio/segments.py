"""Encodes shaped sound on all cores: stretches of a length that depends on the recording alone, checked while others run.

What the encoder raises over the limit is held down at that very place, and a patch around it encoded anew, until none is over.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import count, pairwise
from pathlib import Path

import numpy as np

from sessioncast.audio.check import Checked, check
from sessioncast.audio.grid import BLOCK, CHUNK, CHUNK_FRAMES, CHUNK_HOPS, FRAME
from sessioncast.audio.join import Part
from sessioncast.audio.lame import mp3_of
from sessioncast.audio.loudness import Floats
from sessioncast.audio.shaping import Shape

_LONGEST = 29  # chunks: about five minutes
_EVEN = 4  # long recordings have a multiple of so many stretches, so that two or four cores end together
_ROUNDS = 8
_UNDER = 0.2  # dB more than needed, since the next encode differs a little
_REACH = 300  # hops that the limiter needs to let go


@dataclass(frozen=True, slots=True)
class Stretch:
    """Chunks ``first`` up to, not including, ``last``; encoded up to ``end``, one chunk further, which the next one hears too."""

    first: int
    last: int
    end: int

    @property
    def samples(self) -> range:
        """What only this stretch is asked for, on whole blocks: begun where the one before may have ended."""
        return range(_block_after(self.first), _block_after(self.last))


def _block_after(chunk: int) -> int:
    """Return the first block's beginning after neighbours that meet at ``chunk`` have met."""
    return 0 if chunk == 0 else -(-(chunk * CHUNK + CHUNK - 8 * FRAME) // BLOCK) * BLOCK


def stretches(chunks: int, *, joined: bool = True) -> tuple[Stretch, ...]:
    """Return how a recording of so many chunks is cut up; in one where not ``joined``."""
    if not joined:
        return (Stretch(0, chunks, chunks),)
    count = -(-chunks // _LONGEST) if chunks > _LONGEST + 2 else 1
    if count > _EVEN:
        count = -(-count // _EVEN) * _EVEN
    return tuple(_cut(0, chunks, count, chunks))


def _cut(first: int, last: int, count: int, chunks: int) -> Iterator[Stretch]:
    """Yield ``count`` stretches of even length between two chunks of a recording of so many."""
    cuts = [first + (last - first) * index // count for index in range(count + 1)]
    return (Stretch(start, stop, min(chunks, stop + 1)) for start, stop in pairwise(cuts))


def patches(over: Iterable[int], chunks: int) -> Iterator[Stretch]:
    """Yield what has to be encoded anew when these hops are held down.

    The first chunk of a patch, and the one after its end, sound as before: there it is joined to what stays.
    """
    first = last = -1
    for hop in sorted(over):
        from_ = max(0, (hop - _REACH) // CHUNK_HOPS - 1)
        if from_ > last:
            if last >= 0:
                yield from _cut(first, last, -(-(last - first) // _LONGEST), chunks)
            first = from_
        last = min(chunks, (hop + _REACH) // CHUNK_HOPS + 1)
    if last >= 0:
        yield from _cut(first, last, -(-(last - first) // _LONGEST), chunks)


@dataclass(frozen=True, slots=True)
class Take:
    """A stretch as it was encoded: ``file``, whose first frame hears the beginning of chunk ``begun``, and what was heard in it."""

    stretch: Stretch
    file: Path
    begun: int
    heard: Checked

    @property
    def part(self) -> Part:
        """The frames that are its own and those that the next one hears too."""
        first, last = ((chunk - self.begun) * CHUNK_FRAMES for chunk in (self.stretch.first, self.stretch.end))
        ends = self.stretch.end == self.stretch.last  # then the recording's end comes out a few frames later
        return Part(self.file, self.stretch.first * CHUNK_FRAMES, first, None if ends else last)

    def without(self, patch: Stretch) -> Iterator[Take]:
        """Yield what a patch leaves of it: all, what comes before, what comes after, or nothing."""
        own = self.stretch
        if patch.last <= own.first or own.last <= patch.first:
            yield self
            return
        if own.first < patch.first:
            yield self._cut(Stretch(own.first, patch.first, patch.first + 1))
        if patch.last < own.last:
            yield self._cut(Stretch(patch.last, own.last, own.end))

    def _cut(self, stretch: Stretch) -> Take:
        at = self.stretch.samples.start // BLOCK
        first = stretch.samples.start // BLOCK - at
        last = None if stretch.last == self.stretch.last else stretch.samples.stop // BLOCK - at
        return replace(self, stretch=stretch, heard=self.heard.part(slice(first, last)))


def _patched(takes: Sequence[Take], new: Sequence[Take]) -> list[Take]:
    """Return the takes with the new ones in their places."""
    kept = list(takes)
    for patch in new:
        kept = [left for take in kept for left in take.without(patch.stretch)]
    return sorted([*kept, *new], key=lambda take: take.stretch.first)


@dataclass(frozen=True, slots=True)
class Made:
    """Encoded stretches, in order, and what they were measured to hold: ``blocks`` as Heard's, ``peak`` in dBTP."""

    parts: tuple[Part, ...]
    blocks: Floats
    peak: float
    shape: Shape


def encode_all(
    shape: Shape, folder: Path, *, limit: float, threads: int, joined: bool, advanced: Callable[[int], None]
) -> Made:
    """Encode all of ``shape`` into files in ``folder``, so that no true peak (dBTP) is over ``limit`` where that can be.

    ``advanced`` is told, by this thread, how many chunks more are encoded. Where not ``joined``, it is all one stretch.
    """
    numbers = count()
    todo = stretches(shape.chunks, joined=joined)
    takes: list[Take] = []
    for _ in range(_ROUNDS):
        new = _round(shape, todo, [folder / f"part-{next(numbers):04d}.mp3" for _ in todo], limit, threads, advanced)
        takes = _patched(takes, new)
        over = {hop: by for take in new for hop, by in take.heard.over.items()}
        if not over:
            break
        shape = held_down(shape, over)
        todo = tuple(patches(over, shape.chunks)) if joined else todo
    return Made(
        parts=tuple(take.part for take in takes),
        blocks=np.concatenate([take.heard.blocks for take in takes]),
        peak=max(take.heard.peak for take in takes),
        shape=shape,
    )


def held_down(shape: Shape, over: dict[int, float]) -> Shape:
    """Return the shape with the limiter further down where the encoder went over, and one hop to either side."""
    held = dict(shape.held)
    for chunk in sorted({max(0, near) // CHUNK_HOPS for hop in over for near in (hop - 1, hop, hop + 1)}):
        if chunk >= shape.chunks:
            continue
        now = shape.reduction(chunk)
        first = chunk * CHUNK_HOPS
        for hop, by in over.items():
            for near in (hop - 1, hop, hop + 1):
                if first <= near < first + CHUNK_HOPS:
                    least = float(max(now[near - first], now[near - first + 1])) + by + _UNDER
                    held[near] = round(max(held.get(near, 0.0), least), 2)
    return replace(shape, held=held)


def _round(
    shape: Shape,
    todo: Sequence[Stretch],
    files: Sequence[Path],
    limit: float,
    threads: int,
    advanced: Callable[[int], None],
) -> list[Take]:
    """Encode some stretches and check each while the next are encoded; one thread checks, as Python lets no more."""
    stop = threading.Event()

    def encode_one(stretch: Stretch, file: Path) -> tuple[Stretch, Path]:
        with file.open("wb") as out:
            for piece in mp3_of(shape, stretch.first, stretch.end):
                out.write(piece)
                if stop.is_set():
                    break
        return stretch, file

    def check_one(stretch: Stretch, file: Path) -> Take:
        wanted = range(stretch.samples.start, min(stretch.samples.stop, shape.heard.samples))
        if stretch.last == shape.chunks:
            wanted = range(wanted.start, shape.heard.samples)
        return Take(stretch, file, stretch.first, check(file, stretch.first * CHUNK, wanted, limit=limit))

    with _pool(threads, stop) as encoders, _pool(1, stop) as checker:
        encoding = {encoders.submit(encode_one, *each) for each in zip(todo, files, strict=True)}
        checking = []
        while encoding:
            done, encoding = wait(encoding, return_when=FIRST_COMPLETED)
            for future in done:
                stretch, file = future.result()
                checking.append(checker.submit(check_one, stretch, file))
                advanced(stretch.last - stretch.first)
        return [checked.result() for checked in checking]


@contextmanager
def _pool(threads: int, stop: threading.Event) -> Iterator[ThreadPoolExecutor]:
    """Threads that end soon when the work is given up: nobody waits for minutes after an interrupt."""
    pool = ThreadPoolExecutor(threads)
    try:
        yield pool
    except BaseException:
        stop.set()
        pool.shutdown(cancel_futures=True)
        raise
    pool.shutdown()


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
