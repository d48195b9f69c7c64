"""Forms that values must have: dates, addresses, numbers, languages, types of media."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

DATE = re.compile(
    r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} "
    r"\d{2}:\d{2}:\d{2} ([+-]\d{4}|GMT)"
)
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
EMAIL = re.compile(r"[^\s@<>()]+@[^\s@<>()]+\.[^\s@<>()]+")
COUNTING = re.compile(r"[1-9]\d{0,8}")
_URL = re.compile(r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]*")

TYPES = {
    "mp3": ("audio/mpeg",),
    "m4a": ("audio/x-m4a", "audio/m4a", "audio/mp4"),
    "mp4": ("video/mp4",),
    "m4v": ("video/x-m4v", "video/m4v"),
    "mov": ("video/quicktime",),
    "pdf": ("application/pdf",),
}
"""Extension of an enclosure → its types, the one we write first."""

LANGUAGES = frozenset(
    (  # noqa: SIM905 - a list of 180 lines would say no more
        "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee "
        "el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is "
        "it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms "
        "mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk "
        "sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi "
        "yo za zh zu"
    ).split()
)
"""ISO 639-1, retired codes left out."""


def is_web(url: str) -> bool:
    """Tell whether this is an absolute http(s) address."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def is_ascii_url(url: str) -> bool:
    """Tell whether an address has only the characters of RFC 3986."""
    return bool(_URL.fullmatch(url))


def extension(url: str) -> str:
    """Return the extension at the end of an address's path, in lower case; empty where there is none."""
    try:
        name = urlsplit(url).path.rsplit("/", 1)[-1]
    except ValueError:
        return ""
    return name.rsplit(".", 1)[-1].lower() if "." in name else ""


def date(text: str) -> datetime | None:
    """Return an RFC 2822 date in the form directories take, its weekday right; None for anything else."""
    found = DATE.fullmatch(text)
    moment = loose_date(text) if found else None
    return moment if found and moment is not None and _DAYS[moment.weekday()] == found[1] else None


def loose_date(text: str) -> datetime | None:
    """Return a date that the standard library can read, aware; None for anything else."""
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def seconds(text: str) -> int | None:
    """Return an itunes:duration (``3500``, ``58:20``, ``1:02:03``) in seconds; None for anything else."""
    if re.fullmatch(r"\d{1,7}", text):
        return int(text)
    found = re.fullmatch(r"(?:(\d{1,3}):)?(\d{1,3}):([0-5]\d)", text)
    if not found or (found[1] is not None and int(found[2]) > 59):
        return None
    return int(found[1] or 0) * 3600 + int(found[2]) * 60 + int(found[3])


def number(text: str) -> float | None:
    """Return a plain decimal number of at least 0; None for anything else."""
    return float(text) if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", text) else None


def is_language(text: str) -> bool:
    """Tell whether a language is of the form directories take (CH-LANG-FORM)."""
    found = re.fullmatch(r"([a-z]{2})(?:-[A-Za-z]{2}|-[A-Za-z]{4}(?:-[A-Za-z]{2})?)?", text)
    return bool(found and found[1] in LANGUAGES)
