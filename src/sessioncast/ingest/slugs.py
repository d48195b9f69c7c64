"""Folder names for sessions and keys for people: lower-case ASCII, the same for the same words, for good."""

from __future__ import annotations

import re
import unicodedata
from hashlib import sha256

from sessioncast.ingest.draft import Draft

LONGEST = 60
# Letters that Unicode does not take apart into a base letter and an accent.
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "ø": "o", "œ": "oe", "ð": "d", "þ": "th", "đ": "d", "ł": "l", "ħ": "h", "ı": "i", "ŋ": "n",
     "ŧ": "t", "ĸ": "k", "ə": "e", "&": " and ", "'": "", "’": "", "ʼ": "", "‘": "", "`": ""}
)  # fmt: skip


def slugify(text: str) -> str:
    """Return ``text`` as lower-case ASCII words joined by hyphens, at most 60 characters, cut between words.

    Empty where the script has no Latin letters or digits. A slug stays as it is.
    """
    letters = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
    plain = unicodedata.normalize("NFKD", letters).encode("ascii", "ignore").decode("ascii")
    return _cut(re.sub(r"[^a-z0-9]+", "-", plain).strip("-"))


def _cut(slug: str) -> str:
    if len(slug) <= LONGEST:
        return slug
    whole = slug[: LONGEST + 1].rpartition("-")[0]
    return whole or slug[:LONGEST]


def session_slug(draft: Draft) -> str:
    """Return the folder name of a draft: its local date and first speaker, else the title's words.

    ``2024-02-20-paul-batalden``. Words without Latin letters are stood for by a short hash of them.
    """
    day = f"{draft.starts:%Y-%m-%d}" if draft.starts else ""
    words = draft.people[0].name if draft.people else draft.title
    told = [words] if draft.starts else [words, draft.title] if draft.people else [words]
    parts = [day, *(_latin(part) for part in told if part)]
    slug = _cut("-".join(part for part in parts if part))
    return slug if slug and slug != day else f"{day}-{_stand_in(draft.source)}".lstrip("-")


def person_key(name: str) -> str:
    """Return the key of a person in people.toml: ``paul-batalden``."""
    return _latin(name) or _stand_in(name)


def _latin(text: str) -> str:
    """Return the slug, or a hash where most letters would be lost."""
    slug = slugify(text)
    letters = sum(c.isalnum() for c in unicodedata.normalize("NFC", text))
    return slug if 2 * sum(c.isalnum() for c in slug) >= letters and slug else _stand_in(text)


def _stand_in(text: str) -> str:
    return f"n{sha256(unicodedata.normalize('NFC', text).encode('utf-8', 'replace')).hexdigest()[:8]}"
