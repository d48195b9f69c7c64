"""A show to look at: talks that people of the past might have given, with sound, chapters, words and sessions to come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from PIL import Image, ImageDraw

from sessioncast import layout
from sessioncast.catalog import encode
from sessioncast.commit import read_catalog
from sessioncast.model import Announced, PublicCredit
from sessioncast.renew import renew
from sessioncast.store.port import Artifact, Roots
from shows import SPEAKERS, change_session, publisher, slug_of, write_session, write_show, write_tone
from sites import roots_of

TALK = slug_of(2)
TITLES = (
    "What a hospital night sounds like",
    "Why we wash our hands, and why nobody wanted to know",
    "Reading the map of Broad Street",
    "A hotel near Balaclava: care on the supply line",
    "Statistics for the ward",
    "The second clinic",
)
SAID = (
    "When the outbreak began I had a theory and no proof.",
    "So I walked from door to door and asked where they drew their water.",
    "Every death was a short black line beside the house where it happened.",
    "On the map the lines crowded round one pump in Broad Street.",
    "There were exceptions, and the exceptions taught me most.",
    "The brewery had a well of its own, and its men drank beer.",
    "A widow in Hampstead had the water brought to her because she liked its taste.",
    "She died, and nobody else in Hampstead did.",
    "The parish took the handle off the pump.",
    "By then the worst had passed, and I have never claimed otherwise.",
    "A map persuades because everyone can see their own street on it.",
    "That is what I would ask of your data: let people find their own door.",
)
NOTES = """How one physician went from door to door, drew what he was told on a map, and changed the way a city thinks about water.

- what counts as a case, and who decides
- the brewery, the workhouse and the widow of Hampstead
- why the handle mattered less than the map

Slides and a reading list are on the [session page](https://example.org/broad-street).
"""


def write_demo(folder: Path) -> None:
    """Write the folder of the show."""
    write_show(folder, title="Lives in Medicine")
    _cover(folder / "feed" / "cover.png")
    people = []
    for key, name in SPEAKERS:
        _portrait(folder / "feed" / "people" / f"{key}.png", name)
        bio = f"{name} changed how care is given, and wrote down how it was done so that others could do it again."
        people.append(
            f'[{key}]\nname = "{name}"\naffiliation = "Society of Old Physicians"\nbio = "{bio}"\nimage = "{key}.png"\n'
        )
    (folder / "feed" / "people.toml").write_text("\n".join(people), "utf-8")
    for number, title in enumerate(TITLES):
        slug = write_session(folder, number, title=f'"{title}"', tags='["Epidemiology", "Water", "Quality of care"]')
        if slug == TALK:
            where = folder / "episodes" / slug
            write_tone(where / "recording.wav", 240)
            cues = [
                f"00:{n * 19 // 60:02d}:{n * 19 % 60:02d}.000 --> 00:{(n * 19 + 18) // 60:02d}:{(n * 19 + 18) % 60:02d}.000\nJohn Snow: {words}\n"
                for n, words in enumerate(SAID)
            ]
            (where / "transcript.vtt").write_text("WEBVTT\n\n" + "\n".join(cues), "utf-8")
            (where / "chapters.txt").write_text(
                "0:00 A theory and no proof\n0:57 The map\n1:35 The brewery and the widow\n2:32 The handle\n3:10 What a map is for\n",
                "utf-8",
            )
            (where / "notes.md").write_text(NOTES, "utf-8")
    change_session(folder, TALK, "guid =", 'summary = "One map, one pump, and a widow in Hampstead."\nguid =')


def publish_demo(folder: Path, base: str, now: datetime) -> Roots:
    """Publish it at this address, with two sessions to come."""
    roots = roots_of(folder)
    result = publisher(folder, roots, now=now, public_url=base).publish()
    assert not result.failures
    catalog = read_catalog(roots.private).catalog
    assert catalog is not None
    at = (now + timedelta(days=9)).replace(hour=17, minute=0, second=0, microsecond=0).astimezone(UTC)
    revision = catalog.revision + 1
    sessions = tuple(
        Announced(
            slug=f"{(at + timedelta(days=7 * n)).date()}-{key}",
            guid=f"to-come-{n}",
            title=title,
            notes="Bring a question.",
            starts=at + timedelta(days=7 * n),
            ends=at + timedelta(days=7 * n, hours=1),
            credits=(PublicCredit(person=key, name=name, role="guest", group="cast"),),
            since=now,
            fingerprints=("0" * 64,),
            revision=revision,
        )
        for n, ((key, name), title) in enumerate(
            zip(SPEAKERS[:2], ("Lamps, ledgers and letters", "Childbed fever, again"), strict=True)
        )
    )
    after = catalog.model_copy(update={"announced": sessions, "revision": revision})
    roots.private.put(Artifact(layout.CATALOG, encode(after)))
    renew(roots, revision)
    return roots


def _cover(path: Path) -> None:
    picture = Image.new("RGB", (1400, 1400), "#17435c")
    pen = ImageDraw.Draw(picture)
    for n in range(9):
        height = (160, 420, 700, 380, 900, 520, 300, 620, 240)[n]
        pen.rounded_rectangle((190 + n * 118, 700 - height // 2, 250 + n * 118, 700 + height // 2), 30, "#f2c14e")
    picture.save(path)


def _portrait(path: Path, name: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    picture = Image.new("RGB", (600, 600), ("#6b8f9c", "#a8796b", "#7b8a5c", "#8a6f95")[len(name) % 4])
    pen = ImageDraw.Draw(picture)
    pen.ellipse((190, 110, 410, 360), "#f3e3d3")
    pen.ellipse((80, 390, 520, 900), "#f3e3d3")
    picture.save(path)
