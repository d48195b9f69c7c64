"""Bytes of a saved page into lines of text, whatever the encoding; HTML or plain. What is no page is refused by name."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sessioncast.errors import ContentError, Problem
from sessioncast.ingest.saved import LARGEST_ARCHIVE, is_archive, page_in

if TYPE_CHECKING:
    from lxml.html import HtmlElement

LARGEST = 5 * 1000 * 1000


@dataclass(frozen=True, slots=True)
class Block:
    """One line of a page.

    ``line`` counts from 1 in the source; ``gap``: set off from the line before it; ``level`` 1-6 for a heading,
    0 otherwise; ``aside``: part of the site's frame (menus, footers), good for hints only. ``boxes`` number the elements around
    it that may hold one session of many, outermost first; ``href`` is where its first link leads.
    """

    text: str
    line: int
    gap: bool = True
    level: int = 0
    aside: bool = False
    boxes: tuple[int, ...] = ()
    href: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A page as lines. ``title`` and ``url`` are what an HTML head names, else empty and None; ``tree`` is there for HTML."""

    name: str
    blocks: tuple[Block, ...]
    title: str = ""
    url: str | None = None
    mails: tuple[str, ...] = field(default=())
    tree: HtmlElement | None = field(default=None, compare=False, repr=False)


_AUDIO = "sessioncast new, then put the recording into the session's folder"
_TEXT = "copy the page's text into a file: sessioncast import PAGE.txt"
_MAGIC: tuple[tuple[bytes, int, str, str], ...] = (
    (b"%PDF", 0, "a PDF", _TEXT),
    (b"PK\x03\x04", 0, "a ZIP archive or an office document", _TEXT),
    (b"\xd0\xcf\x11\xe0", 0, "an office document", _TEXT),
    (b"{\\rtf", 0, "a rich text document", _TEXT),
    (b"\x89PNG", 0, "a picture (PNG)", _TEXT),
    (b"\xff\xd8\xff", 0, "a picture (JPEG)", _TEXT),
    (b"GIF8", 0, "a picture (GIF)", _TEXT),
    (b"\x1f\x8b", 0, "a gzip archive", _TEXT),
    (b"ftyp", 4, "a recording (MP4)", _AUDIO),
    (b"ID3", 0, "a recording (MP3)", _AUDIO),
    (b"RIFF", 0, "a recording (WAV)", _AUDIO),
    (b"OggS", 0, "a recording (Ogg)", _AUDIO),
    (b"fLaC", 0, "a recording (FLAC)", _AUDIO),
    (b"\x1aE\xdf\xa3", 0, "a recording (Matroska)", _AUDIO),
    (b"BEGIN:VCALENDAR", 0, "a calendar", _TEXT),
)
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_HTML_START = re.compile(
    r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|(?:html|head|body|title|meta|div|main|article|section|"
    r"table|p|h[1-6]|ul|ol|dl|header|nav|span)\b)",
    re.IGNORECASE | re.DOTALL,
)
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.IGNORECASE)
# Encodings that session pages were saved in, commonest first; of equally good guesses the first is taken.
_OLD_ENCODINGS = ["cp1252", "mac_roman", "cp1250", "cp1251", "shift_jis", "gb18030", "big5", "euc_kr"]
_SPACES = re.compile(r"[^\S\n]+")
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u2060\ufeff\u00ad]")
_LINE_ENDS = re.compile("\r\n?|\x0b|\x0c|\x85|\u2028|\u2029")
_TAGS = (
    "a abbr article aside audio b base big blockquote body br button canvas center cite code dd del details div dl dt em "
    "embed figcaption figure font footer form frame h1 h2 h3 h4 h5 h6 head header hr html i iframe img input ins label "
    "li link main mark math meta nav noscript object ol option p picture pre q s script section select small source "
    "span strike strong style sub summary sup svg table tbody td template textarea tfoot th thead title tr u ul video"
)
_MARKUP = re.compile(rf"</?(?:{_TAGS.replace(' ', '|')})(?:\s[^<>]*)?/?>", re.IGNORECASE)
_UNSEEN = (
    (re.compile(r"<script\b", re.IGNORECASE), "</script>"),
    (re.compile(r"<style\b", re.IGNORECASE), "</style>"),
    (re.compile("<!--"), "-->"),
)
_HEAD = 16_384
LONGEST_PAGE = 5000  # lines; one session's page has some hundred at most


