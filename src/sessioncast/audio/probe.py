"""How long recordings are, from what their headers say, told by a child process that may crash without harm."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sessioncast.audio.decode import BOUNDS, Bounds
from sessioncast.audio.sniff import refuse_what_is_no_media
from sessioncast.errors import MediaError

_PATIENCE = 30.0  # seconds that one file may take
_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Probed:
    """What a file says of itself: ``seconds`` (None where it doesn't), whether it holds ``sound`` and ``pictures``.

    ``refused`` says in words why it is no recording; empty where it may be one.
    """

    seconds: float | None = None
    sound: bool = False
    pictures: bool = False
    refused: str = ""


def probe(files: Sequence[Path], *, bounds: Bounds = BOUNDS) -> dict[Path, Probed]:
    """Return what each file says of itself; nothing but the files is opened, and none costs the others their answer."""
    found: dict[Path, Probed] = {}
    rest = []
    for file in files:
        try:
            refuse_what_is_no_media(file)
            rest.append(file)
        except MediaError as e:
            found[file] = Probed(refused=str(e).removeprefix(f"{file}: "))
    while rest:
        some = rest[:_AT_ONCE]
        told = list(_ask(some, bounds))
        found.update(zip(some, told, strict=False))
        if len(told) < len(some):  # the child died of the first it didn't answer for
            found[some[len(told)]] = Probed(refused="made the reader crash or run out of its limits")
        rest = [file for file in rest if file not in found]
    return found


def _ask(files: Sequence[Path], bounds: Bounds) -> Iterator[Probed]:
    job = {
        "sources": [str(file.absolute()) for file in files],
        "file_bytes": 0,
        "memory_bytes": bounds.memory_bytes,
        "cpu_seconds": 10 + 5 * len(files),
    }
    command = [sys.executable, "-P", "-m", "sessioncast.audio.probe_child", json.dumps(job)]
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as child:
        assert child.stdout is not None  # stdout=PIPE says so; the type checker can't know
        try:
            while True:
                clock = threading.Timer(_PATIENCE, child.kill)
                clock.daemon = True
                clock.start()
                line = child.stdout.readline()
                clock.cancel()
                if not line:
                    return
                yield Probed(**json.loads(line))
        finally:
            child.kill()
