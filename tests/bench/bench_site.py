"""The website of a thousand talks with their transcripts: time and memory of all pages, made in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bench.row import Row

_MAKE = """
import json, resource, sys, time
from many import catalog_of
from sessioncast import layout, site
from sessioncast.extras import TextFile

def said(talk):
    words = [f"word{(talk * 31 + n * 7919) % 3001}" for n in range(8250)]
    return json.dumps({"version": "1.0.0", "segments": [
        {"speaker": f"Speaker {n // 12 % 2}", "startTime": n * 6.5, "endTime": n * 6.5 + 6, "body": " ".join(words[n * 15 : n * 15 + 15]) + "."}
        for n in range(550)]}).encode()

count = int(sys.argv[1])
public = catalog_of(count)
number = {layout.episode_file(e.slug, "transcript", f"{n:08x}", "json"): n for n, e in enumerate(public.episodes)}
named = zip(public.episodes, number, strict=True)
talks = tuple(e.model_copy(update={"transcripts": (TextFile(key=k, media_type="application/json", language="en"),)}) for e, k in named)
public = public.model_copy(update={"episodes": talks})
spent = 0.0
def read(key):
    global spent
    started = time.process_time()
    body = said(number[key])
    spent += time.process_time() - started
    return body
started = time.process_time()
made = site.pages(public, 0, site.Shelf(read))
print(time.process_time() - started - spent, len(made), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def run(short: bool) -> Iterator[Row]:
    """Yield the rows."""
    count = 200 if short else 1000
    done = subprocess.run(
        [sys.executable, "-c", _MAKE, str(count)],
        env={"PYTHONPATH": str(Path(__file__).parents[1])},
        capture_output=True,
        text=True,
        check=True,
    )
    seconds, pages, memory = (float(part) for part in done.stdout.split())
    yield Row(f"{count} talks with transcripts, {pages:.0f} pages", seconds, "s", "under 20 s, processor time", 1)
    yield Row("  peak memory", memory, "MB", "under 500 MB", 0)
