"""A page that a browser saved as one file (MHTML): the page's HTML out of it, and the address it was saved from."""

from __future__ import annotations

import re
from contextlib import suppress

LARGEST_ARCHIVE = 50 * 1000 * 1000
"""Pictures and styles are in it, and are left there."""

_HEAD = re.compile(rb"\A\s*(?:[A-Za-z-]{2,60}:[^\n]{0,998}\r?\n(?:[ \t][^\n]{0,998}\r?\n)*){1,40}", re.ASCII)


def is_archive(head: bytes) -> bool:
    """Whether a file begins as MHTML does: with a mail's headers that name related parts."""
    found = _HEAD.match(head[:16_384])
    lowered = found[0].lower() if found else b""
    return b"mime-version:" in lowered and (b"multipart/related" in lowered or b"text/html" in lowered)


def page_in(data: bytes) -> tuple[bytes, str]:
    """Return the HTML of the first page in an archive, as UTF-8, and its address; nothing where there is none."""
    from email import message_from_bytes, policy
    from email.message import Message

    try:
        archive: Message = message_from_bytes(data, policy=policy.compat32)
        parts = [part for part in archive.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml")]
    except (ValueError, LookupError, RecursionError):
        return b"", ""
    if not parts:
        return b"", ""
    body = parts[0].get_payload(decode=True)
    url = str(archive.get("Snapshot-Content-Location") or parts[0].get("Content-Location") or "").strip()
    charset = parts[0].get_content_charset()
    raw = body if isinstance(body, bytes) else b""
    if charset:
        with suppress(LookupError, UnicodeError):  # the reader finds out by itself
            raw = raw.decode(charset).encode("utf-8")
    return raw, url if re.fullmatch(r"https?://[^\s/]+\S*", url) else ""
