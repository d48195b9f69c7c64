"""Encodes shaped sound on all cores: stretches of a length that depends on the recording alone, checked while others run.

What the encoder raises over the limit is held down at that very place and the stretch encoded again, until none is over.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from sessioncast.audio.check import Checked, check
from sessioncast.audio.grid import BLOCK, CHUNK, CHUNK_FRAMES, CHUNK_HOPS, FRAME
from sessioncast.audio.lame import mp3_of
from sessioncast.audio.loudness import Floats
from sessioncast.audio.shaping import Shape

_LONGEST = 29  # chunks: about five minutes
_EVEN = 4  # long recordings have a multiple of so many stretches, so that two or four cores end together
_ROUNDS = 8
_UNDER = 0.2  # dB more than needed, since the next encode differs a little


@dataclass(frozen=True, slots=True)
class Stretch:
    """Chunks ``first`` up to, not including, ``last``; encoded one chunk further, as far as ``shared`` with the next."""

    index: int
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
    count = -(-chunks // _LONGEST) if joined and chunks > _LONGEST + 2 else 1
    if count > _EVEN:
        count = -(-count // _EVEN) * _EVEN
    cuts = [chunks * index // count for index in range(count + 1)]
    return tuple(
        Stretch(index, cuts[index], cuts[index + 1], min(chunks, cuts[index + 1] + 1)) for index in range(count)
    )


@dataclass(frozen=True, slots=True)
class Made:
    """Encoded stretches, in order, and what they were measured to hold: ``blocks`` as Heard's, ``peak`` in dBTP."""

    parts: tuple[Path, ...]
    firsts: tuple[int, ...]
    blocks: Floats
    peak: float
    shape: Shape


def encode_all(
    shape: Shape, folder: Path, *, limit: float, threads: int, joined: bool, advanced: Callable[[int], None]
) -> Made:
    """Encode all of ``shape`` into files in ``folder``, so that no true peak (dBTP) is over ``limit`` where that can be.

    ``advanced`` is told, by this thread, how many chunks more are encoded.
    """
    cut = stretches(shape.chunks, joined=joined)
    checked: dict[int, Checked] = {}
    todo = list(cut)
    for _ in range(_ROUNDS):
        checked |= _round(shape, todo, folder, limit, threads, advanced)
        over = {hop: by for stretch in todo for hop, by in checked[stretch.index].over.items()}
        if not over:
            break
        shape = held_down(shape, over)
        todo = [s for s in cut if any(s.first * CHUNK_HOPS - 300 <= hop < s.end * CHUNK_HOPS + 300 for hop in over)]
    blocks = np.concatenate([checked[stretch.index].blocks for stretch in cut])
    return Made(
        parts=tuple(_file(folder, stretch) for stretch in cut),
        firsts=tuple(stretch.first * CHUNK_FRAMES for stretch in cut),
        blocks=blocks,
        peak=max(checked[stretch.index].peak for stretch in cut),
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
    shape: Shape, todo: list[Stretch], folder: Path, limit: float, threads: int, advanced: Callable[[int], None]
) -> dict[int, Checked]:
    """Encode some stretches and check each while the next are encoded; one thread checks, as Python lets no more."""
    found: dict[int, Checked] = {}
    stop = threading.Event()

    def encode_one(stretch: Stretch) -> Stretch:
        with _file(folder, stretch).open("wb") as file:
            for piece in mp3_of(shape, stretch.first, stretch.end):
                file.write(piece)
                if stop.is_set():
                    break
        return stretch

    def check_one(stretch: Stretch) -> None:
        wanted = range(stretch.samples.start, min(stretch.samples.stop, shape.heard.samples))
        if stretch.last == shape.chunks:
            wanted = range(wanted.start, shape.heard.samples)
        found[stretch.index] = check(_file(folder, stretch), stretch.first * CHUNK, wanted, limit=limit)

    with _pool(threads, stop) as encoders, _pool(1, stop) as checker:
        encoding: set[Future[Stretch]] = {encoders.submit(encode_one, stretch) for stretch in todo}
        checking = []
        while encoding:
            done, encoding = wait(encoding, return_when=FIRST_COMPLETED)
            for future in done:
                stretch = future.result()
                checking.append(checker.submit(check_one, stretch))
                advanced(stretch.last - stretch.first)
        for future_check in checking:
            future_check.result()
    return found


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


def _file(folder: Path, stretch: Stretch) -> Path:
    return folder / f"part-{stretch.index:04d}.mp3"
