"""Published shows for a browser to visit, served as a bucket serves them: exact keys below a path, no index documents."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from many import catalog_of
from sessioncast import layout
from sessioncast.bundles import tracked
from sessioncast.catalog import Catalog, encode
from sessioncast.preview.server import address_of, listen
from sessioncast.renew import renew
from sessioncast.store.local import LocalStore
from sessioncast.store.port import Artifact, Roots
from shows import NOW, publisher, slug_of, write_session, write_show, write_tone

BELOW = "lives/in-medicine"
"""The path the shows are served below: no site may think it lies at the root."""

SECONDS = 90
TALK = slug_of(1)
"""The talk with everything: chapters, captions, two paragraphs of notes."""


class _Bucket(StaticFiles):
    """A folder with the types and cache rules an object store would have kept."""

    def file_response(self, *args: Any, **facts: Any) -> Response:
        response = super().file_response(*args, **facts)
        key = Path(str(args[0])).relative_to(str(self.directory)).as_posix()
        response.headers["Content-Type"] = layout.media_type(key)
        response.headers["Cache-Control"] = layout.cache_control(key)
        return response


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a public root and yield its base address."""
    with listen("127.0.0.1", 0) as listener:
        app = Starlette(routes=[Mount(f"/{BELOW}", _Bucket(directory=folder, check_dir=False))])
        config = uvicorn.Config(app, log_level="error", http="h11", ws="none", lifespan="off", loop="asyncio")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"{address_of(listener)}/{BELOW}"
        finally:
            server.should_exit = True
            thread.join(30)


def roots_of(folder: Path) -> Roots:
    """Return the roots of a show folder."""
    return Roots(LocalStore(folder / "public"), LocalStore(folder / ".sessioncast" / "state"))


SENTENCES = (
    "The map shows where they drew their water.",
    "Nobody believed in the pump at first.",
    "We counted the dead in Broad Street.",
    "Then the handle was taken off.",
    "The brewery had its own well.",
    "Statistics persuade where pity fails.",
    "Cholera moved along the pipes.",
    "A nurse keeps a ledger of every night.",
    "The committee asked for one more month.",
    "Miasma was the word of the day.",
    "What we wash we may keep.",
    "Questions came from the back of the hall.",
)


def captions() -> str:
    """Return the talk's captions: a sentence every seven seconds, two people in turn."""
    lines = ["WEBVTT", ""]
    for number, sentence in enumerate(SENTENCES):
        start, end = number * 7, number * 7 + 6
        name = "Ignaz Semmelweis" if number % 4 < 3 else "Mary Seacole"
        lines += [f"{_stamp(start)} --> {_stamp(end)}", f"{name}: {sentence}", ""]
    return "\n".join(lines)


def _stamp(seconds: int) -> str:
    return f"00:{seconds // 60:02d}:{seconds % 60:02d}.000"


def write_lives(folder: Path, seconds: float = SECONDS) -> None:
    """Write the folder of a small show with one talk that has everything and two that have little."""
    write_show(folder)
    for number in (0, 1, 2):
        slug = write_session(folder, number, tags='["Epidemiology", "Hygiene"]')
        where = folder / "episodes" / slug
        if slug == TALK:
            write_tone(where / "recording.wav", seconds)
            (where / "transcript.vtt").write_text(captions(), "utf-8")
            (where / "chapters.txt").write_text("0:00 Welcome\n0:28 The pump\n0:56 What followed\n", "utf-8")


def publish_lives(folder: Path, base: str) -> Roots:
    """Publish it at this address."""
    roots = roots_of(folder)
    result = publisher(folder, roots, now=NOW, public_url=base).publish()
    assert not result.failures
    return roots


def put_catalog(folder: Path, catalog: Catalog, objects: dict[str, bytes] | None = None) -> Roots:
    """Lay out a catalog's site without producing anything; what it names has a byte, or what ``objects`` say."""
    roots = roots_of(folder)
    whole = tracked(None, catalog)
    for key in whole.object_keys():
        if "://" not in key:
            roots.public.put(Artifact(key, (objects or {}).get(key, b".")))
    roots.private.put(Artifact(layout.CATALOG, encode(whole)))
    renew(roots, whole.revision)
    return roots


def three_hundred(base: str) -> Catalog:
    """Return a show of three hundred episodes in several seasons."""
    return catalog_of(300, base)
