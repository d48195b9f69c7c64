"""A caption file's bytes as text, whatever wrote them."""

from __future__ import annotations

import codecs

from sessioncast.errors import ContentError

MOST = 20_000_000
"""Bytes; an hour of speech has sixty thousand."""

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def text_of(body: bytes, name: str) -> str:
    r"""Return the text with ``\n`` at its line ends. Raises ContentError for what is too long or no text at all."""
    if len(body) > MOST:
        raise ContentError(
            f"{name}: found {len(body):,} bytes, expected a transcript of at most {MOST:,}",
            hint="name the caption file, not the recording",
        )
    for mark, codec in _MARKS:
        if body.startswith(mark):
            return _lines(body.decode(codec, "replace"))
    try:
        text = body.decode()
    except UnicodeDecodeError:
        text = _guessed(body, name)
    if "\0" in text:
        raise ContentError(
            f"{name}: found bytes that are no text, expected a transcript", hint="export it again as .vtt"
        )
    return _lines(text)


def _guessed(body: bytes, name: str) -> str:
    from charset_normalizer import from_bytes

    likely = from_bytes(body)
    if any(match.encoding in ("cp1252", "latin_1") for match in likely):
        return body.decode("cp1252", "replace")  # as likely as its neighbours, and far more common
    best = likely.best()
    if best is None:
        raise ContentError(f"{name}: found bytes that are no text, expected a transcript", hint="save it as UTF-8")
    return str(best)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")
