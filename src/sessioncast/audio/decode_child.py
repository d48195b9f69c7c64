"""Runs as a process of its own: decodes one untrusted file into plain sound, inside hard limits.

``python -P -m sessioncast.audio.decode_child JOB`` with ``JOB`` as JSON (see ``decode.py``). Decoders are the one part
that reads bytes from strangers in C, so a crash or a bomb must cost no more than this process. It tells its parent one
JSON object a line: ``{"channels", "declared"}``, then ``{"samples"}`` as it goes, last ``{"facts"}``,
``{"refused"}`` or ``{"disk"}``.

Limits are set before the decoder is loaded; numpy stays out, because it reserves more address space than they allow.
"""

from __future__ import annotations

import errno
import json
import sys
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

# Only what holds its own sound may be opened: ffconcat, HLS, DASH and SDP fetch other files and addresses.
FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,mp3,wav,w64,aiff,flac,ogg,matroska,webm,aac,caf,au"
RATES = range(8_000, 384_001)
CHANNELS = range(1, 9)
BATCH = 65536
_MOST_MARKERS = 500
_LONGEST_TITLE = 255
_OVER_NOISE = 6  # dB over its mean level the noise still is noise; then nr is taken off it, and speech loses nothing
_TOO_BIG = "needs more memory to decode than any sound recording should"


class Refused(Exception):
    """The file is not used; the text ends the sentence '<file>: …'."""


def main(job_text: str) -> int:
    """Do the job and tell the parent how it went; 0 also when the file is refused."""
    job: dict[str, Any] = json.loads(job_text)
    limit(job)
    try:
        _say(facts=_decode(job))
    except Refused as e:
        _say(refused=str(e))
    except MemoryError:
        _say(refused=_TOO_BIG)
    except OSError as e:  # FFmpeg's own were translated where they arose: this is the scratch disk, or no room to load
        _say(**({"refused": _TOO_BIG} if e.errno == errno.ENOMEM else {"disk": e.strerror or str(e)}))
    except Exception as e:  # noqa: BLE001 - a stranger's file drove the decoder somewhere new: refuse it, don't crash
        _say(refused=f"can't be decoded ({type(e).__name__}: {e})")
    return 0


def _say(**what: object) -> None:
    print(json.dumps(what), flush=True)  # noqa: T201 - the pipe to the parent is what stdout is here


def limit(job: dict[str, Any]) -> None:
    """Bound what this process may use, where the system can (Windows can't; the parent's clock works there too)."""
    if sys.platform == "win32":
        return
    import resource

    cpu = int(job["cpu_seconds"])
    wanted = (
        (resource.RLIMIT_CPU, cpu, cpu + 5),  # soft below hard: the signal then names the reason
        (resource.RLIMIT_FSIZE, job["file_bytes"], job["file_bytes"]),
        (resource.RLIMIT_NOFILE, 64, 64),
        (resource.RLIMIT_CORE, 0, 0),
        (resource.RLIMIT_AS, job["memory_bytes"], job["memory_bytes"]),
    )
    for which, soft, hard in wanted:
        with suppress(ValueError, OSError):  # a stricter limit already stands, or the system knows none of the kind
            resource.setrlimit(which, (soft, hard))


