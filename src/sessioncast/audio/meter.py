"""Measures sound while it streams by: integrated loudness (ITU-R BS.1770, EBU R 128) and the sample peak."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

BATCH = 65536


class Meter:
    """Takes interleaved float32 sound in batches; afterwards knows ``loudness`` and ``peak``.

    ``loudness`` is in LUFS, None where there is too little sound to say (under 0.4 s, or all below −70 LUFS);
    ``peak`` in dBFS, −inf for digital silence.
    """

    def __init__(self, sample_rate: int, channels: int) -> None:
        import av

        self._nothing_yet: tuple[type[BaseException], ...] = (av.BlockingIOError, av.EOFError)
        self._rate = sample_rate
        self._samples = 0
        graph: Any = av.filter.Graph()
        graph.threads = 1  # a thread's stack and heap count against the child's address space
        layout = "mono" if channels == 1 else "stereo"
        self._in = graph.add_abuffer(
            format="flt", sample_rate=sample_rate, layout=layout, time_base=Fraction(1, sample_rate)
        )
        r128 = graph.add("ebur128", "metadata=1:framelog=quiet")
        peaks = graph.add("astats", "metadata=1:measure_perchannel=none:measure_overall=Peak_level")
        self._out = graph.add("abuffersink")
        self._in.link_to(r128)
        r128.link_to(peaks)
        peaks.link_to(self._out)
        graph.configure()
        self._graph = graph  # the contexts don't keep it alive
        self._last: dict[str, str] = {}

    def take(self, frame: Any) -> None:
        """Measure an av.AudioFrame of format ``flt``; its time stamp is set here."""
        frame.pts = self._samples
        frame.time_base = Fraction(1, self._rate)
        self._samples += frame.samples
        self._in.push(frame)
        self._drain()

    def finish(self) -> None:
        """Say that no more sound comes."""
        self._in.push(None)
        self._drain()

    def _drain(self) -> None:
        while True:
            try:
                frame = self._out.pull()
            except self._nothing_yet:
                return
            self._last |= frame.metadata  # a last, shorter frame carries a peak but no loudness

    @property
    def loudness(self) -> float | None:
        """Integrated loudness in LUFS; None where there is too little sound to say."""
        found = float(self._last.get("lavfi.r128.I", "-inf"))
        return found if found > -70 else None

    @property
    def peak(self) -> float:
        """Highest sample in dBFS."""
        return float(self._last.get("lavfi.astats.Overall.Peak_level", "-inf"))