def read_source(source: Path | bytes, name: str = "") -> Page:
    """Return the lines of a saved page, read from a file or given as bytes; ``name`` stands in messages.

    Raises ContentError for a file that can't be read, is empty, larger than 5 MB, or no text.
    """
    name = name or (source.name if isinstance(source, Path) else "page")
    data = _read(source, name)
    saved = ""
    if is_archive(data):
        data, saved = page_in(data)
        if not data:
            raise _error(
                name, "a saved page or mail without HTML in it", "a session's page, saved as text or HTML", _TEXT
            )
    if len(data) > LARGEST:
        _too_large(name, len(data))
    _refuse(data, name)
    text = _decode(data)
    if _HTML_START.match(text[:4096]):
        from sessioncast.ingest import html

        page = html.read_html(text, name)
        page = replace(page, url=page.url or saved or None)
    else:
        page = Page(name, tuple(_lines(without_markup(text))))
    if not page.blocks:
        raise _error(name, "no text", "a session's page, saved as text or HTML", _TEXT)
    if len(page.blocks) > LONGEST_PAGE:
        raise _error(name, f"{len(page.blocks)} lines", f"a page of at most {LONGEST_PAGE} lines", _TEXT)
    return page


def tidy(text: str) -> str:
    """Return one line of text, composed (NFC), with plain single spaces and no invisible or control characters."""
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
    plain = _SPACES.sub(" ", plain.replace("\n", " "))
    return "".join(c for c in plain if unicodedata.category(c) not in ("Cc", "Cs", "Cn") or c == " ").strip()


def without_markup(text: str) -> str:
    """Return ``text`` without HTML tags and scripts written out in it; "p < 0.05" and "a <- b" stay."""
    for _ in range(8):  # taking a tag out may join the halves of another
        cleaned = _MARKUP.sub("", _without_unseen(text))
        if cleaned == text:
            return text
        text = cleaned
    return text.replace("<", "")


def _without_unseen(text: str) -> str:
    """Cut out scripts, styles and comments that are closed; one pass, whatever the text."""
    for opening, closing in _UNSEEN:
        kept, at, lowered = [], 0, text.lower() if opening.search(text) else ""
        while lowered and len(lowered) == len(text) and (found := opening.search(text, at)):
            end = lowered.find(closing, found.end())
            if end < 0:
                break
            kept.append(text[at : found.start()])
            at = end + len(closing)
        text = "".join(kept) + text[at:]
    return text


def _lines(text: str) -> list[Block]:
    blocks: list[Block] = []
    gap = True
    for number, raw in enumerate(_LINE_ENDS.sub("\n", text).split("\n"), 1):
        line = tidy(raw)
        if line:
            blocks.append(Block(line, number, gap))
        gap = not line
    return blocks


def _read(source: Path | bytes, name: str) -> bytes:
    if isinstance(source, bytes):
        data, size = source, len(source)
    else:
        try:
            with source.open("rb") as file:
                data = file.read(_HEAD)
                data += file.read((LARGEST_ARCHIVE if is_archive(data) else LARGEST) + 1 - len(data))
                size = source.stat().st_size
        except FileNotFoundError:
            raise _error(name, "no such file", "a session's page", "ls") from None
        except IsADirectoryError:
            raise _error(name, "a folder", "a session's page", "sessioncast import FOLDER/PAGE.txt") from None
        except (OSError, ValueError) as problem:
            reason = getattr(problem, "strerror", None) or "a name that can't be opened"
            raise _error(name, str(reason), "a file that can be read", "ls -l") from None
    if size > (LARGEST_ARCHIVE if is_archive(data[:_HEAD]) else LARGEST):
        _too_large(name, size)
    return data


def _too_large(name: str, size: int) -> None:
    raise _error(name, f"{size / 1e6:.1f} MB", "a page of at most 5 MB", _TEXT)


def _refuse(data: bytes, name: str) -> None:
    if not data.strip(b"\x00 \t\r\n"):
        raise _error(name, "an empty file" if not data.strip() else "nothing but zero bytes", "a session's page", _TEXT)
    for magic, at, what, mend in _MAGIC:
        if data[at : at + len(magic)] == magic:
            raise _error(name, what, "a session's page, saved as text or HTML", mend)
    if any(data.startswith(bom) for bom, _ in _BOMS):
        return
    sample = data[:65536]
    control = sum(byte < 32 and byte not in b"\t\n\v\f\r\x1b" for byte in sample)
    if b"\x00" in data or control * 20 > len(sample):
        raise _error(name, "binary data", "a session's page, saved as text or HTML", _TEXT)


def _decode(data: bytes) -> str:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return data.decode(encoding, errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    named = _META_CHARSET.search(data[:4096])
    if named:
        try:
            return data.decode(named[1].decode("ascii"))
        except (LookupError, UnicodeError):
            pass
    from charset_normalizer import from_bytes

    matches = from_bytes(data, cp_isolation=_OLD_ENCODINGS, preemptive_behaviour=False)
    best = matches.best()
    if best is None:
        return data.decode("cp1252", errors="replace")
    level = [match for match in matches if (match.chaos, match.coherence) == (best.chaos, best.coherence)]
    return str(min(level, key=lambda match: _OLD_ENCODINGS.index(match.encoding)))


def _error(name: str, found: str, expected: str, mend: str) -> ContentError:
    return ContentError("", problems=[Problem(name, "", found, expected, mend)])


def decoded(data: bytes) -> str:
    """Return bytes as text: by their mark, as UTF-8, or in the old encoding that fits best."""
    return _decode(data)
