"""Reads plain sound back from disk and brings it to the level and the integers an encoder takes."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

BATCH = 65536


def int16_batches(pcm: Path, *, channels: int, sample_rate: int, gain: float) -> Iterator[bytes]:
    """Yield the float32 sound of ``pcm``, ``gain`` dB louder, as interleaved int16 in batches of up to 65,536 samples.

    Rounded to nearest, without dither, so the same sound gives the same bytes; what exceeds full scale is clipped.
    """
    level = _Level(channels, sample_rate, gain)
    with pcm.open("rb") as file:
        while batch := file.read(BATCH * channels * 4):
            yield from level.apply(batch)
    yield from level.finish()


class _Level:
    """FFmpeg's volume filter, which does in C what would take Python minutes an hour."""

    def __init__(self, channels: int, sample_rate: int, gain: float) -> None:
        import av

        self._nothing_yet: tuple[type[BaseException], ...] = (av.BlockingIOError, av.EOFError)
        self._frame_type: Any = av.AudioFrame
        self._channels = channels
        self._rate = sample_rate
        self._layout = "mono" if channels == 1 else "stereo"
        self._samples = 0
        graph: Any = av.filter.Graph()
        graph.threads = 1
        self._in = graph.add_abuffer(
            format="flt", sample_rate=sample_rate, layout=self._layout, time_base=Fraction(1, sample_rate)
        )
        volume = graph.add("volume", f"volume={10 ** (gain / 20):.9f}:precision=float")
        integers = graph.add("aformat", "sample_fmts=s16")
        self._out = graph.add("abuffersink")
        self._in.link_to(volume)
        volume.link_to(integers)
        integers.link_to(self._out)
        graph.configure()
        self._graph = graph  # the contexts don't keep it alive

    def apply(self, batch: bytes) -> Iterator[bytes]:
        samples = len(batch) // (4 * self._channels)
        frame = self._frame_type(format="flt", layout=self._layout, samples=samples)
        plane = frame.planes[0]
        plane.update(batch + bytes(plane.buffer_size - len(batch)))
        frame.sample_rate = self._rate
        frame.pts = self._samples
        frame.time_base = Fraction(1, self._rate)
        self._samples += samples
        self._in.push(frame)
        yield from self._drain()

    def finish(self) -> Iterator[bytes]:
        self._in.push(None)
        yield from self._drain()

    def _drain(self) -> Iterator[bytes]:
        while True:
            try:
                frame = self._out.pull()
            except self._nothing_yet:
                return
            yield bytes(frame.planes[0])[: frame.samples * self._channels * 2]
