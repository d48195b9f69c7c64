"""A caption file of any kind → cues. Chat is never read: it is not what was said, and some of it is private."""

from __future__ import annotations

import re

from sessioncast.errors import ContentError
from sessioncast.transcript.blocks import read_blocks
from sessioncast.transcript.cue import Cue
from sessioncast.transcript.stamped import read_json, read_stamped
from sessioncast.transcript.text import text_of

_CHAT = re.compile(
    r"(?m)^\d{2}:\d{2}:\d{2}(?:\t[^\t\n]{1,200}:\t|[ \t]+From[ \t].{1,200}?[ \t]to[ \t].{1,200}?:?[ \t]*$)"
    r"|^.{0,250}\(Direct Message\)"
)


def read(body: bytes, name: str) -> tuple[Cue, ...]:
    """Return the cues of WebVTT, SRT, JSON or time-stamped text, in order of time; ``name`` is what messages call it.

    Raises ContentError naming the line of what can't be read; for a chat, and for a file in which nobody says anything.
    """
    text = text_of(body, name)
    start = text.lstrip("\ufeff \t\n")
    if start.startswith("WEBVTT"):
        cues = read_blocks(start, name, vtt=True) if start is text else _from(text, start, name)
    elif start.startswith(("{", "[{")):
        cues = read_json(text, name)
    elif "-->" in text:
        cues = read_blocks(text, name, vtt=False)
    elif _CHAT.search(text):
        raise ContentError(
            f"{name}: found a chat, expected what was said: a chat is never published",
            hint="name the recorder's transcript instead, such as GMT…_Recording.transcript.vtt",
        )
    else:
        cues = read_stamped(text, name)
    if not cues:
        raise ContentError(f"{name}: found no words, expected a transcript", hint="export the captions again")
    return cues


def _from(text: str, start: str, name: str) -> tuple[Cue, ...]:
    """Read WebVTT behind blank lines, whose numbers still count."""
    ahead = text[: len(text) - len(start)].count("\n")
    return read_blocks("WEBVTT\n" + "\n" * ahead + start.partition("\n")[2], name, vtt=True)
