"""The website's search and speed: one more episode beside three hundred, a season's index, Lighthouse's opinion on a phone."""

from __future__ import annotations

import json
import statistics
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


def run(short: bool) -> Iterator[Row]:
    """Yield the rows."""
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
