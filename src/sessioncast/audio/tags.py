"""Tags an audio file in the way of its container: the only rooms that know mutagen are behind this door."""

from __future__ import annotations

from pathlib import Path

from sessioncast.audio.id3 import write_id3
from sessioncast.audio.mp4 import write_film, write_mp4
from sessioncast.audio.tag_facts import TagFacts
from sessioncast.audio.vorbis import write_vorbis
from sessioncast.errors import SessioncastError
from sessioncast.scratch import unfinished

_WRITERS = {".mp3": write_id3, ".m4a": write_mp4, ".mp4": write_film, ".opus": write_vorbis}


def write_tags(audio: Path, tagged: Path, facts: TagFacts) -> None:
    """Write ``audio`` with its tags and chapters to ``tagged``, whole or not at all; the name says the container.

    Audio packets stay byte for byte what they were. Raises SessioncastError when the disk refuses.
    """
    part = unfinished(tagged)
    try:
        _WRITERS[tagged.suffix](audio, part, facts)
        part.replace(tagged)
    except OSError as e:
        raise SessioncastError(
            f"{e.filename or tagged}: can't be tagged: {e.strerror or e}", hint=f"df -h '{tagged.parent}'"
        ) from e
    finally:
        part.unlink(missing_ok=True)
