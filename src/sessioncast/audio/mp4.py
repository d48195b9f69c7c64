"""Tags and chapters of an M4A: chapters through FFmpeg's muxer, which alone writes them, atoms on top by mutagen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sessioncast.audio.tag_facts import TagFacts
from sessioncast.errors import SessioncastError
from sessioncast.model import Trim

MUXER = {"movflags": "+faststart", "fflags": "+bitexact"}
"""moov in front, so that playing begins at once; no version of any tool in the file."""

_MOST_CHAPTERS = 255  # a chpl atom counts them in one byte
_MOST_TITLE = 255

# MP4 atom ← fact: every text atom there is. A fact that is empty writes none.
TEXT_ATOMS: tuple[tuple[str, Callable[[TagFacts], str]], ...] = (
    ("\xa9nam", lambda f: f.title),
    ("\xa9alb", lambda f: f.show),
    ("\xa9ART", lambda f: ", ".join(f.artists)),
    ("aART", lambda f: f.show),
    ("\xa9day", lambda f: f"{f.date:%Y-%m-%d}" if f.date else ""),
    ("\xa9gen", lambda _: "Podcast"),
    ("cprt", lambda f: " ".join(filter(None, (f"{f.date:%Y}" if f.date else "", f.copyright))) if f.copyright else ""),
    ("desc", lambda f: f.summary[:255]),
    ("ldes", lambda f: f.summary),
    ("catg", lambda f: f.category),
    ("egid", lambda f: f.guid),
    ("tvsh", lambda f: f.show),
)


def write_mp4(audio: Path, tagged: Path, facts: TagFacts) -> None:
    """Write an M4A with its tags and chapters, packets as they are, nothing else of the source. Raises OSError."""
    remux(audio, tagged, facts)
    _write_atoms(tagged, facts)


def write_film(film: Path, tagged: Path, facts: TagFacts) -> None:
    """Write a film of ours as ``write_mp4`` writes sound, but copied apart: its pictures came from a stranger.

    Raises OSError, SessioncastError.
    """
    from sessioncast.audio.video import NoPictures, copy

    try:
        copy(film, film, tagged, trim=Trim(), chapters=_chapters(facts))
    except NoPictures as e:
        raise SessioncastError(f"{film}: can't be tagged: {e}", hint=f"rm '{film}', then publish again") from e
    _write_atoms(tagged, facts)


def _write_atoms(tagged: Path, facts: TagFacts) -> None:
    from mutagen import mp4

    file: Any = mp4.MP4(str(tagged))
    file.delete()
    file = mp4.MP4(str(tagged))
    for atom, value in TEXT_ATOMS:
        if text := value(facts):
            file[atom] = [text]
    file["pcst"] = True
    file["stik"] = [21]  # "podcast", where players sort by kind
    if facts.number:
        file["trkn"] = [(facts.number, 0)]
    if facts.season:
        file["disk"] = [(facts.season, 0)]
    if facts.link:
        file["purl"] = [facts.link]
    if facts.cover:
        file["covr"] = [mp4.MP4Cover(facts.cover, imageformat=mp4.MP4Cover.FORMAT_JPEG)]
    file.save(padding=lambda _: 0)


def remux(audio: Path, target: Path, facts: TagFacts | None = None) -> None:
    """Copy the sound of an M4A into a new one with these chapters and no other metadata. Raises OSError."""
    import av

    source: Any
    out: Any
    with (
        av.open(str(audio.absolute()), format="mp4") as source,
        av.open(str(target.absolute()), "w", format="ipod", options=MUXER) as out,
    ):
        sound = out.add_stream_from_template(source.streams.audio[0])
        sound.metadata.clear()
        if facts and facts.chapters:
            out.set_chapters(
                [
                    {
                        "id": number,
                        "start": start,
                        "end": end,
                        "time_base": _millisecond(),
                        "metadata": {"title": title},
                    }
                    for number, (start, end, title) in enumerate(_chapters(facts))
                ]
            )
        for packet in source.demux(source.streams.audio[0]):
            if packet.dts is not None:
                packet.stream = sound
                out.mux(packet)


def _chapters(facts: TagFacts) -> list[tuple[int, int, str]]:
    return [(c.start, c.end, _title(c.title)) for c in facts.chapters[:_MOST_CHAPTERS]]


def _millisecond() -> Any:
    from fractions import Fraction

    return Fraction(1, 1000)


def _title(text: str) -> str:
    """Return a chapter's title as long as a chpl atom takes it, cut at a whole character."""
    return text.encode()[:_MOST_TITLE].decode(errors="ignore")