def _decode(job: dict[str, Any]) -> dict[str, object]:
    """Decode into ``job["pcm"]`` (interleaved float32) and return the facts."""
    import av

    # By absolute path: a relative one such as "Ep-12:final.m4a" would be read as an address.
    options = {"format_whitelist": FORMATS, "protocol_whitelist": "file"}
    try:
        container: Any = av.open(job["source"], options=options, metadata_errors="replace")
    except (av.FFmpegError, ValueError) as e:
        raise Refused(f"is no recording that can be decoded ({_reason(e)})") from None
    with container:
        stream = container.streams.best("audio")
        if stream is None:
            raise Refused("holds no sound")
        stream.codec_context.thread_count = 1  # a thread's stack and heap count against the address space
        _check_shape(stream.codec_context.sample_rate or None, stream.codec_context.channels or None)
        declared = _declared(container, stream)
        if declared is not None and declared > job["max_seconds"]:
            raise Refused(f"says it lasts {declared / 3600:.0f} hours, more than {job['max_seconds'] / 3600:g}")
        declared = _after_trim(declared, job)
        channels = 1 if stream.codec_context.channels == 1 else 2
        _say(channels=channels, declared=declared)
        with Path(job["pcm"]).open("wb") as pcm:
            found = _Pump(job, channels).run(container, stream, pcm)
        return {"declared": declared, "channels": channels, "markers": _markers(container), **found}


def _markers(container: Any) -> list[tuple[int, str]]:
    """Return the file's own chapter marks, in milliseconds; believed no further than a list to propose from."""
    marks = []
    for chapter in container.chapters()[:_MOST_MARKERS]:
        at = int(chapter["start"] * chapter["time_base"] * 1000)
        title = str(chapter["metadata"].get("title", "")).strip()[:_LONGEST_TITLE]
        if at >= 0 and title:
            marks.append((at, title))
    return marks


def _check_shape(rate: int | None, channels: int | None) -> None:
    if rate is not None and rate not in RATES:
        raise Refused(f"has a sample rate of {rate} Hz, outside {RATES.start} to {RATES.stop - 1}")
    if channels is not None and channels not in CHANNELS:
        raise Refused(f"has {channels} channels, more than {CHANNELS.stop - 1}")


def _declared(container: Any, stream: Any) -> float | None:
    """Return the length the file claims, in seconds: believed for progress and for a warning, never published."""
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return container.duration / 1_000_000 if container.duration and container.duration > 0 else None


def _after_trim(declared: float | None, job: dict[str, Any]) -> float | None:
    """Return how long the part that is asked for should be."""
    if declared is None:
        return None
    rate: int = job["sample_rate"]
    end: float = declared if job["end"] is None else min(declared, job["end"] / rate)
    return max(0.0, end - float(job["start"] / rate))


def _reason(error: Exception) -> str:
    import av

    return (error.strerror or "unknown format") if isinstance(error, av.FFmpegError) else str(error)


