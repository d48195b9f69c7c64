"""Show folders made for a test: historical speakers, a second of tone for a recording, a plain cover."""

from __future__ import annotations

import io
import math
import re
import shutil
import struct
import wave
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid5

import podcastparser

from sessioncast import layout
from sessioncast import project as project_
from sessioncast.errors import ObjectMissing
from sessioncast.plan.judge import Request
from sessioncast.publish import Publisher, Result
from sessioncast.store.port import Roots, Store
from sessioncast.verify import FolderListener, Listener

SHOW_ID = UUID("6f1c2d5e-8a34-4b0c-9d1e-2f3a4b5c6d7e")
SPEAKERS = (
    ("florence-nightingale", "Florence Nightingale"),
    ("ignaz-semmelweis", "Ignaz Semmelweis"),
    ("john-snow", "John Snow"),
    ("mary-seacole", "Mary Seacole"),
)
NOON = datetime(2020, 1, 10, 12, tzinfo=UTC)
NOW = datetime(2024, 3, 1, 9, 30, tzinfo=UTC)


def write_tone(path: Path, seconds: float = 1.0, hertz: float = 440.0) -> None:
    """Write a mono 16-bit tone."""
    rate = 22_050
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        frames = (round(9000 * math.sin(2 * math.pi * hertz * n / rate)) for n in range(int(rate * seconds)))
        file.writeframes(b"".join(struct.pack("<h", sample) for sample in frames))


def write_cover(path: Path) -> None:
    """Write a plain square cover."""
    from PIL import Image

    Image.new("RGB", (1400, 1400), (20, 80, 120)).save(path)


def slug_of(number: int) -> str:
    """Return the slug of the n-th session."""
    return f"{(NOON + timedelta(days=number)).date()}-{SPEAKERS[number % 4][0]}"


def write_show(folder: Path, *, title: str = "Lives in Medicine", store: str = "", show_id: UUID = SHOW_ID) -> None:
    """Write feed/ with a cover and four people, and no session."""
    (folder / "feed").mkdir(parents=True)
    (folder / "episodes").mkdir()
    (folder / "feed" / "show.toml").write_text(
        f"""[show]
id = "{show_id}"
title = "{title}"
summary = "Talks about those who changed care."
language = "en"
timezone = "Europe/London"
link = "https://example.org/"
author = "{title}"
owner = {{ name = "{title}", email = "podcast@example.org" }}
categories = ["Education"]
artwork = "cover.png"

[store]
{store or 'url = "public"'}
""",
        "utf-8",
    )
    people = [f'[{key}]\nname = "{name}"\nbio = "{name} changed how care is given."\n' for key, name in SPEAKERS]
    (folder / "feed" / "people.toml").write_text("\n".join(people), "utf-8")
    write_cover(folder / "feed" / "cover.png")


def write_session(folder: Path, nth: int, *, recording: Path | None = None, **changes: str) -> str:
    """Write the n-th session and return its slug; ``changes`` are TOML values by key."""
    slug = slug_of(nth)
    starts = NOON + timedelta(days=nth)
    where = folder / "episodes" / slug
    where.mkdir(parents=True)
    values = {
        "guid": f'"{uuid5(SHOW_ID, slug)}"',
        "title": f'"Talk {nth}"',
        "starts": starts.isoformat(),
        "ends": (starts + timedelta(hours=1)).isoformat(),
        "recording": '"recording.wav"',
        **changes,
    }
    credit = f'\n[[credits]]\nperson = "{SPEAKERS[nth % 4][0]}"\n'
    lines = [f"{key} = {value}" for key, value in values.items()]
    (where / "session.toml").write_text("\n".join(lines) + "\n" + credit, "utf-8")
    (where / "notes.md").write_text(f"What talk {nth} was about.\n\nIn *two* paragraphs.\n", "utf-8")
    if recording is not None:
        shutil.copyfile(recording, where / "recording.wav")
    else:
        write_tone(where / "recording.wav")
    return slug


def change_session(folder: Path, slug: str, old: str, new: str) -> None:
    """Replace text in a session's file, which must be there."""
    path = folder / "episodes" / slug / "session.toml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def publisher(
    folder: Path,
    roots: Roots,
    *,
    now: datetime = NOW,
    request: Request | None = None,
    listener: Listener | None = None,
    public_url: str = "http://127.0.0.1:8000",
) -> Publisher:
    """Return what publishes this folder to these roots at a fixed time."""
    return Publisher(
        project_.load(folder),
        roots,
        listener or FolderListener(roots.public),
        public_url,
        lambda: now,
        request or Request(),
    )


def publish(folder: Path, roots: Roots, *slugs: str, settings: bool = False, now: datetime = NOW) -> Result:
    """Publish the folder, or the named sessions."""
    return publisher(folder, roots, now=now, request=Request(frozenset(slugs), settings=settings)).publish()


def contents(store: Store) -> dict[str, bytes]:
    """Return every object of a store."""
    return {found.key: store.read(found.key).body for found in store.scan()}


def assert_whole(roots: Roots, base: str = "http://127.0.0.1:8000") -> None:
    """Whatever the feed and the pages name is there; the feed parses."""
    try:
        body = roots.public.read(layout.FEED).body
    except ObjectMissing:
        return
    parsed = podcastparser.parse(f"{base}/feed.xml", io.BytesIO(body))
    keys = {found.key for found in roots.public.scan()}
    for episode in parsed["episodes"]:
        assert episode["enclosures"][0]["url"].removeprefix(f"{base}/") in keys
        assert episode["link"].removeprefix(f"{base}/") in keys
    for address in re.findall(rb'(?:href|src|url)="' + re.escape(base.encode()) + rb'/([^"]+)"', body):
        assert address.decode() in keys
