"""Runs as a process of its own: looks into strangers' files, one after the other, and says how long each is.

``python -P -m sessioncast.audio.probe_child JOB`` with ``JOB`` as JSON: ``sources`` and the limits of ``decode_child``. One line of
JSON a file, in order: ``{"seconds", "sound", "pictures"}`` (``seconds`` null where the file doesn't say) or ``{"refused"}``.
"""

from __future__ import annotations

import json
import sys
from typing import Any

from sessioncast.audio.decode_child import FORMATS, limit


def main(job_text: str) -> int:
    """Do the job; 0 whatever the files hold."""
    job: dict[str, Any] = json.loads(job_text)
    limit(job)
    for source in job["sources"]:
        try:
            told = _look(source)
        except Exception as e:  # noqa: BLE001 - a stranger's file drove the demuxer somewhere new: refuse it, don't crash
            told = {"refused": getattr(e, "strerror", None) or type(e).__name__}
        print(json.dumps(told), flush=True)  # noqa: T201 - the pipe to the parent is what stdout is here
    return 0


def _look(source: str) -> dict[str, object]:
    import av

    options = {"format_whitelist": FORMATS, "protocol_whitelist": "file"}
    container: Any
    with av.open(source, options=options, metadata_errors="replace") as container:
        sound = container.streams.best("audio")
        length = container.duration / av.time_base if container.duration and container.duration > 0 else None
        if length is None and sound is not None and sound.duration:
            length = float(sound.duration * sound.time_base)
        return {"seconds": length, "sound": sound is not None, "pictures": bool(container.streams.video)}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