def _chain(job: dict[str, Any], rate: int) -> list[tuple[str, str]]:
    """Return FFmpeg's filters, by name and arguments, for what the job asks to be cleaned."""
    chain = []
    if job["highpass"]:
        chain.append(("highpass", f"f={job['highpass']}:poles=2"))
    if job["denoise"]:
        late = 2 * (rate // 80)  # samples by which the filter comes late, measured
        chain.append(("apad", f"pad_len={late}"))
        chain.append(("afftdn", f"nr={job['denoise']}:nf={max(-80.0, min(-20.0, job['noise'] + _OVER_NOISE)):.1f}"))
        chain.append(("atrim", f"start_sample={late}"))
    return chain


def _graph(filters: list[tuple[str, str]], shape: tuple[int, int, str]) -> Any:
    """Return a graph that takes sound of this shape: rate, channels, sample format."""
    import av.filter

    rate, channels, sample_format = shape
    graph: Any = av.filter.Graph()
    layout = "mono" if channels == 1 else "stereo" if channels == 2 else f"{channels}c"
    nodes = [graph.add_abuffer(sample_rate=rate, format=sample_format, layout=layout, time_base=Fraction(1, rate))]
    nodes += [graph.add(name, arguments) for name, arguments in filters]
    nodes.append(graph.add("abuffersink"))
    graph.link_nodes(*nodes).configure()
    return graph


class _Pump:
    """Takes decoded frames of whatever shape and writes sound of one shape."""

    def __init__(self, job: dict[str, Any], channels: int) -> None:
        self._rate: int = job["sample_rate"]
        self._max_samples: int = job["max_seconds"] * self._rate
        self._channels = channels
        self._job = job
        self._graph: Any = None
        self._fifo: Any = None
        self._resampler: Any = None
        self._shape: tuple[int, int, str] | None = None
        self._start: int = job["start"]
        self._end: int | None = job["end"]
        self._passed = 0
        self._samples = 0
        self._damaged = 0
        self._fed = 0

    def run(self, container: Any, stream: Any, pcm: BinaryIO) -> dict[str, object]:
        """Decode all of ``stream`` and return how many samples it has and how many packets were damaged."""
        for frame in self._frames(container, stream):
            shape = (frame.sample_rate, frame.layout.nb_channels, frame.format.name)
            if shape != self._shape:  # writing another shape into an AudioFifo crashes the process
                self._empty(pcm)
                self._renew(shape)
            frame.pts = None
            self._fifo.write(frame)
            self._move(pcm, partial=False)
            if self._end is not None and self._passed >= self._end:
                break
        self._empty(pcm)
        if not self._samples and self._passed:
            raise Refused(f"ends after {self._passed / self._rate:.1f} s, before the part that trim leaves begins")
        if not self._samples:
            raise Refused("holds no sound that can be decoded")
        return {"samples": self._samples, "damaged": self._damaged}

    def _frames(self, container: Any, stream: Any) -> Iterator[Any]:
        """Yield decoded frames; a damaged packet is counted and passed over, as players do."""
        import av

        packets = container.demux(stream)
        while True:
            try:
                packet = next(packets, None)
            except av.FFmpegError:
                self._damaged += 1
                return
            if packet is None:
                return
            try:
                yield from packet.decode()
            except av.FFmpegError:
                self._damaged += 1

    def _renew(self, shape: tuple[int, int, str]) -> None:
        import av

        _check_shape(shape[0], shape[1])
        self._shape = shape
        self._fifo = av.AudioFifo()
        filters = _chain(self._job, shape[0])
        self._graph = _graph(filters, shape) if filters else None
        layout = "mono" if self._channels == 1 else "stereo"
        self._resampler = av.AudioResampler(format="flt", layout=layout, rate=self._rate)

    def _move(self, pcm: BinaryIO, *, partial: bool) -> None:
        """Send what has gathered on in large batches: Python's work per small frame would dominate."""
        while (frame := self._fifo.read(BATCH, partial)) is not None:
            frame.pts = None
            for filtered in self._filtered(frame):
                for out in self._resampler.resample(filtered):
                    self._write(out, pcm)

    def _filtered(self, frame: Any) -> Iterator[Any]:
        """Pass a frame, or None at the end, through the filters; as it is where none were asked for."""
        import av

        if self._graph is None:
            yield from [] if frame is None else [frame]
            return
        if frame is not None:
            frame.pts = self._fed
            self._fed += frame.samples
        self._graph.push(frame)
        while True:
            try:
                out = self._graph.pull()
            except (av.BlockingIOError, av.EOFError):
                return
            out.pts = None
            yield out

    def _empty(self, pcm: BinaryIO) -> None:
        if self._fifo is None:
            return
        self._move(pcm, partial=True)
        for filtered in self._filtered(None):
            for out in self._resampler.resample(filtered):
                self._write(out, pcm)
        for out in self._resampler.resample(None):
            self._write(out, pcm)
        self._fifo = None
        self._fed = 0

    def _write(self, frame: Any, pcm: BinaryIO) -> None:
        first = max(0, self._start - self._passed)
        last = frame.samples if self._end is None else min(frame.samples, self._end - self._passed)
        self._passed += frame.samples
        if self._passed > self._max_samples:
            raise Refused(f"lasts more than {self._max_samples / self._rate / 3600:g} hours")
        if last <= first:
            return
        self._samples += last - first
        size = 4 * self._channels
        pcm.write(bytes(frame.planes[0])[first * size : last * size])
        pcm.flush()  # the parent reads behind
        _say(samples=self._samples)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
