"""Vorbis comments of an Opus file, chapters among them; mutagen writes both."""

from __future__ import annotations

import base64
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sessioncast.audio.tag_facts import TagFacts

_FRONT_COVER = 3

# Vorbis comment ← fact. A fact that is empty writes none.
COMMENTS: tuple[tuple[str, Callable[[TagFacts], str]], ...] = (
    ("TITLE", lambda f: f.title),
    ("ALBUM", lambda f: f.show),
    ("ARTIST", lambda f: ", ".join(f.artists)),
    ("DATE", lambda f: f"{f.date:%Y-%m-%d}" if f.date else ""),
    ("GENRE", lambda _: "Podcast"),
    ("TRACKNUMBER", lambda f: str(f.number or "")),
    ("DISCNUMBER", lambda f: str(f.season or "")),
    ("LANGUAGE", lambda f: f.language),
    (
        "COPYRIGHT",
        lambda f: " ".join(filter(None, (f"{f.date:%Y}" if f.date else "", f.copyright))) if f.copyright else "",
    ),
    ("DESCRIPTION", lambda f: f.summary),
    ("CONTACT", lambda f: f.link),
    ("PODCASTGUID", lambda f: f.guid),
)


def write_vorbis(audio: Path, tagged: Path, facts: TagFacts) -> None:
    """Write an Ogg Opus file with its comments and chapters, packets as they are. Raises OSError."""
    from mutagen import flac, oggopus

    shutil.copyfile(audio, tagged)
    file: Any = oggopus.OggOpus(str(tagged))
    file.delete()
    file = oggopus.OggOpus(str(tagged))
    for name, value in COMMENTS:
        if text := value(facts):
            file[name] = [text]
    for number, chapter in enumerate(facts.chapters):
        file[f"CHAPTER{number:03d}"] = [_clock(chapter.start)]
        file[f"CHAPTER{number:03d}NAME"] = [chapter.title]
        if chapter.link:
            file[f"CHAPTER{number:03d}URL"] = [chapter.link]
    if facts.cover:
        picture: Any = flac.Picture()
        picture.type, picture.mime, picture.desc, picture.data = _FRONT_COVER, "image/jpeg", "Cover", facts.cover
        file["METADATA_BLOCK_PICTURE"] = [base64.b64encode(picture.write()).decode()]
    file.save(padding=lambda _: 0)


def _clock(milliseconds: int) -> str:
    seconds, thousandths = divmod(milliseconds, 1000)
    minutes, seconds = divmod(seconds, 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}.{thousandths:03d}"
