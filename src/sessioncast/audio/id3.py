"""The ID3v2.3 tag in front of an MP3, from one table of fact → frame (ID3-*, TAG-*)."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sessioncast.audio.languages import iso_639_2
from sessioncast.audio.tag_facts import TagChapter, TagFacts
from sessioncast.errors import SessioncastError

_UTF16 = 1  # what ID3v2.3 has for text beyond Latin-1 (ID3-VERSION)
_LATIN1 = 0
_FRONT_COVER = 3
_NO_OFFSET = 0xFFFFFFFF  # "use the times" (ID3-CHAP)
_HEADER = 10


def _ascii(address: str) -> str:
    """Percent-encode what a URL frame, Latin-1 by definition, can't hold."""
    return quote(address, safe="%/:?#[]@!$&'()*+,;=-._~")


# ID3 frame ← fact: every text frame there is. A fact that is empty writes no frame.
TEXT_FRAMES: tuple[tuple[str, Callable[[TagFacts], str]], ...] = (
    ("TIT2", lambda f: f.title),
    ("TALB", lambda f: f.show),
    ("TPE1", lambda f: ", ".join(f.artists)),
    ("TYER", lambda f: f"{f.date:%Y}" if f.date else ""),
    ("TDAT", lambda f: f"{f.date:%d%m}" if f.date else ""),
    ("TIME", lambda f: f"{f.date:%H%M}" if f.date else ""),
    ("TRCK", lambda f: str(f.number or "")),
    ("TPOS", lambda f: str(f.season or "")),
    ("TCON", lambda _: "Podcast"),
    ("TLAN", lambda f: iso_639_2(f.language) if f.language else ""),
    # ID3v2.3, 4.2.1: TCOP begins with a year and a space
    ("TCOP", lambda f: " ".join(filter(None, (f"{f.date:%Y}" if f.date else "", f.copyright))) if f.copyright else ""),
    ("TGID", lambda f: f.guid),
    ("TDES", lambda f: f.summary),
    ("TCAT", lambda f: f.category),
)


def write_id3(audio: Path, tagged: Path, facts: TagFacts) -> None:
    """Write ``audio`` (an untagged MP3) with its tag in front to ``tagged``.

    ID3v2.3, UTF-16 text, no padding, no ID3v1. Raises SessioncastError when the audio already has a tag of its own, OSError.
    """
    with audio.open("rb") as sound, tagged.open("wb") as file:
        if sound.read(3) == b"ID3":
            raise SessioncastError(f"{audio}: found an ID3 tag, expected sound alone")
        sound.seek(0)
        file.write(tag_bytes(facts))
        shutil.copyfileobj(sound, file, 1 << 20)


def tag_bytes(facts: TagFacts) -> bytes:
    """Return the complete ID3v2.3 tag, which is the same whatever it stands in front of."""
    from mutagen import id3

    tag: Any = id3.ID3()
    for frame_id, value in TEXT_FRAMES:
        if text := value(facts):
            tag.add(getattr(id3, frame_id)(encoding=_UTF16, text=[text]))
    tag.add(id3.PCST(value=1))
    if facts.summary:
        language = iso_639_2(facts.language)
        tag.add(id3.COMM(encoding=_UTF16, lang=language, desc="", text=[facts.summary]))
    if facts.link:
        tag.add(id3.WOAF(url=_ascii(facts.link)))
    if facts.cover:
        tag.add(
            id3.APIC(encoding=_LATIN1, mime="image/jpeg", type=_FRONT_COVER, desc="Cover", data=facts.cover),
        )
    _add_chapters(tag, facts.chapters)
    out = io.BytesIO()
    tag.save(out, v1=0, v2_version=3, padding=lambda _: 0)
    return _chapters_in_order(out.getvalue(), len(facts.chapters))


def _add_chapters(tag: Any, chapters: tuple[TagChapter, ...]) -> None:
    """Add one CHAP a chapter and the CTOC without which some players show none (ID3-CHAP, ID3-CTOC)."""
    if not chapters:
        return
    from mutagen import id3

    ids = [f"ch{index:03d}" for index in range(len(chapters))]
    for element_id, chapter in zip(ids, chapters, strict=True):
        inside = [id3.TIT2(encoding=_UTF16, text=[chapter.title])]
        if chapter.link:
            inside.append(id3.WXXX(encoding=_LATIN1, desc="chapter url", url=_ascii(chapter.link)))
        tag.add(
            id3.CHAP(
                element_id=element_id,
                start_time=chapter.start,
                end_time=chapter.end,
                start_offset=_NO_OFFSET,
                end_offset=_NO_OFFSET,
                sub_frames=inside,
            )
        )
    ordered_top_level = id3.CTOCFlags.TOP_LEVEL | id3.CTOCFlags.ORDERED
    tag.add(id3.CTOC(element_id="toc", flags=ordered_top_level, child_element_ids=ids, sub_frames=[]))


def _chapters_in_order(tag: bytes, chapters: int) -> bytes:
    """Return the tag with its CHAP frames last and in order of their ids, which is order of time.

    mutagen sorts frames by size, but players list chapters as they stand in the file.
    """
    if not chapters:
        return tag
    frames: list[bytes] = []
    at = _HEADER
    while at < len(tag):
        size = _HEADER + int.from_bytes(tag[at + 4 : at + 8], "big")  # plain numbers in v2.3, 3.3
        frames.append(tag[at : at + size])
        at += size
    others = [frame for frame in frames if frame[:4] != b"CHAP"]
    ours = sorted(
        (frame for frame in frames if frame[:4] == b"CHAP"), key=lambda f: f[_HEADER : f.index(b"\0", _HEADER)]
    )
    return tag[:_HEADER] + b"".join(others + ours)
