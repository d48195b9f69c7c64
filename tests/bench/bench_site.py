"""The website: a thousand episodes with transcripts, one more episode, and what Lighthouse makes of a page on a phone."""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from bench.row import Row
from fakes import Plan, memory_roots, watched
from many import catalog_of
from sessioncast import layout, site
from sessioncast.bundles import tracked
from sessioncast.catalog import Catalog, encode
from sessioncast.extras import TextFile
from sessioncast.renew import renew
from sessioncast.search import bundle
from sessioncast.store.port import Artifact, Roots
from shows import NOW, publish, slug_of, write_session, write_show

_WORDS = [
    "water",
    "map",
    "street",
    "pump",
    "well",
    "ward",
    "nurse",
    "clinic",
    "fever",
    "night",
    "ledger",
    "lamp",
    "count",
    "proof",
    "parish",
    "handle",
    "brewery",
    "data",
]
_SENTENCES = 400  # an hour's talk


def with_words(public: Catalog) -> tuple[Catalog, dict[str, bytes]]:
    """Return the catalog with a transcript of an hour for every episode, and the transcripts by key."""
    bodies: dict[str, bytes] = {}
    episodes = []
    for number, episode in enumerate(public.episodes):
        segments = [
            {
                "speaker": episode.credits[0].name,
                "startTime": n * 9,
                "endTime": n * 9 + 8,
                "body": " ".join(_WORDS[(n * 7 + k * (number + 3)) % len(_WORDS)] for k in range(20)) + ".",
            }
            for n in range(_SENTENCES)
        ]
        body = json.dumps({"version": "1.0.0", "segments": segments}).encode()
        key = layout.episode_file(episode.slug, "transcript", layout.sha256(body), "json")
        bodies[key] = body
        file = TextFile(key=key, media_type="application/json", language="en")
        episodes.append(episode.model_copy(update={"transcripts": (file,)}))
    return public.model_copy(update={"episodes": tuple(episodes)}), bodies


def pages_alone(many: int) -> None:
    """Render every page once, in a process of its own, and print seconds and the memory it took, in megabytes."""
    public, bodies = with_words(catalog_of(many))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started, worked = time.perf_counter(), time.process_time()
    made = site.pages(public, 0, site.Shelf(bodies.get))
    took, worked = time.perf_counter() - started, time.process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps([took, worked, peak / 1024, before / 1024, len(made), sum(map(len, made.values())) / 1e6]))


def run(short: bool) -> Iterator[Row]:
    """Yield the rows."""
    many = 100 if short else 1000
    code = f"import sys; sys.path[:0] = {sys.path!r}; from bench.bench_site import pages_alone; pages_alone({many})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    took, worked, peak, inputs, pages, size = json.loads(done.stdout)
    yield Row(
        f"pages of {many} episodes with transcripts",
        took,
        "s",
        f"under 20 s; {worked:.1f} s of it this program at work",
        2,
    )
    yield Row("  peak memory, transcripts held by the test too", peak, "MB", f"under 500 MB; {inputs:.0f} before", 0)
    yield Row("  pages", pages, "", f"{size:.0f} MB", 0)
    yield from _one_more(300)
    public, bodies = with_words(catalog_of(50))
    season = max(tracked(None, public).search, key=int)
    records = site.records(public, season, site.Shelf(bodies.get))
    started = time.perf_counter()
    made = bundle(records, "en")
    yield Row(
        f"a season's index, {len(records)} talks of an hour",
        time.perf_counter() - started,
        "s",
        f"{len(made)} objects",
        2,
    )
    yield from _lighthouse(1 if short else 5)


def _one_more(many: int) -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "show"
        write_show(folder)
        write_session(folder, 0)
        publish(folder, memory_roots())  # its audio is made
        roots = memory_roots()
        public, bodies = with_words(catalog_of(many))
        _fill(roots, tracked(None, public), bodies)
        plan = Plan()
        started = time.perf_counter()
        publish(folder, watched(roots, plan), slug_of(0), now=NOW)
        took = time.perf_counter() - started
        put = {c.key for c in plan.calls if c.verb == "put" and c.where.endswith("public")}
        indexed = {key.split("/")[1] for key in put if key.startswith("search/2")}
        pages = sorted(key for key in put if site.is_page(key))
        yield Row(f"one more beside {many} with transcripts", took, "s", "audio made, all in memory", 2)
        yield Row("  pages written", len(pages), "", ", ".join(pages), 0)
        yield Row("  seasons indexed again", len(indexed), "", ", ".join(sorted(indexed)), 0)


def _fill(roots: Roots, public: Catalog, bodies: dict[str, bytes]) -> None:
    for key in public.object_keys():
        roots.public.put(Artifact(key, bodies.get(key, b".")))
    roots.private.put(Artifact(layout.CATALOG, encode(public)))
    renew(roots, public.revision)


def _lighthouse(visits: int) -> Iterator[Row]:
    from chromium import find
    from demo import TALK, publish_demo, write_demo
    from judges import MODULES, judge_with_lighthouse, scores
    from sites import served

    if find() is None or not (MODULES / ".bin" / "lighthouse").exists():
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "show"
        write_demo(folder)
        with served(folder / "public") as base:
            publish_demo(folder, base, datetime(2026, 3, 2, 9, tzinfo=UTC))
            for kind, key in (("home", layout.HOME), ("episode", layout.episode_page(TALK))):
                marks = [
                    scores(judge_with_lighthouse(f"{base}/{key}", Path(name), ("performance",)))["performance"]
                    for _ in range(visits)
                ]
                note = f"95 at least, of {sorted(marks)}"
                yield Row(f"Lighthouse on a phone, {kind}, median", statistics.median(marks), "", note, 0)
