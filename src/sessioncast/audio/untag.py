"""Takes our own tags off an audio file again, so that it can be tagged anew: its packets stay as they are."""

from __future__ import annotations

import shutil
from pathlib import Path

from sessioncast.errors import SessioncastError

_HEADER = 10


def untagged(tagged: Path, bare: Path) -> None:
    """Write the sound of ``tagged`` to ``bare``: an MP3 without its ID3v2 tag, other containers as they are.

    What tags those takes the old tags out itself. Raises SessioncastError when the disk refuses.
    """
    try:
        with tagged.open("rb") as file, bare.open("wb") as out:
            head = file.read(_HEADER)
            start = 0
            if head[:3] == b"ID3":  # its size is written in four times seven bits (ID3v2.3, 3.1)
                start = _HEADER + (head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9])
            file.seek(start)
            shutil.copyfileobj(file, out, 1 << 20)
    except OSError as e:
        raise SessioncastError(
            f"{e.filename or bare}: can't be written: {e.strerror or e}", hint=f"df -h '{bare.parent}'"
        ) from e
