"""The kinds of text and number that values are made of, each with its own check. No I/O here."""

from __future__ import annotations

import re
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from sessioncast import vocabulary

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def _slug(text: str) -> str:
    if not SLUG.fullmatch(text) or len(text) > 100:
        raise ValueError("lower-case letters a-z, digits and single hyphens, at most 100 characters")
    return text


def _unfit(text: str) -> bool:
    """Tell whether the text has characters that XML 1.0 can't hold or discourages."""
    return any(
        (ord(c) < 32 and c not in "\n\t") or 0x7F <= ord(c) < 0xA0 or 0xD800 <= ord(c) < 0xE000 or c in "\ufffe\uffff"
        for c in text
    )


def _plain(text: str) -> str:
    if _unfit(text):
        raise ValueError("text without control characters")
    return text


def _url(text: str) -> str:
    try:
        parts = urlsplit(text)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        good = False
    if not good or any(c.isspace() for c in text) or _unfit(text):
        raise ValueError("an absolute http(s) URL")
    return text


def https(text: str) -> str:
    """Return an absolute https address as it is; ValueError says what is expected."""
    if urlsplit(_url(text)).scheme != "https":
        raise ValueError("an https address: apps follow no other from the podcast namespace (URL-HTTPS-NS)")
    return text


def _zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("a zone of the IANA database, such as America/Toronto") from None
    return text


def _language(text: str) -> str:
    if not re.fullmatch(r"[a-z]{2}(-[a-z]{2}|-[a-z]{4}(-[a-z]{2})?)?", text):
        raise ValueError("a language tag in lower case, such as en or en-ca (CH-LANG)")
    return text


def _category(text: str) -> str:
    if not vocabulary.is_category(text):
        raise ValueError(
            "one of Apple's categories to the letter, such as 'Education' or 'Health & Fitness > Medicine' (CH-CATEGORY)"
        )
    return text


def _email(text: str) -> str:
    if not re.fullmatch(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+", text):
        raise ValueError("an e-mail address")
    return text


Slug = Annotated[str, AfterValidator(_slug)]
Text = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_plain)]
Line = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=255, pattern=r"^[^\n\r\t]*$"),
    AfterValidator(_plain),
]
Label = Annotated[Line, StringConstraints(max_length=128)]
"""A line as long as the podcast namespace takes it (NS_TEXT_MAX)."""
Guid = Annotated[
    str, StringConstraints(min_length=1, max_length=1000, pattern=r"^\S([^\n\r\t]*\S)?$"), AfterValidator(_plain)
]
"""Spaces inside are for guids that other hosts gave; the show folder refuses them elsewhere."""
Url = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_url)]
Https = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(https)]
Zone = Annotated[str, AfterValidator(_zone)]
Language = Annotated[str, AfterValidator(_language)]
Category = Annotated[str, AfterValidator(_category)]
Email = Annotated[str, AfterValidator(_email)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]

Kind = Literal["full", "trailer", "bonus"]
Consent = Literal["given", "pending", "refused"]


class Value(BaseModel):
    """A frozen value; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=False)
