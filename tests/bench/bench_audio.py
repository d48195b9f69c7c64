"""Seventy minutes of speech: ours against ffmpeg-normalize in one run, where the time goes, and memory against length."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import imageio_ffmpeg

import speech
from bench.row import Row
from meters import measured
from sessioncast.audio.check import check
from sessioncast.audio.decode import decode
from sessioncast.audio.encode import encode
from sessioncast.audio.grid import BLOCK, CHUNK
from sessioncast.audio.lame import KBITS, mp3_of
from sessioncast.audio.levelling import levelling
from sessioncast.audio.listen import Heard, Listener
from sessioncast.audio.programme import Programme
from sessioncast.audio.segments import cores
from sessioncast.audio.shaping import Shape, solve
from sessioncast.events import silent
from sessioncast.model import AudioSettings

_ONE = "import sys; sys.path.insert(0, sys.argv[3]); from bench import bench_audio; bench_audio.ours(sys.argv[1], sys.argv[2])"


def ours(recording: str, target: str) -> None:
    """Encode as a publication does."""
    where = Path(target)
    encode(Programme((Path(recording),)), where, AudioSettings(), report=silent, name="bench", scratch=where.parent)


def run(short: bool) -> Iterator[Row]:
    """Measure; ``short`` takes a tenth of every length."""
    share = 0.1 if short else 1.0
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder)
        source = speech.write(room / "talk.m4a", speech.talk(70 * 60 * share))
        yield Row("the recording: mono speech, AAC", 70 * share, "min", digits=0)
        own, _ = _watched(source, room / "ours.mp3")
        yield Row("ours, the encoded file measured", own)
        theirs = _ffmpeg_normalize(source, room / "theirs.mp3")
        yield Row("ffmpeg-normalize, two passes, the same bitrate", theirs)
        yield Row("ratio", own / theirs, "", "bound 0.20, goal 0.11", digits=3)
        for who in ("ours", "theirs"):
            loudness, peak = measured(room / f"{who}.mp3")
            yield Row(f"{who}: integrated loudness", loudness, "LUFS", digits=1)
            yield Row(f"{who}: true peak", peak, "dBTP", digits=1)
        yield from _split(source, room, own)
        short_one = speech.write(room / "short.flac", speech.talk(10 * 60 * share), codec="flac", form="s16")
        long_one = speech.write(room / "long.flac", speech.talk(180 * 60 * share), codec="flac", form="s16")
        _, low = _watched(short_one, room / "memory.mp3")
        yield Row(f"peak memory, {10 * share:g} min", low, "MiB", "all processes (PSS)", digits=0)
        _, high = _watched(long_one, room / "memory.mp3")
        yield Row(f"peak memory, {180 * share:g} min", high, "MiB", digits=0)
        yield Row("ratio", high / low, "", "bound 1.20")


def _ffmpeg_normalize(source: Path, target: Path) -> float:
    environment = {**os.environ, "FFMPEG_PATH": imageio_ffmpeg.get_ffmpeg_exe()}
    command = [sys.executable, "-m", "ffmpeg_normalize", str(source), "-o", str(target), "-f"]
    command += ["-nt", "ebu", "-t", "-16", "-tp", "-1", "-c:a", "libmp3lame", "-b:a", "96k", "-ar", "44100"]
    start = time.perf_counter()
    subprocess.run(command, env=environment, check=True, capture_output=True)
    return time.perf_counter() - start


def _split(source: Path, room: Path, own: float) -> Iterator[Row]:
    """Each step alone, in CPU seconds of one core."""
    start = time.perf_counter()
    decoded = decode(source, room / "pcm", report=silent, name="bench")
    decoding = time.perf_counter() - start
    yield Row("  decode and resample, CPU", decoding)
    with Listener(room / "pcm", room / "hops") as listener:
        before = time.process_time()
        heard = listener.finish(decoded.samples, decoded.channels)
    yield Row("  measure, CPU", time.process_time() - before)
    before = time.process_time()
    shape, _ = solve(heard, levelling(heard.blocks, lift=True), loudness=-16, ceiling=-2)
    yield Row("  filter: solve gain, levelling and limiter, CPU", time.process_time() - before)
    encoding = _encoding(shape, room / "bare.mp3")
    yield Row("  filter and encode, CPU", encoding)
    before = time.process_time()
    check(room / "bare.mp3", 0, range(heard.samples // BLOCK * BLOCK), limit=-1.0)
    yield Row("  check: decode and measure the encoded sound, CPU", time.process_time() - before)
    limit = (decoding + _bare(heard)) / cores()
    yield Row("the limit: bare decode and encode CPU over cores", limit, "s", f"{cores()} cores")
    yield Row("ratio to the limit", own / limit, "")
    (room / "pcm").unlink()


def _encoding(shape: Shape, target: Path) -> float:
    before = time.process_time()
    with target.open("wb") as file:
        file.writelines(mp3_of(shape, 0, shape.chunks))
    return time.process_time() - before


def _bare(heard: Heard) -> float:
    """LAME alone, on a chunk's integers again and again."""
    import lameenc

    from sessioncast.audio.lame import QUALITY, integers

    chunk = integers(Shape(heard, 0.0, heard.blocks * 0, 0.0), min(3, heard.samples // CHUNK - 1))
    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_channels(heard.channels)
    encoder.set_bit_rate(KBITS[heard.channels])
    encoder.set_in_sample_rate(44_100)
    encoder.set_quality(QUALITY)
    before = time.process_time()
    with ThreadPoolExecutor(1) as pool:
        for _ in range(heard.samples // CHUNK):
            pool.submit(encoder.encode, chunk).result()
    return time.process_time() - before


def _watched(source: Path, target: Path) -> tuple[float, float]:
    """Return wall seconds and peak memory (MiB, of the process and its children) of encoding in a process of its own."""
    here = Path(__file__).parent.parent
    start = time.perf_counter()
    child = subprocess.Popen([sys.executable, "-c", _ONE, str(source), str(target), str(here)])
    highest = 0.0
    ended = threading.Event()

    def watch() -> None:
        nonlocal highest
        while not ended.wait(0.2):
            highest = max(highest, _memory(child.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    code = child.wait()
    wall = time.perf_counter() - start
    ended.set()
    watcher.join()
    assert code == 0
    return wall, highest


def _memory(pid: int) -> float:
    """Return the proportional set size of a process and its children in MiB (Linux; 0 elsewhere)."""
    total = 0.0
    for process in _family(pid):
        try:
            lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024
    return total


def _family(pid: int) -> Iterator[int]:
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found = children.read_text().split()
        except OSError:
            continue
        for child in found:
            yield from _family(int(child))
